//! Tickets and incidents: a ticket joins a known incident, leaves it, and is resolved with it.

mod join;
mod resolve;
pub(super) mod store;

pub use crate::tickets::event::kind::JoinSource;
pub use join::{JoinOutcome, join, join_as_customer, leave};
pub use resolve::{ResolvedBatch, ResolvedIncident, resolve_batch};
pub use store::{IncidentMembership, list_memberships};
