//! Applies commands to tickets.

use std::collections::BTreeSet;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::context::{CommandContext, CommandOutcome, ExpectedVersion};
use crate::{
    staff::StaffMember,
    tickets::{
        TicketReference,
        event::actor::Actor,
        fields::TicketCategory,
        text::Note,
        ticket::Ticket,
        transition::{
            command::TicketCommand,
            decide,
            plan::TransitionPlan,
            store::{apply_transitions, cancel_detail_request_emails, lock_due_snoozes, lock_next_new, lock_states},
        },
    },
};

/// Applies a command to each of the tickets, and what follows from it to their duplicates, in one statement. Returns the
/// outcomes in the order of `expected`. A text is stored once per form (`form_id`).
pub async fn apply_to_many(
    db: &mut PgConnection,
    expected: &[ExpectedVersion],
    command: &TicketCommand,
    form_id: Option<Uuid>,
    context: CommandContext,
) -> Result<Vec<CommandOutcome>, sqlx::Error> {
    let (plan, outcomes) = lock_and_decide(db, expected, command, form_id, context).await?;
    let changed = apply_plan(db, plan, context).await?;
    if let TicketCommand::WithdrawDetailRequest { detail } = command {
        let changed: Vec<_> = changed.iter().copied().collect();
        cancel_detail_request_emails(db, &changed, *detail).await?;
    }
    let actual_outcome = |(expected, outcome): (&ExpectedVersion, CommandOutcome)| match outcome {
        _ if changed.contains(&expected.id) => CommandOutcome::Done,
        // the form was sent before
        CommandOutcome::Done => CommandOutcome::NoChange,
        outcome => outcome,
    };
    Ok(expected.iter().zip(outcomes).map(actual_outcome).collect())
}

/// Locks the tickets and decides the command, without changing anything yet.
pub(super) async fn lock_and_decide(
    db: &mut PgConnection,
    expected: &[ExpectedVersion],
    command: &TicketCommand,
    form_id: Option<Uuid>,
    context: CommandContext,
) -> Result<(TransitionPlan, Vec<CommandOutcome>), sqlx::Error> {
    let ids: Vec<_> = expected.iter().map(|expected| expected.id).collect();
    let mut plan = TransitionPlan::new(lock_states(db, &ids, command.affects_duplicates()).await?);
    let outcomes = plan.decide_all(expected, command, form_id, context);
    Ok((plan, outcomes))
}

/// Applies what was decided, and what follows from it to duplicates. Returns the ids of the changed tickets.
pub(super) async fn apply_plan(
    db: &mut PgConnection,
    mut plan: TransitionPlan,
    context: CommandContext,
) -> Result<BTreeSet<Uuid>, sqlx::Error> {
    plan.propagate_to_duplicates(context.now);
    Ok(apply_transitions(db, &plan.transitions(), context).await?.into_iter().collect())
}

/// Applies a command to one ticket.
pub async fn apply(
    db: &mut PgConnection,
    expected: ExpectedVersion,
    command: &TicketCommand,
    form_id: Option<Uuid>,
    context: CommandContext,
) -> Result<CommandOutcome, sqlx::Error> {
    Ok(apply_to_many(db, &[expected], command, form_id, context).await?.pop().unwrap_or(CommandOutcome::NotFound))
}

/// Adds a note, whatever the ticket's version. The same form with the same text again adds nothing.
pub async fn add_note(
    db: &mut PgConnection,
    ticket: &Ticket,
    text: Note,
    form_id: Uuid,
    actor: Actor,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let context = CommandContext::new(actor, now);
    let _ = apply(db, ticket.expected_version(), &TicketCommand::AddNote { text }, Some(form_id), context).await?;
    Ok(())
}

/// Assigns the new ticket that has waited longest. Concurrent calls get different tickets. `None` when none is new.
pub async fn claim_next(
    db: &mut PgConnection,
    category: Option<TicketCategory>,
    assignee: &StaffMember,
    now: OffsetDateTime,
) -> Result<Option<TicketReference>, sqlx::Error> {
    let Some(id) = lock_next_new(db, category).await? else { return Ok(None) };
    let Some(state) = lock_states(db, &[id], false).await?.pop() else { return Ok(None) };
    let expected = ExpectedVersion { id, version: state.version };
    let command = TicketCommand::Assign { assignee: assignee.clone(), reason: None };
    let _ = apply(db, expected, &command, None, CommandContext::new(Actor::Staff(assignee.id), now)).await?;
    Ok(Some(state.reference))
}

/// Returns tickets whose snooze has ended to the queue, at most `limit`. Returns how many.
pub async fn end_due_snoozes(db: &mut PgConnection, limit: i64, now: OffsetDateTime) -> Result<usize, sqlx::Error> {
    let due = lock_due_snoozes(db, now, limit).await?;
    let states = lock_states(db, &due, false).await?;
    let transitions: Vec<_> = states.iter().map(|state| decide::end_snooze(state, now)).collect();
    Ok(apply_transitions(db, &transitions, CommandContext::new(Actor::System, now)).await?.len())
}
