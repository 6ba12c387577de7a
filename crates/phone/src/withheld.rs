//! Recognizes words for a withheld number.

use super::normalize::fold_diacritics;

/// Prefixes of the words that telephones and people use for a withheld number, and of words that may accompany them.
const WITHHELD_STEMS: [&str; 14] = [
    "zastrze",
    "ukryt",
    "prywatn",
    "nieznan",
    "anonim",
    "anonym",
    "withheld",
    "private",
    "unknown",
    "restricted",
    "hidden",
    "blocked",
    "unavailable",
    "clir",
];
const WITHHELD_FILLER_WORDS: [&str; 11] =
    ["numer", "nr", "number", "caller", "id", "call", "polaczenie", "telefon", "abonent", "the", "party"];
const WITHHELD_PHRASES: [&str; 6] = ["brak", "brak numeru", "bez numeru", "no caller id", "no number", "no id"];

/// Whether a text means a withheld number: "numer zastrzeżony", or `anonymous@anonymous.invalid` (RFC 3323, section 4.1.1.3).
pub(super) fn is_withheld(text: &str) -> bool {
    if let Some((user, host)) = text.rsplit_once('@') {
        return user == "anonymous" || host == "anonymous.invalid";
    }
    let folded = fold_diacritics(text);
    let words: Vec<&str> =
        folded.split(|character: char| !character.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    if WITHHELD_PHRASES.contains(&words.join(" ").as_str()) {
        return !folded.contains(|character: char| character.is_ascii_digit());
    }
    let hidden = |word: &&str| WITHHELD_STEMS.iter().any(|stem| word.starts_with(stem));
    words.iter().any(hidden)
        && words.iter().all(|word| hidden(word) || WITHHELD_FILLER_WORDS.contains(word))
        && folded.chars().all(|character| character.is_alphabetic() || " -.()[]\"'".contains(character))
}
