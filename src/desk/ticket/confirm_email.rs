//! What was read out of an e-mail: staff see each field as it was understood, put it right and confirm all of it at once.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use time::OffsetDateTime;

use super::{actions::TicketAction, page::load_page};
use crate::{
    app::{App, Now},
    causes::MAX_TEXT_LEN as MAX_ERROR_TEXT_LEN,
    guides::Guides,
    i18n::{Lang, UiMessage},
    local_time,
    phone::Party,
    report::call_time::{self, CallTimeInput},
    staff::Staff,
    tickets::{
        AudioSymptom, BillingPresence, CallParty, InferredField, PartialReport, ReportedFailure, Ticket,
        TicketCategory, TicketChannel,
        command::{
            confirm_details::{ConfirmedDetails, confirm_details},
            update::CommandOutcome,
        },
    },
    web::{AppError, Form, render_html},
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/told", post(confirm))
}

/// The form as it stands on the ticket's page.
#[derive(Debug, Clone, Default)]
pub(crate) struct EmailDetailsForm {
    pub category: String,
    pub caller: String,
    pub callee: String,
    pub date: String,
    pub time: String,
    pub error_text: String,
    pub symptom: String,
    pub account: String,
    /// What is wrong with it, by field.
    pub errors: Vec<(&'static str, UiMessage)>,
}

impl EmailDetailsForm {
    /// The form for a ticket, if an e-mail left something to be settled on it.
    pub fn from_ticket(ticket: &Ticket) -> Option<EmailDetailsForm> {
        let is_open = !ticket.inferred_fields.is_empty() || matches!(ticket.failure, ReportedFailure::Partial(_));
        if ticket.channel != TicketChannel::Email || !is_open {
            return None;
        }
        let ConfirmedDetails { category, report: told, error_text } = ConfirmedDetails::from_ticket(ticket);
        let typed = |side: Option<CallParty>| side.map(|side| side.raw_text).unwrap_or_default();
        Some(EmailDetailsForm {
            category: category.as_str().into(),
            caller: typed(told.caller),
            callee: typed(told.callee),
            date: told.call_at.map(local_time::format_date).unwrap_or_default(),
            time: told.call_at.map(local_time::format_time).unwrap_or_default(),
            error_text: error_text.unwrap_or_default(),
            symptom: told.symptom.map(|symptom| symptom.as_str().to_owned()).unwrap_or_default(),
            account: told.account.map(|account| account.display()).unwrap_or_default(),
            errors: Vec::new(),
        })
    }

    fn from_form(form: &Form) -> EmailDetailsForm {
        EmailDetailsForm {
            category: form.single_line("category"),
            caller: form.single_line("caller"),
            callee: form.single_line("callee"),
            date: form.single_line("date"),
            time: form.single_line("time"),
            error_text: form.single_line("error_text"),
            symptom: form.single_line("symptom"),
            account: form.single_line("account"),
            errors: Vec::new(),
        }
    }

    /// What stands in a line of it.
    pub fn value(&self, field: &str) -> &str {
        match field {
            "caller" => &self.caller,
            "callee" => &self.callee,
            "date" => &self.date,
            "time" => &self.time,
            "error_text" => &self.error_text,
            _ => &self.account,
        }
    }

    pub fn error(&self, field: &str) -> Option<&UiMessage> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, say)| say)
    }

    /// Each complaint with its field's id.
    pub fn error_summary(&self, lang: Lang) -> Vec<(String, String)> {
        self.errors.iter().map(|(field, say)| (format!("email-details-{field}"), lang.format(say))).collect()
    }

    /// Reads every field; an empty one stays empty. What was not touched keeps its meaning.
    fn validate(&mut self, ticket: &Ticket, now: OffsetDateTime, kept_days: u16) -> Option<ConfirmedDetails> {
        let before = ConfirmedDetails::from_ticket(ticket);
        let shown = EmailDetailsForm::from_ticket(ticket).unwrap_or_default();
        let mut wrong = Vec::new();
        let mut side = |field, typed: &str, was: Option<CallParty>, read: fn(&str) -> Result<Party, UiMessage>| {
            if was.as_ref().is_some_and(|was| was.raw_text == typed) {
                return was;
            }
            if typed.is_empty() {
                return None;
            }
            read(typed)
                .map_err(|say| wrong.push((field, say)))
                .ok()
                .map(|party| CallParty { raw_text: typed.to_owned(), party })
        };
        let caller = side("caller", &self.caller, before.report.caller, Party::parse_caller);
        let callee = side("callee", &self.callee, before.report.callee, Party::parse_callee);
        let account = side("account", &self.account, None, Party::parse_account).map(|side| side.party);
        let (at, precision) = match () {
            () if (&self.date, &self.time) == (&shown.date, &shown.time) => {
                (before.report.call_at, before.report.precision)
            }
            () if self.date.is_empty() && self.time.is_empty() => (None, None),
            () => {
                let raw = CallTimeInput { date: &self.date, time: &self.time, ..CallTimeInput::default() };
                match call_time::parse(raw, now, kept_days) {
                    Ok(when) => (Some(when.at), Some(when.precision)),
                    Err(found) => {
                        let twice = found.ambiguous_times.map(|_| UiMessage::new("email-details-ambiguous-time"));
                        let all = [("date", found.date), ("time", found.time.or(twice))];
                        wrong.extend(all.into_iter().filter_map(|(field, say)| Some((field, say?))));
                        (None, None)
                    }
                }
            }
        };
        let count = self.error_text.chars().count();
        if count > MAX_ERROR_TEXT_LEN {
            wrong.push((
                "error_text",
                UiMessage::new("email-details-too-long").with("count", count).with("most", MAX_ERROR_TEXT_LEN),
            ));
        }
        let category: Option<TicketCategory> = self.category.parse().ok();
        self.errors = wrong;
        let category = category.filter(|_| self.errors.is_empty())?;
        let symptom: Option<AudioSymptom> = self.symptom.parse().ok();
        let is_call = category != TicketCategory::LoggedOut;
        let told = PartialReport {
            caller,
            callee,
            call_at: at,
            precision,
            in_billing: before.report.in_billing.or(is_call.then_some(BillingPresence::Unknown)),
            symptom: symptom.filter(|_| category == TicketCategory::Audio),
            account,
            public_ip: before.report.public_ip,
        };
        let error_text = Some(self.error_text.clone()).filter(|text| !text.is_empty());
        Some(ConfirmedDetails { category, report: told, error_text })
    }
}

/// Whether a field's value is a guess, for the mark beside it.
pub(crate) fn is_inferred(ticket: &Ticket, field: &str) -> bool {
    let guess = match field {
        "category" => InferredField::Category,
        "caller" => InferredField::Caller,
        "callee" => InferredField::Callee,
        "date" => InferredField::CallTime,
        "error_text" => InferredField::ErrorText,
        "symptom" => InferredField::Symptom,
        _ => InferredField::Account,
    };
    ticket.inferred_fields.contains(&guess)
}

async fn confirm(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let mut act = TicketAction::begin(&app, &staff, &reference, &form, now).await?;
    let mut settling = EmailDetailsForm::from_form(&form);
    let settled = settling.validate(&act.ticket, now, app.operator.records_days);
    let status = match settled {
        Some(settled) => {
            let (seen, by) = (act.expected_version(), act.context());
            match confirm_details(&mut act.tx, &act.ticket, seen, &settled, by).await? {
                CommandOutcome::Done | CommandOutcome::NoChange => {
                    act.tx.commit().await?;
                    return Ok(Redirect::to(&format!("/staff/tickets/{}", act.ticket.reference)).into_response());
                }
                CommandOutcome::VersionConflict
                | CommandOutcome::AssignedToOther
                | CommandOutcome::IsDuplicate
                | CommandOutcome::Closed
                | CommandOutcome::NotFound => StatusCode::CONFLICT,
            }
        }
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    if status == StatusCode::CONFLICT {
        settling.errors.push(("category", UiMessage::new("email-details-conflict")));
    }
    // what was typed is kept beside the ticket as it is now
    let mut page = load_page(&app, &mut act.tx, &staff, act.ticket, &guides, None, now).await?;
    page.email_details_form = Some(settling);
    Ok((status, render_html(&page)?).into_response())
}
