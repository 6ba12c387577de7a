//! Staff confirm what was extracted from an email: they correct wrong details and add missing ones.

pub(super) mod details;
pub(super) mod store;

use sqlx::PgConnection;

pub use details::ConfirmedDetails;

use super::context::{CommandContext, CommandOutcome, ExpectedVersion};
use crate::tickets::ticket::Ticket;

/// Confirms the details of a ticket that was opened from an email. No field of it is inferred any more.
pub async fn confirm_details(
    db: &mut PgConnection,
    ticket: &Ticket,
    expected: ExpectedVersion,
    details: &ConfirmedDetails,
    context: CommandContext,
) -> Result<CommandOutcome, sqlx::Error> {
    let corrections = details.corrections_since(&ConfirmedDetails::from_ticket(ticket));
    if corrections.is_empty() && ticket.inferred_fields.is_empty() {
        return Ok(CommandOutcome::NoChange);
    }
    let is_stored = store::update_confirmed(db, expected, details, corrections, context).await?;
    Ok(if is_stored { CommandOutcome::Done } else { CommandOutcome::VersionConflict })
}
