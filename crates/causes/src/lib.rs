//! Causes of failed calls: maps SIP codes, Q.850 causes and error messages of phones to explanations. The table is
//! `templates/causes/causes.toml`; its texts are messages of the crate `i18n`.
//!
//! The SIP code takes precedence: its mapping to a Q.850 cause differs between vendors.

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
