//! Merging: a ticket that reports the same problem as another becomes its duplicate.
//!
//! A main ticket is never a duplicate itself. Every change of this tree locks both ends, and the main ticket's version is
//! incremented when a duplicate is added or removed, so a family that was read at some versions is complete. Two users who
//! merge two tickets into each other at the same time are serialized, and the second gets a version conflict.

use sqlx::PgConnection;
use uuid::Uuid;

use super::context::{CommandContext, CommandOutcome, ExpectedVersion};
use crate::tickets::{
    TicketReference,
    fields::TicketStatus,
    store,
    transition::{
        duplicates::merge_into,
        plan::TransitionPlan,
        store::{apply_transitions, lock_states, notify_merged},
    },
};

/// The result of a merge.
#[derive(Debug, PartialEq)]
#[must_use]
pub struct MergeResult {
    /// The main ticket of the others.
    pub main_reference: TicketReference,
    /// One per ticket, in the given order.
    pub outcomes: Vec<CommandOutcome>,
}

/// Why nothing was merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeRejection {
    /// The target is the same ticket, or a duplicate of it.
    IntoItself,
    /// Customers must not wait for a ticket that nobody looks at.
    IntoSpam,
    NotFound,
    /// The target became a duplicate at the same time.
    MainBecameDuplicate,
}

/// Makes tickets duplicates of `target`, or of its main ticket if it is a duplicate itself. Their own duplicates become
/// duplicates of the same ticket.
pub async fn merge(
    db: &mut PgConnection,
    expected: &[ExpectedVersion],
    target: Uuid,
    context: CommandContext,
) -> Result<Result<MergeResult, MergeRejection>, sqlx::Error> {
    let Some(main_id) = store::find_main_id(db, target).await? else { return Ok(Err(MergeRejection::NotFound)) };
    let ids: Vec<_> = expected.iter().map(|expected| expected.id).chain([main_id]).collect();
    let mut plan = TransitionPlan::new(lock_states(db, &ids, true).await?);
    let Some(main) = plan.state(main_id).cloned() else { return Ok(Err(MergeRejection::NotFound)) };
    if main.merged_into.is_some() {
        return Ok(Err(MergeRejection::MainBecameDuplicate));
    }
    if main.status == TicketStatus::Spam {
        return Ok(Err(MergeRejection::IntoSpam));
    }
    if expected.iter().all(|expected| expected.id == main.id) {
        return Ok(Err(MergeRejection::IntoItself));
    }
    let mut outcomes = Vec::with_capacity(expected.len());
    for expected in expected {
        let outcome = match plan.state(expected.id).cloned() {
            None => CommandOutcome::NotFound,
            Some(state) if state.id == main.id || state.merged_into == Some(main.id) => CommandOutcome::NoChange,
            Some(state) if state.version != expected.version => CommandOutcome::VersionConflict,
            Some(state) => {
                plan.add_requested(merge_into(&state, &main, context.now));
                for duplicate in plan.duplicates_of(state.id) {
                    plan.add_derived(merge_into(&duplicate, &main, context.now));
                }
                CommandOutcome::Done
            }
        };
        outcomes.push(outcome);
    }
    plan.propagate_to_duplicates(context.now);
    let changed = apply_transitions(db, &plan.transitions(), context).await?;
    notify_merged(db, &changed, context).await?;
    for (outcome, expected) in outcomes.iter_mut().zip(expected) {
        if expected.id != main.id && changed.contains(&expected.id) {
            *outcome = CommandOutcome::Done;
        }
    }
    Ok(Ok(MergeResult { main_reference: main.reference, outcomes }))
}
