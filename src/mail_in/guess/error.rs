//! What the telephone or the network said: a sentence that speaks of a message, and is one that the table of causes knows;
//! or an announcement in quotation marks, with the code that stands beside it.

use crate::{
    causes::{self, By},
    phone::typed::fold,
};

/// The longest sentence that is taken for a message, in characters.
const MOST: usize = 200;

/// Words that announce a message, folded.
const MARKS: [&str; 21] = [
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
const CODE: [&str; 11] =
    ["kod", "code", "blad", "bled", "error", "cause", "przyczyn", "850", "q850", "komunikat", "wyswietl"];

/// The message, if one is told.
pub fn of(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (at, told) = lines.iter().enumerate().find_map(|(at, line)| Some((at, of_line(line)?)))?;
    // the code on one line, what was heard on the next
    let next = lines.get(at + 1).and_then(|line| of_line(line));
    match next.filter(|next| has_code(&told) != has_code(next)) {
        Some(next) => Some(format!("{told}, {next}")),
        None => Some(told),
    }
}

fn of_line(line: &str) -> Option<String> {
    match quotations(line).into_iter().find(|quoted| causes::read(quoted).is_some()) {
        Some(quoted) => Some(with_code(quoted, line)),
        None => sentences(line).map(str::trim).find_map(marked).map(str::to_owned),
    }
}

fn marked(piece: &str) -> Option<&str> {
    let folded = fold(piece);
    let is_marked = MARKS.iter().any(|mark| folded.contains(mark));
    // "503 Service Unavailable" on a line of its own
    let is_alone = piece.chars().count() <= 60
        && causes::sip_code(piece).is_some()
        && piece.starts_with(|c: char| c.is_ascii_digit());
    let is_told = (is_marked || is_alone) && piece.chars().count() <= MOST && causes::read(piece).is_some();
    is_told.then(|| after_colon(piece))
}

/// Whether a code decides what a message means.
fn has_code(text: &str) -> bool {
    causes::read(text).is_some_and(|read| read.by != By::Words)
}

fn sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split_inclusive([';', '!', '?']).flat_map(|piece| piece.split(". "))
}

/// All that stands between quotation marks.
fn quotations(text: &str) -> Vec<&str> {
    const PAIRS: [(&str, &[char]); 6] = [
        ("„", &['”', '"', '“', '\'']),
        (",,", &['\'', '”', '"']),
        ("\"", &['"']),
        ("“", &['”']),
        ("«", &['»']),
        ("»", &['«']),
    ];
    let mut found = Vec::new();
    for (open, close) in PAIRS {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(open)
            && let Some(end) = after.find(close)
        {
            let inside = after[..end].trim();
            if (3..=MOST).contains(&inside.chars().count()) {
                found.push(inside);
            }
            rest = after[end..].trim_start_matches(close);
        }
    }
    found
}

/// An announcement with the code that the same line tells. A number counts as its code if it means the same, or if a word
/// before it says that it is one: it may as well be an extension or a room.
fn with_code(quoted: &str, line: &str) -> String {
    let rest = line.replacen(quoted, " ", 1);
    let (Some(heard), Some(read)) = (causes::read(quoted), causes::read(&rest)) else { return quoted.to_owned() };
    let (code, shown) = match read.by {
        By::Sip(code) => (code.to_string(), code.to_string()),
        By::Q850(code) => (code.to_string(), format!("Q.850 {code}")),
        By::Words => return quoted.to_owned(),
    };
    let folded = fold(&rest);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let place = words.iter().position(|word| *word == code).unwrap_or_default();
    let is_marked =
        words[place.saturating_sub(3)..place].iter().any(|word| CODE.iter().any(|mark| word.starts_with(mark)));
    let is_code = heard.by == By::Words && (heard.cause == read.cause || is_marked);
    if is_code { format!("{}, {shown}", quoted.trim_end_matches('.')) } else { quoted.to_owned() }
}

/// "Komunikat: 486 Busy Here" is "486 Busy Here".
fn after_colon(piece: &str) -> &str {
    match piece.split_once(':') {
        Some((_, rest)) if causes::read(rest).is_some() => rest.trim().trim_end_matches('.'),
        _ => piece.trim_end_matches('.'),
    }
}
