//! Waiting for somebody, perhaps until a day: the page that asks for whom and until when.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use time::OffsetDateTime;

use super::{page::load_ticket, snooze_until::SnoozePreset};
use crate::{
    app::{App, Now},
    i18n::UiMessage,
    local_time,
    staff::{Staff, StaffLayout},
    tickets::{Ticket, WaitingFor},
    web::{AppError, Form, render_html},
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/waiting", get(show))
}

/// What is wrong with the wish to wait.
pub(crate) enum SnoozeError {
    Until(UiMessage),
    Reason(UiMessage),
}

#[derive(Template)]
#[template(path = "desk/waiting.html")]
struct WaitingPage<'a> {
    frame: StaffLayout,
    ticket: Ticket,
    form: &'a Form,
    error: Option<SnoozeError>,
    now: OffsetDateTime,
}

impl WaitingPage<'_> {
    fn until_error(&self) -> Option<String> {
        match &self.error {
            Some(SnoozeError::Until(say)) => Some(self.frame.lang().format(say)),
            _ => None,
        }
    }

    fn reason_error(&self) -> Option<String> {
        match &self.error {
            Some(SnoozeError::Reason(say)) => Some(self.frame.lang().format(say)),
            _ => None,
        }
    }

    /// A quick choice with its day: "do piątku, 27 listopada".
    fn preset_label(&self, quick: &SnoozePreset) -> String {
        let day = UiMessage::new("follow-up-day").with("date", local_time::format_long_date(quick.date(self.now)));
        format!("{} ({})", self.frame.t(quick.label()), self.frame.lang().format(&day))
    }

    fn is_selected(&self, name: &str, value: &str) -> bool {
        self.form.raw(name) == value
    }

    /// Which of the answers stands for what was sent: a day that was given counts without its button.
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

async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let ticket = load_ticket(&mut db, &reference).await?;
    render_form(&app, &staff, ticket, &Form::default(), None, now)
}

pub(crate) fn render_form(
    app: &App,
    staff: &Staff,
    ticket: Ticket,
    form: &Form,
    wrong: Option<SnoozeError>,
    now: OffsetDateTime,
) -> Result<Response, AppError> {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = WaitingPage { frame: StaffLayout::new(app, staff, "queue"), ticket, form, error: wrong, now };
    Ok((status, render_html(&page)?).into_response())
}
