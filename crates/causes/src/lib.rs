//! What a phone, an app or an announcement says when a call fails, and what it means in plain words. The table is
//! `templates/causes/causes.toml`; its sentences are messages of `words`.
//!
//! The SIP code stands first: how it maps to a Q.850 cause differs from maker to maker.

mod cause;
mod matcher;
mod parse_table;
mod phrase;
mod sip_code;
mod table;
#[cfg(test)]
mod tests;

pub use cause::{FailureCause, FaultLocation};
pub use matcher::{CauseMatch, MAX_TEXT_LEN, MatchedBy, match_text};
pub use sip_code::extract_sip_code;
pub use table::{all, find_by_id, sip_code_label};
