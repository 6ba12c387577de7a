//! Routes of the static files.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use crate::{app::App, web::AppError};

/// Search engines need not index pages that are personal.
const ROBOTS_TXT: &str = "User-agent: *\n\
    Disallow: /staff\n\
    Disallow: /pl/ticket\n\
    Disallow: /en/ticket\n\
    Disallow: /pl/check/result\n\
    Disallow: /en/check/result\n";

pub fn routes() -> Router<App> {
    Router::new()
        .route("/static/{file}", get(show_file))
        .route("/favicon.ico", get(redirect_to_icon))
        .route("/robots.txt", get(ROBOTS_TXT))
}

async fn show_file(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, AppError> {
    app.assets.get(uri.path()).map(|body| body.respond(&headers)).ok_or(AppError::NotFound)
}

async fn redirect_to_icon(State(app): State<App>) -> Response {
    Redirect::temporary(&app.assets.icon_url).into_response()
}
