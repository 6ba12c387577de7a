//! The portal for programs: JSON behind bearer tokens, described in `/api/openapi.json`. It speaks English.

mod blocklist;
mod auth;
mod token_cli;
mod openapi;
mod pages;
mod problem;
mod store;

use axum::{
    Extension, Json, Router,
    routing::{any, get},
};

pub use auth::ApiClient;
pub use problem::Problem;
pub use token_cli::TokenCommand;

use crate::app::App;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(async || Json(openapi::document())))
        .route(
            "/api/v1/blocked-addresses/{*cidr}",
            get(blocklist::show).put(blocklist::put).delete(blocklist::delete).fallback(problem::method_not_allowed),
        )
        .route("/api/v1/lifted-blocks", get(blocklist::list_lifted).fallback(problem::method_not_allowed))
        .route("/api/{*rest}", any(problem::not_found))
        .layer(Extension(auth::ApiRateLimit::default()))
        .merge(pages::routes())
}
