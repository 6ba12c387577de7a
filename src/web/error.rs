//! What goes wrong between a request and its page. The cause is logged once, here; the visitor reads a sentence, which
//! [`crate::web::guard`] puts on a page in the visitor's language.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};

use crate::db;

/// A request that can't be answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not found")]
    NotFound,
    #[error("not allowed")]
    Forbidden,
    #[error("the request can't be read")]
    BadRequest,
    #[error("the body is not a form")]
    NotAForm,
    #[error("the body is too large")]
    TooLarge,
    #[error("the body came too slowly")]
    TooSlow,
    #[error("too many requests")]
    TooMany { retry_after: Duration },
    #[error("the database is away")]
    Away(#[source] sqlx::Error),
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::BadRequest => StatusCode::BAD_REQUEST,
            Error::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::Away(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// When to try again.
    pub fn retry_after(&self) -> Option<HeaderValue> {
        match self {
            Error::TooMany { retry_after } => Some(HeaderValue::from(retry_after.as_secs() + 1)),
            Error::Away(_) => Some(HeaderValue::from(5)),
            _ => None,
        }
    }

    /// Writes the cause down, where there is one to look for.
    pub fn log(&self) {
        match self {
            Error::Away(cause) => tracing::warn!(%cause, "the database is away"),
            Error::Internal(cause) => tracing::error!(cause = format!("{cause:#}"), "a request failed"),
            _ => {}
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        match error {
            sqlx::Error::RowNotFound => Error::NotFound,
            error if db::is_away(&error) => Error::Away(error),
            error => Error::Internal(error.into()),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Error {
        Error::Internal(error.into())
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Error {
        Error::Internal(error.into())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}
