//! "Me too": one press, without a script, counted once for each visitor.

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};

use super::{
    pages::JOINED_QUERY,
    request::{VisitorAction, redirect_to_incident},
};
use crate::{
    app::App,
    incidents::store,
    web::{
        AppError, Form, RateLimitedState,
        rate_limit::{INCIDENT_JOIN_QUOTA, client_network},
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
async fn create(action: VisitorAction, _: Form) -> Result<Response, AppError> {
    action.check_rate_limit()?;
    let path = action.page_url();
    let VisitorAction { app, incident, client, now, .. } = action;
    let mut db = app.db.acquire().await?;
    let secret = app.signing_secret.get(&mut db).await?;
    let visitor_tag = secret.compute_tag(
        VISITOR_TAG_DOMAIN,
        &format!("{} {} {}", incident.id, client_network(client.ip).addr(), client.user_agent),
    );
    let is_published = store::insert_visitor(&mut db, incident.id, &visitor_tag, now).await?;
    Ok(Redirect::to(&if is_published { format!("{path}?{JOINED_QUERY}") } else { path }).into_response())
}
