//! What happened to a ticket, as its customer is told it.

use time::OffsetDateTime;

use super::page::TicketPage;
use crate::{
    tickets::{Event, Message, Reply, What},
    words::Say,
};

/// A step of the way.
pub(super) struct Step<'a> {
    pub heading: String,
    pub at: OffsetDateTime,
    pub text: Option<&'a str>,
    /// Who of the staff wrote the text; the customer's own words have nobody.
    pub by: Option<String>,
    pub own: bool,
}

impl TicketPage {
    /// The steps that a customer cares about, the oldest first. What was said on the main ticket before this one was
    /// merged into it follows the step that says so.
    pub(super) fn course(&self) -> Vec<Step<'_>> {
        let merged = self.events.iter().rev().find(|event| matches!(event.what.0, What::MergedInto { .. }));
        let merged = merged.filter(|_| self.main.is_some());
        let own = self.events.iter().filter_map(|event| {
            let heading = match &event.what.0 {
                What::MergedInto { .. } if merged.is_some_and(|last| std::ptr::eq(last, event)) => {
                    Say::new("track-course-merged")
                }
                what => own(what).or_else(|| shared(what).map(Say::new))?,
            };
            Some((event.at, heading, event))
        });
        let main = self.main.iter().flat_map(|main| &main.events).filter_map(|event| {
            let at = merged.map_or(event.at, |merged| event.at.max(merged.at));
            Some((at, Say::new(shared(&event.what)?), event))
        });
        let mut steps: Vec<_> = own.chain(main).filter(|(.., event)| !event.withdrawn).collect();
        steps.sort_by_key(|(at, ..)| *at);
        steps.into_iter().map(|(_, heading, event)| self.step(&heading, event)).collect()
    }

    fn step<'a>(&self, heading: &Say, event: &'a Event) -> Step<'a> {
        let reply = event.for_customer().map(Reply::as_str);
        let first_name = |name: &String| name.split(' ').next().unwrap_or(name).to_owned();
        Step {
            heading: self.page.say(heading),
            at: event.at,
            text: reply.or_else(|| event.from_customer().map(Message::as_str)),
            by: event.name.as_ref().map(first_name),
            own: reply.is_none(),
        }
    }
}

/// What only the ticket's own customer may know.
fn own(what: &What) -> Option<Say> {
    let with = |id, piece: &crate::tickets::Piece| Say::new(id).with("piece", Say::new(piece.label()));
    match what {
        What::Opened { .. } => Some(Say::new("track-course-opened")),
        What::SentAgain { .. } => Some(Say::new("track-course-sent-again")),
        What::Asked { piece, .. } => Some(with("track-course-asked", piece)),
        What::TookBack { piece, .. } => Some(with("track-course-took-back", piece)),
        What::Filled { piece, now, .. } => Some(with("track-course-filled", piece).with("value", now.say())),
        What::Wrote { .. } => Some(Say::new("track-course-wrote")),
        What::Works { .. } => Some(Say::new("track-course-works")),
        What::Fails { .. } => Some(Say::new("track-course-fails")),
        What::Example { .. } => Some(Say::new("track-course-example")),
        What::Rekeyed => Some(Say::new("track-course-rekeyed")),
        What::Link => Some(Say::new("track-course-link")),
        What::JoinedIncident { .. } => Some(Say::new("track-course-incident")),
        What::Assigned { .. }
        | What::Released { .. }
        | What::StatusChanged { .. }
        | What::Waits { .. }
        | What::CameBack
        | What::Resolved { .. }
        | What::Reopened { .. }
        | What::MarkedSpam
        | What::Noted { .. }
        | What::Replied { .. }
        | What::MergedInto { .. }
        | What::Absorbed { .. }
        | What::Separated { .. }
        | What::LetGo { .. }
        | What::ResolvedWith { .. }
        | What::FollowsAgain { .. }
        | What::HeardFrom { .. }
        | What::LeftIncident { .. }
        | What::ResolvedInIncident { .. }
        | What::Settled { .. }
        | What::Undone => None,
    }
}

/// What the customers of a ticket and of its duplicates may know of a change.
fn shared(what: &What) -> Option<&'static str> {
    match what {
        What::Assigned { was: None, .. } | What::StatusChanged { took: true, .. } | What::Waits { took: true, .. } => {
            Some("track-course-taken")
        }
        What::Replied { .. } => Some("track-course-replied"),
        What::Resolved { .. } | What::ResolvedInIncident { .. } => Some("track-course-resolved"),
        What::Reopened { .. } => Some("track-course-reopened"),
        What::Opened { .. }
        | What::SentAgain { .. }
        | What::Assigned { .. }
        | What::Released { .. }
        | What::StatusChanged { .. }
        | What::Waits { .. }
        | What::CameBack
        | What::MarkedSpam
        | What::Noted { .. }
        | What::MergedInto { .. }
        | What::Absorbed { .. }
        | What::Separated { .. }
        | What::LetGo { .. }
        | What::ResolvedWith { .. }
        | What::FollowsAgain { .. }
        | What::Asked { .. }
        | What::TookBack { .. }
        | What::Filled { .. }
        | What::Wrote { .. }
        | What::Works { .. }
        | What::Fails { .. }
        | What::Example { .. }
        | What::HeardFrom { .. }
        | What::Rekeyed
        | What::Link
        | What::JoinedIncident { .. }
        | What::LeftIncident { .. }
        | What::Settled { .. }
        | What::Undone => None,
    }
}
