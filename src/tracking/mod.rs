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
use guest::Limits;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/{lang}/ticket", get(ask::ask).post(ask::send))
        .route("/{lang}/ticket/{reference}", get(page::show))
        .route("/{lang}/ticket/{reference}/works", post(acts::works))
        .route("/{lang}/ticket/{reference}/fails", post(acts::fails))
        .route("/{lang}/ticket/{reference}/messages", post(acts::write))
        .route("/{lang}/ticket/{reference}/link", post(acts::new_link))
        .route("/{lang}/ticket/{reference}/incident", post(acts::join))
        .route("/{lang}/ticket/{reference}/example", get(example::blank).post(example::add))
        .route("/{lang}/ticket/{reference}/answer/{piece}", get(answer::question).post(answer::answer))
        .layer(Extension(Arc::new(Limits::default())))
}
