//! The error text: what the telephone displayed or the network announced. It is a sentence with an error marker that the table
//! of causes knows, or a quoted announcement with the code beside it.

use causes::MatchedBy;
use phone::normalize::fold_diacritics;

/// Maximum length of an error text, in characters.
const MAX_ERROR_TEXT_LEN: usize = 200;
/// Maximum length of a line that starts with a code and counts without a marker, in characters.
const MAX_BARE_CODE_LINE_LEN: usize = 60;
/// How many words before a number are searched for a code marker.
const CODE_MARKER_DISTANCE: usize = 3;

/// Words without diacritics that announce an error text.
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
/// Prefixes without diacritics of words after which a number is a code.
const CODE_MARKERS: [&str; 11] =
    ["kod", "code", "blad", "bled", "error", "cause", "przyczyn", "850", "q850", "komunikat", "wyswietl"];

/// Returns the error text that a text quotes.
pub(crate) fn extract_error_text(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (index, first) = lines.iter().enumerate().find_map(|(index, line)| Some((index, extract_from_line(line)?)))?;
    // the code may be on one line and the announcement on the next
    let next = lines.get(index + 1).and_then(|line| extract_from_line(line));
    match next.filter(|next| is_matched_by_code(&first) != is_matched_by_code(next)) {
        Some(next) => Some(format!("{first}, {next}")),
        None => Some(first),
    }
}

fn extract_from_line(line: &str) -> Option<String> {
    match extract_quotations(line).into_iter().find(|quotation| causes::match_text(quotation).is_some()) {
        Some(quotation) => Some(append_code(quotation, line)),
        None => split_sentences(line).map(str::trim).find_map(parse_marked_sentence).map(str::to_owned),
    }
}

fn parse_marked_sentence(sentence: &str) -> Option<&str> {
    let folded = fold_diacritics(sentence);
    let has_marker = ERROR_MARKERS.iter().any(|marker| folded.contains(marker));
    // "503 Service Unavailable"
    let is_bare_code = sentence.chars().count() <= MAX_BARE_CODE_LINE_LEN
        && causes::extract_sip_code(sentence).is_some()
        && sentence.starts_with(|c: char| c.is_ascii_digit());
    let is_error_text = (has_marker || is_bare_code)
        && sentence.chars().count() <= MAX_ERROR_TEXT_LEN
        && causes::match_text(sentence).is_some();
    is_error_text.then(|| strip_label(sentence))
}

fn is_matched_by_code(text: &str) -> bool {
    causes::match_text(text).is_some_and(|found| found.matched_by != MatchedBy::Words)
}

fn split_sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split_inclusive([';', '!', '?']).flat_map(|clause| clause.split(". "))
}

/// Returns all texts in quotation marks.
fn extract_quotations(text: &str) -> Vec<&str> {
    const QUOTE_PAIRS: [(&str, &[char]); 6] = [
        ("„", &['”', '"', '“', '\'']),
        (",,", &['\'', '”', '"']),
        ("\"", &['"']),
        ("“", &['”']),
        ("«", &['»']),
        ("»", &['«']),
    ];
    let mut quotations = Vec::new();
    for (open, close) in QUOTE_PAIRS {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(open)
            && let Some(end) = after.find(close)
        {
            let quotation = after[..end].trim();
            if (3..=MAX_ERROR_TEXT_LEN).contains(&quotation.chars().count()) {
                quotations.push(quotation);
            }
            rest = after[end..].trim_start_matches(close);
        }
    }
    quotations
}

/// Appends the code from the same line to a quoted announcement. A number is its code if it means the same, or if a word
/// before it marks it as a code; otherwise it may be an extension or a room.
fn append_code(quotation: &str, line: &str) -> String {
    let rest = line.replacen(quotation, " ", 1);
    let (Some(announcement), Some(other)) = (causes::match_text(quotation), causes::match_text(&rest)) else {
        return quotation.to_owned();
    };
    let (code, label) = match other.matched_by {
        MatchedBy::Sip(code) => (code.to_string(), code.to_string()),
        MatchedBy::Q850(code) => (code.to_string(), format!("Q.850 {code}")),
        MatchedBy::Words => return quotation.to_owned(),
    };
    let folded = fold_diacritics(&rest);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let position = words.iter().position(|word| *word == code).unwrap_or_default();
    let has_marker = words[position.saturating_sub(CODE_MARKER_DISTANCE)..position]
        .iter()
        .any(|word| CODE_MARKERS.iter().any(|marker| word.starts_with(marker)));
    let is_its_code = announcement.matched_by == MatchedBy::Words && (announcement.cause == other.cause || has_marker);
    if is_its_code { format!("{}, {label}", quotation.trim_end_matches('.')) } else { quotation.to_owned() }
}

/// Returns "486 Busy Here" of "Komunikat: 486 Busy Here".
fn strip_label(sentence: &str) -> &str {
    match sentence.split_once(':') {
        Some((_, rest)) if causes::match_text(rest).is_some() => rest.trim().trim_end_matches('.'),
        _ => sentence.trim_end_matches('.'),
    }
}
