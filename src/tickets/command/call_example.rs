//! Further examples of a call.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    context::{CommandContext, CommandOutcome, ExpectedVersion},
    update::{apply_plan, lock_and_decide},
};
use crate::tickets::{
    call_example::{
        example::{MAX_CALL_EXAMPLES, NewCallExample},
        store::count_for_ticket,
    },
    store::submission_exists,
    transition::command::TicketCommand,
};

/// The result of adding an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum AddExampleOutcome {
    /// Added now, or by the same form before.
    Added,
    /// The ticket has [`MAX_CALL_EXAMPLES`] already.
    LimitReached,
    /// The ticket was resolved too long ago.
    Closed,
    NotFound,
}

/// Adds an example. The limit is checked while the ticket is locked.
pub async fn add_call_example(
    db: &mut PgConnection,
    expected: ExpectedVersion,
    example: NewCallExample,
    form_id: Option<Uuid>,
    context: CommandContext,
) -> Result<AddExampleOutcome, sqlx::Error> {
    let command = TicketCommand::AddCallExample(Box::new(example));
    let (plan, outcomes) = lock_and_decide(db, &[expected], &command, form_id, context).await?;
    match outcomes.first() {
        Some(CommandOutcome::Done | CommandOutcome::NoChange) => {}
        Some(CommandOutcome::Closed) => return Ok(AddExampleOutcome::Closed),
        Some(
            CommandOutcome::VersionConflict
            | CommandOutcome::AssignedToOther
            | CommandOutcome::IsDuplicate
            | CommandOutcome::NotFound,
        )
        | None => return Ok(AddExampleOutcome::NotFound),
    }
    let count = count_for_ticket(db, expected.id).await?;
    if usize::try_from(count).is_ok_and(|count| count >= MAX_CALL_EXAMPLES) {
        let submission_id = plan.transition(expected.id).and_then(|transition| transition.submission_id);
        let is_sent_again = match submission_id {
            Some(submission_id) => submission_exists(db, submission_id).await?,
            None => false,
        };
        return Ok(if is_sent_again { AddExampleOutcome::Added } else { AddExampleOutcome::LimitReached });
    }
    apply_plan(db, plan, context).await?;
    Ok(AddExampleOutcome::Added)
}
