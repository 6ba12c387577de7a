//! The desk: the queue, and the ticket with everything that can be done to it.

pub mod queue;
mod asked;
mod listing;
mod row;
mod search;
mod store;
pub mod ticket;
mod acts;

use axum::Router;

use crate::app::App;

pub fn routes() -> Router<App> {
    queue::routes().merge(ticket::routes()).merge(acts::routes())
}
