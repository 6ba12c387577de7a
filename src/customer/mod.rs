//! The customer's page of a ticket, behind its key: what happens to it, and everything that a customer can add.

mod actions;
mod provide_detail;
mod lookup;
mod timeline;
mod example;
mod access;
mod page;
mod qr_code;

use std::sync::Arc;

use axum::{
    Extension, Router,
    routing::{get, post},
};

use crate::app::App;
use access::CustomerRateLimits;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/{lang}/ticket", get(lookup::show).post(lookup::request_link))
        .route("/{lang}/ticket/{reference}", get(page::show))
        .route("/{lang}/ticket/{reference}/works", post(actions::confirm_fixed))
        .route("/{lang}/ticket/{reference}/fails", post(actions::report_still_broken))
        .route("/{lang}/ticket/{reference}/messages", post(actions::add_message))
        .route("/{lang}/ticket/{reference}/link", post(actions::rotate_access_link))
        .route("/{lang}/ticket/{reference}/incident", post(actions::join_incident))
        .route("/{lang}/ticket/{reference}/example", get(example::new).post(example::create))
        .route("/{lang}/ticket/{reference}/answer/{piece}", get(provide_detail::show).post(provide_detail::create))
        .layer(Extension(Arc::new(CustomerRateLimits::default())))
}
