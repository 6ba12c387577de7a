//! Merging: a ticket that tells of the same trouble as another becomes its duplicate.
//!
//! The tree is one deep. Everybody who changes it holds the rows of both ends, and a main ticket's version goes up when
//! a duplicate comes or goes, so a family that was seen at some version is whole. Two people who merge both ways at once
//! therefore come one after the other, and the second finds that the ticket has changed.

use sqlx::PgConnection;
use uuid::Uuid;

use super::update::{CommandContext, CommandOutcome, ExpectedVersion};
use crate::tickets::{
    TicketReference, TicketStatus, store,
    transition::{decide::merge_into, plan::TransitionPlan},
};

/// What became of tickets that were to be merged.
#[derive(Debug, PartialEq)]
#[must_use]
pub struct MergeResult {
    /// The ticket that the others are duplicates of now.
    pub main_reference: TicketReference,
    pub outcomes: Vec<CommandOutcome>,
}

/// Why nothing could be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeRejection {
    /// The ticket to merge into is the same one, or a duplicate of it.
    IntoItself,
    /// Customers must not wait for what nobody looks at.
    IntoSpam,
    /// There is no such ticket.
    NotFound,
    /// The ticket to merge into became a duplicate at this very moment.
    MainBecameDuplicate,
}

/// Makes tickets duplicates of `into`, or of the ticket that this one is a duplicate of itself. Their own duplicates
/// come along.
///
/// # Errors
/// When the database is away; then nothing has changed.
pub async fn merge(
    db: &mut PgConnection,
    seen: &[ExpectedVersion],
    into: Uuid,
    by: CommandContext,
) -> Result<Result<MergeResult, MergeRejection>, sqlx::Error> {
    let Some(main) = store::find_main_id(db, into).await? else { return Ok(Err(MergeRejection::NotFound)) };
    let ids: Vec<_> = seen.iter().map(|seen| seen.id).chain([main]).collect();
    let mut plan = TransitionPlan::new(crate::tickets::transition::store::lock_states(db, &ids, true).await?);
    let Some(main) = plan.state(main).cloned() else { return Ok(Err(MergeRejection::NotFound)) };
    if main.merged_into.is_some() {
        return Ok(Err(MergeRejection::MainBecameDuplicate));
    }
    if main.status == TicketStatus::Spam {
        return Ok(Err(MergeRejection::IntoSpam));
    }
    if seen.iter().all(|seen| seen.id == main.id) {
        return Ok(Err(MergeRejection::IntoItself));
    }
    let mut outcomes = Vec::with_capacity(seen.len());
    for seen in seen {
        let outcome = match plan.state(seen.id).cloned() {
            None => CommandOutcome::NotFound,
            Some(at) if at.id == main.id || at.merged_into == Some(main.id) => CommandOutcome::NoChange,
            Some(at) if at.version != seen.version => CommandOutcome::VersionConflict,
            Some(at) => {
                plan.add_requested(merge_into(&at, &main, by.now));
                for duplicate in plan.duplicates_of(at.id) {
                    plan.add_derived(merge_into(&duplicate, &main, by.now));
                }
                CommandOutcome::Done
            }
        };
        outcomes.push(outcome);
    }
    plan.propagate_to_duplicates(by.now);
    let done = crate::tickets::transition::store::apply_transitions(db, &plan.transitions(), by).await?;
    crate::tickets::transition::store::notify_merged(db, &done, by).await?;
    for (outcome, seen) in outcomes.iter_mut().zip(seen) {
        if seen.id != main.id && done.contains(&seen.id) {
            *outcome = CommandOutcome::Done;
        }
    }
    Ok(Ok(MergeResult { main_reference: main.reference, outcomes }))
}
