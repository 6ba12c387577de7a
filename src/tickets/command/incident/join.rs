//! Tickets join an incident or leave it. A ticket belongs to at most one open incident: if two users join it to different
//! ones, the first wins, and the second learns it from the outcome.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::store::{delete_memberships, insert_memberships, list_memberships};
use crate::tickets::{
    TicketReference,
    command::context::CommandContext,
    event::{actor::Actor, kind::JoinSource},
    fields::TicketStatus,
    transition::{state::TicketState, store::lock_states},
};

/// The result of joining one ticket to an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum JoinOutcome {
    Done,
    AlreadyJoined,
    /// The ticket belongs to another incident, with this id.
    InOtherIncident(i64),
    /// The ticket is resolved or spam.
    Closed,
    /// A duplicate is resolved with its main ticket.
    IsDuplicate,
    /// There is no such ticket, or no open incident with this id.
    NotFound,
}

/// Joins tickets to an incident, whatever their versions. Returns the outcomes in the order of `ids`.
pub async fn join(
    db: &mut PgConnection,
    ids: &[Uuid],
    incident_id: i64,
    source: JoinSource,
    context: CommandContext,
) -> Result<Vec<JoinOutcome>, sqlx::Error> {
    let states: BTreeMap<_, _> =
        lock_states(db, ids, false).await?.into_iter().map(|state| (state.id, state)).collect();
    let joined = insert_memberships(db, ids, &[], incident_id, source, context).await?;
    let incident_ids: BTreeMap<_, _> = list_memberships(db, ids)
        .await?
        .into_iter()
        .map(|membership| (membership.ticket_id, membership.incident_id))
        .collect();
    let outcome = |id: &Uuid| match (states.get(id), incident_ids.get(id)) {
        _ if joined.contains(id) => JoinOutcome::Done,
        (None, _) => JoinOutcome::NotFound,
        (Some(_), Some(current)) if *current == incident_id => JoinOutcome::AlreadyJoined,
        (Some(_), Some(current)) => JoinOutcome::InOtherIncident(*current),
        (Some(state), None) => join_rejection(state),
    };
    Ok(ids.iter().map(outcome).collect())
}

fn join_rejection(state: &TicketState) -> JoinOutcome {
    match state.status {
        TicketStatus::Duplicate => JoinOutcome::IsDuplicate,
        TicketStatus::Resolved | TicketStatus::Spam => JoinOutcome::Closed,
        // such a ticket can join, so the incident is the reason
        TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting => JoinOutcome::NotFound,
    }
}

/// Joins tickets that were just opened to the incident that their customers chose. Tickets that can't join are skipped.
pub async fn join_as_customer(
    db: &mut PgConnection,
    references: &[&TicketReference],
    incident_id: i64,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let context = CommandContext::new(Actor::Customer, now);
    insert_memberships(db, &[], references, incident_id, JoinSource::Customer, context).await?;
    Ok(())
}

/// Removes tickets from an incident. Tickets that do not belong to it stay unchanged. Returns the ids of the others.
pub async fn leave(
    db: &mut PgConnection,
    ids: &[Uuid],
    incident_id: i64,
    context: CommandContext,
) -> Result<Vec<Uuid>, sqlx::Error> {
    lock_states(db, ids, false).await?;
    delete_memberships(db, ids, incident_id, context).await
}
