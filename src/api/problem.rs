//! Error responses of the API: problem details (RFC 9457).

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::web::AppError;

/// An error response.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    /// Invalid fields of the body, as JSON pointers, and their errors.
    errors: Vec<(&'static str, String)>,
    retry_after: Option<HeaderValue>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem { status, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// A body with invalid fields.
    pub fn from_field_errors(errors: Vec<(&'static str, String)>) -> Problem {
        let detail = errors.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ");
        Problem { errors, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail) }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        error.log();
        let retry_after = error.retry_after();
        Problem { retry_after, ..Problem::new(error.status(), error.to_string()) }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Problem {
        AppError::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or_default(),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if !self.errors.is_empty() {
            let errors = self.errors.iter().map(|(pointer, detail)| json!({ "pointer": pointer, "detail": detail }));
            body["errors"] = Value::Array(errors.collect());
        }
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds);
        }
        response
    }
}

pub(super) async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "No such resource. /api/openapi.json describes the API.")
}

pub(super) async fn method_not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "This resource does not support the method. /api/openapi.json describes the API.",
    )
}
