//! Parses numbers in the staff search, where a few digits are enough.

use rlibphonenumber::PhoneNumber;

use super::digits::is_number_like;
use super::normalize::{MAX_INPUT_LEN, normalize_text};
use super::parse::{PartyRole, extract_dialed_digits, parse_party};
use super::sip_uri::{split_extension, strip_decoration};
use super::{parse, party::Party};

/// How the digits of a query are matched: against E.164 digits without "+", and against accounts and short numbers
/// as they are stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NumberQuery {
    /// An exact match: `48221228022`, `12345-101`, `101`, `*100#`.
    Exact(String),
    /// Four digits or more: a prefix or a suffix.
    Partial {
        digits: String,
        /// A "+" comes before them, so they can only be a prefix that starts with a country code.
        has_plus: bool,
    },
}

/// Parses a search as a number. `None` if it is not number-like: words, dates, IP addresses, a single digit.
pub fn parse_number_query(typed: &str) -> Option<NumberQuery> {
    if typed.chars().nth(MAX_INPUT_LEN).is_some() {
        return None;
    }
    let text = normalize_text(typed);
    if parse::is_ip_like(&text) || is_date_like(&text) {
        return None;
    }
    let address = strip_decoration(&text);
    let named = ["sip:", "sips:"].iter().any(|scheme| text.to_lowercase().contains(scheme));
    if address.starts_with(['*', '#']) || (named && address.contains('@')) {
        return parse_exact(&text);
    }
    if let Some(account) = parse::parse_dashed_account(&address) {
        return Some(NumberQuery::Exact(account));
    }
    let number = split_extension(&address).map_or(address.as_str(), |(number, _)| number);
    if !is_number_like(number) {
        return None;
    }
    let (digits, plus) = extract_dialed_digits(number);
    match digits.len() {
        0..=1 => None,
        2..=3 if plus => None,
        2..=3 => Some(NumberQuery::Exact(digits)),
        4..=15 if is_complete_number(&digits, plus) => parse_exact(number),
        4..=17 => Some(NumberQuery::Partial { digits, has_plus: plus }),
        _ => None,
    }
}

impl NumberQuery {
    /// The prefixes to match. Empty for an exact query.
    pub fn prefixes(&self) -> Vec<String> {
        match self {
            NumberQuery::Exact(_) => Vec::new(),
            NumberQuery::Partial { digits, has_plus: true } => vec![strip_international_prefix(digits).to_owned()],
            NumberQuery::Partial { digits, has_plus: false } => {
                match (strip_international_prefix(digits), digits.strip_prefix('0')) {
                    (abroad, _) if abroad.len() < digits.len() => vec![abroad.to_owned()],
                    // the old trunk zero; no country code begins with it
                    (_, Some(national)) => vec![format!("48{national}")],
                    (_, None) => vec![format!("48{digits}"), digits.clone()],
                }
            }
        }
    }

    /// The suffix to match. `None` for an exact query and after a "+".
    pub fn suffix(&self) -> Option<String> {
        match self {
            NumberQuery::Exact(_) | NumberQuery::Partial { has_plus: true, .. } => None,
            NumberQuery::Partial { digits, has_plus: false } => Some(digits.clone()),
        }
    }
}

fn parse_exact(text: &str) -> Option<NumberQuery> {
    match parse_party(text, PartyRole::Caller).ok()? {
        Party::Withheld => None,
        party @ (Party::Number(_) | Party::Short(_) | Party::Account(_)) => {
            Some(NumberQuery::Exact(party.canonical().trim_start_matches('+').to_owned()))
        }
    }
}

/// Whether the number is complete: a Polish number, or a valid one from abroad.
fn is_complete_number(digits: &str, plus: bool) -> bool {
    let abroad = strip_international_prefix(digits);
    if plus || abroad.len() < digits.len() {
        return (abroad.starts_with("48") && abroad.len() == 11)
            || PhoneNumber::parse(format!("+{abroad}"), None).is_ok_and(|number| number.is_valid());
    }
    match digits.len() {
        9 => true,
        10 => digits.starts_with('0'),
        11 => digits.starts_with("48"),
        _ => false,
    }
}

/// Strips 00, the international prefix in Poland.
fn strip_international_prefix(digits: &str) -> &str {
    digits.strip_prefix("00").filter(|rest| !rest.is_empty()).unwrap_or(digits)
}

/// `2026-11-22`, `22.11.2026`: three groups, one of them a year.
fn is_date_like(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['.', '-', '/']).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        && matches!(lengths[..], [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4])
}

#[cfg(test)]
mod tests {
    use crate::number_query::*;

    fn exact(text: &str) -> Option<NumberQuery> {
        Some(NumberQuery::Exact(text.to_owned()))
    }

    #[test]
    fn whole_numbers_and_accounts_are_exact() {
        for (typed, query) in [
            ("22 122 80 22", exact("48221228022")),
            ("+48 22 122 80 22", exact("48221228022")),
            ("0048221228022", exact("48221228022")),
            ("48221228022", exact("48221228022")),
            ("0 22 122 80 22", exact("48221228022")),
            ("22 122 80 22 wew. 12", exact("48221228022")),
            ("22.122.80.22", exact("48221228022")),
            ("0048 (0)22 122 80 22", exact("48221228022")),
            ("(48) 371 67 86", exact("48483716786")),
            ("0044 20 8190 0322", exact("442081900322")),
            ("+44 (0)20 8190 0322", exact("442081900322")),
            ("sip:+48221228022@example.org", exact("48221228022")),
            ("sip:Anna@example.org", exact("anna@example.org")),
            ("12345-101", exact("12345-101")),
            ("101", exact("101")),
            ("*100#", exact("*100#")),
        ] {
            assert_eq!(parse_number_query(typed), query, "{typed}");
        }
    }

    #[test]
    fn a_few_digits_are_a_beginning_or_an_ending() {
        for (typed, leading, ending) in [
            ("22122", &["4822122", "22122"][..], Some("22122")),
            ("22 122-8", &["48221228", "221228"], Some("221228")),
            ("0044208", &["44208"], Some("0044208")),
            ("+4422", &["4422"], None),
            ("+48 22 1", &["48221"], None),
            ("022122", &["4822122"], Some("022122")),
            ("8022", &["488022", "8022"], Some("8022")),
            ("0000", &["00"], Some("0000")),
        ] {
            let query = parse_number_query(typed).unwrap_or_else(|| panic!("{typed} is a number"));
            assert_eq!(query.prefixes(), leading, "{typed}");
            assert_eq!(query.suffix().as_deref(), ending, "{typed}");
        }
    }

    #[test]
    fn other_searches_are_left_alone() {
        for typed in [
            "",
            "7",
            "+44",
            "anna",
            "anna@example.org",
            "DZ-7K3M-Q2",
            "503 Service",
            "192.168.1.10",
            "22.11.2026",
            "2026-11-22",
            "14:05",
            "zastrzeżony",
            "1234567890123456789",
            "...",
            "+",
        ] {
            assert_eq!(parse_number_query(typed), None, "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(typed in proptest::prop_oneof![".*", "[-+0-9 ()/.*#@a-c]{0,30}"]) {
            if let Some(query) = parse_number_query(&typed) {
                query.prefixes();
                query.suffix();
            }
        }
    }
}
