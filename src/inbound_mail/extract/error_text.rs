//! What the telephone or the network said: a sentence that speaks of a message, and is one that the table of causes knows;
//! or an announcement in quotation marks, with the code that stands beside it.

use crate::{
    causes::{self, MatchedBy},
    phone::normalize::fold_diacritics,
};

/// The longest sentence that is taken for a message, in characters.
const MAX_ERROR_TEXT_LEN: usize = 200;

/// Words that announce a message, folded.
const ERROR_MARKERS: [&str; 21] = [
    "komunikat",
    "blad",
    "bledu",
    "bledem",
    "error",
    "kod ",
    "kod:",
    "kodem",
    "code",
    "sip",
    "message",
    "q.850",
    "cause",
    "zapowiedz",
    "slysze ",
    "slyszymy",
    "uslysz",
    "slyszal",
    "wyswietl",
    "pojawi",
    "announcement",
];
/// Beginnings of words that say that the number behind them is a code, folded.
const CODE_MARKERS: [&str; 11] =
    ["kod", "code", "blad", "bled", "error", "cause", "przyczyn", "850", "q850", "komunikat", "wyswietl"];

/// The message, if one is told.
pub fn extract_error_text(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (at, told) = lines.iter().enumerate().find_map(|(at, line)| Some((at, extract_from_line(line)?)))?;
    // the code on one line, what was heard on the next
    let next = lines.get(at + 1).and_then(|line| extract_from_line(line));
    match next.filter(|next| is_matched_by_code(&told) != is_matched_by_code(next)) {
        Some(next) => Some(format!("{told}, {next}")),
        None => Some(told),
    }
}

fn extract_from_line(line: &str) -> Option<String> {
    match extract_quotations(line).into_iter().find(|quoted| causes::match_text(quoted).is_some()) {
        Some(quoted) => Some(append_code(quoted, line)),
        None => split_sentences(line).map(str::trim).find_map(parse_marked_sentence).map(str::to_owned),
    }
}

fn parse_marked_sentence(piece: &str) -> Option<&str> {
    let folded = fold_diacritics(piece);
    let is_marked = ERROR_MARKERS.iter().any(|mark| folded.contains(mark));
    // "503 Service Unavailable" on a line of its own
    let is_alone = piece.chars().count() <= 60
        && causes::extract_sip_code(piece).is_some()
        && piece.starts_with(|c: char| c.is_ascii_digit());
    let is_told =
        (is_marked || is_alone) && piece.chars().count() <= MAX_ERROR_TEXT_LEN && causes::match_text(piece).is_some();
    is_told.then(|| strip_label(piece))
}

/// Whether a code decides what a message means.
fn is_matched_by_code(text: &str) -> bool {
    causes::match_text(text).is_some_and(|read| read.matched_by != MatchedBy::Words)
}

fn split_sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split_inclusive([';', '!', '?']).flat_map(|piece| piece.split(". "))
}

/// All that stands between quotation marks.
fn extract_quotations(text: &str) -> Vec<&str> {
    const QUOTE_PAIRS: [(&str, &[char]); 6] = [
        ("„", &['”', '"', '“', '\'']),
        (",,", &['\'', '”', '"']),
        ("\"", &['"']),
        ("“", &['”']),
        ("«", &['»']),
        ("»", &['«']),
    ];
    let mut found = Vec::new();
    for (open, close) in QUOTE_PAIRS {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(open)
            && let Some(end) = after.find(close)
        {
            let inside = after[..end].trim();
            if (3..=MAX_ERROR_TEXT_LEN).contains(&inside.chars().count()) {
                found.push(inside);
            }
            rest = after[end..].trim_start_matches(close);
        }
    }
    found
}

/// An announcement with the code that the same line tells. A number counts as its code if it means the same, or if a word
/// before it says that it is one: it may as well be an extension or a room.
fn append_code(quoted: &str, line: &str) -> String {
    let rest = line.replacen(quoted, " ", 1);
    let (Some(heard), Some(read)) = (causes::match_text(quoted), causes::match_text(&rest)) else {
        return quoted.to_owned();
    };
    let (code, shown) = match read.matched_by {
        MatchedBy::Sip(code) => (code.to_string(), code.to_string()),
        MatchedBy::Q850(code) => (code.to_string(), format!("Q.850 {code}")),
        MatchedBy::Words => return quoted.to_owned(),
    };
    let folded = fold_diacritics(&rest);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let place = words.iter().position(|word| *word == code).unwrap_or_default();
    let is_marked =
        words[place.saturating_sub(3)..place].iter().any(|word| CODE_MARKERS.iter().any(|mark| word.starts_with(mark)));
    let is_code = heard.matched_by == MatchedBy::Words && (heard.cause == read.cause || is_marked);
    if is_code { format!("{}, {shown}", quoted.trim_end_matches('.')) } else { quoted.to_owned() }
}

/// "Komunikat: 486 Busy Here" is "486 Busy Here".
fn strip_label(piece: &str) -> &str {
    match piece.split_once(':') {
        Some((_, rest)) if causes::match_text(rest).is_some() => rest.trim().trim_end_matches('.'),
        _ => piece.trim_end_matches('.'),
    }
}
