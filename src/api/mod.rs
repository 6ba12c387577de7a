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

pub use caller::ApiClient;
pub use command::TokenCommand;
pub use problem::Problem;

use crate::app::App;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(async || Json(openapi::document())))
        .route(
            "/api/v1/blocked-addresses/{*cidr}",
            get(addresses::show).put(addresses::put).delete(addresses::delete).fallback(problem::method_not_allowed),
        )
        .route("/api/v1/lifted-blocks", get(addresses::list_lifted).fallback(problem::method_not_allowed))
        .route("/api/{*rest}", any(problem::not_found))
        .layer(Extension(caller::ApiRateLimit::default()))
        .merge(pages::routes())
}
