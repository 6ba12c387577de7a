//! The program that asks, known by its bearer token (RFC 6750).

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header::AUTHORIZATION, request::Parts},
};
use time::Duration;
use uuid::Uuid;

use super::{Problem, store};
use crate::{
    app::{App, Now},
    token::{self, sha256},
    web::{
        AppError, Client,
        rate_limit::{API_QUOTA, ClientRateLimiter},
    },
};

/// How a token begins, so that people and secret scanners know it when they see one.
const TOKEN_PREFIX: &str = "dzw_";
/// How exactly a token's last use is kept.
const LAST_USED_PRECISION: Duration = Duration::minutes(1);

/// A program with a token that was not revoked. A handler that takes one is closed to everybody else.
#[derive(Debug, Clone)]
pub struct ApiClient {
    pub id: Uuid,
    pub name: String,
}

/// How often programs may ask.
#[derive(Clone)]
pub(super) struct ApiRateLimit(Arc<ClientRateLimiter>);

impl Default for ApiRateLimit {
    fn default() -> ApiRateLimit {
        ApiRateLimit(Arc::new(ClientRateLimiter::new(&API_QUOTA)))
    }
}

/// A new token.
pub(super) fn generate_token() -> String {
    format!("{TOKEN_PREFIX}{}", token::random())
}

impl FromRequestParts<App> for ApiClient {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<ApiClient, Problem> {
        let Ok(client) = Client::from_request_parts(parts, app).await;
        let Ok(Now(now)) = Now::from_request_parts(parts, app).await;
        if let Some(ApiRateLimit(limit)) = parts.extensions.get::<ApiRateLimit>() {
            limit.check(client.ip)?;
        }
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map(|(_, token)| token.trim()).filter(|token| token.starts_with(TOKEN_PREFIX));
        let refused = || Problem::new(StatusCode::UNAUTHORIZED, "Send a token: Authorization: Bearer dzw_…");
        let mut db = app.db.acquire().await.map_err(AppError::from)?;
        let known = store::find_by_hash(&mut db, &sha256(token.ok_or_else(refused)?)).await?.ok_or_else(refused)?;
        if known.last_used_at.is_none_or(|at| now - at > LAST_USED_PRECISION) {
            store::update_last_used(&mut db, known.id, now).await?;
        }
        Ok(ApiClient { id: known.id, name: known.name })
    }
}
