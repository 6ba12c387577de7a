//! The HTML of a row of the queue, both in the page and in the live updates.

use askama::Template;
use time::OffsetDateTime;

use super::store::QueueRow;
use crate::{
    causes::sip_code_label,
    i18n::{Label, Lang},
    local_time,
    phone::{Party, PartyKind},
    staff::initials,
    tickets::{AudioSymptom, BillingPresence, CallTimePrecision, KnownCallDetails, TicketCategory},
};

#[derive(Template)]
#[template(path = "desk/row.html")]
pub(crate) struct QueueRowView<'a> {
    pub row: &'a QueueRow,
    pub is_in_incident: bool,
    pub lang: Lang,
    pub now: OffsetDateTime,
}

/// What the network or the telephone reported.
enum ReportedError {
    /// The code, the message id of its meaning, and the typed text.
    SipCode(i16, Option<&'static str>, String),
    /// An announcement or a message without a code.
    Text(String),
    Symptom(AudioSymptom),
    NotGiven,
}

impl QueueRowView<'_> {
    fn t(&self, id: impl AsRef<str>) -> String {
        self.lang.t(id).into_owned()
    }

    /// Time since the ticket needs an answer from staff. None if it is closed.
    fn waiting_time(&self) -> Option<String> {
        self.row
            .status
            .is_active()
            .then(|| self.lang.format(&local_time::format_elapsed(self.row.awaiting_staff_since, self.now)))
    }

    fn waiting_since_iso(&self) -> String {
        local_time::iso(&self.row.awaiting_staff_since)
    }

    /// The time of the call with its precision in minutes: "14:05 ±5".
    fn call_time(&self) -> Option<String> {
        let time = self.lang.format(&local_time::format_short(self.row.call_at?, self.now));
        Some(match self.row.call_precision {
            None | Some(CallTimePrecision::Exact) => time,
            Some(precision @ (CallTimePrecision::FiveMinutes | CallTimePrecision::HalfHour)) => {
                format!("{time} ±{}", precision.tolerance_minutes())
            }
        })
    }

    fn caller(&self) -> String {
        self.format_party(self.row.caller_kind, self.row.caller.as_deref())
    }

    fn callee(&self) -> String {
        self.format_party(self.row.callee_kind, self.row.callee.as_deref())
    }

    fn format_party(&self, kind: Option<PartyKind>, canonical: Option<&str>) -> String {
        match kind {
            None => "?".into(),
            Some(PartyKind::Withheld) => self.t("queue-withheld"),
            Some(kind @ (PartyKind::Number | PartyKind::Short | PartyKind::Account)) => {
                Party::from_stored(kind, canonical.unwrap_or_default(), None).display()
            }
        }
    }

    fn reported_error(&self) -> ReportedError {
        match (self.row.sip_code, &self.row.error_text, self.row.symptom) {
            (Some(code), text, _) => {
                ReportedError::SipCode(code, sip_code_label(code), text.clone().unwrap_or_default())
            }
            (None, Some(text), _) => ReportedError::Text(text.clone()),
            (None, None, Some(symptom)) => ReportedError::Symptom(symptom),
            (None, None, None) => ReportedError::NotGiven,
        }
    }

    fn category_label(&self) -> String {
        self.t(short_category_label(self.row.category))
    }

    fn status_tone(&self) -> &'static str {
        self.row.status.tone()
    }

    /// The details without which the call cannot be found in the call records.
    fn missing_details(&self) -> Option<String> {
        if self.row.account.is_some() {
            return None;
        }
        let known = KnownCallDetails {
            caller: self.row.caller_kind,
            callee: self.row.callee_kind,
            precision: self.row.call_precision,
            has_error: self.row.error_text.is_some() || self.row.symptom.is_some(),
        };
        let names: Vec<_> = known.missing_details().iter().map(|detail| self.t(detail.label())).collect();
        (!names.is_empty()).then(|| self.lang.t_with("details-missing", "missing", names.join(", ")))
    }

    fn is_in_billing(&self) -> bool {
        self.row.in_billing == Some(BillingPresence::Yes)
    }

    fn assignee_initials(&self, name: &str) -> String {
        initials(name)
    }
}

/// One word, for narrow columns.
pub(crate) const fn short_category_label(category: TicketCategory) -> &'static str {
    match category {
        TicketCategory::LoggedOut => "queue-category-logged-out",
        TicketCategory::Audio => "queue-category-audio",
        TicketCategory::Incoming => "queue-category-incoming",
        TicketCategory::Outgoing => "queue-category-outgoing",
        TicketCategory::Unknown => "queue-category-unknown",
    }
}
