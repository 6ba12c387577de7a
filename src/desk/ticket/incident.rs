//! Whether a ticket is part of an incident: on its page, one press for each answer.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::post,
};

use super::{actions::redirect_to_section, page::load_ticket};
use crate::desk::bulk::render_refused;
use crate::{
    app::{App, Now},
    i18n::UiMessage,
    incidents,
    staff::Staff,
    tickets::{
        Actor,
        command::{
            incident::{JoinOutcome, JoinSource, join, leave, list_memberships},
            update::CommandContext,
        },
    },
    web::{AppError, Form},
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/incident", post(update))
}

/// `incident=NUMBER` joins, `incident=none` leaves, `decline=NUMBER` says that it does not belong there. Joining and leaving
/// are done whatever else has happened to the ticket meanwhile; a ticket that another incident has stays there.
async fn update(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let mut tx = app.db.begin().await?;
    let ticket = load_ticket(&mut tx, &reference).await?;
    let by = CommandContext::new(Actor::Staff(staff.id), now);
    let page = format!("/staff/tickets/{}", ticket.reference);
    let conflict = |say| render_refused(&app, &staff, StatusCode::CONFLICT, say, &page);
    if let Ok(incident) = form.raw("decline").parse() {
        incidents::decline_tickets(&mut tx, incident, &[ticket.id], now).await?;
    } else if form.raw("incident") == "none" {
        for held in list_memberships(&mut tx, &[ticket.id]).await? {
            leave(&mut tx, &[ticket.id], held.incident_id, by).await?;
            incidents::decline_tickets(&mut tx, held.incident_id, &[ticket.id], now).await?;
        }
    } else {
        let incident = form.raw("incident").parse().map_err(|_| AppError::BadRequest)?;
        let joined = join(&mut tx, &[ticket.id], incident, JoinSource::Staff, by).await?;
        match joined.first() {
            Some(JoinOutcome::Done | JoinOutcome::AlreadyJoined) => {}
            Some(JoinOutcome::InOtherIncident(other)) => {
                let title = incidents::find_title(&mut tx, *other, &staff.lang).await?;
                return conflict(UiMessage::new("incident-other").with("title", title));
            }
            Some(JoinOutcome::Closed) => return conflict(UiMessage::new("incident-closed")),
            Some(JoinOutcome::IsDuplicate) => return conflict(UiMessage::new("incident-duplicate")),
            Some(JoinOutcome::NotFound) | None => return conflict(UiMessage::new("incident-not-found")),
        }
    }
    tx.commit().await?;
    Ok(redirect_to_section(&ticket.reference, "incident"))
}
