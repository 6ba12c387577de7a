//! A form as it came: strings, cleaned of what nobody typed. Checking is the rooms' matter.

use std::{collections::HashMap, fmt::Write};

use axum::{
    body::{HttpBody, to_bytes},
    extract::{FromRequest, Request},
    http::header::CONTENT_TYPE,
};

use crate::web::AppError;

/// More than any field of any form takes, so that a person who pastes a whole log is told so beside the field.
pub const MAX_FORM_BYTES: usize = 512 * 1024;

/// The fields of a form. A field that comes twice counts once, the first time, unless all are asked for; a missing one is
/// empty.
#[derive(Debug, Clone, Default)]
pub struct Form(HashMap<String, Vec<String>>);

impl Form {
    /// Reads `application/x-www-form-urlencoded` (WHATWG URL, 5.1); bytes that are not UTF-8 become U+FFFD.
    pub fn parse(body: &[u8]) -> Form {
        let mut fields: HashMap<_, Vec<_>> = HashMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            fields.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        Form(fields)
    }

    /// A field as one line.
    pub fn single_line(&self, name: &str) -> String {
        single_line(self.raw(name))
    }

    /// A field as a text of several lines.
    pub fn multi_line(&self, name: &str) -> String {
        multi_line(self.raw(name))
    }

    /// A field exactly as it came: for secrets, which are compared and never shown.
    pub fn raw(&self, name: &str) -> &str {
        self.values(name).first().map_or("", String::as_str)
    }

    /// Whether the field came, be it empty.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A field that may come many times, such as a list's checkboxes.
    pub fn values(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Text on one line: without control characters, direction marks and invisible characters; spaces at the ends dropped.
pub fn single_line(text: &str) -> String {
    let spaced = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
    spaced.filter(|c| is_allowed_char(*c)).collect::<String>().trim().to_owned()
}

/// Text of several lines, cleaned in the same way; line ends become `\n`.
pub fn multi_line(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    text.chars().filter(|c| *c == '\n' || is_allowed_char(*c)).collect::<String>().trim().to_owned()
}

/// A part of an address or query, escaped.
pub fn percent_encode(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => escaped.push(byte.into()),
            _ => {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
    }
    escaped
}

fn is_allowed_char(c: char) -> bool {
    let bidi = matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let invisible = matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fff9}'..='\u{fffb}');
    !c.is_control() && !bidi && !invisible
}

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = AppError;

    async fn from_request(request: Request, _: &S) -> Result<Form, AppError> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.trim().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Err(AppError::NotAForm);
        }
        // what says that it is too large need not be waited for
        if request.body().size_hint().lower() > MAX_FORM_BYTES as u64 {
            return Err(AppError::TooLarge);
        }
        let body = to_bytes(request.into_body(), MAX_FORM_BYTES).await.map_err(|error| body_error(&error))?;
        Ok(Form::parse(&body))
    }
}

/// Says why a body ended before its time: the causes are told apart by what lies at the bottom of the error.
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

    #[test]
    fn a_form_is_read_as_it_was_typed() {
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
    fn marks_that_turn_text_around_are_dropped() {
        assert_eq!(single_line("\u{202e}22\u{200b} 1\n2\u{200f} "), "22 1 2");
        assert_eq!(multi_line(" a\r\nb\u{7}\tc \r"), "a\nb c");
    }

    proptest! {
        #[test]
        fn no_body_is_too_strange(body: Vec<u8>) {
            let form = Form::parse(&body);
            for name in form.0.keys() {
                let clean = !form.single_line(name).contains(['\0', '\n', '\u{202e}']);
                prop_assert!(clean);
                prop_assert!(!form.multi_line(name).contains('\0'));
            }
        }

        #[test]
        fn what_is_escaped_reads_back(text: String) {
            let body = format!("a={}", percent_encode(&text));
            let form = Form::parse(body.as_bytes());
            prop_assert_eq!(form.raw("a"), text);
        }
    }
}
