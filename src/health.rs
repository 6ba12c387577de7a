//! For machines that look after the portal: is it alive, and can it do its work.

use axum::{Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};

use crate::app::App;

pub fn routes() -> Router<App> {
    Router::new().route("/healthz", get("alive\n")).route("/readyz", get(show_readiness))
}

/// Ready means that the database answers and has all migrations. Without it the guides still work.
async fn show_readiness(State(app): State<App>) -> impl IntoResponse {
    let json = [("content-type", "application/json")];
    if app.db.is_ready().await {
        (StatusCode::OK, json, "{\"database\":true}\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, json, "{\"database\":false}\n")
    }
}
