//! The page that asks what a ticket waits for, and until when.

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use strum::VariantArray;
use time::OffsetDateTime;

use super::form::{SnoozeError, SnoozePreset};
use crate::desk::ticket::load::{TicketRequest, TicketRequestContext};
use crate::{
    guides::GuidesState,
    i18n::{Label, UiMessage},
    local_time,
    staff::StaffLayout,
    tickets::{Ticket, WaitingFor},
    web::{AppError, Form, render_html},
};

pub(crate) fn routes() -> Router<GuidesState> {
    Router::new().route("/staff/tickets/{reference}/waiting", get(show))
}

#[derive(Template)]
#[template(path = "desk/waiting.html")]
struct SnoozePage<'a> {
    frame: StaffLayout,
    ticket: Ticket,
    form: &'a Form,
    error: Option<SnoozeError>,
    now: OffsetDateTime,
}

impl SnoozePage<'_> {
    fn until_error(&self) -> Option<String> {
        match &self.error {
            Some(SnoozeError::Until(error)) => Some(self.frame.lang().format(error)),
            _ => None,
        }
    }

    fn reason_error(&self) -> Option<String> {
        match &self.error {
            Some(SnoozeError::Reason(error)) => Some(self.frame.lang().format(error)),
            _ => None,
        }
    }

    /// A preset with its date: "do piątku (27 listopada)".
    fn preset_label(&self, preset: &SnoozePreset) -> String {
        let date = local_time::format_long_date(preset.date(self.now));
        let date = UiMessage::new("follow-up-day").with("date", date);
        format!("{} ({})", self.frame.t(preset.label()), self.frame.lang().format(&date))
    }

    fn is_selected(&self, name: &str, value: &str) -> bool {
        self.form.raw(name) == value
    }

    /// The selected radio button. A typed date selects its button.
    fn selected_until(&self) -> &str {
        match self.form.raw("until") {
            "" | "none" if self.form.single_line("date").is_empty() => "none",
            "" | "none" => "date",
            choice => choice,
        }
    }

    fn today(&self) -> String {
        local_time::to_local(self.now).date().to_string()
    }
}

async fn show(TicketRequest { context, ticket, .. }: TicketRequest) -> Result<Response, AppError> {
    render_snooze_form(&context, ticket, &Form::default(), None)
}

pub(in crate::desk) fn render_snooze_form(
    context: &TicketRequestContext,
    ticket: Ticket,
    form: &Form,
    error: Option<SnoozeError>,
) -> Result<Response, AppError> {
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SnoozePage { frame: context.layout(), ticket, form, error, now: context.now };
    Ok((status, render_html(&page)?).into_response())
}
