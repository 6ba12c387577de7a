//! What a customer does on the page: each a small POST resource, which leads back to the page and says what was done. Sent
//! twice, it counts once.

use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{
    guest::{self, Guest},
    page::{Written, page},
};
use crate::{
    app::App,
    tickets::{
        Message, Verb,
        incident::{self, How, Joined},
        link,
        verbs::{self, Outcome},
    },
    web::{Error, Form, Page},
    words::Say,
};

pub(super) async fn works(guest: Guest, form: Form) -> Result<Response, Error> {
    act(guest, &form, Verb::Works, "works").await
}

/// Words with it are welcome, and none are needed.
pub(super) async fn fails(guest: Guest, form: Form) -> Result<Response, Error> {
    let text = form.block("text");
    match (!text.is_empty()).then(|| Message::written(text)).transpose() {
        Ok(text) => act(guest, &form, Verb::Fails { text }, "fails").await,
        Err(wrong) => not_taken(guest, &form, wrong).await,
    }
}

pub(super) async fn write(guest: Guest, form: Form) -> Result<Response, Error> {
    match Message::written(form.block("text")) {
        Ok(text) => act(guest, &form, Verb::Write { text }, "message").await,
        Err(wrong) => not_taken(guest, &form, wrong).await,
    }
}

/// "It is this trouble": the ticket joins the incident, unless another one has it.
pub(super) async fn join(guest: Guest, form: Form) -> Result<Response, Error> {
    guest.writes()?;
    let incident = form.raw("incident").parse().map_err(|_| Error::BadRequest)?;
    let mut tx = guest.app.db.begin().await?;
    let joined = incident::join(&mut tx, &[guest.ticket.id], incident, How::Customer, guest.by()).await?;
    tx.commit().await?;
    let address = match joined.first() {
        Some(Joined::Done | Joined::Already) => guest.said("incident"),
        // the page shows how it is
        Some(Joined::Other(_) | Joined::Closed | Joined::Duplicate | Joined::Gone) | None => guest.address(""),
    };
    Ok(Redirect::to(&address).into_response())
}

async fn act(guest: Guest, form: &Form, verb: Verb, said: &str) -> Result<Response, Error> {
    guest.writes()?;
    let mut tx = guest.app.db.begin().await?;
    let outcome = verbs::act_on(&mut tx, guest.ticket.seen(), &verb, submission(form), guest.by()).await?;
    match outcome {
        Outcome::Done | Outcome::Already => {
            tx.commit().await?;
            Ok(Redirect::to(&guest.said(said)).into_response())
        }
        Outcome::Closed => {
            drop(tx);
            // what was written stays on the page, to be copied into a new report
            let written = Written { text: form.block("text"), ..fresh() };
            page(guest, StatusCode::CONFLICT, Some("track-said-closed"), written).await
        }
        // a customer's words are never too late, and nobody holds them
        Outcome::Stale | Outcome::Held | Outcome::Duplicate | Outcome::Gone => Err(Error::NotFound),
    }
}

async fn not_taken(guest: Guest, form: &Form, wrong: Say) -> Result<Response, Error> {
    let written = Written { text: form.block("text"), wrong: Some(wrong), ..fresh() };
    page(guest, StatusCode::UNPROCESSABLE_ENTITY, None, written).await
}

fn fresh() -> Written {
    Written { submission: Uuid::new_v4(), ..Written::default() }
}

/// Replaces the key, and leads to the page with the new one. The old link leads nowhere from now on.
pub(super) async fn new_link(
    State(app): State<App>,
    Path((_, reference)): Path<(String, String)>,
    page: Page,
    uri: Uri,
    guest: Result<Guest, Response>,
    form: Form,
) -> Result<Response, Error> {
    let guest = match guest {
        Ok(guest) => guest,
        // pressed twice: the first time has changed the locks
        Err(refused) => {
            return Ok(match guest::replaced(&app, &reference, &guest::query(&uri), &form).await? {
                Some(key) => {
                    let address = format!("/{}/ticket/{reference}?key={}&said=link#said", page.lang, key.0);
                    Redirect::to(&address).into_response()
                }
                None => refused,
            });
        }
    };
    guest.writes()?;
    let mut tx = guest.app.db.begin().await?;
    let key = link::replace(&mut tx, &guest.ticket, submission(&form), guest.by()).await?;
    // somebody else with the key replaced it at this very moment
    let Some(key) = key else { return Err(Error::NotFound) };
    tx.commit().await?;
    let guest = Guest { key, ..guest };
    Ok(Redirect::to(&guest.said("link")).into_response())
}

/// The id of the form that something was sent by.
pub(super) fn submission(form: &Form) -> Option<Uuid> {
    Uuid::parse_str(form.raw("submission")).ok()
}
