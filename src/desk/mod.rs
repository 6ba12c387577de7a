//! The desk: the queue, and the ticket with everything that can be done to it.

mod said;
pub mod queue;
mod asked;
mod listing;
mod row;
mod export;
mod search;
mod store;
mod stream;
mod came;
mod settle;
mod strip;
mod related;
pub mod saved;
pub mod ticket;
mod until;
mod stale;
mod wait;
mod acts;
mod pieces;
mod link;
mod taken_down;
mod merge;
mod next;
mod bulk;
mod incident;

use axum::{Router, middleware::from_fn, routing::post};

use crate::app::App;

pub fn routes() -> Router<App> {
    let resources = acts::routes().route("/staff/tickets/{reference}/saved", post(ticket::insert_saved_reply));
    let resources = resources.merge(pieces::action_routes()).merge(incident::routes());
    let pages = wait::routes()
        .merge(merge::routes())
        .merge(next::routes())
        .merge(pieces::page_routes())
        .merge(link::routes())
        .merge(settle::routes());
    queue::routes()
        .merge(export::routes())
        .merge(stream::routes())
        .merge(ticket::routes())
        .merge(saved::pages::routes())
        .merge(bulk::routes())
        .merge(taken_down::routes())
        .merge(resources.layer(from_fn(came::redirect_get_to_ticket)).merge(pages).layer(from_fn(came::carry_origin)))
}
