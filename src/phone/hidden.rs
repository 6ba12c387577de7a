//! The many names of a number that was not shown.

use super::typed::fold;

/// Beginnings of the words that telephones and people use for a number that was not shown. The second row: what may
/// stand beside them.
const HIDDEN: [&str; 14] = [
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
const BESIDE_HIDDEN: [&str; 11] =
    ["numer", "nr", "number", "caller", "id", "call", "polaczenie", "telefon", "abonent", "the", "party"];
const HIDDEN_WHOLE: [&str; 6] = ["brak", "brak numeru", "bez numeru", "no caller id", "no number", "no id"];

/// "Numer zastrzeżony" and its like, or `anonymous@anonymous.invalid` (RFC 3323, section 4.1.1.3).
pub(super) fn is_hidden(text: &str) -> bool {
    if let Some((user, host)) = text.rsplit_once('@') {
        return user == "anonymous" || host == "anonymous.invalid";
    }
    let folded = fold(text);
    let words: Vec<&str> =
        folded.split(|character: char| !character.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    if HIDDEN_WHOLE.contains(&words.join(" ").as_str()) {
        return !folded.contains(|character: char| character.is_ascii_digit());
    }
    let hidden = |word: &&str| HIDDEN.iter().any(|stem| word.starts_with(stem));
    words.iter().any(hidden)
        && words.iter().all(|word| hidden(word) || BESIDE_HIDDEN.contains(word))
        && folded.chars().all(|character| character.is_alphabetic() || " -.()[]\"'".contains(character))
}
