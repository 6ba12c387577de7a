//! Commands: every change of a ticket. Each takes the connection, the actor and the time, and records exactly one event, in
//! the same statement as the change.

pub(super) mod context;
mod open;
mod update;
mod reply;
mod call_example;
mod merge;
pub mod confirm_details;
pub mod access_link;
pub mod incident;
pub mod bulk;

pub use call_example::{AddExampleOutcome, add_call_example};
pub use context::{BulkRole, CommandContext, CommandOutcome, ExpectedVersion};
pub use merge::{MergeRejection, MergeResult, merge};
pub use open::{OpenOutcome, open_batch, open_by_staff, open_from_email, open_from_report};
pub use reply::{ReplyOutcome, send_reply_unless_answered};
pub use update::{add_note, apply, apply_to_many, claim_next, end_due_snoozes};
