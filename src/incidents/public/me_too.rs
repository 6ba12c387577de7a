//! "Me too": one press, without a script, counted once for each visitor.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};

use super::pages::JOINED_QUERY;
use crate::{
    app::{App, Now},
    incidents::store,
    web::{
        AppError, Client, Form, PublicLayout, RateLimitedState,
        rate_limit::{ClientRateLimiter, INCIDENT_JOIN_QUOTA, client_network},
    },
};

const VISITOR_TAG_DOMAIN: &str = "me too";

pub(super) fn routes(app: App) -> Router<App> {
    Router::new()
        .route("/{lang}/incident/{id}/join", post(create).get(redirect_to_incident))
        .with_state(RateLimitedState::new(app, &INCIDENT_JOIN_QUOTA))
}

/// A visitor is recognized by a tag made from network and browser. Without the secret nobody can recompute it, so there is
/// no cookie and no list of addresses.
async fn create(
    State(app): State<App>,
    State(rate_limiter): State<Arc<ClientRateLimiter>>,
    Path((_, id)): Path<(String, String)>,
    page: PublicLayout,
    client: Client,
    Now(now): Now,
    _: Form,
) -> Result<Response, AppError> {
    let incident = id.parse().ok().and_then(|id| app.public_incidents.find(id)).ok_or(AppError::NotFound)?;
    let path = incident.path(&page.lang);
    if incident.is_resolved() {
        return Ok(Redirect::to(&path).into_response());
    }
    rate_limiter.check(client.ip)?;
    let mut db = app.db.acquire().await?;
    let secret = app.signing_secret.get(&mut db).await?;
    let visitor_tag = secret.compute_tag(
        VISITOR_TAG_DOMAIN,
        &format!("{} {} {}", incident.id, client_network(client.ip).addr(), client.user_agent),
    );
    let is_published = store::insert_visitor(&mut db, incident.id, &visitor_tag, now).await?;
    Ok(Redirect::to(&if is_published { format!("{path}?{JOINED_QUERY}") } else { path }).into_response())
}

/// Redirects from the URL of a form to the page that contains the form.
pub(super) async fn redirect_to_incident(
    Path((_, id)): Path<(String, String)>,
    page: PublicLayout,
) -> Result<Redirect, AppError> {
    let id: i64 = id.parse().map_err(|_| AppError::NotFound)?;
    Ok(Redirect::to(&format!("/{}/incident/{id}", page.lang)))
}
