//! What an event carries. This is the only list of all kinds beside their description: other code reads the payload.

use super::{
    kind::{EventKind, Reopening},
    notification::EmailKind,
};
use crate::tickets::{
    call_detail::DetailValue,
    fields::{CallDetail, TicketStatus},
    text::{CustomerMessage, Note, Reply},
};

/// What an event carries besides its kind.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct EventPayload<'a> {
    /// Written by staff for the customer. No other text of staff may leave the system.
    pub reply: Option<&'a Reply>,
    pub customer_message: Option<&'a CustomerMessage>,
    pub note: Option<&'a Note>,
    pub reason: Option<&'a Note>,
    pub detail: Option<CallDetail>,
    pub detail_value: Option<&'a DetailValue>,
    pub reopening: Option<&'a Reopening>,
    /// The form that was sent again.
    pub resubmitted_fields: Option<&'a [(String, String)]>,
    /// The ticket was unassigned, and is now assigned to the staff member who made the change.
    pub auto_assigned: bool,
    /// It counts as the first response of staff.
    pub is_response: bool,
    /// The email about it: to the ticket's customer, and for `Replied`, `Resolved` and `Reopened` also to the customers of
    /// its duplicates.
    pub email: Option<EmailKind>,
    pub timeline: Option<TimelineHeading>,
}

/// The heading in the customer's timeline, a message id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimelineHeading {
    /// Only for the ticket's own customer.
    Own(&'static str),
    /// Also for the customers of its duplicates.
    Shared(&'static str),
}

impl EventPayload<'_> {
    const EMPTY: EventPayload<'static> = EventPayload {
        reply: None,
        customer_message: None,
        note: None,
        reason: None,
        detail: None,
        detail_value: None,
        reopening: None,
        resubmitted_fields: None,
        auto_assigned: false,
        is_response: false,
        email: None,
        timeline: None,
    };

    fn own(heading: &'static str) -> EventPayload<'static> {
        EventPayload { timeline: Some(TimelineHeading::Own(heading)), ..EventPayload::EMPTY }
    }

    fn shared(heading: &'static str) -> EventPayload<'static> {
        EventPayload { timeline: Some(TimelineHeading::Shared(heading)), ..EventPayload::EMPTY }
    }

    /// Staff began to work on the ticket: customers learn it once.
    fn assigned(is_first: bool) -> EventPayload<'static> {
        if is_first { EventPayload::shared("customer-timeline-assigned") } else { EventPayload::EMPTY }
    }
}

impl EventKind {
    pub fn reply(&self) -> Option<&Reply> {
        self.payload().reply
    }

    pub(crate) fn payload(&self) -> EventPayload<'_> {
        match self {
            EventKind::Opened { .. } => {
                EventPayload { email: Some(EmailKind::Received), ..EventPayload::own("customer-timeline-opened") }
            }
            EventKind::Resubmitted { raw_fields } => EventPayload {
                resubmitted_fields: Some(raw_fields),
                ..EventPayload::own("customer-timeline-resubmitted")
            },
            EventKind::Assigned { previous_assignee_name, reason, .. } => {
                EventPayload { reason: reason.as_ref(), ..EventPayload::assigned(previous_assignee_name.is_none()) }
            }
            EventKind::Unassigned { reason, .. } => EventPayload { reason: reason.as_ref(), ..EventPayload::EMPTY },
            EventKind::StatusChanged { auto_assigned, .. } => {
                EventPayload { auto_assigned: *auto_assigned, ..EventPayload::assigned(*auto_assigned) }
            }
            EventKind::Snoozed { reason, auto_assigned, .. } => EventPayload {
                reason: reason.as_ref(),
                auto_assigned: *auto_assigned,
                ..EventPayload::assigned(*auto_assigned)
            },
            EventKind::Resolved { text, auto_assigned } => EventPayload {
                reply: text.as_ref(),
                auto_assigned: *auto_assigned,
                is_response: true,
                email: Some(EmailKind::Resolved),
                ..EventPayload::shared("customer-timeline-resolved")
            },
            EventKind::Reopened { from, auto_assigned } => EventPayload {
                auto_assigned: *auto_assigned,
                // a report that was taken for spam was not confirmed yet; a confirmed one is not confirmed again
                email: Some(match from {
                    TicketStatus::Spam => EmailKind::Received,
                    TicketStatus::New
                    | TicketStatus::Open
                    | TicketStatus::Waiting
                    | TicketStatus::Resolved
                    | TicketStatus::Duplicate => EmailKind::Reopened,
                }),
                ..EventPayload::shared("customer-timeline-reopened")
            },
            EventKind::NoteAdded { text } => EventPayload { note: Some(text), ..EventPayload::EMPTY },
            EventKind::Replied { text, auto_assigned } => EventPayload {
                reply: Some(text),
                auto_assigned: *auto_assigned,
                is_response: true,
                email: Some(EmailKind::Replied),
                ..EventPayload::shared("customer-timeline-replied")
            },
            // the emails of the main ticket also go to the customers of its duplicates; see also `command::merge`
            EventKind::MergedInto { resolved, .. } => EventPayload { is_response: *resolved, ..EventPayload::EMPTY },
            EventKind::ResolvedWithMain { .. } => EventPayload { is_response: true, ..EventPayload::EMPTY },
            EventKind::Separated { auto_assigned, .. } => {
                EventPayload { auto_assigned: *auto_assigned, ..EventPayload::EMPTY }
            }
            EventKind::JoinedIncident { .. } => EventPayload::own("customer-timeline-incident-joined"),
            // an incident sends one email to each address: see `command::incident`
            EventKind::ResolvedInIncident { text, .. } => EventPayload {
                reply: Some(text),
                is_response: true,
                ..EventPayload::shared("customer-timeline-resolved")
            },
            EventKind::DetailRequested { detail, auto_assigned, .. } => EventPayload {
                detail: Some(*detail),
                auto_assigned: *auto_assigned,
                is_response: true,
                email: Some(EmailKind::DetailRequested),
                ..EventPayload::own("customer-timeline-detail-requested")
            },
            // A queued email with the request is cancelled: see `command::update`. A sent one leads to a page that says
            // that the request was withdrawn.
            EventKind::DetailRequestWithdrawn { detail, auto_assigned } => EventPayload {
                detail: Some(*detail),
                auto_assigned: *auto_assigned,
                ..EventPayload::own("customer-timeline-request-withdrawn")
            },
            EventKind::DetailProvided { detail, new_value, auto_assigned, .. } => EventPayload {
                detail: Some(*detail),
                detail_value: Some(new_value),
                auto_assigned: *auto_assigned,
                ..EventPayload::own("customer-timeline-detail-provided")
            },
            EventKind::CustomerWrote { text, reopening } => EventPayload {
                customer_message: Some(text),
                reopening: Some(reopening),
                ..EventPayload::own("customer-timeline-message")
            },
            EventKind::CustomerConfirmedFixed { .. } => EventPayload::own("customer-timeline-confirmed-fixed"),
            EventKind::CustomerStillBroken { text, reopening } => EventPayload {
                customer_message: text.as_ref(),
                reopening: Some(reopening),
                ..EventPayload::own("customer-timeline-still-broken")
            },
            EventKind::CallExampleAdded { reopening, .. } => {
                EventPayload { reopening: Some(reopening), ..EventPayload::own("customer-timeline-example-added") }
            }
            // the statements of `command::access_link` queue these two emails
            EventKind::AccessKeyRotated => EventPayload {
                email: Some(EmailKind::AccessLink),
                ..EventPayload::own("customer-timeline-access-key-rotated")
            },
            EventKind::AccessLinkRequested => EventPayload {
                email: Some(EmailKind::AccessLink),
                ..EventPayload::own("customer-timeline-access-link-requested")
            },
            EventKind::SnoozeEnded
            | EventKind::MarkedSpam
            | EventKind::DuplicatesAdded { .. }
            | EventKind::DuplicatesRemoved { .. }
            | EventKind::ReopenedWithMain { .. }
            | EventKind::LeftIncident { .. }
            | EventKind::DetailsConfirmed { .. }
            | EventKind::DuplicateActivity { .. }
            | EventKind::BulkUpdateUndone => EventPayload::EMPTY,
        }
    }
}
