//! What everybody can read: an incident, those that are past, and the feed. All from memory.

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
    i18n::UiMessage,
    local_time,
    public_incidents::PublicIncident,
    tickets::TicketCategory,
    web::{AppError, PublicLayout},
};

/// An address with this behind it is that of somebody who has just said "me too".
pub(super) const JOINED_QUERY: &str = "joined";

/// And with this, of somebody who has just asked for news by letter.
pub(super) const SUBSCRIBED_QUERY: &str = "asked";

const ATOM_CONTENT_TYPE: &str = "application/atom+xml; charset=utf-8";
/// Entries of the feed: what a reader who looks once a day can have missed.
const MAX_FEED_ENTRIES: usize = 50;

pub fn routes() -> Router<App> {
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
    /// What is wrong with the address, and as it was typed.
    pub email_error: Option<UiMessage>,
    pub email: String,
}

pub(super) fn build_page(page: PublicLayout, notice: PublicIncident) -> PublicIncidentPage {
    PublicIncidentPage {
        page,
        incident: notice,
        has_joined: false,
        has_subscribed: false,
        email_error: None,
        email: String::new(),
    }
}

impl PublicIncidentPage {
    /// The form for an example of one's own; where the incident causes one problem only, that one is chosen.
    fn report_path(&self) -> String {
        let category = match &self.incident.categories[..] {
            [only] => format!("category={only}&"),
            _ => String::new(),
        };
        format!("/{}/report?{category}incident={}", self.page.lang, self.incident.id)
    }

    /// Whether letters go out at all.
    fn can_send_email(&self) -> bool {
        self.page.app.mail.outbound.is_some()
    }

    fn email_error_text(&self) -> Option<String> {
        self.email_error.as_ref().map(|say| self.page.format(say))
    }

    fn categories(&self) -> Vec<TicketCategory> {
        self.incident.categories.iter().filter_map(|name| name.parse().ok()).collect()
    }
}

async fn list(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, AppError> {
    let edition = app.page_cache.generation();
    let page = PublicLayout::from_uri(&app, &uri)?;
    if uri.query().is_some() {
        return Ok(Redirect::permanent(uri.path()).into_response());
    }
    let (current, past) = (app.public_incidents.current(), app.public_incidents.past());
    Ok(app.page_cache.store(&uri, &headers, edition, PublicIncidentListPage { page, current, past }.render()?))
}

async fn show(
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let edition = app.page_cache.generation();
    let page = PublicLayout::from_uri(&app, &uri)?;
    let notice = id.parse().ok().and_then(|id| app.public_incidents.find(id)).ok_or(AppError::NotFound)?;
    let (has_joined, has_asked) = match uri.query() {
        None => (false, false),
        Some(JOINED_QUERY) if !notice.is_resolved() => (true, false),
        Some(SUBSCRIBED_QUERY) if !notice.is_resolved() => (false, true),
        Some(_) => return Ok(Redirect::to(uri.path()).into_response()),
    };
    // `/incident/01` is not a page of its own
    if uri.path() != notice.path(&page.lang) {
        return Ok(Redirect::permanent(&notice.path(&page.lang)).into_response());
    }
    let page = PublicIncidentPage { has_joined, has_subscribed: has_asked, ..build_page(page, notice) };
    Ok(app.page_cache.store(&uri, &headers, edition, page.render()?))
}

async fn show_feed(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, AppError> {
    let edition = app.page_cache.generation();
    let page = PublicLayout::from_uri(&app, &uri)?;
    if uri.query().is_some() {
        return Ok(Redirect::permanent(uri.path()).into_response());
    }
    let mut notices = app.public_incidents.by_last_change();
    notices.truncate(MAX_FEED_ENTRIES);
    Ok(app.page_cache.store_with_content_type(
        &uri,
        &headers,
        edition,
        IncidentFeed { page, incidents: notices }.render()?,
        ATOM_CONTENT_TYPE,
    ))
}
