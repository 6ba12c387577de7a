//! What happened to a ticket, as its customer is told it.

use time::OffsetDateTime;

use super::page::CustomerTicketPage;
use crate::{
    i18n::UiMessage,
    tickets::{CustomerMessage, EventKind, Reply, TicketEvent},
};

/// A step of the way.
pub(crate) struct TimelineEntry<'a> {
    pub heading: String,
    pub at: OffsetDateTime,
    pub text: Option<&'a str>,
    /// Who of the staff wrote the text; the customer's own words have nobody.
    pub author: Option<String>,
    pub is_own: bool,
}

impl CustomerTicketPage {
    /// The steps that a customer cares about, the oldest first. What was said on the main ticket before this one was
    /// merged into it follows the step that says so.
    pub(crate) fn timeline(&self) -> Vec<TimelineEntry<'_>> {
        let merged = self.events.iter().rev().find(|event| matches!(event.kind.0, EventKind::MergedInto { .. }));
        let merged = merged.filter(|_| self.main_ticket.is_some());
        let own = self.events.iter().filter_map(|event| {
            let heading = match &event.kind.0 {
                EventKind::MergedInto { .. } if merged.is_some_and(|last| std::ptr::eq(last, event)) => {
                    UiMessage::new("customer-timeline-merged")
                }
                what => private_heading(what).or_else(|| shared_heading(what).map(UiMessage::new))?,
            };
            Some((event.at, heading, event))
        });
        let main = self.main_ticket.iter().flat_map(|main| &main.events).filter_map(|event| {
            let at = merged.map_or(event.at, |merged| event.at.max(merged.at));
            Some((at, UiMessage::new(shared_heading(&event.kind)?), event))
        });
        let mut steps: Vec<_> = own.chain(main).filter(|(.., event)| !event.undone).collect();
        steps.sort_by_key(|(at, ..)| *at);
        steps.into_iter().map(|(_, heading, event)| self.timeline_entry(&heading, event)).collect()
    }

    fn timeline_entry<'a>(&self, heading: &UiMessage, event: &'a TicketEvent) -> TimelineEntry<'a> {
        let reply = event.reply().map(Reply::as_str);
        let first_name = |name: &String| name.split(' ').next().unwrap_or(name).to_owned();
        TimelineEntry {
            heading: self.page.format(heading),
            at: event.at,
            text: reply.or_else(|| event.customer_message().map(CustomerMessage::as_str)),
            author: event.staff_name.as_ref().map(first_name),
            is_own: reply.is_none(),
        }
    }
}

/// What only the ticket's own customer may know.
fn private_heading(what: &EventKind) -> Option<UiMessage> {
    let with =
        |id, piece: &crate::tickets::CallDetail| UiMessage::new(id).with("detail", UiMessage::new(piece.label()));
    match what {
        EventKind::Opened { .. } => Some(UiMessage::new("customer-timeline-opened")),
        EventKind::Resubmitted { .. } => Some(UiMessage::new("customer-timeline-resubmitted")),
        EventKind::DetailRequested { detail: piece, .. } => Some(with("customer-timeline-detail-requested", piece)),
        EventKind::DetailRequestWithdrawn { detail: piece, .. } => {
            Some(with("customer-timeline-request-withdrawn", piece))
        }
        EventKind::DetailProvided { detail: piece, new_value: now, .. } => {
            Some(with("customer-timeline-detail-provided", piece).with("value", now.to_message()))
        }
        EventKind::CustomerWrote { .. } => Some(UiMessage::new("customer-timeline-message")),
        EventKind::CustomerConfirmedFixed { .. } => Some(UiMessage::new("customer-timeline-confirmed-fixed")),
        EventKind::CustomerStillBroken { .. } => Some(UiMessage::new("customer-timeline-still-broken")),
        EventKind::CallExampleAdded { .. } => Some(UiMessage::new("customer-timeline-example-added")),
        EventKind::AccessKeyRotated => Some(UiMessage::new("customer-timeline-access-key-rotated")),
        EventKind::AccessLinkRequested => Some(UiMessage::new("customer-timeline-access-link-requested")),
        EventKind::JoinedIncident { .. } => Some(UiMessage::new("customer-timeline-incident-joined")),
        EventKind::Assigned { .. }
        | EventKind::Unassigned { .. }
        | EventKind::StatusChanged { .. }
        | EventKind::Snoozed { .. }
        | EventKind::SnoozeEnded
        | EventKind::Resolved { .. }
        | EventKind::Reopened { .. }
        | EventKind::MarkedSpam
        | EventKind::NoteAdded { .. }
        | EventKind::Replied { .. }
        | EventKind::MergedInto { .. }
        | EventKind::DuplicatesAdded { .. }
        | EventKind::Separated { .. }
        | EventKind::DuplicatesRemoved { .. }
        | EventKind::ResolvedWithMain { .. }
        | EventKind::ReopenedWithMain { .. }
        | EventKind::DuplicateActivity { .. }
        | EventKind::LeftIncident { .. }
        | EventKind::ResolvedInIncident { .. }
        | EventKind::DetailsConfirmed { .. }
        | EventKind::BulkUpdateUndone => None,
    }
}

/// What the customers of a ticket and of its duplicates may know of a change.
fn shared_heading(what: &EventKind) -> Option<&'static str> {
    match what {
        EventKind::Assigned { previous_assignee_name: None, .. }
        | EventKind::StatusChanged { auto_assigned: true, .. }
        | EventKind::Snoozed { auto_assigned: true, .. } => Some("customer-timeline-assigned"),
        EventKind::Replied { .. } => Some("customer-timeline-replied"),
        EventKind::Resolved { .. } | EventKind::ResolvedInIncident { .. } => Some("customer-timeline-resolved"),
        EventKind::Reopened { .. } => Some("customer-timeline-reopened"),
        EventKind::Opened { .. }
        | EventKind::Resubmitted { .. }
        | EventKind::Assigned { .. }
        | EventKind::Unassigned { .. }
        | EventKind::StatusChanged { .. }
        | EventKind::Snoozed { .. }
        | EventKind::SnoozeEnded
        | EventKind::MarkedSpam
        | EventKind::NoteAdded { .. }
        | EventKind::MergedInto { .. }
        | EventKind::DuplicatesAdded { .. }
        | EventKind::Separated { .. }
        | EventKind::DuplicatesRemoved { .. }
        | EventKind::ResolvedWithMain { .. }
        | EventKind::ReopenedWithMain { .. }
        | EventKind::DetailRequested { .. }
        | EventKind::DetailRequestWithdrawn { .. }
        | EventKind::DetailProvided { .. }
        | EventKind::CustomerWrote { .. }
        | EventKind::CustomerConfirmedFixed { .. }
        | EventKind::CustomerStillBroken { .. }
        | EventKind::CallExampleAdded { .. }
        | EventKind::DuplicateActivity { .. }
        | EventKind::AccessKeyRotated
        | EventKind::AccessLinkRequested
        | EventKind::JoinedIncident { .. }
        | EventKind::LeftIncident { .. }
        | EventKind::DetailsConfirmed { .. }
        | EventKind::BulkUpdateUndone => None,
    }
}
