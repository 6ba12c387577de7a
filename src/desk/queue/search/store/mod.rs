//! The SQL of the search. Each statement lists candidates by one condition, along an index and up to a limit. The other
//! conditions are checked in Rust, by `SearchCriteria::matches`. No statement therefore reads on without bound for a ticket
//! that meets all conditions.

// the other modules use its macro
#[macro_use]
mod candidates;
mod query_setup;
mod by_property;
mod by_number;
mod by_time;

pub(super) use by_number::{ExactParty, PartialNumber, list_by_exact_party, list_by_partial_number};
pub(super) use by_property::{list_by_email, list_by_ip, list_by_reference, list_by_words};
pub(super) use by_time::{list_by_sip_code, list_by_status_and_category, list_by_time};
pub(super) use candidates::Candidates;
pub(super) use query_setup::{build_tsquery, set_planner_options};
