//! One question, by itself: a letter leads straight here, and the answer lands in the field that it is about.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{access::TicketAccess, actions::parse_submission};
use crate::{
    report::{ParsedReport, ReportForm, form_view::ReportFormView},
    tickets::{
        self, CallDetail, DetailValue, EventKind, Ticket, TicketCommand, TicketEvent,
        command::update::{self, CommandOutcome},
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
    /// Staff took the question back.
    was_withdrawn: bool,
    /// An answer that came when nothing was asked any more.
    late_value: Option<DetailValue>,
    messages_url: String,
}

impl ProvideDetailPage {
    fn new(
        guest: &TicketAccess,
        piece: CallDetail,
        form: ReportForm,
        reading: Option<ParsedReport>,
    ) -> ProvideDetailPage {
        ProvideDetailPage {
            page: guest.page.clone(),
            detail: piece,
            back_url: guest.url(""),
            action_url: guest.url(&format!("/answer/{}", piece.as_str())),
            form,
            parsed_report: reading,
            submission: Uuid::new_v4(),
            is_requested: guest.ticket.open_detail_requests().contains(&piece),
            was_withdrawn: false,
            late_value: None,
            messages_url: guest.url("/messages"),
            ticket: guest.ticket.clone(),
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

    /// The question, in the words of a person who asks.
    fn question_text(&self) -> String {
        let id = match self.detail {
            CallDetail::Caller => "answer-caller",
            CallDetail::Callee => "answer-callee",
            CallDetail::CallTime => "answer-time",
            CallDetail::ErrorText => "answer-message",
        };
        self.page.t(id).into_owned()
    }

    /// What the ticket has in this place now.
    fn known_value(&self) -> Option<String> {
        self.ticket.detail_value(self.detail).map(|value| self.page.format(&value.to_message()))
    }

    /// The answer that came too late, as a message.
    fn late_value_as_message(&self) -> Option<String> {
        let value = self.page.format(&self.late_value.as_ref()?.to_message());
        Some(format!("{}: {value}", self.page.t(self.detail.label())))
    }
}

pub(crate) async fn show(
    guest: TicketAccess,
    Path(path): Path<(String, String, String)>,
) -> Result<Response, AppError> {
    let piece = parse_detail(&guest, &path.2)?;
    let mut page = ProvideDetailPage::new(&guest, piece, ReportForm::new_for_ticket(&guest.ticket), None);
    if !page.is_requested {
        let events = tickets::list_events(&mut *guest.app.db.acquire().await?, guest.ticket.id).await?;
        page.was_withdrawn = was_withdrawn(&events, piece);
    }
    Ok(render_html(&page)?.into_response())
}

pub(crate) async fn create(
    guest: TicketAccess,
    Path(path): Path<(String, String, String)>,
    form: Form,
) -> Result<Response, AppError> {
    let piece = parse_detail(&guest, &path.2)?;
    let typed = ReportForm { category: guest.ticket.category.as_str().to_owned(), ..ReportForm::from_form(&form) };
    let reading = typed.validate_call_detail(piece, guest.now, guest.app.operator.records_days);
    if !reading.errors.is_empty() {
        let page = ProvideDetailPage::new(&guest, piece, typed, Some(reading));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response());
    }
    guest.check_write_limit()?;
    let mut tx = guest.app.db.begin().await?;
    let fill = typed.to_detail_change(piece, reading, &guest.ticket).ok_or(AppError::BadRequest)?;
    let now = fill.new_value.clone();
    let verb = TicketCommand::ProvideDetail(Box::new(fill));
    match update::apply(&mut tx, guest.ticket.expected_version(), &verb, parse_submission(&form), guest.context())
        .await?
    {
        CommandOutcome::Done => {
            tx.commit().await?;
            Ok(Redirect::to(&guest.url_with_flash("answer")).into_response())
        }
        CommandOutcome::NoChange | CommandOutcome::Closed => {
            // read again: somebody was first, perhaps with the same
            let ticket =
                tickets::find_by_reference(&mut tx, &guest.ticket.reference).await?.ok_or(AppError::NotFound)?;
            if has_equivalent_value(&ticket, piece, &now) {
                return Ok(Redirect::to(&guest.url_with_flash("answer")).into_response());
            }
            let guest = TicketAccess { ticket, ..guest };
            let page =
                ProvideDetailPage { late_value: Some(now), ..ProvideDetailPage::new(&guest, piece, typed, None) };
            Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
        }
        CommandOutcome::VersionConflict
        | CommandOutcome::AssignedToOther
        | CommandOutcome::IsDuplicate
        | CommandOutcome::NotFound => Err(AppError::NotFound),
    }
}

/// Whether the last that happened to a question is that staff took it back.
fn was_withdrawn(events: &[TicketEvent], piece: CallDetail) -> bool {
    let about = |event: &TicketEvent| match &event.kind.0 {
        EventKind::DetailRequested { detail: one, .. } | EventKind::DetailProvided { detail: one, .. } => {
            (*one == piece).then_some(false)
        }
        EventKind::DetailRequestWithdrawn { detail: one, .. } => (*one == piece).then_some(true),
        _ => None,
    };
    events.iter().rev().find_map(about).unwrap_or(false)
}

fn has_equivalent_value(ticket: &Ticket, piece: CallDetail, value: &DetailValue) -> bool {
    ticket.detail_value(piece).is_some_and(|known| known.is_equivalent(value))
}

/// Only what can be asked about this ticket has a page.
fn parse_detail(guest: &TicketAccess, name: &str) -> Result<CallDetail, AppError> {
    let piece: CallDetail = name.parse().map_err(|()| AppError::NotFound)?;
    if guest.ticket.requestable_details().contains(&piece) { Ok(piece) } else { Err(AppError::NotFound) }
}
