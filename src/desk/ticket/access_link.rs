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

use super::page::load_ticket;
use crate::{
    app::{App, Now},
    local_time,
    staff::{Staff, StaffLayout},
    tickets::{
        Actor, Ticket,
        command::{access_link, update::CommandContext},
    },
    web::{AppError, Form, render_html},
};

pub(crate) fn routes() -> Router<App> {
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
        Some(local_time::format_date(self.ticket.resolved_at? + access_link::ACCESS_LINK_TTL_AFTER_RESOLUTION))
    }
}

async fn show(State(app): State<App>, staff: Staff, Path(reference): Path<String>) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let ticket = load_ticket(&mut db, &reference).await?;
    let key = access_link::current_key(&mut db, ticket.id).await?;
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
    access_link::rotate(&mut tx, &ticket, form, CommandContext::new(Actor::Staff(staff.id), now)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/staff/tickets/{}/link", ticket.reference)).into_response())
}
