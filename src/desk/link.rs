//! The customer's link, for staff who hand it over on the telephone or in a chat, and who replace one that came into the
//! wrong hands.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use uuid::Uuid;

use super::ticket::find;
use crate::{
    app::{App, Now},
    staff::{Frame, Staff},
    tickets::{Actor, Ticket, link, verbs::By},
    web::{Error, Form, html},
    zone,
};

pub(super) fn pages() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/link", get(show).post(replace))
}

#[derive(Template)]
#[template(path = "desk/link.html")]
struct LinkPage {
    frame: Frame,
    ticket: Ticket,
    /// The whole address; a ticket from before has none that could be shown.
    address: Option<String>,
    submission: Uuid,
}

impl LinkPage {
    /// Until when the link opens the page.
    fn until(&self) -> Option<String> {
        Some(zone::date(self.ticket.resolved_at? + link::KEPT))
    }
}

async fn show(State(app): State<App>, staff: Staff, Path(reference): Path<String>) -> Result<Response, Error> {
    let mut db = app.db.read().await?;
    let ticket = find(&mut db, &reference).await?;
    let key = link::current(&mut db, ticket.id).await?;
    let address = |key: String| format!("{}/{}/ticket/{}?key={key}", app.public_url, ticket.lang, ticket.reference);
    let address = key.map(|key| address(key.0));
    let page = LinkPage { frame: Frame::new(&app, &staff, "queue"), ticket, address, submission: Uuid::new_v4() };
    Ok(html(&page)?.into_response())
}

async fn replace(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let mut tx = app.db.begin().await?;
    let ticket = find(&mut tx, &reference).await?;
    let form = Uuid::parse_str(form.raw("submission")).ok();
    // whoever was first, the page shows the link that holds now
    link::replace(&mut tx, &ticket, form, By::new(Actor::Staff(staff.id), now)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/staff/tickets/{}/link", ticket.reference)).into_response())
}
