//! What every command takes and returns.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::tickets::event::actor::Actor;

/// How long staff are offered to undo a bulk action.
pub const UNDO_WINDOW: Duration = Duration::seconds(15);

/// How long the emails of a bulk action are held back: as long as it can be undone, and longer, because the clocks of
/// several programs differ.
const EMAIL_HOLD: Duration = Duration::seconds(2 * UNDO_WINDOW.whole_seconds());

/// The result of a command for one ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum CommandOutcome {
    Done,
    /// The ticket was in that state already.
    NoChange,
    /// The ticket has changed since it was read.
    VersionConflict,
    /// Assigned to another staff member. Taking it over needs a reason.
    AssignedToOther,
    /// A duplicate is resolved with its main ticket.
    IsDuplicate,
    /// Resolved, and this command does not reopen it.
    Closed,
    NotFound,
}

/// A ticket at the version that the user saw. A change is made only if the ticket still has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedVersion {
    pub id: Uuid,
    pub version: i32,
}

/// Who makes a change, when, and in which bulk action.
#[derive(Debug, Clone, Copy)]
pub struct CommandContext {
    pub actor: Actor,
    pub now: OffsetDateTime,
    pub bulk_role: BulkRole,
}

/// Whether a change is part of a bulk action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkRole {
    None,
    /// It can be undone together with the others.
    Member(Uuid),
    /// It undoes that action.
    Undo(Uuid),
}

impl CommandContext {
    pub fn new(actor: Actor, now: OffsetDateTime) -> CommandContext {
        CommandContext { actor, now, bulk_role: BulkRole::None }
    }

    /// Whether the change sends emails. Customers get none about what they did themselves.
    pub(in crate::tickets) fn sends_emails(&self) -> bool {
        match self.actor {
            Actor::Customer => false,
            Actor::Staff(_) | Actor::System => true,
        }
    }

    /// When the emails of the change may be sent.
    pub(in crate::tickets) fn send_emails_at(&self) -> OffsetDateTime {
        match self.bulk_role {
            BulkRole::None | BulkRole::Undo(_) => self.now,
            BulkRole::Member(_) => self.now + EMAIL_HOLD,
        }
    }

    pub(in crate::tickets) fn is_bulk_member(&self) -> bool {
        matches!(self.bulk_role, BulkRole::Member(_))
    }
}

impl BulkRole {
    pub(in crate::tickets) fn bulk_id(self) -> Option<Uuid> {
        match self {
            BulkRole::None => None,
            BulkRole::Member(id) | BulkRole::Undo(id) => Some(id),
        }
    }
}
