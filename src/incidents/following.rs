//! News of an incident for who has no ticket: an e-mail address, asked by letter whether it is right, and forgotten with one
//! press. Who has the link in such a letter reads that mailbox; the address alone opens nothing, and the answer to who gives
//! one is always the same.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State as AppState},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use time::Duration;

use super::{
    State,
    joining::to_the_incident,
    public::{ASKED, one_page},
    store::{self, Follower, Pace},
};
use crate::{
    app::{App, Now},
    email::{is_email, masked},
    letters::follower_key,
    tickets::{Key, KeyMaker},
    web::{
        Client, Error, Form, Page, html,
        limit::{FOLLOWINGS, Limit},
    },
    words::{Lang, Say},
};

/// How long an address is not asked again,
const PAUSE: Duration = Duration::minutes(10);
/// and how often it is asked about one incident.
const MOST: i16 = 3;

/// The limit, and the secret that keys are made from.
struct Door {
    limit: Limit,
    keys: KeyMaker,
}

pub fn routes() -> Router<App> {
    let door = Door { limit: Limit::new(&FOLLOWINGS), keys: KeyMaker::default() };
    Router::new()
        .route("/{lang}/incident/{id}/follow", post(ask).get(to_the_incident))
        .route("/{lang}/follow/{id}", get(show))
        .route("/{lang}/follow/{id}/confirm", post(confirm))
        .route("/{lang}/follow/{id}/end", post(end))
        .layer(Extension(Arc::new(door)))
}

/// A follower's own page.
#[derive(Template)]
#[template(path = "incidents/follow.html")]
struct FollowPage {
    page: Page,
    /// Nobody, once the address is forgotten.
    follower: Option<Follower>,
    id: i64,
    key: Key,
}

impl FollowPage {
    fn email(&self, follower: &Follower) -> String {
        masked(&follower.email)
    }

    /// Where a form of the page leads.
    fn address(&self, below: &str) -> String {
        format!("/{}/follow/{}{below}?key={}", self.page.lang, self.id, self.key.0)
    }

    fn title(&self) -> &'static str {
        match &self.follower {
            None => "follow-gone",
            Some(follower) if follower.state != State::Published => "follow-over",
            Some(Follower { confirmed_at: None, .. }) => "follow-ask",
            Some(_) => "follow-on",
        }
    }
}

/// Writes an address down. Nothing tells whether it was known, was asked too often, or is a robot's.
async fn ask(
    AppState(app): AppState<App>,
    Extension(door): Extension<Arc<Door>>,
    Path((_, id)): Path<(String, String)>,
    page: Page,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let notice = id.parse().ok().and_then(|id| app.notices.one(id)).ok_or(Error::NotFound)?;
    let address = notice.address(&page.lang);
    if notice.is_over() {
        return Ok(Redirect::to(&address).into_response());
    }
    let email = form.line("email");
    let lang = page.lang;
    if !is_email(&email) {
        let mut page = one_page(page.without_query(), notice);
        page.wrong = Some(Say::new("report-email-wrong"));
        page.email = email;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    }
    door.limit.check(client.ip)?;
    if form.raw("website").is_empty() {
        let pace = Pace { since: now - PAUSE, most: MOST };
        store::ask(&mut *app.db.read().await?, notice.id, (email.as_str(), lang), &pace, now).await?;
    }
    Ok(Redirect::to(&format!("{address}?{ASKED}#news")).into_response())
}

/// Who comes by the link of a letter.
struct Guest {
    app: App,
    id: i64,
    key: Key,
    lang: Lang,
}

impl Guest {
    /// Nobody else learns whether there is such a follower.
    async fn come_in(app: App, door: &Door, id: &str, uri: &Uri) -> Result<Guest, Error> {
        let lang = Page::of(&app, uri)?.lang;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
        let key = Key(query.raw("key").to_ascii_uppercase());
        let right = follower_key(door.keys.seal(&mut *app.db.read().await?).await?, id);
        if right.hash() == key.hash() { Ok(Guest { app, id, key, lang }) } else { Err(Error::NotFound) }
    }

    /// Where the link leads.
    fn address(&self) -> String {
        format!("/{}/follow/{}?key={}", self.lang, self.id, self.key.0)
    }

    async fn page(self) -> Result<Response, Error> {
        let follower = store::follower(&mut *self.app.db.read().await?, self.id).await?;
        let page = Page::at(&self.app, &self.address()).ok_or(Error::NotFound)?;
        Ok(html(&FollowPage { page, follower, id: self.id, key: self.key })?.into_response())
    }
}

async fn show(
    AppState(app): AppState<App>,
    Extension(door): Extension<Arc<Door>>,
    Path((_, id)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Error> {
    Guest::come_in(app, &door, &id, &uri).await?.page().await
}

/// A button and not the link itself: mail programs open links to look at them.
async fn confirm(
    AppState(app): AppState<App>,
    Extension(door): Extension<Arc<Door>>,
    Path((_, id)): Path<(String, String)>,
    uri: Uri,
    Now(now): Now,
) -> Result<Response, Error> {
    let guest = Guest::come_in(app, &door, &id, &uri).await?;
    store::confirm(&mut *guest.app.db.read().await?, guest.id, now).await?;
    Ok(Redirect::to(&guest.address()).into_response())
}

/// Also what a mail program's own button sends, whose body is not ours; it follows no redirect (RFC 8058, 3.1).
async fn end(
    AppState(app): AppState<App>,
    Extension(door): Extension<Arc<Door>>,
    Path((_, id)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Error> {
    let guest = Guest::come_in(app, &door, &id, &uri).await?;
    store::forget(&mut *guest.app.db.read().await?, guest.id).await?;
    guest.page().await
}
