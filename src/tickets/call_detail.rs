//! A piece of a call: what staff may ask a customer for, one question at a time, and what comes in its place.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{CallDetail, CallParty, CallTimePrecision, ReportedFailure, Ticket, TicketCategory};
use crate::{
    causes,
    i18n::UiMessage,
    local_time,
    phone::{Party, PartyKind},
};

/// What stands in the place of a piece. Stored as JSON in events by these names: rename nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DetailValue {
    Party {
        #[serde(rename = "typed")]
        raw_text: String,
        kind: PartyKind,
        canonical: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extension: Option<String>,
    },
    #[serde(rename = "time")]
    CallTime {
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        precision: CallTimePrecision,
        /// As it was typed, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(rename = "typed")]
        raw_text: Option<String>,
    },
    #[serde(rename = "message")]
    ErrorText { text: String },
}

/// A piece that is put in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct DetailChange {
    pub detail: CallDetail,
    /// What stood there before, if anything did.
    pub previous_value: Option<DetailValue>,
    pub new_value: DetailValue,
}

impl DetailValue {
    pub fn from_call_party(side: &CallParty) -> DetailValue {
        DetailValue::Party {
            raw_text: side.raw_text.clone(),
            kind: side.party.kind(),
            canonical: side.party.canonical(),
            extension: side.party.extension().map(str::to_owned),
        }
    }

    /// As it was understood.
    pub fn to_message(&self) -> UiMessage {
        match self {
            DetailValue::Party { kind, canonical, extension, .. } => {
                let party = Party::from_stored(*kind, canonical, extension.as_deref());
                match (&party, party.extension()) {
                    (Party::Withheld, _) => party.description(),
                    (_, Some(extension)) => UiMessage::new("detail-value-extension")
                        .with("number", party.display())
                        .with("extension", extension),
                    (_, None) => UiMessage::new("detail-value").with("text", party.display()),
                }
            }
            DetailValue::CallTime { at, precision: CallTimePrecision::Exact, .. } => local_time::format_call_time(*at),
            DetailValue::CallTime { at, precision, .. } => UiMessage::new("detail-value-about")
                .with("moment", local_time::format_call_time(*at))
                .with("minutes", i64::from(precision.tolerance_minutes())),
            DetailValue::ErrorText { text } => UiMessage::new("detail-value").with("text", text.as_str()),
        }
    }

    /// Whether both mean the same, however they were typed. "Just now" is a moment later when it is sent twice.
    pub fn is_equivalent(&self, other: &DetailValue) -> bool {
        match (self, other) {
            (
                DetailValue::Party { kind, canonical, extension, .. },
                DetailValue::Party { kind: its_kind, canonical: its_canonical, extension: its_extension, .. },
            ) => (kind, canonical, extension) == (its_kind, its_canonical, its_extension),
            (
                DetailValue::CallTime { at, precision, .. },
                DetailValue::CallTime { at: its_at, precision: its_precision, .. },
            ) => (*at - *its_at).abs() < Duration::MINUTE && precision == its_precision,
            (DetailValue::ErrorText { text }, DetailValue::ErrorText { text: its_text }) => text == its_text,
            (DetailValue::Party { .. } | DetailValue::CallTime { .. } | DetailValue::ErrorText { .. }, _) => false,
        }
    }
}

impl Ticket {
    /// What can be asked for on this ticket: an account that is logged out made no call.
    pub fn requestable_details(&self) -> &'static [CallDetail] {
        match self.failure {
            ReportedFailure::Partial(_) if self.category == TicketCategory::LoggedOut => &[CallDetail::ErrorText],
            ReportedFailure::Call { .. } | ReportedFailure::Partial(_) => CallDetail::ALL,
            ReportedFailure::LoggedOut { .. } => &[CallDetail::ErrorText],
        }
    }

    /// What stands in the place of a piece now.
    pub fn detail_value(&self, piece: CallDetail) -> Option<DetailValue> {
        match (piece, &self.failure) {
            (CallDetail::ErrorText, _) => Some(DetailValue::ErrorText { text: self.error_text.clone()? }),
            (CallDetail::Caller, ReportedFailure::Call { caller, .. }) => Some(DetailValue::from_call_party(caller)),
            (CallDetail::Callee, ReportedFailure::Call { callee, .. }) => Some(DetailValue::from_call_party(callee)),
            (CallDetail::CallTime, ReportedFailure::Call { call_at: at, precision, .. }) => {
                Some(DetailValue::CallTime { at: *at, precision: *precision, raw_text: None })
            }
            (CallDetail::Caller, ReportedFailure::Partial(told)) => {
                told.caller.as_ref().map(DetailValue::from_call_party)
            }
            (CallDetail::Callee, ReportedFailure::Partial(told)) => {
                told.callee.as_ref().map(DetailValue::from_call_party)
            }
            (CallDetail::CallTime, ReportedFailure::Partial(told)) => {
                let (at, precision) = told.call_at.zip(told.precision)?;
                Some(DetailValue::CallTime { at, precision, raw_text: None })
            }
            (CallDetail::Caller | CallDetail::Callee | CallDetail::CallTime, ReportedFailure::LoggedOut { .. }) => None,
        }
    }

    /// Questions that the customer has not answered yet. One that is over asks for nothing.
    pub fn open_detail_requests(&self) -> &[CallDetail] {
        if self.is_resolved() { &[] } else { &self.requested_details }
    }
}

/// A piece as columns of `ticket`; those of the other pieces are null and left alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct CallDetailColumns {
    detail: Option<CallDetail>,
    party_kind: Option<PartyKind>,
    party: Option<String>,
    extension: Option<String>,
    raw_text: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    call_at: Option<OffsetDateTime>,
    call_precision: Option<CallTimePrecision>,
    error_text: Option<String>,
    sip_code: Option<i16>,
}

impl CallDetailColumns {
    pub fn from_change(fill: &DetailChange) -> CallDetailColumns {
        let piece = Some(fill.detail);
        match fill.new_value.clone() {
            DetailValue::Party { raw_text, kind, canonical, extension } => CallDetailColumns {
                detail: piece,
                party_kind: Some(kind),
                party: Some(canonical).filter(|text| !text.is_empty()),
                extension,
                raw_text: Some(raw_text),
                ..CallDetailColumns::default()
            },
            DetailValue::CallTime { at, precision, .. } => CallDetailColumns {
                detail: piece,
                call_at: Some(at),
                call_precision: Some(precision),
                ..CallDetailColumns::default()
            },
            DetailValue::ErrorText { text } => CallDetailColumns {
                detail: piece,
                sip_code: causes::extract_sip_code(&text),
                error_text: Some(text),
                ..CallDetailColumns::default()
            },
        }
    }
}
