//! The language of a text.

use i18n::Lang;

/// Common words without diacritics.
const ENGLISH_WORDS: [&str; 16] = [
    "the", "is", "are", "not", "from", "please", "hello", "we", "can", "my", "our", "have", "regards", "call", "calls",
    "you",
];
const POLISH_WORDS: [&str; 18] = [
    "nie",
    "sie",
    "jest",
    "na",
    "do",
    "prosze",
    "dzien",
    "dobry",
    "witam",
    "od",
    "mam",
    "pozdrawiam",
    "moge",
    "numer",
    "czy",
    "ze",
    "mi",
    "polaczenia",
];
const POLISH_LETTERS: &str = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ";

/// Returns English if more words are English than Polish, otherwise Polish. `folded` is the text without diacritics.
pub(crate) fn detect_language(folded: &str, text: &str) -> Lang {
    let count =
        |words: &[&str]| folded.split(|c: char| !c.is_alphanumeric()).filter(|word| words.contains(word)).count();
    let polish = count(&POLISH_WORDS) + text.chars().filter(|c| POLISH_LETTERS.contains(*c)).count();
    if count(&ENGLISH_WORDS) > polish { Lang::En } else { Lang::Pl }
}
