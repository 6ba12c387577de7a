//! What a handler of a ticket's staff pages starts from: the staff member, the ticket and the way back to the queue.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use sqlx::{PgConnection, Postgres, pool::PoolConnection};
use time::OffsetDateTime;

use super::return_link::QueueOrigin;
use crate::{
    app::{App, Now},
    guides::{Guides, GuidesState},
    staff::{Staff, StaffLayout},
    tickets::{self, Actor, Ticket, TicketReference, command::CommandContext},
    web::AppError,
};

/// The part of a request that does not depend on its ticket.
pub(crate) struct TicketRequestContext {
    pub app: App,
    pub staff: Staff,
    pub guides: Arc<Guides>,
    /// The queue view that the staff member came from.
    pub origin: QueueOrigin,
    pub now: OffsetDateTime,
}

/// A request for a page of one ticket, with a connection for reading. An extractor; unknown references are not found.
pub(crate) struct TicketRequest {
    pub context: TicketRequestContext,
    pub db: PoolConnection<Postgres>,
    pub ticket: Ticket,
}

impl TicketRequestContext {
    pub(crate) fn layout(&self) -> StaffLayout {
        StaffLayout::new(&self.app, &self.staff, "queue")
    }

    pub(crate) fn command_context(&self) -> CommandContext {
        CommandContext::new(Actor::Staff(self.staff.id), self.now)
    }
}

impl FromRequestParts<GuidesState> for TicketRequestContext {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &GuidesState) -> Result<TicketRequestContext, Response> {
        let staff = Staff::from_request_parts(parts, state).await?;
        let Ok(origin) = QueueOrigin::from_request_parts(parts, state).await;
        let Ok(Now(now)) = Now::from_request_parts(parts, state).await;
        let GuidesState { app, guides } = state.clone();
        Ok(TicketRequestContext { app, staff, guides, origin, now })
    }
}

impl FromRequestParts<GuidesState> for TicketRequest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &GuidesState) -> Result<TicketRequest, Response> {
        let context = TicketRequestContext::from_request_parts(parts, state).await?;
        let reference = extract_reference(parts, state).await?;
        let load = async {
            let mut db = state.app.db.acquire().await?;
            let ticket = load_ticket(&mut db, &reference).await?;
            Ok(TicketRequest { context, db, ticket })
        };
        load.await.map_err(|error: AppError| error.into_response())
    }
}

/// The path's `{reference}` as the client sent it.
pub(crate) async fn extract_reference(parts: &mut Parts, state: &GuidesState) -> Result<String, Response> {
    let path = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
    let Path(mut path) = path.map_err(IntoResponse::into_response)?;
    Ok(path.remove("reference").unwrap_or_default())
}

/// # Errors
/// [`AppError::NotFound`] if the text is not a reference or there is no such ticket.
pub(crate) async fn load_ticket(db: &mut PgConnection, reference: &str) -> Result<Ticket, AppError> {
    let reference: TicketReference = reference.parse().map_err(|_| AppError::NotFound)?;
    tickets::find_by_reference(db, &reference).await?.ok_or(AppError::NotFound)
}
