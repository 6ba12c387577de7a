//! What a phone, an app or an announcement says when a call fails, and what it means in plain words. The table is
//! `templates/causes/causes.toml`; its sentences are messages of `words`.
//!
//! The SIP code stands first: how it maps to a Q.850 cause differs from maker to maker.

mod matcher;
mod parse_table;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use matcher::{CauseMatch, MAX_TEXT_LEN, MatchedBy, match_text};

/// Why a call failed.
#[derive(Debug, PartialEq)]
pub struct FailureCause {
    /// Its name in addresses.
    pub id: String,
    /// Final responses of SIP (RFC 3261, section 21, and the registry "Response Codes" that IANA keeps).
    pub sip: Vec<i16>,
    /// Causes of ITU-T Q.850.
    pub q850: Vec<u8>,
    /// How phones say it.
    pub phrases: Vec<String>,
    pub fault_location: FaultLocation,
    /// False when nothing is broken.
    pub is_fault: bool,
    /// The guide and its step that treat it.
    pub guide_step: Option<(String, String)>,
    pub source: String,
    /// The messages that name it, explain it, and say what to try first.
    pub name: String,
    pub meaning: String,
    pub first_step: String,
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultLocation {
    Caller,
    #[serde(rename = "called")]
    Callee,
    Account,
    Device,
    Network,
}

impl FaultLocation {
    /// The message that names it to people.
    pub const fn label(self) -> &'static str {
        match self {
            FaultLocation::Caller => "fault-location-caller",
            FaultLocation::Callee => "fault-location-callee",
            FaultLocation::Account => "fault-location-account",
            FaultLocation::Device => "fault-location-device",
            FaultLocation::Network => "fault-location-network",
        }
    }
}

static CAUSES: LazyLock<Vec<FailureCause>> = LazyLock::new(|| {
    parse_table::parse(parse_table::CAUSES_TOML)
        .unwrap_or_else(|faults| panic!("the causes can't be read: {}", faults.join("; ")))
});

/// All causes, in the table's order.
pub fn all() -> &'static [FailureCause] {
    &CAUSES
}

pub fn find_by_id(id: &str) -> Option<&'static FailureCause> {
    all().iter().find(|cause| cause.id == id)
}

fn find_by_sip_code(code: i16) -> Option<&'static FailureCause> {
    all().iter().find(|cause| cause.sip.contains(&code))
}

fn find_by_q850_cause(code: u8) -> Option<&'static FailureCause> {
    all().iter().find(|cause| cause.q850.contains(&code))
}

/// The first SIP code of a failure (400 to 699) in a text, such as the 503 of "SIP/2.0 503 Service Unavailable". Three
/// digits beside others, as in 601 555 210, are a piece of a number; an extension of an office ("wew. 501") and money are no
/// code either.
pub fn extract_sip_code(text: &str) -> Option<i16> {
    let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_piece = |at: usize| words.get(at).is_some_and(|word| word.len() > 1 && word.parse::<u64>().is_ok());
    let is_code = |at: usize| {
        let mut before = words[..at].iter().rev().map(|word| word.to_lowercase());
        let before = before.find(|word| !matches!(word.as_str(), "nr" | "numer" | "numeru" | "number" | "no"));
        let is_extension = before.is_some_and(|word| {
            word == "wew" || word == "ext" || word.starts_with("wewn") || word.starts_with("extension")
        });
        let after = words.get(at + 1).map(|word| word.to_lowercase());
        let is_money =
            after.is_some_and(|word| matches!(word.as_str(), "zł" | "zl" | "złotych" | "pln" | "gr" | "eur"));
        !is_extension && !is_money
    };
    let codes = words.iter().enumerate().filter(|(at, word)| {
        word.len() == 3 && !is_piece(at + 1) && !at.checked_sub(1).is_some_and(is_piece) && is_code(*at)
    });
    codes.filter_map(|(_, word)| word.parse().ok()).find(|code| (400..700).contains(code))
}

/// The message that says what a code means, for those that calls end with.
pub fn sip_code_label(code: i16) -> Option<&'static str> {
    find_by_sip_code(code).map(|cause| cause.name.as_str())
}
