//! The desk: the queue, and the ticket with everything that can be done to it.

mod ticket;
mod queue;
mod live;

mod call_summary;
mod related;
pub mod replies;

mod phone_report;

mod bulk;

use axum::{Router, middleware::from_fn, routing::post};

use crate::app::App;

pub fn routes() -> Router<App> {
    let resources =
        ticket::actions::routes().route("/staff/tickets/{reference}/saved", post(ticket::page::insert_saved_reply));
    let resources = resources.merge(ticket::call_details::action_routes()).merge(ticket::incident::routes());
    let pages = ticket::waiting::routes()
        .merge(ticket::merge::routes())
        .merge(queue::take_next::routes())
        .merge(ticket::call_details::page_routes())
        .merge(ticket::access_link::routes())
        .merge(ticket::confirm_email::routes());
    queue::page::routes()
        .merge(queue::export::routes())
        .merge(live::routes())
        .merge(ticket::page::routes())
        .merge(replies::pages::routes())
        .merge(bulk::routes())
        .merge(phone_report::routes())
        .merge(
            resources
                .layer(from_fn(ticket::return_link::redirect_get_to_ticket))
                .merge(pages)
                .layer(from_fn(ticket::return_link::carry_origin)),
        )
}
