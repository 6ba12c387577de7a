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
    token::{self, hash},
    web::{
        Client, Error,
        limit::{Limit, PROGRAMS},
    },
};

/// How a token begins, so that people and secret scanners know it when they see one.
const MARK: &str = "dzw_";
/// How exactly a token's last use is kept.
const TOUCH: Duration = Duration::minutes(1);

/// A program with a token that was not revoked. A handler that takes one is closed to everybody else.
#[derive(Debug, Clone)]
pub struct Caller {
    pub id: Uuid,
    pub name: String,
}

/// How often programs may ask.
#[derive(Clone)]
pub(super) struct Gate(Arc<Limit>);

impl Default for Gate {
    fn default() -> Gate {
        Gate(Arc::new(Limit::new(&PROGRAMS)))
    }
}

/// A new token.
pub(super) fn new_token() -> String {
    format!("{MARK}{}", token::random())
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Caller, Problem> {
        let Ok(client) = Client::from_request_parts(parts, app).await;
        let Ok(Now(now)) = Now::from_request_parts(parts, app).await;
        if let Some(Gate(limit)) = parts.extensions.get::<Gate>() {
            limit.check(client.ip)?;
        }
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map(|(_, token)| token.trim()).filter(|token| token.starts_with(MARK));
        let refused = || Problem::new(StatusCode::UNAUTHORIZED, "Send a token: Authorization: Bearer dzw_…");
        let mut db = app.db.read().await.map_err(Error::from)?;
        let known = store::by_hash(&mut db, &hash(token.ok_or_else(refused)?)).await?.ok_or_else(refused)?;
        if known.used_at.is_none_or(|at| now - at > TOUCH) {
            store::touch(&mut db, known.id, now).await?;
        }
        Ok(Caller { id: known.id, name: known.name })
    }
}
