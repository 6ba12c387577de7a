//! The addresses of the pages that other pages, redirects and emails lead to: each is written here, and in the route of
//! its page. `tests/it/urls.rs` makes sure that the two agree.

pub mod public;
pub mod staff;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters (RFC 3986, 2.3), the slash of paths and the comma of lists.
const URL_ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/').remove(b',');

/// Percent-encodes a part of a path or a query value.
pub fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, URL_ESCAPED).to_string()
}

/// Adds parameters to a URL, before its fragment. Those without a value are left out.
pub fn with_query(url: &str, parameters: &[(&str, &str)]) -> String {
    let (base, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let mut url = base.to_owned();
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&format!("{name}={}", percent_encode(value)));
    }
    url + fragment
}

#[cfg(test)]
mod tests {
    use crate::urls::*;

    #[test]
    fn parameters_are_added_before_the_fragment() {
        for (url, expected) in [
            ("/pl/report", "/pl/report?a=x%20y%26&b=1"),
            ("/pl/report?c", "/pl/report?c&a=x%20y%26&b=1"),
            ("/pl/report?c=2#top", "/pl/report?c=2&a=x%20y%26&b=1#top"),
            ("/pl/report#top", "/pl/report?a=x%20y%26&b=1#top"),
        ] {
            assert_eq!(with_query(url, &[("a", "x y&"), ("none", ""), ("b", "1")]), expected);
        }
        assert_eq!(with_query("/pl/report#top", &[("none", "")]), "/pl/report#top");
    }
}
