//! Which changes the customer is told of by a letter. The letter is written by the statement that writes the event, so
//! there is none without the other; `letters` puts it together and sends it.

use crate::tickets::{
    Actor, EventKind, TicketStatus,
    command::{bulk, update::BulkRole},
};
use serde::Serialize;
use time::{Duration, OffsetDateTime};

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "email_kind", rename_all = "snake_case")]
pub enum EmailKind {
    /// The report is here, and this is the way to its page.
    Received,
    /// Staff wrote.
    Replied,
    /// Staff need one thing more.
    DetailRequested,
    /// The trouble is over.
    Resolved,
    /// It was not over.
    Reopened,
    /// The way to the page, for somebody who has lost it.
    AccessLink,
    /// News of the incident that the ticket is part of,
    IncidentUpdate,
    /// and its end.
    IncidentResolved,
    /// Whether an address belongs to who wants to follow an incident.
    IncidentSubscription,
}

/// How long letters of a change of many tickets rest: as long as it can be taken back, and a little more, since clocks of
/// different programs differ.
pub(crate) const UNDO_HOLD: Duration = Duration::seconds(2 * bulk::UNDO_WINDOW.whole_seconds());

impl EventKind {
    /// The letter that tells the customers of it: that of the ticket itself, and for `Answered`, `Resolved` and `Reopened`
    /// those of its duplicates. Notes have none.
    pub(crate) fn email_kind(&self) -> Option<EmailKind> {
        match self {
            EventKind::Opened { .. } => Some(EmailKind::Received),
            EventKind::Replied { .. } => Some(EmailKind::Replied),
            EventKind::Resolved { .. } => Some(EmailKind::Resolved),
            // a customer who was taken for a robot has heard nothing yet; who has heard is not told again
            EventKind::Reopened { from: TicketStatus::Spam, .. } => Some(EmailKind::Received),
            EventKind::Reopened { .. } => Some(EmailKind::Reopened),
            EventKind::DetailRequested { .. } => Some(EmailKind::DetailRequested),
            // written by the statements of `link`
            EventKind::AccessLinkRequested | EventKind::AccessKeyRotated => Some(EmailKind::AccessLink),
            // the main ticket's events speak for its duplicates; see also `merge`
            EventKind::ResolvedWithMain { .. } | EventKind::ReopenedWithMain { .. } | EventKind::MergedInto { .. } => None,
            // an incident writes to each address once: see `incident`
            EventKind::ResolvedInIncident { .. } => None,
            EventKind::Resubmitted { .. }
            | EventKind::Assigned { .. }
            | EventKind::Unassigned { .. }
            | EventKind::StatusChanged { .. }
            | EventKind::Snoozed { .. }
            | EventKind::SnoozeEnded
            | EventKind::MarkedSpam
            | EventKind::NoteAdded { .. }
            | EventKind::DuplicatesAdded { .. }
            | EventKind::Separated { .. }
            | EventKind::DuplicatesRemoved { .. }
            | EventKind::JoinedIncident { .. }
            | EventKind::LeftIncident { .. }
            | EventKind::DetailsConfirmed { .. }
            // a letter that asks and has not gone goes no more: see `verbs::act`; one that has gone leads to a page that says so
            | EventKind::DetailRequestWithdrawn { .. }
            // what customers say themselves
            | EventKind::DetailProvided { .. }
            | EventKind::CustomerWrote { .. }
            | EventKind::CustomerConfirmedFixed { .. }
            | EventKind::CustomerStillBroken { .. }
            | EventKind::CallExampleAdded { .. }
            | EventKind::DuplicateActivity { .. }
            | EventKind::BulkUpdateUndone => None,
        }
    }
}

/// Whether what somebody does is told by letter: nobody is told what they did themselves.
pub(crate) fn notifies_customer(by: Actor) -> bool {
    match by {
        Actor::Customer => false,
        Actor::Staff(_) | Actor::System => true,
    }
}

/// When the letters of a change may go.
pub(crate) fn send_after(part: BulkRole, now: OffsetDateTime) -> OffsetDateTime {
    match part {
        BulkRole::None | BulkRole::Undo(_) => now,
        BulkRole::Member(_) => now + UNDO_HOLD,
    }
}
