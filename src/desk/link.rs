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

use super::ticket::load_ticket;
use crate::{
    app::{App, Now},
    staff::{Staff, StaffLayout},
    tickets::{Actor, Ticket, link, verbs::CommandContext},
    web::{AppError, Form, render_html},
    zone,
};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/link", get(show).post(rotate))
}

#[derive(Template)]
#[template(path = "desk/access_link.html")]
struct AccessLinkPage {
    frame: StaffLayout,
    ticket: Ticket,
    /// The whole address; a ticket from before has none that could be shown.
    url: Option<String>,
    submission: Uuid,
}

impl AccessLinkPage {
    /// Until when the link opens the page.
    fn expires_on(&self) -> Option<String> {
        Some(zone::format_date(self.ticket.resolved_at? + link::ACCESS_LINK_TTL_AFTER_RESOLUTION))
    }
}

async fn show(State(app): State<App>, staff: Staff, Path(reference): Path<String>) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let ticket = load_ticket(&mut db, &reference).await?;
    let key = link::current_key(&mut db, ticket.id).await?;
    let address = |key: String| format!("{}/{}/ticket/{}?key={key}", app.public_url, ticket.lang, ticket.reference);
    let address = key.map(|key| address(key.0));
    let page = AccessLinkPage {
        frame: StaffLayout::new(&app, &staff, "queue"),
        ticket,
        url: address,
        submission: Uuid::new_v4(),
    };
    Ok(render_html(&page)?.into_response())
}

async fn rotate(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let mut tx = app.db.begin().await?;
    let ticket = load_ticket(&mut tx, &reference).await?;
    let form = Uuid::parse_str(form.raw("submission")).ok();
    // whoever was first, the page shows the link that holds now
    link::rotate(&mut tx, &ticket, form, CommandContext::new(Actor::Staff(staff.id), now)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/staff/tickets/{}/link", ticket.reference)).into_response())
}
