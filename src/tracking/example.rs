//! Another call of the same trouble: A, B, when, and what was said. The fields and their complaints are the report's own.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{acts::submission, guest::Guest};
use crate::{
    report::{Reading, ReportForm, fields::Fields},
    tickets::{
        Failure, Verb, example,
        verbs::{self, Outcome},
    },
    web::{Error, Form, Page, html},
};

#[derive(Template)]
#[template(path = "tracking/example.html")]
struct ExamplePage {
    page: Page,
    reference: String,
    back: String,
    to: String,
    form: ReportForm,
    reading: Option<Reading>,
    submission: Uuid,
    /// Why it can't be taken at all: a message of `words`.
    refused: Option<&'static str>,
}

impl ExamplePage {
    fn of(guest: &Guest, form: ReportForm, reading: Option<Reading>) -> ExamplePage {
        ExamplePage {
            page: guest.page.clone(),
            reference: guest.ticket.reference.to_string(),
            back: guest.address(""),
            to: guest.address("/example"),
            form,
            reading,
            submission: Uuid::new_v4(),
            refused: None,
        }
    }

    fn f(&self) -> Fields<'_> {
        Fields { lang: self.page.lang, form: &self.form, reading: self.reading.as_ref(), begins: None }
    }

    fn is_wrong(&self) -> bool {
        self.reading.as_ref().is_some_and(|reading| !reading.wrong.all().is_empty())
    }
}

pub(super) async fn blank(guest: Guest) -> Result<Response, Error> {
    is_about_calls(&guest)?;
    let page = ExamplePage::of(&guest, ReportForm::about(&guest.ticket), None);
    let refused = guest.ticket.is_closed(guest.now).then_some("track-said-closed");
    Ok(html(&ExamplePage { refused, ..page })?.into_response())
}

pub(super) async fn add(guest: Guest, form: Form) -> Result<Response, Error> {
    is_about_calls(&guest)?;
    let typed = ReportForm { category: guest.ticket.category.as_str().to_owned(), ..ReportForm::read(&form) };
    let reading = typed.check_call(guest.now, guest.app.operator.records_days);
    let again = |reading, refused, status| -> Result<Response, Error> {
        let page = ExamplePage { refused, ..ExamplePage::of(&guest, typed.clone(), reading) };
        Ok((status, html(&page)?).into_response())
    };
    if !reading.wrong.is_empty() {
        return again(Some(reading), None, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let new = typed.example(reading).ok_or(Error::BadRequest)?;
    guest.writes()?;
    let mut tx = guest.app.db.begin().await?;
    let verb = Verb::Example(Box::new(new));
    let outcome = verbs::act_on(&mut tx, guest.ticket.seen(), &verb, submission(&form), guest.by()).await?;
    match outcome {
        Outcome::Done | Outcome::Already => {
            // counted with the ticket locked, so that nobody slips in between
            if example::of(&mut tx, guest.ticket.id).await?.len() > example::MOST {
                return again(None, Some("example-many"), StatusCode::UNPROCESSABLE_ENTITY);
            }
            tx.commit().await?;
            Ok(Redirect::to(&guest.said("example")).into_response())
        }
        Outcome::Closed => again(None, Some("track-said-closed"), StatusCode::CONFLICT),
        Outcome::Stale | Outcome::Held | Outcome::Duplicate | Outcome::Gone => Err(Error::NotFound),
    }
}

/// An account that is logged out made no call.
fn is_about_calls(guest: &Guest) -> Result<(), Error> {
    match guest.ticket.failure {
        Failure::Call { .. } | Failure::Told(_) => Ok(()),
        Failure::LoggedOut { .. } => Err(Error::NotFound),
    }
}
