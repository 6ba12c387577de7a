//! The desk: the queue, and the ticket with everything that can be done to it.

pub mod queue;
mod asked;
mod listing;
mod row;
mod store;
mod stream;
pub mod ticket;
mod until;
mod stale;
mod wait;
mod acts;
mod merge;

use axum::Router;

use crate::app::App;

pub fn routes() -> Router<App> {
    queue::routes()
        .merge(stream::routes())
        .merge(ticket::routes())
        .merge(acts::routes())
        .merge(wait::routes())
        .merge(merge::routes())
}
