//! Submitted forms and the queries of URLs: strings without control and invisible characters. Validation is up to the
//! features.

use std::{collections::HashMap, convert::Infallible};

use axum::{
    body::{HttpBody, to_bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderName, Uri, header::CACHE_CONTROL, request::Parts},
};

pub use crate::clean_text::{multi_line, single_line};
use crate::web::{AppError, media_type};

/// The maximum size of a form. It exceeds the limits of all fields, so that a user who pastes a whole log sees the
/// error beside the field.
pub const MAX_FORM_BYTES: usize = 512 * 1024;

/// Header of a page with a form that was filled in. The browser's back button restores the page from the browser's own
/// cache. Without this, Chromium shows `ERR_CACHE_MISS` in place of the response to a form.
pub const RESTORED_BY_BACK_BUTTON: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "private, no-cache")];

/// The fields of a form. If a field occurs several times, the first value counts, except in [`Form::values`]. A missing
/// field is empty.
#[derive(Debug, Clone, Default)]
pub struct Form(HashMap<String, Vec<String>>);

impl Form {
    /// Parses `application/x-www-form-urlencoded` (WHATWG URL, 5.1). Invalid UTF-8 becomes U+FFFD.
    pub fn parse(body: &[u8]) -> Form {
        let mut fields: HashMap<_, Vec<_>> = HashMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            fields.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        Form(fields)
    }

    /// The query of a URL, whose parameters are read like the fields of a form. Without a query it is empty.
    pub fn from_query(uri: &Uri) -> Form {
        Form::parse(uri.query().unwrap_or_default().as_bytes())
    }

    /// A field as a single line of text.
    pub fn single_line(&self, name: &str) -> String {
        single_line(self.raw(name))
    }

    /// A field as text of several lines.
    pub fn multi_line(&self, name: &str) -> String {
        multi_line(self.raw(name))
    }

    /// A field exactly as it was sent: for secrets and fixed values, which are compared and not shown.
    pub fn raw(&self, name: &str) -> &str {
        self.values(name).first().map_or("", String::as_str)
    }

    /// Whether the field was sent, even if it is empty.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All values of a field that may occur several times, such as the checkboxes of a list.
    pub fn values(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = AppError;

    async fn from_request(request: Request, _: &S) -> Result<Form, AppError> {
        if media_type(request.headers()) != "application/x-www-form-urlencoded" {
            return Err(AppError::NotAForm);
        }
        // the declared length is enough to reject the body without reading it
        if request.body().size_hint().lower() > MAX_FORM_BYTES as u64 {
            return Err(AppError::TooLarge);
        }
        let body = to_bytes(request.into_body(), MAX_FORM_BYTES).await.map_err(|error| body_error(&error))?;
        Ok(Form::parse(&body))
    }
}

/// The query of a request: the extractor for handlers that read parameters. It accepts every query; what a parameter may
/// contain is up to the handler.
#[derive(Debug, Clone, Default)]
pub struct QueryForm(pub Form);

impl<S: Sync> FromRequestParts<S> for QueryForm {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<QueryForm, Infallible> {
        Ok(QueryForm(Form::from_query(&parts.uri)))
    }
}

/// Returns why a body could not be read. The causes differ in the innermost error only.
pub fn body_error(error: &axum::Error) -> AppError {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<http_body_util::LengthLimitError>() {
            return AppError::TooLarge;
        }
        if inner.is::<tower_http::timeout::TimeoutError>() {
            return AppError::BodyTimeout;
        }
        cause = inner.source();
    }
    AppError::BadRequest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::urls::percent_encode;

    #[test]
    fn forms_are_url_decoded() {
        let form = Form::parse("a=1+2&b=%C5%BC%00x&a=second&c=%FF&=empty&d".as_bytes());
        assert_eq!(form.single_line("a"), "1 2");
        assert_eq!(form.single_line("b"), "żx");
        assert_eq!(form.single_line("c"), "\u{fffd}");
        assert_eq!(form.single_line("d"), "");
        assert_eq!(form.single_line("missing"), "");
        assert_eq!(form.values("a"), ["1 2", "second"]);
        assert!(form.values("missing").is_empty());
    }

    #[test]
    fn a_query_is_read_like_a_form() {
        let query = |uri: &str| Form::from_query(&uri.parse().unwrap());
        assert_eq!(query("/pl?a=1+2&a=second&b=%FF&c").raw("a"), "1 2");
        assert_eq!(query("/pl?a=1+2&a=second&b=%FF&c").raw("b"), "\u{fffd}");
        assert!(query("/pl?a=1+2&a=second&b=%FF&c").has("c"));
        assert!(!query("/pl?").has("c") && !query("/pl").has("c"));
    }

    proptest! {
        #[test]
        fn any_body_can_be_parsed(body: Vec<u8>) {
            let form = Form::parse(&body);
            for name in form.0.keys() {
                let is_clean = !form.single_line(name).contains(['\0', '\n', '\u{202e}']);
                prop_assert!(is_clean);
                prop_assert!(!form.multi_line(name).contains('\0'));
            }
        }

        #[test]
        fn percent_encoded_text_is_decoded_back(text: String) {
            let body = format!("a={}", percent_encode(&text));
            let form = Form::parse(body.as_bytes());
            prop_assert_eq!(form.raw("a"), text);
        }
    }
}
