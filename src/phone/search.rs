//! Numbers in the staff search line, where a few digits are enough.

use rlibphonenumber::PhoneNumber;

use super::address::{address, split_extension};
use super::read::{Side, dialled, is_number_like, party};
use super::typed::{LONGEST, tidy};
use super::{Party, read};

/// How staff's typed digits can be matched: against E.164 digits without "+", and against accounts and short numbers
/// as they are stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NumberQuery {
    /// The whole of it: `48221228022`, `12345-101`, `101`, `*100#`.
    Exact(String),
    /// Four digits or more, a beginning or an ending.
    Part {
        digits: String,
        /// A "+" stood before them: then they are the beginning of a country code and nothing else.
        plus: bool,
    },
}

/// Reads a search line as a number. Nothing when it is not number-like: words, dates, IP addresses, a single digit.
pub fn number_query(typed: &str) -> Option<NumberQuery> {
    if typed.chars().nth(LONGEST).is_some() {
        return None;
    }
    let text = tidy(typed);
    if read::is_ip_like(&text) || is_date_like(&text) {
        return None;
    }
    let address = address(&text);
    let named = ["sip:", "sips:"].iter().any(|scheme| text.to_lowercase().contains(scheme));
    if address.starts_with(['*', '#']) || (named && address.contains('@')) {
        return whole(&text);
    }
    if let Some(account) = read::dashed_account(&address) {
        return Some(NumberQuery::Exact(account));
    }
    let number = split_extension(&address).map_or(address.as_str(), |(number, _)| number);
    if !is_number_like(number) {
        return None;
    }
    let (digits, plus) = dialled(number);
    match digits.len() {
        0..=1 => None,
        2..=3 if plus => None,
        2..=3 => Some(NumberQuery::Exact(digits)),
        4..=15 if is_complete(&digits, plus) => whole(number),
        4..=17 => Some(NumberQuery::Part { digits, plus }),
        _ => None,
    }
}

impl NumberQuery {
    /// The digit strings with which a stored number may begin. Nothing for an exact query.
    pub fn leading(&self) -> Vec<String> {
        match self {
            NumberQuery::Exact(_) => Vec::new(),
            NumberQuery::Part { digits, plus: true } => vec![without_idd(digits).to_owned()],
            NumberQuery::Part { digits, plus: false } => match (without_idd(digits), digits.strip_prefix('0')) {
                (abroad, _) if abroad.len() < digits.len() => vec![abroad.to_owned()],
                // the old trunk zero; no country code begins with it
                (_, Some(national)) => vec![format!("48{national}")],
                (_, None) => vec![format!("48{digits}"), digits.clone()],
            },
        }
    }

    /// The digits with which a stored number may end. Nothing for an exact query and after a "+".
    pub fn ending(&self) -> Option<String> {
        match self {
            NumberQuery::Exact(_) | NumberQuery::Part { plus: true, .. } => None,
            NumberQuery::Part { digits, plus: false } => Some(digits.clone()),
        }
    }
}

fn whole(text: &str) -> Option<NumberQuery> {
    match party(text, Side::Caller).ok()? {
        Party::Withheld => None,
        party @ (Party::Number(_) | Party::Short(_) | Party::Account(_)) => {
            Some(NumberQuery::Exact(party.canonical().trim_start_matches('+').to_owned()))
        }
    }
}

/// Nothing more can follow: a Polish number, or one from abroad that exists as it stands.
fn is_complete(digits: &str, plus: bool) -> bool {
    let abroad = without_idd(digits);
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

/// 00, the way abroad from Poland, taken off.
fn without_idd(digits: &str) -> &str {
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
    use super::*;

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
            assert_eq!(number_query(typed), query, "{typed}");
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
            let query = number_query(typed).unwrap_or_else(|| panic!("{typed} is a number"));
            assert_eq!(query.leading(), leading, "{typed}");
            assert_eq!(query.ending().as_deref(), ending, "{typed}");
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
            assert_eq!(number_query(typed), None, "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(typed in proptest::prop_oneof![".*", "[-+0-9 ()/.*#@a-c]{0,30}"]) {
            if let Some(query) = number_query(&typed) {
                query.leading();
                query.ending();
            }
        }
    }
}
