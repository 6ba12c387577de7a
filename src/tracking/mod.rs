//! The customer's page of a ticket, behind its key: what happens to it, and everything that a customer can add.

mod acts;
mod answer;
mod ask;
mod course;
mod example;
mod guest;
mod page;
mod picture;

use std::sync::Arc;

use axum::{
    Extension, Router,
    routing::{get, post},
};

use crate::app::App;
use guest::CustomerRateLimits;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/{lang}/ticket", get(ask::show).post(ask::request_link))
        .route("/{lang}/ticket/{reference}", get(page::show))
        .route("/{lang}/ticket/{reference}/works", post(acts::confirm_fixed))
        .route("/{lang}/ticket/{reference}/fails", post(acts::report_still_broken))
        .route("/{lang}/ticket/{reference}/messages", post(acts::add_message))
        .route("/{lang}/ticket/{reference}/link", post(acts::rotate_access_link))
        .route("/{lang}/ticket/{reference}/incident", post(acts::join_incident))
        .route("/{lang}/ticket/{reference}/example", get(example::new).post(example::create))
        .route("/{lang}/ticket/{reference}/answer/{piece}", get(answer::show).post(answer::create))
        .layer(Extension(Arc::new(CustomerRateLimits::default())))
}
