//! The digits in what was typed.

/// Digits and what people put between them.
pub(super) fn is_number_like(text: &str) -> bool {
    text.contains(|character: char| character.is_ascii_digit())
        && text.chars().all(|character| character.is_ascii_digit() || " -./()[]+,".contains(character))
}

pub(super) fn extract_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
