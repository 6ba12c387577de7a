//! What a walk carries along in its addresses: the checks that were made on the way. No cookie is needed for it.

use crate::token::CROCKFORD_ALPHABET;

/// Ids of checks, in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckIds(Vec<String>);

impl CheckIds {
    /// The most that travel together; the first ones stay.
    pub const MAX_COUNT: usize = 10;
    /// Characters of an id: 128 bits as base 32.
    pub const ID_LEN: usize = 26;

    /// Reads `ID,ID`. What can't be an id is dropped.
    pub fn parse(text: &str) -> CheckIds {
        let mut carried = CheckIds::default();
        text.split(',').for_each(|id| carried.add(id.trim()));
        carried
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

    /// As it stands in an address and in the form.
    pub fn to_param(&self) -> String {
        self.0.join(",")
    }

    /// An address that takes it along.
    pub fn append_to_url(&self, address: &str) -> String {
        if self.is_empty() {
            return address.to_owned();
        }
        let (before, place) = address.split_once('#').map_or((address, String::new()), |(a, b)| (a, format!("#{b}")));
        let mark = if before.contains('?') { '&' } else { '?' };
        format!("{before}{mark}checks={}{place}", self.to_param())
    }
}

#[cfg(test)]
mod tests {
    use crate::guides::check_ids::*;

    #[test]
    fn only_what_can_be_an_id_is_carried_and_once() {
        let (one, two) = ("0".repeat(26), "Z".repeat(26));
        let read = CheckIds::parse(&format!("{one}, {two},{one},x,,{}", "I".repeat(26)));
        assert_eq!(read.to_param(), format!("{one},{two}"));
        assert_eq!(CheckIds::parse(&"x".repeat(10_000)), CheckIds::default());
        let many: Vec<_> = (10..30).map(|n| format!("{n}{}", "0".repeat(24))).collect();
        assert_eq!(CheckIds::parse(&many.join(",")).ids(), &many[..CheckIds::MAX_COUNT]);
    }

    #[test]
    fn addresses_take_it_along() {
        let mut carried = CheckIds::default();
        assert_eq!(carried.append_to_url("/pl/report?category=audio"), "/pl/report?category=audio");
        carried.add(&"0".repeat(26));
        let ids = "0".repeat(26);
        assert_eq!(carried.append_to_url("/pl/guide/audio"), format!("/pl/guide/audio?checks={ids}"));
        assert_eq!(carried.append_to_url("/pl/report?a=b#c"), format!("/pl/report?a=b&checks={ids}#c"));
    }
}
