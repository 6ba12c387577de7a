//! The page for one requested detail. The email links to it, and the answer is stored in the field that was asked for.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{access::TicketAccess, actions::parse_submission};
use crate::{
    i18n::Label,
    report::{ParsedReport, ReportForm, form_view::ReportFormView},
    tickets::{
        self, CallDetail, DetailValue, EventKind, Ticket, TicketCommand, TicketEvent,
        command::{self, CommandOutcome},
    },
    web::{AppError, Form, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "customer/answer.html")]
struct ProvideDetailPage {
    page: PublicLayout,
    ticket: Ticket,
    detail: CallDetail,
    back_url: String,
    action_url: String,
    form: ReportForm,
    parsed_report: Option<ParsedReport>,
    submission: Uuid,
    is_requested: bool,
    /// Staff withdrew the request.
    was_withdrawn: bool,
    /// An answer to a request that is no longer open.
    late_value: Option<DetailValue>,
    messages_url: String,
}

impl ProvideDetailPage {
    fn new(
        access: &TicketAccess,
        detail: CallDetail,
        form: ReportForm,
        parsed_report: Option<ParsedReport>,
    ) -> ProvideDetailPage {
        ProvideDetailPage {
            page: access.page.clone(),
            detail,
            back_url: access.url(""),
            action_url: access.url(&format!("/answer/{}", detail.into_str())),
            form,
            parsed_report,
            submission: Uuid::new_v4(),
            is_requested: access.ticket.open_detail_requests().contains(&detail),
            was_withdrawn: false,
            late_value: None,
            messages_url: access.url("/messages"),
            ticket: access.ticket.clone(),
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

    fn question_text(&self) -> String {
        let id = match self.detail {
            CallDetail::Caller => "answer-caller",
            CallDetail::Callee => "answer-callee",
            CallDetail::CallTime => "answer-time",
            CallDetail::ErrorText => "answer-message",
        };
        self.page.t(id).into_owned()
    }

    /// The stored value.
    fn known_value(&self) -> Option<String> {
        self.ticket.detail_value(self.detail).map(|value| self.page.format(&value.to_message()))
    }

    /// The late answer as the text of a message.
    fn late_value_as_message(&self) -> Option<String> {
        let value = self.page.format(&self.late_value.as_ref()?.to_message());
        Some(format!("{}: {value}", self.page.t(self.detail.label())))
    }
}

pub(crate) async fn show(
    access: TicketAccess,
    Path(path): Path<(String, String, String)>,
) -> Result<Response, AppError> {
    let detail = parse_detail(&access, &path.2)?;
    let mut page = ProvideDetailPage::new(&access, detail, ReportForm::new_for_ticket(&access.ticket), None);
    if !page.is_requested {
        let events = tickets::list_events(&mut *access.app.db.acquire().await?, access.ticket.id).await?;
        page.was_withdrawn = was_withdrawn(&events, detail);
    }
    Ok(render_html(&page)?.into_response())
}

pub(crate) async fn create(
    access: TicketAccess,
    Path(path): Path<(String, String, String)>,
    form: Form,
) -> Result<Response, AppError> {
    let detail = parse_detail(&access, &path.2)?;
    let report = ReportForm { category: access.ticket.category.into_str().to_owned(), ..ReportForm::from_form(&form) };
    let parsed = report.validate_call_detail(detail, access.now, access.app.operator.records_days);
    if !parsed.errors.is_empty() {
        let page = ProvideDetailPage::new(&access, detail, report, Some(parsed));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response());
    }
    access.check_write_limit()?;
    let mut tx = access.app.db.begin().await?;
    let change = report.to_detail_change(detail, parsed, &access.ticket).ok_or(AppError::BadRequest)?;
    let new_value = change.new_value.clone();
    let command = TicketCommand::ProvideDetail(Box::new(change));
    let (version, by) = (access.ticket.expected_version(), access.command_context());
    match command::apply(&mut tx, version, &command, parse_submission(&form), by).await? {
        CommandOutcome::Done => {
            tx.commit().await?;
            Ok(Redirect::to(&access.url_with_flash("answer")).into_response())
        }
        CommandOutcome::NoChange | CommandOutcome::Closed => {
            // reloaded: another request may have stored the same value first
            let ticket =
                tickets::find_by_reference(&mut tx, &access.ticket.reference).await?.ok_or(AppError::NotFound)?;
            if has_equivalent_value(&ticket, detail, &new_value) {
                return Ok(Redirect::to(&access.url_with_flash("answer")).into_response());
            }
            let access = TicketAccess { ticket, ..access };
            let page = ProvideDetailPage::new(&access, detail, report, None);
            let page = ProvideDetailPage { late_value: Some(new_value), ..page };
            Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
        }
        CommandOutcome::VersionConflict
        | CommandOutcome::AssignedToOther
        | CommandOutcome::IsDuplicate
        | CommandOutcome::NotFound => Err(AppError::NotFound),
    }
}

/// Whether the last event about the detail is that staff withdrew the request.
fn was_withdrawn(events: &[TicketEvent], detail: CallDetail) -> bool {
    let is_withdrawal = |event: &TicketEvent| match &event.kind.0 {
        EventKind::DetailRequested { detail: other, .. } | EventKind::DetailProvided { detail: other, .. } => {
            (*other == detail).then_some(false)
        }
        EventKind::DetailRequestWithdrawn { detail: other, .. } => (*other == detail).then_some(true),
        _ => None,
    };
    events.iter().rev().find_map(is_withdrawal).unwrap_or(false)
}

fn has_equivalent_value(ticket: &Ticket, detail: CallDetail, value: &DetailValue) -> bool {
    ticket.detail_value(detail).is_some_and(|known| known.is_equivalent(value))
}

/// # Errors
/// [`AppError::NotFound`] if this ticket cannot have the detail.
fn parse_detail(access: &TicketAccess, name: &str) -> Result<CallDetail, AppError> {
    let detail: CallDetail = name.parse().map_err(|_| AppError::NotFound)?;
    if access.ticket.requestable_details().contains(&detail) { Ok(detail) } else { Err(AppError::NotFound) }
}
