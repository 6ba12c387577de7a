//! The support desk: the staff queue, the page of a ticket, and every action of staff on tickets.

mod call_summary;
mod queue;
mod live;
mod replies;
mod related;
mod ticket;
mod phone_report;
mod bulk;

use axum::{Router, middleware::from_fn};

use crate::{app::App, guides::GuidesState};

pub fn routes(state: GuidesState) -> Router<App> {
    queue::routes()
        .merge(queue::take_next::routes().layer(from_fn(ticket::return_link::carry_origin)))
        .merge(live::routes(state.app.clone()))
        .merge(ticket::routes().with_state(state))
        .merge(replies::pages::routes())
        .merge(bulk::routes())
        .merge(phone_report::routes())
}
