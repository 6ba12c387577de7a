//! Further calls with the same problem, which the customer adds on the ticket's page. Staff find the ticket by their
//! numbers too.

pub(super) mod example;
pub(super) mod store;

pub use example::{CallExample, MAX_CALL_EXAMPLES, NewCallExample};
pub use store::list_for_ticket;
