//! The form for the details that were extracted from an email.

use time::OffsetDateTime;

use crate::{
    call_time::{self, CallTimeInput},
    causes::MAX_TEXT_LEN as MAX_ERROR_TEXT_LEN,
    i18n::{Lang, UiMessage},
    local_time,
    phone::Party,
    tickets::{
        AudioSymptom, BillingPresence, CallParty, CallTimePrecision, InferredField, PartialReport, ReportedFailure,
        Ticket, TicketCategory, TicketChannel, command::confirm_details::ConfirmedDetails,
    },
    web::Form,
};

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
    /// Messages by field.
    pub errors: Vec<(&'static str, UiMessage)>,
}

impl EmailDetailsForm {
    /// The form for a ticket from an email that has unconfirmed or incomplete details.
    pub(crate) fn from_ticket(ticket: &Ticket) -> Option<EmailDetailsForm> {
        let is_unconfirmed =
            !ticket.inferred_fields.is_empty() || matches!(ticket.failure, ReportedFailure::Partial(_));
        if ticket.channel != TicketChannel::Email || !is_unconfirmed {
            return None;
        }
        let ConfirmedDetails { category, report, error_text } = ConfirmedDetails::from_ticket(ticket);
        let raw_text = |party: Option<CallParty>| party.map(|party| party.raw_text).unwrap_or_default();
        Some(EmailDetailsForm {
            category: category.into_str().into(),
            caller: raw_text(report.caller),
            callee: raw_text(report.callee),
            date: report.call_at.map(local_time::format_date).unwrap_or_default(),
            time: report.call_at.map(local_time::format_time).unwrap_or_default(),
            error_text: error_text.unwrap_or_default(),
            symptom: report.symptom.map(|symptom| symptom.into_str().to_owned()).unwrap_or_default(),
            account: report.account.map(|account| account.display()).unwrap_or_default(),
            errors: Vec::new(),
        })
    }

    pub(crate) fn from_form(form: &Form) -> EmailDetailsForm {
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

    /// The value of a text field.
    pub(crate) fn value(&self, field: &str) -> &str {
        match field {
            "caller" => &self.caller,
            "callee" => &self.callee,
            "date" => &self.date,
            "time" => &self.time,
            "error_text" => &self.error_text,
            _ => &self.account,
        }
    }

    pub(crate) fn error(&self, field: &str) -> Option<&UiMessage> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, error)| error)
    }

    /// Each message with its field's element id.
    pub(crate) fn error_summary(&self, lang: Lang) -> Vec<(String, String)> {
        self.errors.iter().map(|(field, error)| (format!("email-details-{field}"), lang.format(error))).collect()
    }

    /// Validates every field and collects the errors in `errors`; all fields are optional. An unchanged field keeps its
    /// stored value, which may be more precise than its text. `records_days` is how long call records are kept.
    pub(crate) fn validate(
        &mut self,
        ticket: &Ticket,
        now: OffsetDateTime,
        records_days: u16,
    ) -> Option<ConfirmedDetails> {
        let stored = ConfirmedDetails::from_ticket(ticket).report;
        let mut errors = Vec::new();
        let mut parse_party =
            |field, text: &str, stored: Option<CallParty>, parse: fn(&str) -> Result<Party, UiMessage>| {
                if stored.as_ref().is_some_and(|stored| stored.raw_text == text) {
                    return stored;
                }
                if text.is_empty() {
                    return None;
                }
                let party = parse(text).map_err(|error| errors.push((field, error))).ok()?;
                Some(CallParty { raw_text: text.to_owned(), party })
            };
        let caller = parse_party("caller", &self.caller, stored.caller, Party::parse_caller);
        let callee = parse_party("callee", &self.callee, stored.callee, Party::parse_callee);
        let account = parse_party("account", &self.account, None, Party::parse_account).map(|account| account.party);
        let rendered = EmailDetailsForm::from_ticket(ticket).unwrap_or_default();
        let (call_at, precision) = if (&self.date, &self.time) == (&rendered.date, &rendered.time) {
            (stored.call_at, stored.precision)
        } else {
            self.parse_call_time(now, records_days, &mut errors).unzip()
        };
        let error_text_len = self.error_text.chars().count();
        if error_text_len > MAX_ERROR_TEXT_LEN {
            let error = UiMessage::new("email-details-too-long");
            errors.push(("error_text", error.with("count", error_text_len).with("most", MAX_ERROR_TEXT_LEN)));
        }
        let category: Option<TicketCategory> = self.category.parse().ok();
        self.errors = errors;
        let category = category.filter(|_| self.errors.is_empty())?;
        let symptom: Option<AudioSymptom> = self.symptom.parse().ok();
        let is_call = category != TicketCategory::LoggedOut;
        let report = PartialReport {
            caller,
            callee,
            call_at,
            precision,
            in_billing: stored.in_billing.or(is_call.then_some(BillingPresence::Unknown)),
            symptom: symptom.filter(|_| category == TicketCategory::Audio),
            account,
            public_ip: stored.public_ip,
        };
        let error_text = Some(self.error_text.clone()).filter(|text| !text.is_empty());
        Some(ConfirmedDetails { category, report, error_text })
    }

    fn parse_call_time(
        &self,
        now: OffsetDateTime,
        records_days: u16,
        errors: &mut Vec<(&'static str, UiMessage)>,
    ) -> Option<(OffsetDateTime, CallTimePrecision)> {
        if self.date.is_empty() && self.time.is_empty() {
            return None;
        }
        let input = CallTimeInput { date: &self.date, time: &self.time, ..CallTimeInput::default() };
        match call_time::parse(input, now, records_days) {
            Ok(call_time) => Some((call_time.at, call_time.precision)),
            Err(found) => {
                let ambiguous = found.ambiguous_times.map(|_| UiMessage::new("email-details-ambiguous-time"));
                let by_field = [("date", found.date), ("time", found.time.or(ambiguous))];
                errors.extend(by_field.into_iter().filter_map(|(field, error)| Some((field, error?))));
                None
            }
        }
    }
}

/// Whether a field's value was inferred from the email's text and is not confirmed.
pub(crate) fn is_inferred(ticket: &Ticket, field: &str) -> bool {
    let inferred = match field {
        "category" => InferredField::Category,
        "caller" => InferredField::Caller,
        "callee" => InferredField::Callee,
        "date" => InferredField::CallTime,
        "error_text" => InferredField::ErrorText,
        "symptom" => InferredField::Symptom,
        _ => InferredField::Account,
    };
    ticket.inferred_fields.contains(&inferred)
}
