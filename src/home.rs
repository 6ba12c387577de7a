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
    i18n::Lang,
    public_incidents::PublicIncident,
    web::{AppError, PublicLayout},
};

pub fn routes() -> Router<App> {
    Router::new().route("/", get(redirect_to_language)).route("/{lang}", get(show))
}

/// The address without a language leads to the one that the browser asks for.
async fn redirect_to_language(headers: HeaderMap) -> impl IntoResponse {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ([("vary", "accept-language")], Redirect::to(&format!("/{}", Lang::from_accept_language(asked))))
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    page: PublicLayout,
    guides: Vec<&'a Guide>,
    incidents: Vec<PublicIncident>,
}

async fn show(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let edition = app.page_cache.generation();
    let page = PublicLayout::from_uri(&app, &uri)?;
    if uri.query().is_some() {
        return Ok(Redirect::permanent(uri.path()).into_response());
    }
    let guides = guides.in_order(page.lang);
    let notices = app.public_incidents.current();
    Ok(app.page_cache.store(&uri, &headers, edition, HomePage { page, guides, incidents: notices }.render()?))
}
