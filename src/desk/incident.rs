//! Whether a ticket is part of an incident: on its page, one press for each answer.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::post,
};

use super::{acts::to_place, bulk::refused, ticket::find};
use crate::{
    app::{App, Now},
    incidents,
    staff::Staff,
    tickets::{
        Actor,
        incident::{How, Joined, held, join, leave},
        verbs::By,
    },
    web::{Error, Form},
    words::Say,
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/incident", post(set))
}

/// `incident=NUMBER` joins, `incident=none` leaves, `decline=NUMBER` says that it does not belong there. Joining and leaving
/// are done whatever else has happened to the ticket meanwhile; a ticket that another incident has stays there.
async fn set(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let mut tx = app.db.begin().await?;
    let ticket = find(&mut tx, &reference).await?;
    let by = By::new(Actor::Staff(staff.id), now);
    let page = format!("/staff/tickets/{}", ticket.reference);
    let conflict = |say| refused(&app, &staff, StatusCode::CONFLICT, say, &page);
    if let Ok(incident) = form.raw("decline").parse() {
        incidents::decline(&mut tx, incident, &[ticket.id], now).await?;
    } else if form.raw("incident") == "none" {
        for held in held(&mut tx, &[ticket.id]).await? {
            leave(&mut tx, &[ticket.id], held.incident, by).await?;
            incidents::decline(&mut tx, held.incident, &[ticket.id], now).await?;
        }
    } else {
        let incident = form.raw("incident").parse().map_err(|_| Error::BadRequest)?;
        let joined = join(&mut tx, &[ticket.id], incident, How::Staff, by).await?;
        match joined.first() {
            Some(Joined::Done | Joined::Already) => {}
            Some(Joined::Other(other)) => {
                let title = incidents::title(&mut tx, *other, &staff.lang).await?;
                return conflict(Say::new("incident-other").with("title", title));
            }
            Some(Joined::Closed) => return conflict(Say::new("incident-closed")),
            Some(Joined::Duplicate) => return conflict(Say::new("incident-duplicate")),
            Some(Joined::Gone) | None => return conflict(Say::new("incident-gone")),
        }
    }
    tx.commit().await?;
    Ok(to_place(&ticket.reference, "incident"))
}
