//! The ticket's history as the customer sees it.

use time::OffsetDateTime;

use super::page::CustomerTicketPage;
use crate::{
    i18n::{Label, UiMessage},
    tickets::{CustomerMessage, EventKind, Reply, TicketEvent, TimelineHeading},
};

pub(crate) struct TimelineEntry<'a> {
    pub heading: String,
    pub at: OffsetDateTime,
    pub text: Option<&'a str>,
    /// The first name of the staff member who wrote the text; `None` for the customer's own text.
    pub author: Option<String>,
    pub is_own: bool,
}

impl CustomerTicketPage {
    /// The events that matter to the customer, oldest first. Of the main ticket only those since the merge.
    pub(crate) fn timeline(&self) -> Vec<TimelineEntry<'_>> {
        let merged = self.events.iter().rev().find(|event| matches!(event.kind.0, EventKind::MergedInto { .. }));
        let merged = merged.filter(|_| self.main_ticket.is_some());
        let own = self.events.iter().filter_map(|event| {
            let is_merge = merged.is_some_and(|merged| std::ptr::eq(merged, event));
            let heading = if is_merge { UiMessage::new("customer-timeline-merged") } else { heading(event, true)? };
            Some((event.at, heading, event))
        });
        let main = self.main_ticket.iter().flat_map(|main| main.events_since_merge(&self.ticket.reference));
        let main = main.filter_map(|event| Some((event.at, heading(event, false)?, event)));
        let mut entries: Vec<_> = own.chain(main).filter(|(.., event)| !event.undone).collect();
        entries.sort_by_key(|(at, ..)| *at);
        entries.into_iter().map(|(_, heading, event)| self.timeline_entry(&heading, event)).collect()
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

/// The heading of an event, `None` if the customer does not see it. The customer of a duplicate sees only the shared events
/// of its main ticket (`is_own_ticket` is false).
fn heading(event: &TicketEvent, is_own_ticket: bool) -> Option<UiMessage> {
    let payload = event.kind.payload();
    let id = match payload.timeline? {
        TimelineHeading::Own(id) if is_own_ticket => id,
        TimelineHeading::Own(_) => return None,
        TimelineHeading::Shared(id) => id,
    };
    let mut heading = UiMessage::new(id);
    if let Some(detail) = payload.detail {
        heading = heading.with("detail", UiMessage::new(detail.label()));
    }
    if let Some(value) = payload.detail_value {
        heading = heading.with("value", value.to_message());
    }
    Some(heading)
}
