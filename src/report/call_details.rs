//! Parts of the form by themselves: another call of the same trouble, and the answer to one question. The rules and the
//! complaints are the form's own.

use time::OffsetDateTime;

use super::{ParsedReport, ReportForm, non_empty, validation::MAX_ERROR_TEXT_LEN};
use crate::{
    i18n::UiMessage,
    phone::Party,
    tickets::{CallDetail, CallParty, DetailChange, DetailValue, NewCallExample, Ticket},
};

impl ReportForm {
    /// An empty form about a ticket: whose numbers they are depends on what it is about.
    pub fn new_for_ticket(ticket: &Ticket) -> ReportForm {
        ReportForm { category: ticket.category.as_str().to_owned(), day: "today".to_owned(), ..ReportForm::default() }
    }

    /// Reads what tells of a call: A, B, when, and what was said.
    pub fn validate_call(&self, now: OffsetDateTime, kept_days: u16) -> ParsedReport {
        let mut reading = ParsedReport { category: self.category(), ..ParsedReport::default() };
        for piece in CallDetail::ALL {
            self.parse_call_detail(*piece, &mut reading, now, kept_days);
        }
        reading
    }

    /// Reads one piece, which must be there.
    pub fn validate_call_detail(&self, piece: CallDetail, now: OffsetDateTime, kept_days: u16) -> ParsedReport {
        let mut reading = ParsedReport { category: self.category(), ..ParsedReport::default() };
        if piece == CallDetail::ErrorText && self.error_text.is_empty() {
            reading.errors.add("error_text", UiMessage::new("report-error_text-missing"));
        }
        self.parse_call_detail(piece, &mut reading, now, kept_days);
        reading
    }

    fn parse_call_detail(&self, piece: CallDetail, reading: &mut ParsedReport, now: OffsetDateTime, kept_days: u16) {
        let wrong = &mut reading.errors;
        match piece {
            CallDetail::Caller => reading.caller = wrong.collect("caller", Party::parse_caller(&self.caller)),
            CallDetail::Callee => reading.callee = wrong.collect("callee", Party::parse_callee(&self.callee)),
            CallDetail::CallTime => reading.call_time = self.validate_call_time(wrong, now, kept_days),
            CallDetail::ErrorText => wrong.check_max_len("error_text", &self.error_text, MAX_ERROR_TEXT_LEN),
        }
    }

    /// The other call, when nothing is wrong.
    pub fn to_example(&self, reading: ParsedReport) -> Option<NewCallExample> {
        if !reading.errors.is_empty() {
            return None;
        }
        let when = reading.call_time?;
        Some(NewCallExample {
            caller: CallParty { raw_text: self.caller.clone(), party: reading.caller? },
            callee: CallParty { raw_text: self.callee.clone(), party: reading.callee? },
            call_at: when.at,
            precision: when.precision,
            error_text: non_empty(&self.error_text),
        })
    }

    /// The piece in its place, when nothing is wrong.
    pub fn to_detail_change(&self, piece: CallDetail, reading: ParsedReport, ticket: &Ticket) -> Option<DetailChange> {
        if !reading.errors.is_empty() {
            return None;
        }
        let now = match piece {
            CallDetail::Caller => {
                DetailValue::from_call_party(&CallParty { raw_text: self.caller.clone(), party: reading.caller? })
            }
            CallDetail::Callee => {
                DetailValue::from_call_party(&CallParty { raw_text: self.callee.clone(), party: reading.callee? })
            }
            CallDetail::CallTime => {
                let when = reading.call_time?;
                DetailValue::CallTime { at: when.at, precision: when.precision, raw_text: Some(self.raw_call_time()) }
            }
            CallDetail::ErrorText => DetailValue::ErrorText { text: non_empty(&self.error_text)? },
        };
        Some(DetailChange { detail: piece, previous_value: ticket.detail_value(piece), new_value: now })
    }

    /// The time as it was typed: a day that was chosen, or its date, and the hour.
    fn raw_call_time(&self) -> String {
        let day = if self.day.is_empty() || self.day == "other" { &self.date } else { &self.day };
        [day.as_str(), &self.time].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
