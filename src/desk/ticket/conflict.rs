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
    i18n::UiMessage,
    local_time,
    staff::{Staff, StaffLayout},
    tickets::{Ticket, TicketEvent},
    web::{AppError, render_html},
};

/// What somebody wanted to do.
pub(crate) struct IntendedAction {
    pub description: UiMessage,
    /// The resource that the wish was sent to.
    pub resource: &'static str,
    /// The form's fields, to send it again.
    pub fields: Vec<(&'static str, String)>,
}

impl IntendedAction {
    /// The id of the place on the ticket's page where its form stands: who pressed it there goes on there.
    pub fn section(&self) -> &'static str {
        let is_written = self.field_value("text").is_some_and(|text| !text.is_empty());
        match self.resource {
            "replies" => "conversation",
            "status" if is_written => "conversation",
            "status" | "assignment" => "actions",
            "merge" => "related",
            _ => "call-details",
        }
    }

    fn field_value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    fn hidden_fields(&self) -> impl Iterator<Item = &(&'static str, String)> {
        self.fields.iter().filter(|(name, _)| !["text", "reason"].contains(name))
    }
}

/// Shows both: what has happened meanwhile, and what was wanted, with its text.
#[derive(Template)]
#[template(path = "desk/conflict.html")]
struct ConflictPage {
    frame: StaffLayout,
    ticket: Ticket,
    /// What has happened since the form was drawn.
    events_since: Vec<TicketEvent>,
    intended_action: IntendedAction,
    now: OffsetDateTime,
}

/// The ticket is somebody else's: taking it over needs a reason.
#[derive(Template)]
#[template(path = "desk/assigned_to_other.html")]
struct AssignedToOtherPage {
    frame: StaffLayout,
    ticket: Ticket,
    intended_action: IntendedAction,
    error: Option<UiMessage>,
}

/// A duplicate ends with its main ticket.
#[derive(Template)]
#[template(path = "desk/duplicate.html")]
struct DuplicatePage {
    frame: StaffLayout,
    ticket: Ticket,
    intended_action: IntendedAction,
}

impl ConflictPage {
    fn format_message(&self, say: &UiMessage) -> String {
        self.frame.lang().format(say)
    }

    fn describe_event(&self, event: &TicketEvent) -> String {
        self.format_message(&event.description())
    }

    fn format_datetime(&self, at: &OffsetDateTime) -> String {
        self.format_message(&local_time::format_short(*at, self.now))
    }
}

pub(crate) fn render_conflict(
    app: &App,
    staff: &Staff,
    ticket: Ticket,
    since: Vec<TicketEvent>,
    wish: IntendedAction,
    now: OffsetDateTime,
) -> Result<Response, AppError> {
    let page = ConflictPage {
        frame: StaffLayout::new(app, staff, "queue"),
        ticket,
        events_since: since,
        intended_action: wish,
        now,
    };
    Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
}

pub(crate) fn render_assigned_to_other(
    app: &App,
    staff: &Staff,
    ticket: Ticket,
    wish: IntendedAction,
    wrong: Option<UiMessage>,
) -> Result<Response, AppError> {
    let page = AssignedToOtherPage {
        frame: StaffLayout::new(app, staff, "queue"),
        ticket,
        intended_action: wish,
        error: wrong,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
}

pub(crate) fn render_duplicate(
    app: &App,
    staff: &Staff,
    ticket: Ticket,
    wish: IntendedAction,
) -> Result<Response, AppError> {
    let page = DuplicatePage { frame: StaffLayout::new(app, staff, "queue"), ticket, intended_action: wish };
    Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
}

/// The events since `version`: each change leaves one, so they count like versions. Where that does not hold, the last.
pub(crate) fn events_since(mut events: Vec<TicketEvent>, ticket: &Ticket, version: i32) -> Vec<TicketEvent> {
    let counted = usize::try_from(ticket.version).is_ok_and(|count| count == events.len());
    let first = match usize::try_from(version) {
        Ok(version) if counted && (1..events.len()).contains(&version) => version,
        _ => events.len().saturating_sub(1),
    };
    events.split_off(first)
}
