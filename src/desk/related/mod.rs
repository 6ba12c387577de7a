//! Tickets that may have the same cause: the same number, account or IP address, or the same SIP code of calls to the same
//! destination at about the same time.

mod keys;
mod store;
mod load;

pub(super) use keys::PartialCall;
pub(super) use load::{RelatedTicket, RelatedTickets, list_similar_to_call};
