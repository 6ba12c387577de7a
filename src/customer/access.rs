//! Access to a ticket by its key. Without the right key the response is the same whether the ticket exists or not.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    limits::CustomerRateLimits,
    lookup::{normalize_key, render_access_denied},
    state::CustomerState,
    urls::ticket_url_with_flash,
};
use crate::{
    app::App,
    guides::Guides,
    tickets::{
        self, AccessKey, Actor, Ticket, TicketReference,
        command::{CommandContext, access_link},
    },
    urls,
    web::{AppError, Client, Form, PublicLayout},
};

/// A request with the right key. An extractor; every other request gets the lookup page.
pub(crate) struct TicketAccess {
    pub app: App,
    /// The layout. Its URL contains the key, so that the link to the other language works.
    pub page: PublicLayout,
    pub ticket: Ticket,
    pub key: AccessKey,
    pub query: Form,
    pub now: OffsetDateTime,
    pub client: Client,
    pub limits: Arc<CustomerRateLimits>,
    pub guides: Arc<Guides>,
}

impl TicketAccess {
    /// The ticket's page, or a page below it.
    pub(crate) fn url(&self, below: &str) -> String {
        urls::public::ticket(self.page.lang, &self.ticket.reference, below, Some(&self.key))
    }

    /// Where an accepted form redirects to: the page, with a confirmation.
    pub(crate) fn url_with_flash(&self, flash: &str) -> String {
        ticket_url_with_flash(self.page.lang, &self.ticket.reference, &self.key, flash)
    }

    pub(crate) fn command_context(&self) -> CommandContext {
        CommandContext::new(Actor::Customer, self.now)
    }

    /// Counts a write.
    ///
    /// # Errors
    /// [`AppError::RateLimited`] after too many writes from the client's network.
    pub(crate) fn check_write_limit(&self) -> Result<(), AppError> {
        self.limits.writes.check(self.client.ip)
    }
}

impl FromRequestParts<CustomerState> for TicketAccess {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &CustomerState) -> Result<TicketAccess, Response> {
        authenticate(parts, state).await.map_err(IntoResponse::into_response)?
    }
}

async fn authenticate(parts: &mut Parts, state: &CustomerState) -> Result<Result<TicketAccess, Response>, AppError> {
    let page = PublicLayout::from_request_parts(parts, state).await?;
    let Ok(client) = Client::from_request_parts(parts, state).await;
    let Path(path) =
        Path::<Vec<(String, String)>>::from_request_parts(parts, state).await.map_err(|_| AppError::NotFound)?;
    let reference = path.into_iter().find(|(name, _)| name == "reference").map(|(_, value)| value).unwrap_or_default();
    let CustomerState { app, guides, limits } = state.clone();
    let query = Form::from_query(&parts.uri);
    let key = AccessKey(normalize_key(query.raw("key")));
    let now = app.clock.now();
    let ticket = match reference.parse::<TicketReference>() {
        Ok(reference) => {
            let mut db = app.db.acquire().await?;
            tickets::find_by_access_key(&mut db, &reference, &key, now).await?
        }
        Err(_) => None,
    };
    let Some(ticket) = ticket else {
        // only failed attempts count: customers may open their page as often as they like
        limits.lookups.check(client.ip)?;
        return Ok(Err(render_access_denied(page, &reference)?));
    };
    Ok(Ok(TicketAccess { app, page, ticket, key, query, now, client, limits, guides }))
}

/// The new key, if this very form has already replaced the key of the request.
pub(crate) async fn find_rotated_key(
    app: &App,
    reference: &TicketReference,
    query: &Form,
    form: &Form,
) -> Result<Option<AccessKey>, AppError> {
    let Ok(submission) = Uuid::parse_str(form.raw("submission")) else { return Ok(None) };
    let old_key = AccessKey(normalize_key(query.raw("key")));
    let mut db = app.db.acquire().await?;
    let secret = app.signing_secret.get(&mut db).await?;
    Ok(access_link::rotated_by_form(&mut db, secret, reference, &old_key, submission).await?)
}
