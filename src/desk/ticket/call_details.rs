//! A missing piece of a call: staff ask its customer for it with one press, or put in what they heard elsewhere.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{
    actions::{TicketAction, redirect_to_section},
    conflict::IntendedAction,
    page::load_ticket,
};
use crate::{
    app::{App, Now},
    i18n::UiMessage,
    report::{ParsedReport, ReportForm, form_view::ReportFormView},
    staff::{Staff, StaffLayout},
    tickets::{CallDetail, Ticket, TicketCommand},
    web::{AppError, Form, render_html},
};

/// How many working days a question may wait before its ticket comes back to staff: nobody must wait for an answer that
/// never comes.
const REQUEST_TIMEOUT_WORKING_DAYS: usize = 3;

/// What tells of a call in the forms; it travels with a wish that came too late.
const CALL_FIELDS: [&str; 8] = ["caller", "callee", "day", "date", "time", "fold", "precision", "error_text"];

/// Resources that have no page of their own.
pub(crate) fn action_routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/questions", post(request_detail))
}

pub(crate) fn page_routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/pieces/{piece}", get(show).post(update))
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
        let begins = Some(self.autofocus_field());
        ReportFormView {
            lang: self.frame.lang(),
            form: &self.form,
            parsed: self.parsed_report.as_ref(),
            autofocus_field: begins,
        }
    }

    /// The first field that is wrong, or else the first.
    fn autofocus_field(&self) -> &'static str {
        let wrong = self.parsed_report.as_ref().and_then(|reading| reading.errors.as_slice().first());
        wrong.map_or_else(|| first_field(self.detail), |(field, _)| *field)
    }

    fn has_errors(&self) -> bool {
        self.parsed_report.is_some()
    }

    fn known_value(&self) -> Option<String> {
        self.ticket.detail_value(self.detail).map(|value| self.frame.lang().format(&value.to_message()))
    }
}

/// `piece` is asked for; `back` takes the question back.
async fn request_detail(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let act = TicketAction::begin(&app, &staff, &reference, &form, now).await?;
    if let Some(piece) = parse_detail(&act.ticket, form.raw("back")) {
        let say = UiMessage::new("intended-action-withdraw-request").with("detail", UiMessage::new(piece.label()));
        let wish = IntendedAction {
            description: say,
            resource: "questions",
            fields: vec![("back", piece.as_str().to_owned())],
        };
        return act.run(TicketCommand::WithdrawDetailRequest { detail: piece }, wish).await;
    }
    let piece = parse_detail(&act.ticket, form.raw("piece")).ok_or(AppError::BadRequest)?;
    let until = app.operator.start_of_working_day_after(now, REQUEST_TIMEOUT_WORKING_DAYS);
    let wish = IntendedAction {
        description: UiMessage::new("intended-action-request-detail").with("detail", UiMessage::new(piece.label())),
        resource: "questions",
        fields: vec![("piece", piece.as_str().to_owned())],
    };
    act.run(TicketCommand::RequestDetail { detail: piece, until: Some(until) }, wish).await
}

async fn show(
    State(app): State<App>,
    staff: Staff,
    Path((reference, name)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let ticket = load_ticket(&mut db, &reference).await?;
    let piece = parse_detail(&ticket, &name).ok_or(AppError::NotFound)?;
    let (form, version) = (ReportForm::new_for_ticket(&ticket), ticket.version);
    let page = CallDetailPage {
        frame: StaffLayout::new(&app, &staff, "queue"),
        ticket,
        detail: piece,
        form,
        parsed_report: None,
        version,
    };
    Ok(render_html(&page)?.into_response())
}

async fn update(
    State(app): State<App>,
    staff: Staff,
    Path((reference, name)): Path<(String, String)>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let act = TicketAction::begin(&app, &staff, &reference, &form, now).await?;
    let piece = parse_detail(&act.ticket, &name).ok_or(AppError::NotFound)?;
    let typed = ReportForm { category: act.ticket.category.as_str().to_owned(), ..ReportForm::from_form(&form) };
    let reading = typed.validate_call_detail(piece, now, app.operator.records_days);
    if !reading.errors.is_empty() {
        let version = act.expected_version().version;
        let (frame, ticket) = (StaffLayout::new(&app, &staff, "queue"), act.ticket);
        let page = CallDetailPage { frame, ticket, detail: piece, form: typed, parsed_report: Some(reading), version };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response());
    }
    let fill = typed.to_detail_change(piece, reading, &act.ticket).ok_or(AppError::BadRequest)?;
    let is_there = act.ticket.detail_value(piece).is_some_and(|known| known.is_equivalent(&fill.new_value));
    if is_there && !act.ticket.requested_details.contains(&piece) {
        return Ok(redirect_to_section(&act.ticket.reference, "call-details"));
    }
    let say = UiMessage::new("intended-action-provide-detail")
        .with("detail", UiMessage::new(piece.label()))
        .with("value", fill.new_value.to_message());
    let fields = CALL_FIELDS.into_iter().filter(|name| form.has(name)).map(|name| (name, form.single_line(name)));
    let wish = IntendedAction { description: say, resource: detail_path(piece), fields: fields.collect() };
    act.run(TicketCommand::ProvideDetail(Box::new(fill)), wish).await
}

/// A piece that this ticket can have.
fn parse_detail(ticket: &Ticket, name: &str) -> Option<CallDetail> {
    name.parse().ok().filter(|piece| ticket.requestable_details().contains(piece))
}

/// The first field of a piece's form.
const fn first_field(piece: CallDetail) -> &'static str {
    match piece {
        CallDetail::Caller => "caller",
        CallDetail::Callee => "callee",
        CallDetail::CallTime => "day",
        CallDetail::ErrorText => "error_text",
    }
}

const fn detail_path(piece: CallDetail) -> &'static str {
    match piece {
        CallDetail::Caller => "pieces/caller",
        CallDetail::Callee => "pieces/callee",
        CallDetail::CallTime => "pieces/time",
        CallDetail::ErrorText => "pieces/message",
    }
}
