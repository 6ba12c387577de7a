//! Extracts the address from a typed SIP URI: without name, label, scheme, password and extension.

use super::digits::{extract_digits, is_number_like};

/// Labels before a number on business cards and in call histories.
const LABELS: [&str; 23] = [
    "telefon",
    "tel",
    "numer",
    "nr",
    "komórka",
    "kom",
    "phone",
    "number",
    "mobile",
    "mob",
    "faks",
    "fax",
    "konto sip",
    "konto",
    "login",
    "użytkownik",
    "account",
    "user",
    "sip",
    "sips",
    "wewnętrzny",
    "wew",
    "callto",
];

/// Separators between a number and its extension, the longest first. Mobiles store a pause as a comma.
const EXTENSION_MARKERS: [&str; 11] =
    ["wewnętrzny", "wewnetrzny", "extension", "wewn", "wew", "ext", "w", "x", "p", "#", ","];

/// Strips the display name, the scheme, a password, a port and URI parameters (RFC 3261), and converts to lower case. The
/// result is a number, a user name, or `user@host`.
pub(super) fn strip_decoration(text: &str) -> String {
    let text = match text.split_once('<') {
        Some((_, rest)) => rest.split_once('>').map_or(rest, |(inside, _)| inside),
        None => text,
    };
    let lower = text.to_lowercase().replace("%2b", "+").replace("%2a", "*").replace("%23", "#");
    let mut text = strip_labels(lower.trim_matches([' ', '"', '\'', ';']));
    for scheme in ["sips:", "sip:", "tel:"] {
        text = text.strip_prefix(scheme).map_or(text, |rest| strip_labels(rest.trim_start()));
    }
    match text.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split([':', ';']).next().unwrap_or_default();
            let host = host.split([':', ';', '?', '/']).next().unwrap_or_default();
            format!("{}@{}", user.trim(), host.trim())
        }
        None => text.trim().to_owned(),
    }
}

/// Splits a number and its extension: `22 122 80 22 wew. 12`, `…;ext=12`, `…x12`, `…#12`.
pub(super) fn split_extension(text: &str) -> Option<(&str, String)> {
    let text = text.trim_end_matches([')', ']', '.', ' ']);
    let before = text.trim_end_matches(|character: char| character.is_ascii_digit());
    let extension = &text[before.len()..];
    if extension.is_empty() || extension.len() > 8 {
        return None;
    }
    let before = before.trim_end_matches([' ', '.', ':', '=']);
    let number = EXTENSION_MARKERS.iter().find_map(|mark| before.strip_suffix(mark))?;
    let number = number.trim_end_matches([' ', '(', '[', ',', ';', '/', '-', '.']);
    (is_number_like(number) && extract_digits(number).len() >= 7).then(|| (number, extension.to_owned()))
}

pub(super) fn is_account_name(text: &str) -> bool {
    (2..=64).contains(&text.len())
        && is_sip_user(text)
        && text.contains(|character: char| character.is_ascii_alphabetic())
}

/// Decodes the escapes of a user part (RFC 3261); telephone menus do not accept them.
pub(super) fn is_sip_user(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|character: char| character.is_ascii_alphanumeric())
        && text.ends_with(|character: char| character.is_ascii_alphanumeric())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "._-+*".contains(character))
}

pub(super) fn is_host(text: &str) -> bool {
    is_sip_user(text) && text.chars().all(|character| character.is_ascii_alphanumeric() || ".-".contains(character))
}

fn strip_labels(text: &str) -> &str {
    let mut rest = text;
    while let Some(shorter) = LABELS.iter().find_map(|label| {
        let after = rest.strip_prefix(label)?;
        let trimmed = after.trim_start_matches(['.', ':', ' ']);
        (trimmed.len() < after.len()).then_some(trimmed)
    }) {
        rest = shorter;
    }
    if rest.starts_with(|character: char| character.is_ascii_digit() || "+(*#".contains(character)) {
        rest
    } else {
        text
    }
}
