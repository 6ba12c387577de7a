//! The static files' addresses.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use crate::{app::App, web::Error};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/static/{file}", get(file))
        .route("/favicon.ico", get(icon))
        .route("/robots.txt", get("User-agent: *\nDisallow: /staff\nDisallow: /pl/ticket\nDisallow: /en/ticket\nDisallow: /pl/check/result\nDisallow: /en/check/result\n"))
}

async fn file(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    app.assets.get(uri.path()).map(|ready| ready.respond(&headers)).ok_or(Error::NotFound)
}

async fn icon(State(app): State<App>) -> Response {
    Redirect::temporary(&app.assets.icon).into_response()
}
