//! The state of a ticket that commands look at, and a change of it.

use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::tickets::{
    TicketReference,
    call_detail::CallDetailColumns,
    call_example::example::CallExampleColumns,
    event::{kind::EventKind, notification::EmailKind},
    fields::{CallDetail, TicketStatus},
};

/// The state of a locked ticket.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct TicketState {
    pub id: Uuid,
    #[serde(skip)]
    pub reference: TicketReference,
    /// The version before the change.
    pub version: i32,
    pub status: TicketStatus,
    pub assignee: Option<Uuid>,
    #[serde(skip)]
    pub assignee_name: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub awaiting_staff_since: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub snoozed_until: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub resolved_at: Option<OffsetDateTime>,
    pub merged_into: Option<Uuid>,
    #[serde(skip)]
    pub main_reference: Option<TicketReference>,
    #[serde(skip)]
    pub has_duplicates: bool,
    pub requested_details: Vec<CallDetail>,
}

/// A change of one ticket: its state afterwards, and the event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct TicketTransition {
    #[serde(flatten)]
    pub after: TicketState,
    pub event: EventKind,
    /// The id of a text in its form: sent twice, it is stored once.
    pub submission_id: Option<Uuid>,
    /// Requested by the command, and not derived from what was requested.
    pub requested: bool,
    #[serde(flatten)]
    pub call_detail: Option<CallDetailColumns>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_example: Option<CallExampleColumns>,
    /// It counts as the first response of staff.
    pub is_response: bool,
    pub email_kind: Option<EmailKind>,
}

/// What a command means for one ticket.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TransitionDecision {
    Apply(Box<TicketTransition>),
    /// The ticket is in that state already.
    NoChange,
    /// Assigned to another staff member, and no reason was given to take it over.
    AssignedToOther,
    /// A duplicate is resolved with its main ticket, or separated first.
    IsDuplicate,
    /// Resolved: too long ago for the customer to reopen it, or there is nothing left to request.
    Closed,
}

impl TicketTransition {
    pub(crate) fn new(after: TicketState, event: EventKind) -> TicketTransition {
        let payload = event.payload();
        TicketTransition {
            after,
            submission_id: None,
            requested: false,
            call_detail: None,
            call_example: None,
            is_response: payload.is_response,
            email_kind: payload.email,
            event,
        }
    }
}

impl TransitionDecision {
    pub(super) fn apply(after: TicketState, event: EventKind) -> TransitionDecision {
        TransitionDecision::Apply(Box::new(TicketTransition::new(after, event)))
    }
}

impl TicketState {
    pub(super) fn assignee_name_or_empty(&self) -> String {
        self.assignee_name.clone().unwrap_or_default()
    }

    /// This state in the queue: if staff had nothing to do before, the customer waits from now on.
    pub(super) fn back_in_queue(self, before: &TicketState, now: OffsetDateTime) -> TicketState {
        let was_in_queue = matches!(before.status, TicketStatus::New | TicketStatus::Open);
        let awaiting_staff_since = if was_in_queue { before.awaiting_staff_since } else { now };
        TicketState { awaiting_staff_since, snoozed_until: None, resolved_at: None, ..self }
    }

    /// This state without its main ticket.
    pub(super) fn without_main(self) -> TicketState {
        TicketState { merged_into: None, main_reference: None, ..self }
    }
}

/// The status of a ticket in the queue: an assigned one is open, an unassigned one is new.
pub(super) const fn active_status(assignee: Option<Uuid>) -> TicketStatus {
    if assignee.is_some() { TicketStatus::Open } else { TicketStatus::New }
}
