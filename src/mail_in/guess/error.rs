//! What the telephone or the network said: a sentence that speaks of a message, and is one that the table of causes knows.

use crate::{causes, phone::typed::fold};

/// The longest sentence that is taken for a message, in characters.
const MOST: usize = 200;

/// Words that announce a message, folded.
const MARKS: [&str; 18] = [
    "komunikat",
    "blad",
    "bledu",
    "bledem",
    "error",
    "kod ",
    "kodem",
    "code",
    "sip",
    "message",
    "q.850",
    "cause",
    "zapowiedz",
    "slysze ",
    "slyszymy",
    "wyswietla",
    "pojawia",
    "announcement",
];

/// The message, if one is told.
pub fn of(text: &str) -> Option<String> {
    let pieces = text.lines().flat_map(sentences).map(str::trim).filter(|piece| !piece.is_empty());
    for piece in pieces {
        let quoted = quotation(piece).filter(|quoted| is_known(quoted));
        if let Some(quoted) = quoted {
            return Some(quoted.to_owned());
        }
        let folded = fold(piece);
        let is_marked = MARKS.iter().any(|mark| folded.contains(mark));
        // "503 Service Unavailable" on a line of its own
        let is_alone = piece.chars().count() <= 60
            && causes::sip_code(piece).is_some()
            && piece.starts_with(|c: char| c.is_ascii_digit());
        if (is_marked || is_alone) && piece.chars().count() <= MOST && is_known(piece) {
            return Some(after_colon(piece).to_owned());
        }
    }
    None
}

fn is_known(text: &str) -> bool {
    causes::read(text).is_some()
}

fn sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split_inclusive([';', '!', '?']).flat_map(|piece| piece.split(". "))
}

/// What stands between quotation marks.
fn quotation(text: &str) -> Option<&str> {
    const PAIRS: [(char, &[char]); 4] = [('„', &['”', '"', '“']), ('"', &['"']), ('“', &['”']), ('«', &['»'])];
    PAIRS.iter().find_map(|(open, close)| {
        let (_, rest) = text.split_once(*open)?;
        let inside = rest[..rest.find(*close)?].trim();
        (3..=MOST).contains(&inside.chars().count()).then_some(inside)
    })
}

/// "Komunikat: 486 Busy Here" is "486 Busy Here".
fn after_colon(piece: &str) -> &str {
    match piece.split_once(':') {
        Some((_, rest)) if is_known(rest) => rest.trim().trim_end_matches('.'),
        _ => piece.trim_end_matches('.'),
    }
}
