//! The search line in pieces: words, quotations, keys such as `kod:`, and signs that keep pieces apart.

use std::ops::Range;

use crate::phone::normalize::fold_diacritics;

/// A piece of the line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SearchToken<'a> {
    /// Where it stands, with its quotation marks.
    pub range: Range<usize>,
    pub text: &'a str,
    pub kind: SearchTokenKind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum SearchTokenKind {
    Word,
    Quoted,
    Key(SearchKey),
    /// Keeps apart what would be read as one: `22 122 80 22, 601 555 210`.
    Separator,
}

/// What a key says about the piece behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum SearchKey {
    Caller,
    Callee,
    Number,
    Account,
    Email,
    SipCode,
    Status,
    Category,
    Ip,
    DateTime,
    Words,
}

/// The keys, folded, in both languages at once.
const KEY_NAMES: [(SearchKey, &[&str]); 11] = [
    (SearchKey::Caller, &["a", "od", "from", "caller"]),
    (SearchKey::Callee, &["b", "do", "to", "callee"]),
    (SearchKey::Number, &["nr", "numer", "number", "tel", "telefon", "phone"]),
    (SearchKey::Account, &["konto", "account", "login", "sip", "sips"]),
    (SearchKey::Email, &["email", "e-mail", "mail", "mailto"]),
    (SearchKey::SipCode, &["kod", "code"]),
    (SearchKey::Status, &["status", "stan", "state"]),
    (SearchKey::Category, &["kategoria", "category"]),
    (SearchKey::Ip, &["ip", "adres", "address"]),
    (SearchKey::DateTime, &["data", "date", "dzien", "day", "kiedy", "when", "godz", "czas", "time"]),
    (SearchKey::Words, &["slowa", "slowo", "words", "word", "tekst", "text"]),
];

const SEPARATORS: [char; 5] = [',', ';', '|', '→', '⇒'];
/// Other quotation marks have become `"` before, see [`crate::phone::normalize::tidy`].
const QUOTE_PAIRS: [(char, char); 2] = [('"', '"'), ('«', '»')];

pub(crate) fn tokenize(line: &str) -> Vec<SearchToken<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = line[at..].chars().next() {
        let rest = &line[at..];
        let quote = QUOTE_PAIRS.iter().find(|(open, _)| *open == first);
        let (kind, length, inside) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if let Some((open, close)) = quote {
            let inside = &rest[open.len_utf8()..];
            match inside.find(*close) {
                Some(end) => (SearchTokenKind::Quoted, open.len_utf8() + end + close.len_utf8(), &inside[..end]),
                None => (SearchTokenKind::Quoted, rest.len(), inside),
            }
        } else if SEPARATORS.contains(&first) {
            (SearchTokenKind::Separator, first.len_utf8(), &rest[..first.len_utf8()])
        } else if rest.starts_with("->") {
            (SearchTokenKind::Separator, 2, "->")
        } else if let Some((key, length)) = match_key(rest) {
            (SearchTokenKind::Key(key), length, &rest[..length])
        } else {
            let length = word_len(rest);
            (SearchTokenKind::Word, length, &rest[..length])
        };
        tokens.push(SearchToken { range: at..at + length, text: inside.trim(), kind });
        at += length;
    }
    tokens
}

/// A key that the line begins with, and its length with the colon.
fn match_key(rest: &str) -> Option<(SearchKey, usize)> {
    let (name, _) = rest.split_once(':')?;
    let folded = fold_diacritics(name);
    let (key, _) = KEY_NAMES.iter().find(|(_, names)| names.contains(&folded.as_str()))?;
    Some((*key, name.len() + 1))
}

fn word_len(rest: &str) -> usize {
    let ends = |(at, c): (usize, char)| {
        let quote = QUOTE_PAIRS.iter().any(|(open, _)| *open == c);
        (c.is_whitespace() || quote || SEPARATORS.contains(&c) || rest[at..].starts_with("->")).then_some(at)
    };
    rest.char_indices().find_map(ends).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use crate::desk::queue::search::tokens::*;

    #[test]
    fn a_line_falls_into_pieces() {
        let kinds = |line| tokenize(line).into_iter().map(|token| (token.kind, token.text)).collect::<Vec<_>>();
        assert_eq!(
            kinds("kod:503 od: «x» \"a b\"22→601,sip:a@b x:y \"open"),
            [
                (SearchTokenKind::Key(SearchKey::SipCode), "kod:"),
                (SearchTokenKind::Word, "503"),
                (SearchTokenKind::Key(SearchKey::Caller), "od:"),
                (SearchTokenKind::Quoted, "x"),
                (SearchTokenKind::Quoted, "a b"),
                (SearchTokenKind::Word, "22"),
                (SearchTokenKind::Separator, "→"),
                (SearchTokenKind::Word, "601"),
                (SearchTokenKind::Separator, ","),
                (SearchTokenKind::Key(SearchKey::Account), "sip:"),
                (SearchTokenKind::Word, "a@b"),
                (SearchTokenKind::Word, "x:y"),
                (SearchTokenKind::Quoted, "open"),
            ]
        );
    }
}
