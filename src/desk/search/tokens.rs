//! The search line in pieces: words, quotations, keys such as `kod:`, and signs that keep pieces apart.

use std::ops::Range;

use crate::phone::typed::fold;

/// A piece of the line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'a> {
    /// Where it stands, with its quotation marks.
    pub at: Range<usize>,
    pub text: &'a str,
    pub kind: TokenKind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TokenKind {
    Word,
    Quoted,
    Key(Key),
    /// Keeps apart what would be read as one: `22 122 80 22, 601 555 210`.
    Break,
}

/// What a key says about the piece behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Key {
    Caller,
    Callee,
    Number,
    Account,
    Email,
    Code,
    Status,
    Category,
    Ip,
    When,
    Words,
}

/// The keys, folded, in both languages at once.
const KEYS: [(Key, &[&str]); 11] = [
    (Key::Caller, &["a", "od", "from", "caller"]),
    (Key::Callee, &["b", "do", "to", "callee"]),
    (Key::Number, &["nr", "numer", "number", "tel", "telefon", "phone"]),
    (Key::Account, &["konto", "account", "login", "sip", "sips"]),
    (Key::Email, &["email", "e-mail", "mail", "mailto"]),
    (Key::Code, &["kod", "code"]),
    (Key::Status, &["status", "stan", "state"]),
    (Key::Category, &["kategoria", "category"]),
    (Key::Ip, &["ip", "adres", "address"]),
    (Key::When, &["data", "date", "dzien", "day", "kiedy", "when", "godz", "czas", "time"]),
    (Key::Words, &["slowa", "slowo", "words", "word", "tekst", "text"]),
];

const APART: [char; 5] = [',', ';', '|', '→', '⇒'];
/// Other quotation marks have become `"` before, see [`crate::phone::typed::tidy`].
const QUOTES: [(char, char); 2] = [('"', '"'), ('«', '»')];

pub(super) fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = line[at..].chars().next() {
        let rest = &line[at..];
        let quote = QUOTES.iter().find(|(open, _)| *open == first);
        let (kind, length, inside) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if let Some((open, close)) = quote {
            let inside = &rest[open.len_utf8()..];
            match inside.find(*close) {
                Some(end) => (TokenKind::Quoted, open.len_utf8() + end + close.len_utf8(), &inside[..end]),
                None => (TokenKind::Quoted, rest.len(), inside),
            }
        } else if APART.contains(&first) {
            (TokenKind::Break, first.len_utf8(), &rest[..first.len_utf8()])
        } else if rest.starts_with("->") {
            (TokenKind::Break, 2, "->")
        } else if let Some((key, length)) = key(rest) {
            (TokenKind::Key(key), length, &rest[..length])
        } else {
            let length = word(rest);
            (TokenKind::Word, length, &rest[..length])
        };
        tokens.push(Token { at: at..at + length, text: inside.trim(), kind });
        at += length;
    }
    tokens
}

/// A key that the line begins with, and its length with the colon.
fn key(rest: &str) -> Option<(Key, usize)> {
    let (name, _) = rest.split_once(':')?;
    let folded = fold(name);
    let (key, _) = KEYS.iter().find(|(_, names)| names.contains(&folded.as_str()))?;
    Some((*key, name.len() + 1))
}

fn word(rest: &str) -> usize {
    let ends = |(at, c): (usize, char)| {
        let quote = QUOTES.iter().any(|(open, _)| *open == c);
        (c.is_whitespace() || quote || APART.contains(&c) || rest[at..].starts_with("->")).then_some(at)
    };
    rest.char_indices().find_map(ends).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_falls_into_pieces() {
        let kinds = |line| tokens(line).into_iter().map(|token| (token.kind, token.text)).collect::<Vec<_>>();
        assert_eq!(
            kinds("kod:503 od: «x» \"a b\"22→601,sip:a@b x:y \"open"),
            [
                (TokenKind::Key(Key::Code), "kod:"),
                (TokenKind::Word, "503"),
                (TokenKind::Key(Key::Caller), "od:"),
                (TokenKind::Quoted, "x"),
                (TokenKind::Quoted, "a b"),
                (TokenKind::Word, "22"),
                (TokenKind::Break, "→"),
                (TokenKind::Word, "601"),
                (TokenKind::Break, ","),
                (TokenKind::Key(Key::Account), "sip:"),
                (TokenKind::Word, "a@b"),
                (TokenKind::Word, "x:y"),
                (TokenKind::Quoted, "open"),
            ]
        );
    }
}
