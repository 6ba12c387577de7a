//! The error type of handlers. The cause is logged once, here. [`super::middleware`] renders the error page in the
//! visitor's language.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};

use crate::db;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("not found")]
    NotFound,
    #[error("not allowed")]
    Forbidden,
    #[error("the request is malformed")]
    BadRequest,
    #[error("the body is not a form")]
    NotAForm,
    #[error("the body is too large")]
    TooLarge,
    #[error("the body arrived too slowly")]
    BodyTimeout,
    #[error("too many requests")]
    RateLimited { retry_after: Duration },
    #[error("the database is unavailable")]
    Unavailable(#[source] sqlx::Error),
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

impl AppError {
    pub fn status(&self) -> StatusCode {
        match self {
            AppError::NotFound => StatusCode::NOT_FOUND,
            AppError::Forbidden => StatusCode::FORBIDDEN,
            AppError::BadRequest => StatusCode::BAD_REQUEST,
            AppError::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            AppError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            AppError::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            AppError::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            AppError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The value of the `Retry-After` header.
    pub fn retry_after(&self) -> Option<HeaderValue> {
        match self {
            AppError::RateLimited { retry_after } => Some(HeaderValue::from(retry_after.as_secs() + 1)),
            AppError::Unavailable(_) => Some(HeaderValue::from(5)),
            _ => None,
        }
    }

    /// Logs the cause, if it is on the server's side.
    pub fn log(&self) {
        match self {
            AppError::Unavailable(cause) => tracing::warn!(%cause, "the database is unavailable"),
            AppError::Internal(cause) => tracing::error!(cause = format!("{cause:#}"), "request failed"),
            _ => {}
        }
    }
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> AppError {
        match error {
            sqlx::Error::RowNotFound => AppError::NotFound,
            error if db::is_unavailable(&error) => AppError::Unavailable(error),
            error => AppError::Internal(error.into()),
        }
    }
}

impl From<askama::Error> for AppError {
    fn from(error: askama::Error) -> AppError {
        AppError::Internal(error.into())
    }
}

impl From<tokio::task::JoinError> for AppError {
    fn from(error: tokio::task::JoinError) -> AppError {
        AppError::Internal(error.into())
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        self.log();
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}
