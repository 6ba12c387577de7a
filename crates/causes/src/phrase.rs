//! A text as its words are compared.

use phone::normalize::{fold_diacritics, normalize_text};

/// Letters and digits alone, folded: two phrases that are the same here are the same to the reader.
pub(super) fn normalize_phrase(text: &str) -> String {
    split_words(&fold_diacritics(&normalize_text(text))).collect()
}

pub(super) fn split_words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
