//! Authentication of API clients by bearer token (RFC 6750).

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, header::AUTHORIZATION, request::Parts},
};
use time::Duration;
use uuid::Uuid;

use super::{problem::Problem, store};
use crate::{
    app::{App, Now},
    token::{self, sha256},
    web::{AppError, Client, rate_limit::ClientRateLimiter},
};

/// The prefix of all tokens, by which people and secret scanners recognise them.
const TOKEN_PREFIX: &str = "dzw_";
/// The last use of a token is stored at most this often.
const LAST_USED_PRECISION: Duration = Duration::minutes(1);

/// A program with a valid token. A handler with this parameter answers other requests with 401.
#[derive(Debug, Clone)]
pub struct ApiClient {
    pub id: Uuid,
    pub name: String,
}

/// Returns a new random token.
pub(super) fn generate_token() -> String {
    format!("{TOKEN_PREFIX}{}", token::random())
}

impl<S: Send + Sync> FromRequestParts<S> for ApiClient
where
    App: FromRef<S>,
    Arc<ClientRateLimiter>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<ApiClient, Problem> {
        let app = App::from_ref(state);
        let Ok(client) = Client::from_request_parts(parts, state).await;
        let Ok(Now(now)) = Now::from_request_parts(parts, state).await;
        Arc::<ClientRateLimiter>::from_ref(state).check(client.ip)?;
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map(|(_, token)| token.trim()).filter(|token| token.starts_with(TOKEN_PREFIX));
        let unauthorized = || Problem::new(StatusCode::UNAUTHORIZED, "Send a token: Authorization: Bearer dzw_…");
        let mut db = app.db.acquire().await.map_err(AppError::from)?;
        let token_hash = sha256(token.ok_or_else(unauthorized)?);
        let token = store::find_by_hash(&mut db, &token_hash).await?.ok_or_else(unauthorized)?;
        if token.last_used_at.is_none_or(|at| now - at > LAST_USED_PRECISION) {
            store::update_last_used(&mut db, token.id, now).await?;
        }
        Ok(ApiClient { id: token.id, name: token.name })
    }
}
