//! The ids of the checks that a visitor has made. The URLs carry them from page to page, so no cookie is needed.

use crate::{token::CROCKFORD_ALPHABET, urls};

/// Ids of check results, in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckIds(Vec<String>);

impl CheckIds {
    /// Maximum number of ids. More are dropped.
    pub const MAX_COUNT: usize = 10;
    /// Length of an id in characters: 128 bits in Crockford's base 32.
    pub const ID_LEN: usize = 26;

    /// Parses `ID,ID`. What is not an id is dropped.
    pub fn parse(text: &str) -> CheckIds {
        let mut ids = CheckIds::default();
        text.split(',').for_each(|id| ids.add(id.trim()));
        ids
    }

    pub fn add(&mut self, id: &str) {
        let is_id = id.len() == CheckIds::ID_LEN && id.bytes().all(|byte| CROCKFORD_ALPHABET.contains(&byte));
        if is_id && self.0.len() < CheckIds::MAX_COUNT && !self.0.iter().any(|known| known == id) {
            self.0.push(id.to_owned());
        }
    }

    pub fn remove(&mut self, id: &str) {
        self.0.retain(|known| known != id);
    }

    pub fn ids(&self) -> &[String] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of the query parameter and the form field `checks`.
    pub fn to_param(&self) -> String {
        self.0.join(",")
    }

    /// Adds the parameter `checks` to a URL, if there are any ids.
    pub fn append_to_url(&self, url: &str) -> String {
        urls::with_query(url, &[("checks", &self.to_param())])
    }
}

#[cfg(test)]
mod tests {
    use crate::guides::check_ids::*;

    #[test]
    fn only_valid_ids_are_kept_and_each_only_once() {
        let (first, second) = ("0".repeat(26), "Z".repeat(26));
        let ids = CheckIds::parse(&format!("{first}, {second},{first},x,,{}", "I".repeat(26)));
        assert_eq!(ids.to_param(), format!("{first},{second}"));
        assert_eq!(CheckIds::parse(&"x".repeat(10_000)), CheckIds::default());
        let many: Vec<_> = (10..30).map(|n| format!("{n}{}", "0".repeat(24))).collect();
        assert_eq!(CheckIds::parse(&many.join(",")).ids(), &many[..CheckIds::MAX_COUNT]);
    }

    #[test]
    fn urls_get_the_ids_as_a_parameter_before_the_fragment() {
        let mut ids = CheckIds::default();
        assert_eq!(ids.append_to_url("/pl/report?category=audio"), "/pl/report?category=audio");
        let id = "0".repeat(26);
        ids.add(&id);
        assert_eq!(ids.append_to_url("/pl/guide/audio"), format!("/pl/guide/audio?checks={id}"));
        assert_eq!(ids.append_to_url("/pl/report?a=b#c"), format!("/pl/report?a=b&checks={id}#c"));
        let second = "1".repeat(26);
        ids.add(&second);
        assert_eq!(ids.append_to_url("/pl/guide/audio"), format!("/pl/guide/audio?checks={id},{second}"));
    }
}
