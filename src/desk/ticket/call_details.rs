//! A missing detail of the call: staff ask the customer for it, or enter it themselves.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{
    action_request::{TicketAction, redirect_to_section},
    conflict::IntendedAction,
    load::TicketRequest,
};
use crate::{
    guides::GuidesState,
    i18n::{Label, UiMessage},
    report::{ParsedReport, ReportForm, form_view::ReportFormView},
    staff::StaffLayout,
    tickets::{CallDetail, Ticket, TicketCommand},
    web::{AppError, render_html},
};

/// Working days after which a ticket with an unanswered request returns to the queue.
const REQUEST_TIMEOUT_WORKING_DAYS: usize = 3;

/// The form's fields about the call. A conflict page sends them again.
const CALL_FIELDS: [&str; 8] = ["caller", "callee", "day", "date", "time", "fold", "precision", "error_text"];

/// Resources without a page of their own.
pub(crate) fn request_routes() -> Router<GuidesState> {
    Router::new().route("/staff/tickets/{reference}/detail-requests", post(request_detail))
}

pub(crate) fn page_routes() -> Router<GuidesState> {
    Router::new().route("/staff/tickets/{reference}/details/{detail}", get(show).post(update))
}

#[derive(Template)]
#[template(path = "desk/call_detail.html")]
struct CallDetailPage {
    frame: StaffLayout,
    ticket: Ticket,
    detail: CallDetail,
    form: ReportForm,
    parsed_report: Option<ParsedReport>,
    version: i32,
}

impl CallDetailPage {
    fn form_view(&self) -> ReportFormView<'_> {
        ReportFormView {
            lang: self.frame.lang(),
            form: &self.form,
            parsed: self.parsed_report.as_ref(),
            autofocus_field: Some(self.autofocus_field()),
        }
    }

    /// The first field with an error, or else the first field.
    fn autofocus_field(&self) -> &'static str {
        let error = self.parsed_report.as_ref().and_then(|parsed| parsed.errors.as_slice().first());
        error.map_or_else(|| first_field(self.detail), |(field, _)| *field)
    }

    fn has_errors(&self) -> bool {
        self.parsed_report.is_some()
    }

    fn known_value(&self) -> Option<String> {
        self.ticket.detail_value(self.detail).map(|value| self.frame.lang().format(&value.to_message()))
    }
}

/// `detail` requests a detail from the customer; `withdraw` withdraws the request.
async fn request_detail(action: TicketAction) -> Result<Response, AppError> {
    let intended = |description, field, detail: CallDetail| IntendedAction {
        description: UiMessage::new(description).with("detail", UiMessage::new(detail.label())),
        resource: "detail-requests",
        fields: vec![(field, detail.into_str().to_owned())],
    };
    if let Some(detail) = parse_detail(&action.ticket, action.form.raw("withdraw")) {
        let intended = intended("intended-action-withdraw-request", "withdraw", detail);
        return action.run(TicketCommand::WithdrawDetailRequest { detail }, intended).await;
    }
    let detail = parse_detail(&action.ticket, action.form.raw("detail")).ok_or(AppError::BadRequest)?;
    let (operator, now) = (&action.context.app.operator, action.context.now);
    let until = Some(operator.start_of_working_day_after(now, REQUEST_TIMEOUT_WORKING_DAYS));
    let intended = intended("intended-action-request-detail", "detail", detail);
    action.run(TicketCommand::RequestDetail { detail, until }, intended).await
}

async fn show(
    Path((_, detail)): Path<(String, String)>,
    TicketRequest { context, ticket, .. }: TicketRequest,
) -> Result<Response, AppError> {
    let detail = parse_detail(&ticket, &detail).ok_or(AppError::NotFound)?;
    let (form, version) = (ReportForm::new_for_ticket(&ticket), ticket.version);
    let page = CallDetailPage { frame: context.layout(), ticket, detail, form, parsed_report: None, version };
    Ok(render_html(&page)?.into_response())
}

async fn update(Path((_, detail)): Path<(String, String)>, action: TicketAction) -> Result<Response, AppError> {
    let ticket = &action.ticket;
    let detail = parse_detail(ticket, &detail).ok_or(AppError::NotFound)?;
    let form = ReportForm { category: ticket.category.into_str().to_owned(), ..ReportForm::from_form(&action.form) };
    let records_days = action.context.app.operator.records_days;
    let parsed = form.validate_call_detail(detail, action.context.now, records_days);
    if !parsed.errors.is_empty() {
        let version = action.expected_version().version;
        let (frame, ticket, parsed_report) = (action.context.layout(), action.ticket, Some(parsed));
        let page = CallDetailPage { frame, ticket, detail, form, parsed_report, version };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response());
    }
    let change = form.to_detail_change(detail, parsed, ticket).ok_or(AppError::BadRequest)?;
    let is_unchanged = ticket.detail_value(detail).is_some_and(|known| known.is_equivalent(&change.new_value));
    if is_unchanged && !ticket.requested_details.contains(&detail) {
        return Ok(redirect_to_section(&ticket.reference, "call-details"));
    }
    let description = UiMessage::new("intended-action-provide-detail")
        .with("detail", UiMessage::new(detail.label()))
        .with("value", change.new_value.to_message());
    let fields = CALL_FIELDS.into_iter().filter(|name| action.form.has(name));
    let fields = fields.map(|name| (name, action.form.single_line(name))).collect();
    let intended = IntendedAction { description, resource: detail_resource(detail), fields };
    action.run(TicketCommand::ProvideDetail(Box::new(change)), intended).await
}

/// The detail with this name, if this ticket can have it.
fn parse_detail(ticket: &Ticket, name: &str) -> Option<CallDetail> {
    name.parse().ok().filter(|detail| ticket.requestable_details().contains(detail))
}

/// The first field of a detail's form.
const fn first_field(detail: CallDetail) -> &'static str {
    match detail {
        CallDetail::Caller => "caller",
        CallDetail::Callee => "callee",
        CallDetail::CallTime => "day",
        CallDetail::ErrorText => "error_text",
    }
}

const fn detail_resource(detail: CallDetail) -> &'static str {
    match detail {
        CallDetail::Caller => "details/caller",
        CallDetail::Callee => "details/callee",
        CallDetail::CallTime => "details/time",
        CallDetail::ErrorText => "details/message",
    }
}
