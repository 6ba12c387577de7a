//! The desk: the queue, and the ticket with everything that can be done to it.

pub mod queue;
mod asked;
mod store;
mod came;
mod strip;
mod related;
pub mod saved;
pub mod ticket;
mod acts;

use axum::{Router, middleware::from_fn, routing::post};

use crate::app::App;

pub fn routes() -> Router<App> {
    let resources = acts::routes().route("/staff/tickets/{reference}/saved", post(ticket::insert));
    queue::routes().merge(ticket::routes()).merge(resources.layer(from_fn(came::carry))).merge(saved::pages::routes())
}
