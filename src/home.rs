//! The home page: four common problems, and a link to the report form.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri, header::ACCEPT_LANGUAGE},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use crate::{
    guides::{Guide, GuidesState},
    i18n::{Label, Lang},
    public_incidents::PublicIncident,
    urls,
    web::{AppError, PublicLayout},
};

pub fn routes() -> Router<GuidesState> {
    Router::new().route("/", get(redirect_to_language)).route("/{lang}", get(show))
}

/// The URL without a language redirects to the browser's preferred language.
async fn redirect_to_language(headers: HeaderMap) -> impl IntoResponse {
    let accept_language = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ([("vary", "accept-language")], Redirect::to(&urls::public::home(Lang::from_accept_language(accept_language))))
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    page: PublicLayout,
    guides: Vec<&'a Guide>,
    incidents: Vec<PublicIncident>,
}

async fn show(
    State(GuidesState { app, guides }): State<GuidesState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let generation = app.page_cache.generation();
    let page = PublicLayout::from_uri(&app, &uri)?;
    if uri.query().is_some() {
        return Ok(Redirect::permanent(uri.path()).into_response());
    }
    let guides = guides.in_order(page.lang);
    let incidents = app.public_incidents.current();
    Ok(app.page_cache.store(&uri, &headers, generation, HomePage { page, guides, incidents }.render()?))
}
