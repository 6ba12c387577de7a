//! Parts of the form by themselves: another call of the same trouble, and the answer to one question. The rules and the
//! complaints are the form's own.

use time::OffsetDateTime;

use super::{Reading, ReportForm, check::MOST_IN_ERROR, filled};
use crate::{
    phone::Party,
    tickets::{Fill, NewExample, Piece, Side, Ticket, Value},
    words::Say,
};

impl ReportForm {
    /// An empty form about a ticket: whose numbers they are depends on what it is about.
    pub fn about(ticket: &Ticket) -> ReportForm {
        ReportForm { category: ticket.category.as_str().to_owned(), day: "today".to_owned(), ..ReportForm::default() }
    }

    /// Reads what tells of a call: A, B, when, and what was said.
    pub fn check_call(&self, now: OffsetDateTime, kept_days: u16) -> Reading {
        let mut reading = Reading { category: self.category(), ..Reading::default() };
        for piece in Piece::ALL {
            self.read_piece(*piece, &mut reading, now, kept_days);
        }
        reading
    }

    /// Reads one piece, which must be there.
    pub fn check_piece(&self, piece: Piece, now: OffsetDateTime, kept_days: u16) -> Reading {
        let mut reading = Reading { category: self.category(), ..Reading::default() };
        if piece == Piece::Message && self.error_text.is_empty() {
            reading.wrong.add("error_text", Say::new("report-error_text-missing"));
        }
        self.read_piece(piece, &mut reading, now, kept_days);
        reading
    }

    fn read_piece(&self, piece: Piece, reading: &mut Reading, now: OffsetDateTime, kept_days: u16) {
        let wrong = &mut reading.wrong;
        match piece {
            Piece::Caller => reading.caller = wrong.keep("caller", Party::caller(&self.caller)),
            Piece::Callee => reading.callee = wrong.keep("callee", Party::callee(&self.callee)),
            Piece::Time => reading.when = self.check_when(wrong, now, kept_days),
            Piece::Message => wrong.not_over("error_text", &self.error_text, MOST_IN_ERROR),
        }
    }

    /// The other call, when nothing is wrong.
    pub fn example(&self, reading: Reading) -> Option<NewExample> {
        if !reading.wrong.is_empty() {
            return None;
        }
        let when = reading.when?;
        Some(NewExample {
            caller: Side { typed: self.caller.clone(), party: reading.caller? },
            callee: Side { typed: self.callee.clone(), party: reading.callee? },
            at: when.at,
            precision: when.precision,
            error_text: filled(&self.error_text),
        })
    }

    /// The piece in its place, when nothing is wrong.
    pub fn fill(&self, piece: Piece, reading: Reading, ticket: &Ticket) -> Option<Fill> {
        if !reading.wrong.is_empty() {
            return None;
        }
        let now = match piece {
            Piece::Caller => Value::party(&Side { typed: self.caller.clone(), party: reading.caller? }),
            Piece::Callee => Value::party(&Side { typed: self.callee.clone(), party: reading.callee? }),
            Piece::Time => {
                let when = reading.when?;
                Value::Time { at: when.at, precision: when.precision, typed: Some(self.when_typed()) }
            }
            Piece::Message => Value::Message { text: filled(&self.error_text)? },
        };
        Some(Fill { piece, was: ticket.value(piece), now })
    }

    /// The time as it was typed: a day that was chosen, or its date, and the hour.
    fn when_typed(&self) -> String {
        let day = if self.day.is_empty() || self.day == "other" { &self.date } else { &self.day };
        [day.as_str(), &self.time].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
