//! A piece of a call: what staff may ask a customer for, one question at a time, and what comes in its place.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{Category, Failure, Piece, Precision, Side, Ticket};
use crate::{
    causes,
    phone::{Kind, Party},
    words::Say,
    zone,
};

/// What stands in the place of a piece. Stored as JSON in events by these names: rename nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Party {
        typed: String,
        kind: Kind,
        canonical: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extension: Option<String>,
    },
    Time {
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        precision: Precision,
        /// As it was typed, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        typed: Option<String>,
    },
    Message {
        text: String,
    },
}

/// A piece that is put in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    pub piece: Piece,
    /// What stood there before, if anything did.
    pub was: Option<Value>,
    pub now: Value,
}

impl Value {
    pub fn party(side: &Side) -> Value {
        Value::Party {
            typed: side.typed.clone(),
            kind: side.party.kind(),
            canonical: side.party.canonical(),
            extension: side.party.extension().map(str::to_owned),
        }
    }

    /// As it was understood.
    pub fn say(&self) -> Say {
        match self {
            Value::Party { kind, canonical, extension, .. } => {
                let party = Party::stored(*kind, canonical, extension.as_deref());
                match (&party, party.extension()) {
                    (Party::Withheld, _) => party.reading(),
                    (_, Some(extension)) => {
                        Say::new("value-extension").with("number", party.display()).with("extension", extension)
                    }
                    (_, None) => Say::new("value").with("text", party.display()),
                }
            }
            Value::Time { at, precision: Precision::Exact, .. } => zone::call_moment(*at),
            Value::Time { at, precision, .. } => Say::new("value-about")
                .with("moment", zone::call_moment(*at))
                .with("minutes", i64::from(precision.minutes())),
            Value::Message { text } => Say::new("value").with("text", text.as_str()),
        }
    }

    /// Whether both mean the same, however they were typed. "Just now" is a moment later when it is sent twice.
    pub fn means(&self, other: &Value) -> bool {
        match (self, other) {
            (
                Value::Party { kind, canonical, extension, .. },
                Value::Party { kind: its_kind, canonical: its_canonical, extension: its_extension, .. },
            ) => (kind, canonical, extension) == (its_kind, its_canonical, its_extension),
            (Value::Time { at, precision, .. }, Value::Time { at: its_at, precision: its_precision, .. }) => {
                (*at - *its_at).abs() < Duration::MINUTE && precision == its_precision
            }
            (Value::Message { text }, Value::Message { text: its_text }) => text == its_text,
            (Value::Party { .. } | Value::Time { .. } | Value::Message { .. }, _) => false,
        }
    }
}

impl Ticket {
    /// What can be asked for on this ticket: an account that is logged out made no call.
    pub fn pieces(&self) -> &'static [Piece] {
        match self.failure {
            Failure::Told(_) if self.category == Category::LoggedOut => &[Piece::Message],
            Failure::Call { .. } | Failure::Told(_) => Piece::ALL,
            Failure::LoggedOut { .. } => &[Piece::Message],
        }
    }

    /// What stands in the place of a piece now.
    pub fn value(&self, piece: Piece) -> Option<Value> {
        match (piece, &self.failure) {
            (Piece::Message, _) => Some(Value::Message { text: self.error_text.clone()? }),
            (Piece::Caller, Failure::Call { caller, .. }) => Some(Value::party(caller)),
            (Piece::Callee, Failure::Call { callee, .. }) => Some(Value::party(callee)),
            (Piece::Time, Failure::Call { at, precision, .. }) => {
                Some(Value::Time { at: *at, precision: *precision, typed: None })
            }
            (Piece::Caller, Failure::Told(told)) => told.caller.as_ref().map(Value::party),
            (Piece::Callee, Failure::Told(told)) => told.callee.as_ref().map(Value::party),
            (Piece::Time, Failure::Told(told)) => {
                let (at, precision) = told.at.zip(told.precision)?;
                Some(Value::Time { at, precision, typed: None })
            }
            (Piece::Caller | Piece::Callee | Piece::Time, Failure::LoggedOut { .. }) => None,
        }
    }

    /// Questions that the customer has not answered yet. One that is over asks for nothing.
    pub fn questions(&self) -> &[Piece] {
        if self.is_over() { &[] } else { &self.asked }
    }
}

/// A piece as columns of `ticket`; those of the other pieces are null and left alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Columns {
    piece: Option<Piece>,
    party_kind: Option<Kind>,
    party: Option<String>,
    extension: Option<String>,
    typed: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    call_at: Option<OffsetDateTime>,
    call_precision: Option<Precision>,
    error_text: Option<String>,
    sip_code: Option<i16>,
}

impl Columns {
    pub fn of(fill: &Fill) -> Columns {
        let piece = Some(fill.piece);
        match fill.now.clone() {
            Value::Party { typed, kind, canonical, extension } => Columns {
                piece,
                party_kind: Some(kind),
                party: Some(canonical).filter(|text| !text.is_empty()),
                extension,
                typed: Some(typed),
                ..Columns::default()
            },
            Value::Time { at, precision, .. } => {
                Columns { piece, call_at: Some(at), call_precision: Some(precision), ..Columns::default() }
            }
            Value::Message { text } => {
                Columns { piece, sip_code: causes::sip_code(&text), error_text: Some(text), ..Columns::default() }
            }
        }
    }
}
