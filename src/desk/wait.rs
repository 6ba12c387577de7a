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

use super::{ticket::find, until::Quick};
use crate::{
    app::{App, Now},
    staff::{Frame, Staff},
    tickets::{Ticket, Whom},
    web::{Error, Form, html},
    words::Say,
    zone,
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/waiting", get(ask))
}

/// What is wrong with the wish to wait.
pub(super) enum Wrong {
    Until(Say),
    Reason(Say),
}

#[derive(Template)]
#[template(path = "desk/wait.html")]
struct WaitPage<'a> {
    frame: Frame,
    ticket: Ticket,
    form: &'a Form,
    wrong: Option<Wrong>,
    now: OffsetDateTime,
}

impl WaitPage<'_> {
    fn wrong_until(&self) -> Option<String> {
        match &self.wrong {
            Some(Wrong::Until(say)) => Some(self.frame.lang().say(say)),
            _ => None,
        }
    }

    fn wrong_reason(&self) -> Option<String> {
        match &self.wrong {
            Some(Wrong::Reason(say)) => Some(self.frame.lang().say(say)),
            _ => None,
        }
    }

    /// A quick choice with its day: "do piątku, 27 listopada".
    fn quick(&self, quick: &Quick) -> String {
        let day = Say::new("until-day").with("date", zone::long_date(quick.day(self.now)));
        format!("{} ({})", self.frame.t(quick.label()), self.frame.lang().say(&day))
    }

    fn chosen(&self, name: &str, value: &str) -> bool {
        self.form.raw(name) == value
    }

    fn has_no_day(&self) -> bool {
        ["", "none"].contains(&self.form.raw("until"))
    }

    fn today(&self) -> String {
        zone::to_local(self.now).date().to_string()
    }
}

async fn ask(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
) -> Result<Response, Error> {
    let mut db = app.db.read().await?;
    let ticket = find(&mut db, &reference).await?;
    page(&app, &staff, ticket, &Form::default(), None, now)
}

pub(super) fn page(
    app: &App,
    staff: &Staff,
    ticket: Ticket,
    form: &Form,
    wrong: Option<Wrong>,
    now: OffsetDateTime,
) -> Result<Response, Error> {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = WaitPage { frame: Frame::new(app, staff, "queue"), ticket, form, wrong, now };
    Ok((status, html(&page)?).into_response())
}
