//! What staff are shown when a change can't be made as they wished: somebody was first, the ticket is somebody else's, or
//! it is a duplicate. Both sides are shown, and nothing that was written is lost.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;

use crate::{
    app::App,
    staff::{Frame, Staff},
    tickets::{Event, Ticket},
    web::{Error, html},
    words::Say,
    zone,
};

/// What somebody wanted to do.
pub(super) struct Wish {
    pub say: Say,
    /// The resource that the wish was sent to.
    pub to: &'static str,
    /// The form's fields, to send it again.
    pub fields: Vec<(&'static str, String)>,
}

impl Wish {
    /// The id of the place on the ticket's page where its form stands: who pressed it there goes on there.
    pub fn place(&self) -> &'static str {
        let is_written = self.field("text").is_some_and(|text| !text.is_empty());
        match self.to {
            "replies" => "conversation",
            "status" if is_written => "conversation",
            "status" | "assignment" => "acts",
            "merge" => "related",
            _ => "pieces",
        }
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    fn hidden(&self) -> impl Iterator<Item = &(&'static str, String)> {
        self.fields.iter().filter(|(name, _)| !["text", "reason"].contains(name))
    }
}

/// Shows both: what has happened meanwhile, and what was wanted, with its text.
#[derive(Template)]
#[template(path = "desk/stale.html")]
struct StalePage {
    frame: Frame,
    ticket: Ticket,
    /// What has happened since the form was drawn.
    since: Vec<Event>,
    wish: Wish,
    now: OffsetDateTime,
}

/// The ticket is somebody else's: taking it over needs a reason.
#[derive(Template)]
#[template(path = "desk/held.html")]
struct HeldPage {
    frame: Frame,
    ticket: Ticket,
    wish: Wish,
    wrong: Option<Say>,
}

/// A duplicate ends with its main ticket.
#[derive(Template)]
#[template(path = "desk/duplicate.html")]
struct DuplicatePage {
    frame: Frame,
    ticket: Ticket,
    wish: Wish,
}

impl StalePage {
    fn say(&self, say: &Say) -> String {
        self.frame.lang().say(say)
    }

    fn sentence(&self, event: &Event) -> String {
        self.say(&event.sentence())
    }

    fn moment(&self, at: &OffsetDateTime) -> String {
        self.say(&zone::moment(*at, self.now))
    }
}

pub(super) fn stale(
    app: &App,
    staff: &Staff,
    ticket: Ticket,
    since: Vec<Event>,
    wish: Wish,
    now: OffsetDateTime,
) -> Result<Response, Error> {
    let page = StalePage { frame: Frame::new(app, staff, "queue"), ticket, since, wish, now };
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}

pub(super) fn held(
    app: &App,
    staff: &Staff,
    ticket: Ticket,
    wish: Wish,
    wrong: Option<Say>,
) -> Result<Response, Error> {
    let page = HeldPage { frame: Frame::new(app, staff, "queue"), ticket, wish, wrong };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

pub(super) fn duplicate(app: &App, staff: &Staff, ticket: Ticket, wish: Wish) -> Result<Response, Error> {
    let page = DuplicatePage { frame: Frame::new(app, staff, "queue"), ticket, wish };
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}

/// The events since `version`: each change leaves one, so they count like versions. Where that does not hold, the last.
pub(super) fn since(mut events: Vec<Event>, ticket: &Ticket, version: i32) -> Vec<Event> {
    let counted = usize::try_from(ticket.version).is_ok_and(|count| count == events.len());
    let first = match usize::try_from(version) {
        Ok(version) if counted && (1..events.len()).contains(&version) => version,
        _ => events.len().saturating_sub(1),
    };
    events.split_off(first)
}
