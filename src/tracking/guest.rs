//! Who comes to a ticket's page with its key. Everybody else sees the same page, whether there is such a ticket or not.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{FromRequestParts, Path},
    http::{Uri, request::Parts},
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;

use super::ask;
use crate::{
    app::App,
    guides::Guides,
    tickets::{self, Actor, Key, Reference, Ticket, link, verbs::By},
    web::{
        Client, Error, Form, Page,
        limit::{LINKS, Limit, TICKET_LOOKUPS, TICKET_WRITES},
    },
};

/// How often one address may do what is done here.
pub(super) struct Limits {
    pub lookups: Limit,
    pub writes: Limit,
    pub links: Limit,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { lookups: Limit::new(&TICKET_LOOKUPS), writes: Limit::new(&TICKET_WRITES), links: Limit::new(&LINKS) }
    }
}

/// Somebody with the right key.
pub(super) struct Guest {
    pub app: App,
    /// The page that was asked for; its address has the key, so that the other language has it, too.
    pub page: Page,
    pub ticket: Ticket,
    pub key: Key,
    /// The rest of the query.
    pub query: Form,
    pub now: OffsetDateTime,
    pub client: Client,
    pub limits: Arc<Limits>,
    pub guides: Arc<Guides>,
}

impl Guest {
    /// The address of the ticket's page, or of one below it.
    pub fn address(&self, below: &str) -> String {
        address(&self.page, &self.ticket, below, &self.key)
    }

    /// Where a form leads once it was taken: to the page, which says so.
    pub fn said(&self, said: &str) -> String {
        format!("{}&said={said}#said", self.address(""))
    }

    pub fn by(&self) -> By {
        By::new(Actor::Customer, self.now)
    }

    /// Counts something that is to be written.
    ///
    /// # Errors
    /// When too much was written from this address.
    pub fn writes(&self) -> Result<(), Error> {
        self.limits.writes.check(self.client.ip)
    }
}

/// An address of a ticket's pages. The language is the page's.
pub(super) fn address(page: &Page, ticket: &Ticket, below: &str, key: &Key) -> String {
    format!("/{}/ticket/{}{below}?key={}", page.lang, ticket.reference, key.0)
}

impl FromRequestParts<App> for Guest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Guest, Response> {
        come_in(parts, app).await.map_err(IntoResponse::into_response)?
    }
}

async fn come_in(parts: &mut Parts, app: &App) -> Result<Result<Guest, Response>, Error> {
    let page = Page::from_request_parts(parts, app).await?;
    let Ok(client) = Client::from_request_parts(parts, app).await;
    let Path(path) =
        Path::<Vec<(String, String)>>::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
    let typed = path.into_iter().find(|(name, _)| name == "reference").map(|(_, value)| value).unwrap_or_default();
    let limits: Arc<Limits> = of_the_room(parts, app).await?;
    let guides = of_the_room(parts, app).await?;
    let query = query(&parts.uri);
    let key = Key(typed_key(query.raw("key")));
    let now = app.clock.now();
    let ticket = match typed.parse::<Reference>() {
        Ok(reference) => {
            let mut db = app.db.read().await?;
            tickets::by_key(&mut db, &reference, &key, now).await?
        }
        Err(_) => None,
    };
    let Some(ticket) = ticket else {
        // only misses count: a customer may look at the page as often as they like
        limits.lookups.check(client.ip)?;
        return Ok(Err(ask::refused(page, &typed)?));
    };
    Ok(Ok(Guest { app: app.clone(), page, ticket, key, query, now, client, limits, guides }))
}

/// The key that replaced the one of this request by this very form.
pub(super) async fn replaced(app: &App, reference: &str, query: &Form, form: &Form) -> Result<Option<Key>, Error> {
    let Ok(reference) = reference.parse::<Reference>() else { return Ok(None) };
    let Ok(form) = uuid::Uuid::parse_str(form.raw("submission")) else { return Ok(None) };
    let old = Key(typed_key(query.raw("key")));
    let mut db = app.db.read().await?;
    Ok(link::replaced_by(&mut db, &reference, &old, form).await?)
}

/// What the routes were given when they were put together.
async fn of_the_room<T: Clone + Send + Sync + 'static>(parts: &mut Parts, app: &App) -> Result<T, Error> {
    let given = Extension::from_request_parts(parts, app).await;
    given.map(|Extension(given)| given).map_err(|missing| Error::Internal(missing.into()))
}

pub(super) fn query(uri: &Uri) -> Form {
    Form::parse(uri.query().unwrap_or_default().as_bytes())
}

/// A key as it was typed from paper: without dashes and spaces, letters that look like digits read as digits.
pub(super) fn typed_key(typed: &str) -> String {
    let plain = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    plain
        .map(|c| {
            if c == 'O' {
                '0'
            } else if matches!(c, 'I' | 'L') {
                '1'
            } else {
                c
            }
        })
        .take(100)
        .collect()
}
