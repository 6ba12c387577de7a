//! Splits the search text into tokens: words, quoted phrases, keys such as `kod:`, and separators.

use std::ops::Range;

use crate::phone::normalize::fold_diacritics;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct SearchToken<'a> {
    /// In bytes of the text, including quotation marks.
    pub range: Range<usize>,
    pub text: &'a str,
    pub kind: SearchTokenKind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum SearchTokenKind {
    Word,
    Quoted,
    Key(SearchKey),
    /// Separates what would otherwise be one term: `22 122 80 22, 601 555 210`.
    Separator,
}

/// The kind of the value after a key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum SearchKey {
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

/// Names of the keys in all languages, without diacritics and in lower case.
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
const ARROW: &str = "->";
/// [`crate::phone::normalize::normalize_text`] has replaced all other quotation marks by `"`.
const QUOTE_PAIRS: [(char, char); 2] = [('"', '"'), ('«', '»')];

pub(super) fn tokenize(line: &str) -> Vec<SearchToken<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = line[start..].chars().next() {
        let rest = &line[start..];
        let quote = QUOTE_PAIRS.iter().find(|(open, _)| *open == first);
        let (kind, len, text) = if first.is_whitespace() {
            start += first.len_utf8();
            continue;
        } else if let Some((open, close)) = quote {
            let quoted = &rest[open.len_utf8()..];
            match quoted.find(*close) {
                Some(end) => (SearchTokenKind::Quoted, open.len_utf8() + end + close.len_utf8(), &quoted[..end]),
                None => (SearchTokenKind::Quoted, rest.len(), quoted),
            }
        } else if SEPARATORS.contains(&first) {
            (SearchTokenKind::Separator, first.len_utf8(), &rest[..first.len_utf8()])
        } else if rest.starts_with(ARROW) {
            (SearchTokenKind::Separator, ARROW.len(), ARROW)
        } else if let Some((key, len)) = match_key(rest) {
            (SearchTokenKind::Key(key), len, &rest[..len])
        } else {
            let len = word_len(rest);
            (SearchTokenKind::Word, len, &rest[..len])
        };
        tokens.push(SearchToken { range: start..start + len, text: text.trim(), kind });
        start += len;
    }
    tokens
}

/// The key at the start of the text, and its length with the colon.
fn match_key(text: &str) -> Option<(SearchKey, usize)> {
    let (name, _) = text.split_once(':')?;
    let folded = fold_diacritics(name);
    let (key, _) = KEY_NAMES.iter().find(|(_, names)| names.contains(&folded.as_str()))?;
    Some((*key, name.len() + 1))
}

fn word_len(text: &str) -> usize {
    let ends_word = |index: usize, c: char| {
        let is_quote = QUOTE_PAIRS.iter().any(|(open, _)| *open == c);
        c.is_whitespace() || is_quote || SEPARATORS.contains(&c) || text[index..].starts_with(ARROW)
    };
    text.char_indices().find(|(index, c)| ends_word(*index, *c)).map_or(text.len(), |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_split_into_words_quotes_keys_and_separators() {
        let tokens_of = |line| tokenize(line).into_iter().map(|token| (token.kind, token.text)).collect::<Vec<_>>();
        assert_eq!(
            tokens_of("kod:503 od: «x» \"a b\"22→601,sip:a@b x:y \"open"),
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
