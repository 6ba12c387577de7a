//! Parses and formats the parties of a call as customers write them: the A number (the caller), the B number (the callee),
//! or a SIP account. No storage and no pages.
//!
//! A number is kept in E.164 (ITU-T: at most 15 digits, country code first). What kind of number it is comes from
//! libphonenumber's metadata; what may be dialled in Poland without an area code comes from UKE's numbering plan
//! (Plan numeracji krajowej). A number that does not exist is accepted too: it may be the fault that is reported.

mod sip_uri;
mod dialing_advice;
mod digits;
mod extract;
mod withheld;
mod parse;
mod party;
mod region;
mod number_query;
mod format;
pub mod normalize;

pub use dialing_advice::{DialingAdvice, DialingVerdict, ShortCode, advise_dialing};
pub use extract::{ExtractedNumber, extract_numbers};
pub use number_query::{NumberQuery, parse_number_query};
pub use party::{Party, PartyKind, TelephoneNumber};
pub use region::{NumberRegion, find_region, format_prefix};

#[cfg(test)]
mod tests;
