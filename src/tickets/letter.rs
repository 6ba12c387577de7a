//! Which changes the customer is told of by a letter. The letter is written by the statement that writes the event, so
//! there is none without the other; `letters` puts it together and sends it.

use super::{Actor, Status, What, bulk, verbs::Part};
use serde::Serialize;
use time::{Duration, OffsetDateTime};

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "letter_kind", rename_all = "snake_case")]
pub enum LetterKind {
    /// The report is here, and this is the way to its page.
    Received,
    /// Staff wrote.
    Answered,
    /// Staff need one thing more.
    Asked,
    /// The trouble is over.
    Resolved,
    /// It was not over.
    Reopened,
    /// The way to the page, for somebody who has lost it.
    Link,
    /// News of the incident that the ticket is part of,
    IncidentUpdate,
    /// and its end.
    IncidentResolved,
    /// Whether an address belongs to who wants to follow an incident.
    IncidentFollow,
}

/// How long letters of a change of many tickets rest: as long as it can be taken back, and a little more, since clocks of
/// different programs differ.
pub(super) const REST: Duration = Duration::seconds(2 * bulk::UNDO.whole_seconds());

impl What {
    /// The letter that tells the customers of it: that of the ticket itself, and for `Answered`, `Resolved` and `Reopened`
    /// those of its duplicates. Notes have none.
    pub(super) fn letter(&self) -> Option<LetterKind> {
        match self {
            What::Opened { .. } => Some(LetterKind::Received),
            What::Replied { .. } => Some(LetterKind::Answered),
            What::Resolved { .. } => Some(LetterKind::Resolved),
            // a customer who was taken for a robot has heard nothing yet; who has heard is not told again
            What::Reopened { from: Status::Spam, .. } => Some(LetterKind::Received),
            What::Reopened { .. } => Some(LetterKind::Reopened),
            What::Asked { .. } => Some(LetterKind::Asked),
            // written by the statements of `link`
            What::Link | What::Rekeyed => Some(LetterKind::Link),
            // the main ticket's events speak for its duplicates; see also `merge`
            What::ResolvedWith { .. } | What::FollowsAgain { .. } | What::MergedInto { .. } => None,
            // an incident writes to each address once: see `incident`
            What::ResolvedInIncident { .. } => None,
            What::SentAgain { .. }
            | What::Assigned { .. }
            | What::Released { .. }
            | What::StatusChanged { .. }
            | What::Waits { .. }
            | What::CameBack
            | What::MarkedSpam
            | What::Noted { .. }
            | What::Absorbed { .. }
            | What::Separated { .. }
            | What::LetGo { .. }
            | What::JoinedIncident { .. }
            | What::LeftIncident { .. }
            | What::Settled { .. }
            // a letter that asks and has not gone goes no more: see `verbs::act`; one that has gone leads to a page that says so
            | What::TookBack { .. }
            // what customers say themselves
            | What::Filled { .. }
            | What::Wrote { .. }
            | What::Works { .. }
            | What::Fails { .. }
            | What::Example { .. }
            | What::HeardFrom { .. }
            | What::Undone => None,
        }
    }
}

/// Whether what somebody does is told by letter: nobody is told what they did themselves.
pub(super) fn is_told(by: Actor) -> bool {
    match by {
        Actor::Customer => false,
        Actor::Staff(_) | Actor::System => true,
    }
}

/// When the letters of a change may go.
pub(super) fn not_before(part: Part, now: OffsetDateTime) -> OffsetDateTime {
    match part {
        Part::Alone | Part::UndoOf(_) => now,
        Part::Of(_) => now + REST,
    }
}
