//! "Me too": one tap, without a script, counted once for each visitor however often they tap.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};

use super::{public::JOINED_QUERY, store};
use crate::{
    app::{App, Now},
    tickets::CachedSecret,
    web::{
        AppError, Client, Form, PublicLayout,
        rate_limit::{ClientRateLimiter, INCIDENT_JOIN_QUOTA, client_network},
    },
};

/// What the address of the visitor is mixed into a mark for.
const VISITOR_TAG_DOMAIN: &str = "me too";

/// The limit, and the secret that hides who came.
struct MeTooState {
    rate_limiter: ClientRateLimiter,
    signing_secret: CachedSecret,
}

pub fn routes() -> Router<App> {
    let door = MeTooState {
        rate_limiter: ClientRateLimiter::new(&INCIDENT_JOIN_QUOTA),
        signing_secret: CachedSecret::default(),
    };
    Router::new()
        .route("/{lang}/incident/{id}/join", post(create).get(redirect_to_incident))
        .layer(Extension(Arc::new(door)))
}

/// A visitor is known again by address and browser alone, and only by who has the secret: no cookie, and no list of
/// addresses.
async fn create(
    State(app): State<App>,
    Extension(door): Extension<Arc<MeTooState>>,
    Path((_, id)): Path<(String, String)>,
    page: PublicLayout,
    client: Client,
    Now(now): Now,
    _: Form,
) -> Result<Response, AppError> {
    let notice = id.parse().ok().and_then(|id| app.public_incidents.find(id)).ok_or(AppError::NotFound)?;
    let address = notice.path(&page.lang);
    if notice.is_resolved() {
        return Ok(Redirect::to(&address).into_response());
    }
    door.rate_limiter.check(client.ip)?;
    let mut db = app.db.acquire().await?;
    let seal = door.signing_secret.secret(&mut db).await?;
    let visitor = seal.compute_tag(
        VISITOR_TAG_DOMAIN,
        &format!("{} {} {}", notice.id, client_network(client.ip).addr(), client.user_agent),
    );
    let is_known = store::insert_visitor(&mut db, notice.id, &visitor, now).await?;
    Ok(Redirect::to(&if is_known { format!("{address}?{JOINED_QUERY}") } else { address }).into_response())
}

/// Who opens the address of a form is taken to the page that has it.
pub(super) async fn redirect_to_incident(
    Path((_, id)): Path<(String, String)>,
    page: PublicLayout,
) -> Result<Redirect, AppError> {
    let id: i64 = id.parse().map_err(|_| AppError::NotFound)?;
    Ok(Redirect::to(&format!("/{}/incident/{id}", page.lang)))
}
