//! Adding a ticket to an incident and removing it, on the ticket's page.

use axum::{Router, http::StatusCode, response::Response, routing::post};

use super::{
    action_request::{TicketAction, redirect_to_section},
    conflict::render_refused,
};
use crate::{
    guides::GuidesState,
    i18n::UiMessage,
    incidents,
    tickets::command::incident::{JoinOutcome, JoinSource, join, leave, list_memberships},
    urls,
    web::AppError,
};

pub(crate) fn routes() -> Router<GuidesState> {
    Router::new().route("/staff/tickets/{reference}/incident", post(update))
}

/// `incident=NUMBER` joins, `incident=none` leaves, `decline=NUMBER` rejects the proposal. Joining and leaving ignore other
/// changes to the ticket. A ticket that is in another incident stays there.
async fn update(action: TicketAction) -> Result<Response, AppError> {
    let by = action.command_context();
    let TicketAction { context, mut tx, ticket, form } = action;
    let page_url = urls::staff::ticket(&ticket.reference);
    let refuse = |reason| render_refused(&context.app, &context.staff, StatusCode::CONFLICT, reason, &page_url);
    if let Ok(incident) = form.raw("decline").parse() {
        incidents::decline_tickets(&mut tx, incident, &[ticket.id], context.now).await?;
    } else if form.raw("incident") == "none" {
        for membership in list_memberships(&mut tx, &[ticket.id]).await? {
            leave(&mut tx, &[ticket.id], membership.incident_id, by).await?;
            incidents::decline_tickets(&mut tx, membership.incident_id, &[ticket.id], context.now).await?;
        }
    } else {
        let incident = form.raw("incident").parse().map_err(|_| AppError::BadRequest)?;
        let outcomes = join(&mut tx, &[ticket.id], incident, JoinSource::Staff, by).await?;
        match outcomes.first() {
            Some(JoinOutcome::Done | JoinOutcome::AlreadyJoined) => {}
            Some(JoinOutcome::InOtherIncident(other)) => {
                let title = incidents::find_title(&mut tx, *other, &context.staff.lang).await?;
                return refuse(UiMessage::new("incident-other").with("title", title));
            }
            Some(JoinOutcome::Closed) => return refuse(UiMessage::new("incident-closed")),
            Some(JoinOutcome::IsDuplicate) => return refuse(UiMessage::new("incident-duplicate")),
            Some(JoinOutcome::NotFound) | None => return refuse(UiMessage::new("incident-not-found")),
        }
    }
    tx.commit().await?;
    Ok(redirect_to_section(&ticket.reference, "incident"))
}
