//! Parts of the form: another example of a failed call, and the answer to one question of staff. The rules and the error
//! messages are those of the form.

use strum::VariantArray;
use time::OffsetDateTime;

use super::{
    form::{ReportForm, non_empty},
    validation::{MAX_ERROR_TEXT_LEN, ParsedReport},
};
use crate::{
    i18n::{Lang, UiMessage},
    phone::Party,
    tickets::{CallDetail, CallParty, DetailChange, DetailValue, NewCallExample, Ticket},
};

impl ReportForm {
    /// An empty form about a ticket. The ticket's category decides how caller and callee are asked for.
    pub fn new_for_ticket(ticket: &Ticket) -> ReportForm {
        ReportForm { category: ticket.category.into_str().to_owned(), day: "today".to_owned(), ..ReportForm::default() }
    }

    /// Validates the fields of a call: caller, callee, time and error text.
    pub fn validate_call(&self, now: OffsetDateTime, retention_days: u16) -> ParsedReport {
        let mut parsed = ParsedReport { category: self.category(), ..ParsedReport::default() };
        for detail in CallDetail::VARIANTS {
            self.parse_call_detail(*detail, &mut parsed, now, retention_days);
        }
        parsed
    }

    /// Validates one detail of a call, which is required.
    pub fn validate_call_detail(&self, detail: CallDetail, now: OffsetDateTime, retention_days: u16) -> ParsedReport {
        let mut parsed = ParsedReport { category: self.category(), ..ParsedReport::default() };
        if detail == CallDetail::ErrorText && self.error_answer(Lang::default()).is_none() {
            parsed.errors.add("error_text", UiMessage::new("report-error_text-missing"));
        }
        self.parse_call_detail(detail, &mut parsed, now, retention_days);
        parsed
    }

    fn parse_call_detail(
        &self,
        detail: CallDetail,
        parsed: &mut ParsedReport,
        now: OffsetDateTime,
        retention_days: u16,
    ) {
        let errors = &mut parsed.errors;
        match detail {
            CallDetail::Caller => parsed.caller = errors.collect("caller", Party::parse_caller(&self.caller)),
            CallDetail::Callee => parsed.callee = errors.collect("callee", Party::parse_callee(&self.callee)),
            CallDetail::CallTime => parsed.call_time = self.validate_call_time(errors, now, retention_days),
            CallDetail::ErrorText => errors.check_max_len("error_text", &self.error_text, MAX_ERROR_TEXT_LEN),
        }
    }

    /// The example. Returns `None` if `parsed` has errors.
    pub fn to_example(&self, parsed: ParsedReport) -> Option<NewCallExample> {
        if !parsed.errors.is_empty() {
            return None;
        }
        let call_time = parsed.call_time?;
        Some(NewCallExample {
            caller: CallParty { raw_text: self.caller.clone(), party: parsed.caller? },
            callee: CallParty { raw_text: self.callee.clone(), party: parsed.callee? },
            call_at: call_time.at,
            precision: call_time.precision,
            error_text: non_empty(&self.error_text),
        })
    }

    /// The change of the ticket's detail. Returns `None` if `parsed` has errors.
    pub fn to_detail_change(&self, detail: CallDetail, parsed: ParsedReport, ticket: &Ticket) -> Option<DetailChange> {
        if !parsed.errors.is_empty() {
            return None;
        }
        let new_value = match detail {
            CallDetail::Caller => {
                DetailValue::from_call_party(&CallParty { raw_text: self.caller.clone(), party: parsed.caller? })
            }
            CallDetail::Callee => {
                DetailValue::from_call_party(&CallParty { raw_text: self.callee.clone(), party: parsed.callee? })
            }
            CallDetail::CallTime => {
                let call_time = parsed.call_time?;
                DetailValue::CallTime {
                    at: call_time.at,
                    precision: call_time.precision,
                    raw_text: Some(self.raw_call_time()),
                }
            }
            CallDetail::ErrorText => DetailValue::ErrorText { text: self.error_answer(ticket.lang)? },
        };
        Some(DetailChange { detail, previous_value: ticket.detail_value(detail), new_value })
    }

    /// The call's time as it was typed: the chosen day or the date, then the time of day.
    fn raw_call_time(&self) -> String {
        let day = if self.day.is_empty() || self.day == "other" { &self.date } else { &self.day };
        [day.as_str(), &self.time].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
