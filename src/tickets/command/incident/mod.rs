//! Tickets and incidents: a ticket joins one that is known, leaves it, and is resolved with it.
//!
//! A ticket has at most one open incident; who joins it to one first wins, and the second is told. The tickets of an
//! incident that is over are resolved lot by lot: each lot is a transaction, so that nobody waits for ten thousand, and a
//! program that ends in the middle leaves whole lots behind it, which nobody does again.

mod store;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::update::CommandContext;
use crate::i18n::Lang;
use crate::tickets::{
    Actor, EventKind, Reply, TicketCommand, TicketReference, TicketStatus,
    transition::{
        decide::{TicketState, TicketTransition, TransitionDecision, decide},
        plan::TransitionPlan,
    },
};
pub(crate) use store::undo_bulk_join;
pub use store::{IncidentMembership, list_memberships};

/// How a ticket came to an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "incident_join_source", rename_all = "snake_case")]
pub enum JoinSource {
    /// Its customer said so.
    Customer,
    Staff,
    /// It was in a proposal that a person confirmed.
    Matched,
}

/// What became of the wish that a ticket joins an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum JoinOutcome {
    Done,
    /// It had joined this one before.
    AlreadyJoined,
    /// It belongs to another one, by its number.
    InOtherIncident(i64),
    /// There is nothing left to be done about it.
    Closed,
    /// It is a duplicate, which ends with its main ticket.
    IsDuplicate,
    /// There is no such ticket, or the incident is over.
    NotFound,
}

/// Makes tickets part of an incident, whatever has happened to them since they were seen. Gives the outcomes in the order
/// of `ids`.
///
/// # Errors
/// When the database is away; then nothing has changed.
pub async fn join(
    db: &mut PgConnection,
    ids: &[Uuid],
    incident: i64,
    how: JoinSource,
    by: CommandContext,
) -> Result<Vec<JoinOutcome>, sqlx::Error> {
    let standing: BTreeMap<_, _> = crate::tickets::transition::store::lock_states(db, ids, false)
        .await?
        .into_iter()
        .map(|at| (at.id, at))
        .collect();
    let done = store::insert_memberships(db, ids, None, incident, how, by).await?;
    let held: BTreeMap<_, _> =
        list_memberships(db, ids).await?.into_iter().map(|held| (held.ticket_id, held.incident_id)).collect();
    let told = |id: &Uuid| match (standing.get(id), held.get(id)) {
        _ if done.contains(id) => JoinOutcome::Done,
        (None, _) => JoinOutcome::NotFound,
        (Some(_), Some(other)) if *other == incident => JoinOutcome::AlreadyJoined,
        (Some(_), Some(other)) => JoinOutcome::InOtherIncident(*other),
        (Some(at), None) => join_rejection(at),
    };
    Ok(ids.iter().map(told).collect())
}

fn join_rejection(at: &TicketState) -> JoinOutcome {
    match at.status {
        TicketStatus::Duplicate => JoinOutcome::IsDuplicate,
        TicketStatus::Resolved | TicketStatus::Spam => JoinOutcome::Closed,
        // nothing stood in the way but the incident itself
        TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting => JoinOutcome::NotFound,
    }
}

/// Makes a ticket that was just opened part of the incident that its customer chose: one statement, no transaction. True
/// when it was not before.
///
/// # Errors
/// When the database is away.
pub async fn join_as_customer(
    db: &mut PgConnection,
    reference: &TicketReference,
    incident: i64,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let by = CommandContext::new(Actor::Customer, now);
    Ok(!store::insert_memberships(db, &[], Some(reference), incident, JoinSource::Customer, by).await?.is_empty())
}

/// Takes tickets out of an incident; those that were not in it stay as they are. Gives those that left.
///
/// # Errors
/// When the database is away.
pub async fn leave(
    db: &mut PgConnection,
    ids: &[Uuid],
    incident: i64,
    by: CommandContext,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let _locked = crate::tickets::transition::store::lock_states(db, ids, false).await?;
    store::delete_memberships(db, ids, incident, by).await
}

/// An incident that is over.
#[derive(Debug, Clone)]
pub struct ResolvedIncident {
    pub incident_id: i64,
    /// What staff wrote about its end, for the letters.
    pub update_id: i64,
    /// The same in each language, for the tickets.
    pub text: [Reply; 2],
}

/// A lot of its tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResolvedBatch {
    /// The last ticket that was looked at: the next lot begins behind it.
    pub last_ticket_id: Uuid,
    /// How many were resolved with the incident.
    pub resolved_count: usize,
    /// How many were passed over, because somebody is changing them at this moment.
    pub skipped_count: usize,
}

/// Resolves the next of an incident's tickets, at most `most`, and writes to their customers: one letter to each address,
/// however many lots there are. Nothing here waits for a ticket that somebody else holds. `None` when there are no more.
///
/// # Errors
/// When the database is away; then nothing of the lot has changed.
pub async fn resolve_batch(
    db: &mut PgConnection,
    over: &ResolvedIncident,
    after: Uuid,
    most: i64,
    now: OffsetDateTime,
) -> Result<Option<ResolvedBatch>, sqlx::Error> {
    let asked = store::list_ticket_ids_after(db, over.incident_id, after, most).await?;
    let Some(last) = asked.last().copied() else { return Ok(None) };
    let free = store::try_lock(db, &asked).await?;
    let langs: BTreeMap<Uuid, Lang> = free.iter().map(|free| (free.id, free.lang)).collect();
    // a ticket is resolved with all its duplicates, or later
    let whole: Vec<_> = asked
        .iter()
        .filter(|id| {
            let duplicates = free.iter().filter(|free| free.merged_into == Some(**id)).count();
            free.iter().any(|free| free.id == **id && usize::try_from(free.duplicate_count) == Ok(duplicates))
        })
        .copied()
        .collect();
    let mut plan = TransitionPlan::new(crate::tickets::transition::store::lock_states(db, &whole, true).await?);
    let (mut resolved, mut ended) = (Vec::new(), Vec::new());
    for id in &whole {
        let Some(at) = plan.state(*id).cloned() else { continue };
        ended.push(at.id);
        if at.status.is_active() {
            resolved.push(at.id);
            let text = over.text[langs.get(id).copied().unwrap_or_default() as usize].clone();
            // the letter is written below: one to each address, whatever that address reported
            if let TransitionDecision::Apply(step) =
                decide(&TicketCommand::Resolve { text: None }, &at, Actor::System, now)
            {
                plan.add_requested(TicketTransition {
                    event: EventKind::ResolvedInIncident { incident_id: over.incident_id, text },
                    email_kind: None,
                    ..*step
                });
            }
        }
    }
    plan.propagate_to_duplicates(now);
    crate::tickets::transition::store::apply_transitions(
        db,
        &plan.transitions(),
        CommandContext::new(Actor::System, now),
    )
    .await?;
    store::close_memberships(db, over, &ended, &resolved, now).await?;
    Ok(Some(ResolvedBatch {
        last_ticket_id: last,
        resolved_count: resolved.len(),
        skipped_count: asked.len() - ended.len(),
    }))
}
