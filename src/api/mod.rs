//! The portal for programs: JSON behind bearer tokens, described in `/api/openapi.json`. It speaks English.

mod addresses;
mod caller;
mod command;
mod openapi;
mod pages;
mod problem;
mod store;

use axum::{
    Extension, Json, Router,
    routing::{any, get},
};

pub use caller::Caller;
pub use command::TokenCommand;
pub use problem::Problem;

use crate::app::App;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(async || Json(openapi::document())))
        .route(
            "/api/v1/blocked-addresses/{*cidr}",
            get(addresses::show).put(addresses::put).delete(addresses::remove).fallback(problem::method),
        )
        .route("/api/v1/lifted-blocks", get(addresses::lifted).fallback(problem::method))
        .route("/api/{*rest}", any(problem::nothing_here))
        .layer(Extension(caller::Gate::default()))
        .merge(pages::routes())
}
