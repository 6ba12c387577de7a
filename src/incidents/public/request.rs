//! What the forms on an incident's public page have in common.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts, Path},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use time::OffsetDateTime;

use crate::{
    app::App,
    public_incidents::PublicIncident,
    urls,
    web::{AppError, Client, PublicLayout, RateLimitedState, rate_limit::ClientRateLimiter},
};

/// A visitor's form about a current incident: an extractor. If the incident is resolved, the form leads back to its page.
pub(super) struct VisitorAction {
    pub app: App,
    pub page: PublicLayout,
    pub incident: PublicIncident,
    pub client: Client,
    pub now: OffsetDateTime,
    rate_limiter: Arc<ClientRateLimiter>,
}

impl VisitorAction {
    /// The page of the incident.
    pub(super) fn page_url(&self) -> String {
        self.incident.path(&self.page.lang)
    }

    /// Counts the action.
    ///
    /// # Errors
    /// [`AppError::RateLimited`] after too many actions from the client's network.
    pub(super) fn check_rate_limit(&self) -> Result<(), AppError> {
        self.rate_limiter.check(self.client.ip)
    }

    async fn find(parts: &mut Parts, state: &RateLimitedState) -> Result<VisitorAction, AppError> {
        let app = App::from_ref(state);
        let page = PublicLayout::from_request_parts(parts, state).await?;
        let Path((_, id)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| AppError::NotFound)?;
        let incident = id.parse().ok().and_then(|id| app.public_incidents.find(id)).ok_or(AppError::NotFound)?;
        let Ok(client) = Client::from_request_parts(parts, state).await;
        Ok(VisitorAction { now: app.clock.now(), app, page, incident, client, rate_limiter: FromRef::from_ref(state) })
    }
}

impl FromRequestParts<RateLimitedState> for VisitorAction {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &RateLimitedState) -> Result<VisitorAction, Response> {
        let action = VisitorAction::find(parts, state).await.map_err(IntoResponse::into_response)?;
        if action.incident.is_resolved() {
            return Err(Redirect::to(&action.page_url()).into_response());
        }
        Ok(action)
    }
}

/// Redirects from the URL of a form to the page that contains the form.
pub(super) async fn redirect_to_incident(
    Path((_, id)): Path<(String, String)>,
    page: PublicLayout,
) -> Result<Redirect, AppError> {
    let id: i64 = id.parse().map_err(|_| AppError::NotFound)?;
    Ok(Redirect::to(&urls::public::incident(page.lang, id)))
}
