//! Normalization of texts for comparison.

use phone::normalize::{fold_diacritics, normalize_text};

/// Returns only letters and digits, folded. Two phrases with the same normal form are duplicates.
pub(super) fn normalize_phrase(text: &str) -> String {
    split_words(&fold_diacritics(&normalize_text(text))).collect()
}

pub(super) fn split_words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
