//! What everybody can read: an incident, those that are past, and the feed. All from memory.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use super::feed::Feed;
use crate::{
    app::App,
    notices::Notice,
    tickets::Category,
    web::{Error, Page},
    words::Say,
    zone,
};

/// An address with this behind it is that of somebody who has just said "me too".
pub(super) const JOINED: &str = "joined";

/// And with this, of somebody who has just asked for news by letter.
pub(super) const ASKED: &str = "asked";

const ATOM: &str = "application/atom+xml; charset=utf-8";
/// Entries of the feed: what a reader who looks once a day can have missed.
const MOST_IN_FEED: usize = 50;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/{lang}/incidents", get(all))
        .route("/{lang}/incidents.atom", get(feed))
        .route("/{lang}/incident/{id}", get(one))
}

#[derive(Template)]
#[template(path = "incidents/all.html")]
struct AllPage {
    page: Page,
    current: Vec<Notice>,
    past: Vec<Notice>,
}

#[derive(Template)]
#[template(path = "incidents/one.html")]
pub(super) struct OnePage {
    page: Page,
    notice: Notice,
    has_joined: bool,
    has_asked: bool,
    /// What is wrong with the address, and as it was typed.
    pub wrong: Option<Say>,
    pub email: String,
}

pub(super) fn one_page(page: Page, notice: Notice) -> OnePage {
    OnePage { page, notice, has_joined: false, has_asked: false, wrong: None, email: String::new() }
}

impl OnePage {
    /// The form for an example of one's own; where the incident causes one problem only, that one is chosen.
    fn report(&self) -> String {
        let category = match &self.notice.categories[..] {
            [only] => format!("category={only}&"),
            _ => String::new(),
        };
        format!("/{}/report?{category}incident={}", self.page.lang, self.notice.id)
    }

    /// Whether letters go out at all.
    fn has_way(&self) -> bool {
        self.page.app.mail.way.is_some()
    }

    fn complaint(&self) -> Option<String> {
        self.wrong.as_ref().map(|say| self.page.say(say))
    }

    fn problems(&self) -> Vec<Category> {
        self.notice.categories.iter().filter_map(|name| name.parse().ok()).collect()
    }
}

async fn all(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    let edition = app.pages.edition();
    let page = Page::of(&app, &uri)?;
    if uri.query().is_some() {
        return Ok(Redirect::permanent(uri.path()).into_response());
    }
    let (current, past) = (app.notices.current(), app.notices.past());
    Ok(app.pages.keep(&uri, &headers, edition, AllPage { page, current, past }.render()?))
}

async fn one(
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let edition = app.pages.edition();
    let page = Page::of(&app, &uri)?;
    let notice = id.parse().ok().and_then(|id| app.notices.one(id)).ok_or(Error::NotFound)?;
    let (has_joined, has_asked) = match uri.query() {
        None => (false, false),
        Some(JOINED) if !notice.is_over() => (true, false),
        Some(ASKED) if !notice.is_over() => (false, true),
        Some(_) => return Ok(Redirect::to(uri.path()).into_response()),
    };
    // `/incident/01` is not a page of its own
    if uri.path() != notice.address(&page.lang) {
        return Ok(Redirect::permanent(&notice.address(&page.lang)).into_response());
    }
    let page = OnePage { has_joined, has_asked, ..one_page(page, notice) };
    Ok(app.pages.keep(&uri, &headers, edition, page.render()?))
}

async fn feed(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Error> {
    let edition = app.pages.edition();
    let page = Page::of(&app, &uri)?;
    if uri.query().is_some() {
        return Ok(Redirect::permanent(uri.path()).into_response());
    }
    let mut notices = app.notices.by_change();
    notices.truncate(MOST_IN_FEED);
    Ok(app.pages.keep_as(&uri, &headers, edition, Feed { page, notices }.render()?, ATOM))
}
