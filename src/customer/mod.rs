//! The customer's page of a ticket, protected by the access key: the ticket's progress, and everything that the customer can
//! add.

mod urls;
mod limits;
mod state;
mod qr_code;
mod lookup;
mod access;
mod page;
mod timeline;
mod actions;
mod provide_detail;
mod example;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{app::App, guides::Guides};
use limits::CustomerRateLimits;
use state::CustomerState;

pub fn routes(app: App, guides: Arc<Guides>) -> Router<App> {
    Router::new()
        .route("/{lang}/ticket", get(lookup::show).post(lookup::request_link))
        .route("/{lang}/ticket/{reference}", get(page::show))
        .route("/{lang}/ticket/{reference}/works", post(actions::confirm_fixed))
        .route("/{lang}/ticket/{reference}/fails", post(actions::report_still_broken))
        .route("/{lang}/ticket/{reference}/messages", post(actions::add_message))
        .route("/{lang}/ticket/{reference}/link", post(actions::rotate_access_link))
        .route("/{lang}/ticket/{reference}/incident", post(actions::join_incident))
        .route("/{lang}/ticket/{reference}/example", get(example::new).post(example::create))
        .route("/{lang}/ticket/{reference}/answer/{detail}", get(provide_detail::show).post(provide_detail::create))
        .with_state(CustomerState { app, guides, limits: Arc::new(CustomerRateLimits::default()) })
}
