//! Health checks for monitoring: `/healthz` and `/readyz`.

use axum::{Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};

use crate::app::App;

pub fn routes() -> Router<App> {
    Router::new().route("/healthz", get("alive\n")).route("/readyz", get(show_readiness))
}

/// Ready means that the database responds and has all migrations. The guides work without it.
async fn show_readiness(State(app): State<App>) -> impl IntoResponse {
    let json = [("content-type", "application/json")];
    if app.db.is_ready().await {
        (StatusCode::OK, json, "{\"database\":true}\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, json, "{\"database\":false}\n")
    }
}
