//! Another example of the failed call: A, B, time and error text. Uses the fields and errors of the report form.

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
        ReportedFailure,
        command::{self, AddExampleOutcome},
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
    /// Why no example can be added: a message id.
    rejection: Option<&'static str>,
}

impl ExamplePage {
    fn new(access: &TicketAccess, form: ReportForm, parsed_report: Option<ParsedReport>) -> ExamplePage {
        ExamplePage {
            page: access.page.clone(),
            reference: access.ticket.reference.to_string(),
            back_url: access.url(""),
            action_url: access.url("/example"),
            form,
            parsed_report,
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
        self.parsed_report.as_ref().is_some_and(|parsed| !parsed.errors.as_slice().is_empty())
    }
}

pub(crate) async fn new(access: TicketAccess) -> Result<Response, AppError> {
    require_call_report(&access)?;
    let page = ExamplePage::new(&access, ReportForm::new_for_ticket(&access.ticket), None);
    let rejection = access.ticket.is_closed(access.now).then_some("customer-flash-closed");
    Ok(render_html(&ExamplePage { rejection, ..page })?.into_response())
}

pub(crate) async fn create(access: TicketAccess, form: Form) -> Result<Response, AppError> {
    require_call_report(&access)?;
    let report = ReportForm { category: access.ticket.category.into_str().to_owned(), ..ReportForm::from_form(&form) };
    let parsed = report.validate_call(access.now, access.app.operator.records_days);
    let render_form = |parsed, rejection, status| -> Result<Response, AppError> {
        let page = ExamplePage { rejection, ..ExamplePage::new(&access, report.clone(), parsed) };
        Ok((status, render_html(&page)?).into_response())
    };
    if !parsed.errors.is_empty() {
        return render_form(Some(parsed), None, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let example = report.to_example(parsed).ok_or(AppError::BadRequest)?;
    access.check_write_limit()?;
    let mut tx = access.app.db.begin().await?;
    let (version, by) = (access.ticket.expected_version(), access.command_context());
    match command::add_call_example(&mut tx, version, example, parse_submission(&form), by).await? {
        AddExampleOutcome::Added => {
            tx.commit().await?;
            Ok(Redirect::to(&access.url_with_flash("example")).into_response())
        }
        AddExampleOutcome::LimitReached => {
            render_form(None, Some("example-limit-reached"), StatusCode::UNPROCESSABLE_ENTITY)
        }
        AddExampleOutcome::Closed => render_form(None, Some("customer-flash-closed"), StatusCode::CONFLICT),
        AddExampleOutcome::NotFound => Err(AppError::NotFound),
    }
}

/// A report about a logged-out account is not about a call, so it has no examples.
fn require_call_report(access: &TicketAccess) -> Result<(), AppError> {
    match access.ticket.failure {
        ReportedFailure::Call { .. } | ReportedFailure::Partial(_) => Ok(()),
        ReportedFailure::LoggedOut { .. } => Err(AppError::NotFound),
    }
}
