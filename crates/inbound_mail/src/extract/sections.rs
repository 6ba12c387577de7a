//! The layout of a text: its signature, and lines that a mail program wrapped.

use phone::normalize::fold_diacritics;

/// Prefixes of the closing line of a message, without diacritics.
const CLOSING_PHRASES: [&str; 8] =
    ["pozdraw", "pozdr.", "z powazaniem", "z wyrazami", "lacze pozdrow", "regards", "kind regards", "best regards"];
/// Maximum length of a line that is a closing phrase, in characters.
const MAX_CLOSING_LEN: usize = 40;
/// Lengths of lines that mail programs wrap at, in characters.
const WRAPPED_LINE_LENGTHS: std::ops::RangeInclusive<usize> = 56..=80;

/// Splits the signature off. It starts with "-- " (RFC 3676, 4.3) or with a closing phrase.
pub(crate) fn split_signature(text: &str) -> (String, String) {
    let lines: Vec<_> = text.lines().collect();
    let starts_signature = |line: &str| {
        let is_closing = || {
            CLOSING_PHRASES.iter().any(|phrase| fold_diacritics(line).starts_with(phrase))
                && line.chars().count() <= MAX_CLOSING_LEN
        };
        line == "-- " || line == "--" || is_closing()
    };
    match lines.iter().position(|line| starts_signature(line)) {
        Some(start) if lines[..start].iter().any(|line| !line.trim().is_empty()) => {
            (lines[..start].join("\n"), lines[start..].join("\n"))
        }
        _ => (text.to_owned(), String::new()),
    }
}

/// Rejoins lines that a mail program wrapped.
pub(crate) fn rejoin_wrapped_lines(text: &str) -> String {
    let mut out = String::new();
    let mut previous_len = 0;
    for line in text.lines() {
        let is_continuation = line.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || "„(+".contains(c));
        let is_number = |c: char| c.is_ascii_digit() || c == '+';
        let would_join_numbers = line.starts_with(is_number) && out.ends_with(is_number);
        let is_wrapped = WRAPPED_LINE_LENGTHS.contains(&previous_len) && is_continuation && !would_join_numbers;
        if previous_len > 0 || !out.is_empty() {
            out.push(if is_wrapped { ' ' } else { '\n' });
        }
        out.push_str(line);
        previous_len = line.chars().count();
    }
    out
}
