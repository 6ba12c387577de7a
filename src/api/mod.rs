//! The JSON API for programs, with bearer tokens. `/api/openapi.json` describes it. Its texts are English.

mod auth;
mod blocklist;
mod openapi;
mod pages;
mod problem;
mod store;
mod token_cli;

use axum::{
    Json, Router,
    routing::{any, get},
};

pub use auth::ApiClient;
pub use problem::Problem;
pub use token_cli::TokenCommand;

use crate::{
    app::App,
    web::{RateLimitedState, rate_limit::API_QUOTA},
};

pub fn routes(app: App) -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(async || Json(openapi::document())))
        .route(
            "/api/v1/blocked-addresses/{*cidr}",
            get(blocklist::show).put(blocklist::put).delete(blocklist::delete).fallback(problem::method_not_allowed),
        )
        .route("/api/v1/lifted-blocks", get(blocklist::list_lifted).fallback(problem::method_not_allowed))
        .route("/api/{*rest}", any(problem::not_found))
        .with_state(RateLimitedState::new(app, &API_QUOTA))
        .merge(pages::routes())
}
