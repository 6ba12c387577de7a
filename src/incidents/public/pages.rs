//! Public pages: one incident, the list of current and past incidents, and the feed. All from memory.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use super::feed::IncidentFeed;
use crate::{
    app::App,
    i18n::{Label, UiMessage},
    local_time,
    public_incidents::PublicIncident,
    tickets::TicketCategory,
    urls,
    web::{AppError, PublicLayout},
};

/// The query of the page after "me too".
pub(super) const JOINED_QUERY: &str = "joined";
/// The query of the page after a subscription.
pub(super) const SUBSCRIBED_QUERY: &str = "asked";

const ATOM_CONTENT_TYPE: &str = "application/atom+xml; charset=utf-8";
/// More entries than a feed reader with one request a day can miss.
const MAX_FEED_ENTRIES: usize = 50;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{lang}/incidents", get(list))
        .route("/{lang}/incidents.atom", get(show_feed))
        .route("/{lang}/incident/{id}", get(show))
}

#[derive(Template)]
#[template(path = "incidents/public_list.html")]
struct PublicIncidentListPage {
    page: PublicLayout,
    current: Vec<PublicIncident>,
    past: Vec<PublicIncident>,
}

#[derive(Template)]
#[template(path = "incidents/incident.html")]
pub(super) struct PublicIncidentPage {
    page: PublicLayout,
    incident: PublicIncident,
    has_joined: bool,
    has_subscribed: bool,
    pub email_error: Option<UiMessage>,
    /// The address as it was typed.
    pub email: String,
}

pub(super) fn build_page(page: PublicLayout, incident: PublicIncident) -> PublicIncidentPage {
    PublicIncidentPage {
        page,
        incident,
        has_joined: false,
        has_subscribed: false,
        email_error: None,
        email: String::new(),
    }
}

impl PublicIncidentPage {
    /// The report form with this incident. If the incident affects only one category, it is preselected.
    fn report_path(&self) -> String {
        let category = match &self.incident.categories[..] {
            [only] => only,
            _ => "",
        };
        let parameters = [("category", category), ("incident", &self.incident.id.to_string())];
        urls::with_query(&urls::public::report(self.page.lang), &parameters)
    }

    /// Whether a mail server is configured.
    fn can_send_email(&self) -> bool {
        self.page.app.mail.outbound.is_some()
    }

    fn email_error_text(&self) -> Option<String> {
        self.email_error.as_ref().map(|error| self.page.format(error))
    }

    fn categories(&self) -> Vec<TicketCategory> {
        self.incident.categories.iter().filter_map(|name| name.parse().ok()).collect()
    }
}

async fn list(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, AppError> {
    let generation = app.page_cache.generation();
    let page = PublicLayout::from_uri(&app, &uri)?;
    if uri.query().is_some() {
        return Ok(Redirect::permanent(uri.path()).into_response());
    }
    let (current, past) = (app.public_incidents.current(), app.public_incidents.past());
    Ok(app.page_cache.store(&uri, &headers, generation, PublicIncidentListPage { page, current, past }.render()?))
}

async fn show(
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let generation = app.page_cache.generation();
    let page = PublicLayout::from_uri(&app, &uri)?;
    let incident = id.parse().ok().and_then(|id| app.public_incidents.find(id)).ok_or(AppError::NotFound)?;
    let (has_joined, has_subscribed) = match uri.query() {
        None => (false, false),
        Some(JOINED_QUERY) if !incident.is_resolved() => (true, false),
        Some(SUBSCRIBED_QUERY) if !incident.is_resolved() => (false, true),
        Some(_) => return Ok(Redirect::to(uri.path()).into_response()),
    };
    // `/incident/01` is not another page
    if uri.path() != incident.path(&page.lang) {
        return Ok(Redirect::permanent(&incident.path(&page.lang)).into_response());
    }
    let page = PublicIncidentPage { has_joined, has_subscribed, ..build_page(page, incident) };
    Ok(app.page_cache.store(&uri, &headers, generation, page.render()?))
}

async fn show_feed(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, AppError> {
    let generation = app.page_cache.generation();
    let page = PublicLayout::from_uri(&app, &uri)?;
    if uri.query().is_some() {
        return Ok(Redirect::permanent(uri.path()).into_response());
    }
    let mut incidents = app.public_incidents.by_last_change();
    incidents.truncate(MAX_FEED_ENTRIES);
    Ok(app.page_cache.store_with_content_type(
        &uri,
        &headers,
        generation,
        IncidentFeed { page, incidents }.render()?,
        ATOM_CONTENT_TYPE,
    ))
}
