//! Another call of the same trouble: A, B, when, and what was said. The fields and their complaints are the report's own.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{access::TicketAccess, actions::parse_submission};
use crate::{
    report::{ParsedReport, ReportForm, form_view::ReportFormView},
    tickets::{
        ReportedFailure, TicketCommand, call_example,
        command::update::{self, CommandOutcome},
    },
    web::{AppError, Form, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "customer/example.html")]
struct ExamplePage {
    page: PublicLayout,
    reference: String,
    back_url: String,
    action_url: String,
    form: ReportForm,
    parsed_report: Option<ParsedReport>,
    submission: Uuid,
    /// Why it can't be taken at all: a message of `words`.
    rejection: Option<&'static str>,
}

impl ExamplePage {
    fn new(guest: &TicketAccess, form: ReportForm, reading: Option<ParsedReport>) -> ExamplePage {
        ExamplePage {
            page: guest.page.clone(),
            reference: guest.ticket.reference.to_string(),
            back_url: guest.url(""),
            action_url: guest.url("/example"),
            form,
            parsed_report: reading,
            submission: Uuid::new_v4(),
            rejection: None,
        }
    }

    fn form_view(&self) -> ReportFormView<'_> {
        ReportFormView {
            lang: self.page.lang,
            form: &self.form,
            parsed: self.parsed_report.as_ref(),
            autofocus_field: None,
        }
    }

    fn has_errors(&self) -> bool {
        self.parsed_report.as_ref().is_some_and(|reading| !reading.errors.as_slice().is_empty())
    }
}

pub(crate) async fn new(guest: TicketAccess) -> Result<Response, AppError> {
    require_call_report(&guest)?;
    let page = ExamplePage::new(&guest, ReportForm::new_for_ticket(&guest.ticket), None);
    let refused = guest.ticket.is_closed(guest.now).then_some("customer-flash-closed");
    Ok(render_html(&ExamplePage { rejection: refused, ..page })?.into_response())
}

pub(crate) async fn create(guest: TicketAccess, form: Form) -> Result<Response, AppError> {
    require_call_report(&guest)?;
    let typed = ReportForm { category: guest.ticket.category.as_str().to_owned(), ..ReportForm::from_form(&form) };
    let reading = typed.validate_call(guest.now, guest.app.operator.records_days);
    let again = |reading, refused, status| -> Result<Response, AppError> {
        let page = ExamplePage { rejection: refused, ..ExamplePage::new(&guest, typed.clone(), reading) };
        Ok((status, render_html(&page)?).into_response())
    };
    if !reading.errors.is_empty() {
        return again(Some(reading), None, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let new = typed.to_example(reading).ok_or(AppError::BadRequest)?;
    guest.check_write_limit()?;
    let mut tx = guest.app.db.begin().await?;
    let verb = TicketCommand::AddCallExample(Box::new(new));
    let outcome =
        update::apply(&mut tx, guest.ticket.expected_version(), &verb, parse_submission(&form), guest.context())
            .await?;
    match outcome {
        CommandOutcome::Done | CommandOutcome::NoChange => {
            // counted with the ticket locked, so that nobody slips in between
            if call_example::list_for_ticket(&mut tx, guest.ticket.id).await?.len() > call_example::MAX_CALL_EXAMPLES {
                return again(None, Some("example-limit-reached"), StatusCode::UNPROCESSABLE_ENTITY);
            }
            tx.commit().await?;
            Ok(Redirect::to(&guest.url_with_flash("example")).into_response())
        }
        CommandOutcome::Closed => again(None, Some("customer-flash-closed"), StatusCode::CONFLICT),
        CommandOutcome::VersionConflict
        | CommandOutcome::AssignedToOther
        | CommandOutcome::IsDuplicate
        | CommandOutcome::NotFound => Err(AppError::NotFound),
    }
}

/// An account that is logged out made no call.
fn require_call_report(guest: &TicketAccess) -> Result<(), AppError> {
    match guest.ticket.failure {
        ReportedFailure::Call { .. } | ReportedFailure::Partial(_) => Ok(()),
        ReportedFailure::LoggedOut { .. } => Err(AppError::NotFound),
    }
}
