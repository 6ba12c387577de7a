//! The tickets of a resolved incident are resolved in batches. Each batch is a transaction, so that other users do not wait
//! for ten thousand tickets. If the program ends in the middle, the finished batches are complete and are not repeated.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::store::{close_memberships, list_ticket_ids_after, try_lock};
use crate::{
    i18n::Lang,
    tickets::{
        command::context::CommandContext,
        event::{actor::Actor, kind::EventKind},
        text::Reply,
        transition::{
            command::TicketCommand,
            decide::decide,
            plan::TransitionPlan,
            state::{TicketTransition, TransitionDecision},
            store::{apply_transitions, lock_states},
        },
    },
};

/// An incident that was resolved.
#[derive(Debug, Clone)]
pub struct ResolvedIncident {
    pub incident_id: i64,
    /// The last update of the incident, for the emails.
    pub update_id: i64,
    /// The text of that update in each language, for the tickets.
    pub text: [Reply; 2],
}

/// The result of one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResolvedBatch {
    /// The next batch begins after this ticket.
    pub last_ticket_id: Uuid,
    pub resolved_count: usize,
    /// Skipped because other transactions have locked them.
    pub skipped_count: usize,
}

/// Resolves the next tickets of an incident, at most `limit`, and queues the emails to their customers: one to each
/// address in all batches together. It does not wait for tickets that other transactions have locked. `None` when there
/// are no more.
pub async fn resolve_batch(
    db: &mut PgConnection,
    incident: &ResolvedIncident,
    after: Uuid,
    limit: i64,
    now: OffsetDateTime,
) -> Result<Option<ResolvedBatch>, sqlx::Error> {
    let ids = list_ticket_ids_after(db, incident.incident_id, after, limit).await?;
    let Some(last_ticket_id) = ids.last().copied() else { return Ok(None) };
    let locked = try_lock(db, &ids).await?;
    let langs: BTreeMap<Uuid, Lang> = locked.iter().map(|ticket| (ticket.id, ticket.lang)).collect();
    // a ticket is resolved together with all its duplicates, or by a later call
    let is_family_locked = |id: &Uuid| {
        let duplicate_count = locked.iter().filter(|ticket| ticket.merged_into == Some(*id)).count();
        locked.iter().any(|ticket| ticket.id == *id && usize::try_from(ticket.duplicate_count) == Ok(duplicate_count))
    };
    let lockable: Vec<_> = ids.iter().copied().filter(is_family_locked).collect();
    let mut plan = TransitionPlan::new(lock_states(db, &lockable, true).await?);
    let (mut resolved, mut ended) = (Vec::new(), Vec::new());
    for id in &lockable {
        let Some(state) = plan.state(*id).cloned() else { continue };
        ended.push(state.id);
        if state.status.is_active() {
            resolved.push(state.id);
            let text = incident.text[langs.get(id).copied().unwrap_or_default() as usize].clone();
            if let TransitionDecision::Apply(transition) =
                decide(&TicketCommand::Resolve { text: None }, &state, Actor::System, now)
            {
                plan.add_requested(TicketTransition {
                    event: EventKind::ResolvedInIncident { incident_id: incident.incident_id, text },
                    // queued below, one to each address
                    email_kind: None,
                    ..*transition
                });
            }
        }
    }
    plan.propagate_to_duplicates(now);
    apply_transitions(db, &plan.transitions(), CommandContext::new(Actor::System, now)).await?;
    close_memberships(db, incident.incident_id, incident.update_id, &ended, &resolved, now).await?;
    Ok(Some(ResolvedBatch { last_ticket_id, resolved_count: resolved.len(), skipped_count: ids.len() - ended.len() }))
}
