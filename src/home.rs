//! The first page: four problems, and a way to report at once.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, Uri, header::ACCEPT_LANGUAGE},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use crate::{
    app::App,
    guides::{Guide, Guides},
    notices::Notice,
    web::{Error, Page},
    words::Lang,
};

pub fn routes() -> Router<App> {
    Router::new().route("/", get(choose_language)).route("/{lang}", get(home))
}

/// The address without a language leads to the one that the browser asks for.
async fn choose_language(headers: HeaderMap) -> impl IntoResponse {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ([("vary", "accept-language")], Redirect::to(&format!("/{}", Lang::from_accept_language(asked))))
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    page: Page,
    guides: Vec<&'a Guide>,
    notices: Vec<Notice>,
}

async fn home(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let edition = app.pages.edition();
    let page = Page::of(&app, &uri)?;
    if uri.query().is_some() {
        return Ok(Redirect::permanent(uri.path()).into_response());
    }
    let guides = guides.in_order(page.lang);
    let notices = app.notices.current();
    Ok(app.pages.keep(&uri, &headers, edition, Home { page, guides, notices }.render()?))
}
