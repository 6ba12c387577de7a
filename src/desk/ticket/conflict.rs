//! Pages for a change that cannot be made as intended: the ticket has changed, it is assigned to another staff member, or
//! it is a duplicate. They show what was intended, and keep every text that was typed.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;

use super::load::TicketRequestContext;
use crate::{
    app::App,
    i18n::{Label, UiMessage},
    local_time,
    staff::{Staff, StaffLayout},
    tickets::{Ticket, TicketEvent},
    web::{AppError, render_html},
};

/// The action that a form asked for.
pub(crate) struct IntendedAction {
    pub description: UiMessage,
    /// The resource below the ticket that the form was sent to.
    pub resource: &'static str,
    /// The form's fields, to send it again.
    pub fields: Vec<(&'static str, String)>,
}

impl IntendedAction {
    /// The element id of the section on the ticket's page that has the form: keyboard users continue there.
    pub(crate) fn section(&self) -> &'static str {
        let has_text = self.field_value("text").is_some_and(|text| !text.is_empty());
        match self.resource {
            "replies" => "conversation",
            "status" if has_text => "conversation",
            "status" | "assignment" => "actions",
            "merge" => "related",
            _ => "call-details",
        }
    }

    fn field_value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str())
    }

    fn hidden_fields(&self) -> impl Iterator<Item = &(&'static str, String)> {
        self.fields.iter().filter(|(name, _)| !["text", "reason"].contains(name))
    }
}

/// The ticket has changed since the form was rendered.
#[derive(Template)]
#[template(path = "desk/conflict.html")]
struct ConflictPage {
    frame: StaffLayout,
    ticket: Ticket,
    /// The events since the form was rendered.
    events_since: Vec<TicketEvent>,
    intended_action: IntendedAction,
    now: OffsetDateTime,
}

/// The ticket is assigned to another staff member: taking it over needs a reason.
#[derive(Template)]
#[template(path = "desk/assigned_to_other.html")]
struct AssignedToOtherPage {
    frame: StaffLayout,
    ticket: Ticket,
    intended_action: IntendedAction,
    error: Option<UiMessage>,
}

/// A duplicate is resolved with its main ticket.
#[derive(Template)]
#[template(path = "desk/duplicate.html")]
struct DuplicatePage {
    frame: StaffLayout,
    ticket: Ticket,
    intended_action: IntendedAction,
}

/// One sentence about why an action is impossible, and a link back.
#[derive(Template)]
#[template(path = "desk/bulk_refused.html")]
struct RefusedPage<'a> {
    frame: StaffLayout,
    message: UiMessage,
    return_url: &'a str,
}

impl ConflictPage {
    fn format_message(&self, message: &UiMessage) -> String {
        self.frame.lang().format(message)
    }

    fn describe_event(&self, event: &TicketEvent) -> String {
        self.format_message(&event.description())
    }

    fn format_datetime(&self, at: &OffsetDateTime) -> String {
        self.format_message(&local_time::format_short(*at, self.now))
    }
}

pub(crate) fn render_conflict(
    context: &TicketRequestContext,
    ticket: Ticket,
    events_since: Vec<TicketEvent>,
    intended_action: IntendedAction,
) -> Result<Response, AppError> {
    let page = ConflictPage { frame: context.layout(), ticket, events_since, intended_action, now: context.now };
    Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
}

pub(crate) fn render_assigned_to_other(
    context: &TicketRequestContext,
    ticket: Ticket,
    intended_action: IntendedAction,
    error: Option<UiMessage>,
) -> Result<Response, AppError> {
    let page = AssignedToOtherPage { frame: context.layout(), ticket, intended_action, error };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
}

pub(crate) fn render_duplicate(
    context: &TicketRequestContext,
    ticket: Ticket,
    intended_action: IntendedAction,
) -> Result<Response, AppError> {
    let page = DuplicatePage { frame: context.layout(), ticket, intended_action };
    Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
}

pub(crate) fn render_refused(
    app: &App,
    staff: &Staff,
    status: StatusCode,
    message: UiMessage,
    return_url: &str,
) -> Result<Response, AppError> {
    let page = RefusedPage { frame: StaffLayout::new(app, staff, "queue"), message, return_url };
    Ok((status, render_html(&page)?).into_response())
}

/// The events after `version`. Each change adds one event and one to the version, so events are counted like versions. If
/// the two counts differ, only the last event is returned.
pub(crate) fn events_since(mut events: Vec<TicketEvent>, ticket: &Ticket, version: i32) -> Vec<TicketEvent> {
    let counts_agree = usize::try_from(ticket.version).is_ok_and(|count| count == events.len());
    let first = match usize::try_from(version) {
        Ok(version) if counts_agree && (1..events.len()).contains(&version) => version,
        _ => events.len().saturating_sub(1),
    };
    events.split_off(first)
}
