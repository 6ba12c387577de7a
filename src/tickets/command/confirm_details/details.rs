//! The details of an email's report, to be confirmed or corrected.

use strum::VariantArray;

use crate::{
    call_time::CallTimePrecision,
    local_time,
    phone::Party,
    tickets::{
        event::kind::Correction,
        failure::PartialReport,
        fields::{InferredField, TicketCategory},
        ticket::Ticket,
    },
};

/// The details that staff confirm.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfirmedDetails {
    pub category: TicketCategory,
    pub report: PartialReport,
    pub error_text: Option<String>,
}

impl ConfirmedDetails {
    /// The current details of a ticket.
    pub fn from_ticket(ticket: &Ticket) -> ConfirmedDetails {
        ConfirmedDetails {
            category: ticket.category,
            report: ticket.failure.to_partial(),
            error_text: ticket.error_text.clone(),
        }
    }

    /// A field as text, to compare it and to record it in the history.
    fn display_value(&self, field: InferredField) -> Option<String> {
        let display_party = |party: &Party| match party {
            Party::Withheld => "–".to_owned(),
            Party::Number(_) | Party::Short(_) | Party::Account(_) => party.display(),
        };
        let report = &self.report;
        match field {
            InferredField::Category => Some(self.category.into_str().to_owned()),
            InferredField::Caller => report.caller.as_ref().map(|caller| display_party(&caller.party)),
            InferredField::Callee => report.callee.as_ref().map(|callee| display_party(&callee.party)),
            InferredField::CallTime => {
                let call_at = report.call_at?;
                let tolerance = report.precision.map_or(0, CallTimePrecision::tolerance_minutes);
                let (date, time) = (local_time::format_date(call_at), local_time::format_time(call_at));
                Some(format!("{date} {time} ±{tolerance}"))
            }
            InferredField::ErrorText => self.error_text.clone(),
            InferredField::Symptom => report.symptom.map(|symptom| symptom.into_str().to_owned()),
            InferredField::Account => report.account.as_ref().map(display_party),
        }
    }

    /// The fields that differ from the details before, with their values then.
    pub(super) fn corrections_since(&self, before: &ConfirmedDetails) -> Vec<Correction> {
        InferredField::VARIANTS
            .iter()
            .filter(|field| self.display_value(**field) != before.display_value(**field))
            .map(|field| Correction { field: *field, previous_value: before.display_value(*field) })
            .collect()
    }
}
