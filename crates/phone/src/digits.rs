//! Extracts digits from typed text.

/// Whether a text contains only digits and their usual separators.
pub(super) fn is_number_like(text: &str) -> bool {
    text.contains(|character: char| character.is_ascii_digit())
        && text.chars().all(|character| character.is_ascii_digit() || " -./()[]+,".contains(character))
}

pub(super) fn extract_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
