//! The static files' addresses.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use crate::{app::App, web::AppError};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/static/{file}", get(show_file))
        .route("/favicon.ico", get(redirect_to_icon))
        .route("/robots.txt", get("User-agent: *\nDisallow: /staff\nDisallow: /pl/ticket\nDisallow: /en/ticket\nDisallow: /pl/check/result\nDisallow: /en/check/result\n"))
}

async fn show_file(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, AppError> {
    app.assets.get(uri.path()).map(|ready| ready.respond(&headers)).ok_or(AppError::NotFound)
}

async fn redirect_to_icon(State(app): State<App>) -> Response {
    Redirect::temporary(&app.assets.icon_url).into_response()
}
