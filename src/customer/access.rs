//! Who comes to a ticket's page with its key. Everybody else sees the same page, whether there is such a ticket or not.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{FromRequestParts, Path},
    http::{Uri, request::Parts},
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;

use super::lookup;
use crate::{
    app::App,
    guides::Guides,
    tickets::{
        self, AccessKey, Actor, Ticket, TicketReference,
        command::{access_link, update::CommandContext},
    },
    web::{
        AppError, Client, Form, PublicLayout,
        rate_limit::{ACCESS_LINK_QUOTA, ClientRateLimiter, TICKET_LOOKUP_QUOTA, TICKET_WRITE_QUOTA},
    },
};

/// How often one address may do what is done here.
pub(crate) struct CustomerRateLimits {
    pub lookups: ClientRateLimiter,
    pub writes: ClientRateLimiter,
    pub link_requests: ClientRateLimiter,
}

impl Default for CustomerRateLimits {
    fn default() -> CustomerRateLimits {
        CustomerRateLimits {
            lookups: ClientRateLimiter::new(&TICKET_LOOKUP_QUOTA),
            writes: ClientRateLimiter::new(&TICKET_WRITE_QUOTA),
            link_requests: ClientRateLimiter::new(&ACCESS_LINK_QUOTA),
        }
    }
}

/// Somebody with the right key.
pub(crate) struct TicketAccess {
    pub app: App,
    /// The page that was asked for; its address has the key, so that the other language has it, too.
    pub page: PublicLayout,
    pub ticket: Ticket,
    pub key: AccessKey,
    /// The rest of the query.
    pub query: Form,
    pub now: OffsetDateTime,
    pub client: Client,
    pub limits: Arc<CustomerRateLimits>,
    pub guides: Arc<Guides>,
}

impl TicketAccess {
    /// The address of the ticket's page, or of one below it.
    pub fn url(&self, below: &str) -> String {
        ticket_url(&self.page, &self.ticket, below, &self.key)
    }

    /// Where a form leads once it was taken: to the page, which says so.
    pub fn url_with_flash(&self, said: &str) -> String {
        format!("{}&said={said}#flash", self.url(""))
    }

    pub fn context(&self) -> CommandContext {
        CommandContext::new(Actor::Customer, self.now)
    }

    /// Counts something that is to be written.
    ///
    /// # Errors
    /// When too much was written from this address.
    pub fn check_write_limit(&self) -> Result<(), AppError> {
        self.limits.writes.check(self.client.ip)
    }
}

/// An address of a ticket's pages. The language is the page's.
pub(crate) fn ticket_url(page: &PublicLayout, ticket: &Ticket, below: &str, key: &AccessKey) -> String {
    format!("/{}/ticket/{}{below}?key={}", page.lang, ticket.reference, key.0)
}

impl FromRequestParts<App> for TicketAccess {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<TicketAccess, Response> {
        authenticate(parts, app).await.map_err(IntoResponse::into_response)?
    }
}

async fn authenticate(parts: &mut Parts, app: &App) -> Result<Result<TicketAccess, Response>, AppError> {
    let page = PublicLayout::from_request_parts(parts, app).await?;
    let Ok(client) = Client::from_request_parts(parts, app).await;
    let Path(path) =
        Path::<Vec<(String, String)>>::from_request_parts(parts, app).await.map_err(|_| AppError::NotFound)?;
    let typed = path.into_iter().find(|(name, _)| name == "reference").map(|(_, value)| value).unwrap_or_default();
    let limits: Arc<CustomerRateLimits> = extract_extension(parts, app).await?;
    let guides = extract_extension(parts, app).await?;
    let query = parse_query(&parts.uri);
    let key = AccessKey(normalize_key(query.raw("key")));
    let now = app.clock.now();
    let ticket = match typed.parse::<TicketReference>() {
        Ok(reference) => {
            let mut db = app.db.acquire().await?;
            tickets::find_by_access_key(&mut db, &reference, &key, now).await?
        }
        Err(_) => None,
    };
    let Some(ticket) = ticket else {
        // only misses count: a customer may look at the page as often as they like
        limits.lookups.check(client.ip)?;
        return Ok(Err(lookup::render_access_denied(page, &typed)?));
    };
    Ok(Ok(TicketAccess { app: app.clone(), page, ticket, key, query, now, client, limits, guides }))
}

/// The key that replaced the one of this request by this very form.
pub(crate) async fn find_rotated_key(
    app: &App,
    reference: &str,
    query: &Form,
    form: &Form,
) -> Result<Option<AccessKey>, AppError> {
    let Ok(reference) = reference.parse::<TicketReference>() else { return Ok(None) };
    let Ok(form) = uuid::Uuid::parse_str(form.raw("submission")) else { return Ok(None) };
    let old = AccessKey(normalize_key(query.raw("key")));
    let mut db = app.db.acquire().await?;
    Ok(access_link::rotated_by_form(&mut db, &reference, &old, form).await?)
}

/// What the routes were given when they were put together.
async fn extract_extension<T: Clone + Send + Sync + 'static>(parts: &mut Parts, app: &App) -> Result<T, AppError> {
    let given = Extension::from_request_parts(parts, app).await;
    given.map(|Extension(given)| given).map_err(|missing| AppError::Internal(missing.into()))
}

pub(crate) fn parse_query(uri: &Uri) -> Form {
    Form::parse(uri.query().unwrap_or_default().as_bytes())
}

/// A key as it was typed from paper: without dashes and spaces, letters that look like digits read as digits.
pub(crate) fn normalize_key(typed: &str) -> String {
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
