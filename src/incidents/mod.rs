//! Incidents: problems that many customers have at once. Staff publish an incident, public pages show it from memory, tickets
//! join it, and updates go to everybody who joined. Candidate tickets and new incidents are proposed, and staff decide.

mod actions;
mod clustering;
mod form;
mod incident;
mod edit;
mod cache_refresh;
pub mod backdated;
mod pages;
mod public;
mod scope;
mod store;
mod jobs;

use axum::Router;

use crate::app::App;

pub use cache_refresh::{follow_changes, refresh_cache};
pub use incident::{Incident, IncidentState, IncidentTicket, IncidentUpdate, ValidatedIncident};
pub use jobs::{DetectionReport, detect, purge_expired, resolve_tickets};
pub use store::{TicketIncident, decline_tickets, find_title, list_for_ticket, propose_ticket};

pub fn routes(app: App) -> Router<App> {
    pages::routes().merge(edit::routes()).merge(actions::routes()).merge(public::routes(app))
}
