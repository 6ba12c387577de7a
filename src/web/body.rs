//! Bodies of requests: their media type, and JSON objects.

use axum::http::{HeaderMap, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The media type of the body in lower case, without parameters (RFC 9110, 8.3.1). Empty if it is not declared.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Parses a JSON object. Unlike `serde_json::from_slice` it does not accept an array of the fields' values.
pub(crate) fn parse_json_object<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    let fields: Map<String, Value> = serde_json::from_slice(body)?;
    serde_json::from_value(Value::Object(fields))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde::Deserialize;

    use super::*;

    #[test]
    fn a_media_type_is_read_without_its_parameters() {
        for (declared, expected) in [
            ("application/json", "application/json"),
            (" Application/JSON ; charset=utf-8", "application/json"),
            ("application/x-www-form-urlencoded-not", "application/x-www-form-urlencoded-not"),
            ("", ""),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(declared))]);
            assert_eq!(media_type(&headers), expected);
        }
        assert_eq!(media_type(&HeaderMap::new()), "");
    }

    #[test]
    fn only_an_object_is_an_object() {
        #[derive(Debug, Default, PartialEq, Deserialize)]
        #[serde(default)]
        struct Body {
            seconds: Option<i64>,
        }
        assert_eq!(parse_json_object::<Body>(br#"{"seconds": 5}"#).unwrap(), Body { seconds: Some(5) });
        for body in [&b"[]"[..], b"[5]", b"5", b"null", b"\"\"", b"{", b""] {
            assert!(parse_json_object::<Body>(body).is_err(), "{body:?}");
        }
    }
}
