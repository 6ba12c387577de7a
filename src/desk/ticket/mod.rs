//! The staff page of one ticket, and every action on it.

pub(super) mod return_link;
mod load;
mod composer;
mod email_details;
mod page;
pub(super) mod conflict;
pub(super) mod action_request;
pub(super) mod snooze;
pub(super) mod actions;
pub(super) mod merge;
mod call_details;
mod access_link;
mod incident;

use axum::{Router, middleware::from_fn};

use crate::guides::GuidesState;

pub(super) fn routes() -> Router<GuidesState> {
    let without_page = actions::routes()
        .merge(call_details::request_routes())
        .merge(incident::routes())
        .layer(from_fn(return_link::redirect_get_to_ticket));
    let with_page = snooze::page::routes()
        .merge(merge::routes())
        .merge(call_details::page_routes())
        .merge(access_link::routes())
        .merge(email_details::confirm::routes());
    page::routes().merge(without_page.merge(with_page).layer(from_fn(return_link::carry_origin)))
}
