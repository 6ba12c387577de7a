//! A detail of a call: what staff may request from the customer, one at a time, and the value that is provided.

use serde::{Deserialize, Serialize};
use strum::VariantArray;
use time::{Duration, OffsetDateTime};

use super::{
    failure::{CallParty, ReportedFailure},
    fields::{CallDetail, TicketCategory},
    ticket::Ticket,
};
use crate::{
    call_time::CallTimePrecision,
    causes,
    i18n::UiMessage,
    local_time,
    phone::{Party, PartyKind},
};

/// The value of a detail. Stored as JSON in events under these names: do not change them.
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
        /// As typed, if it was typed as text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(rename = "typed")]
        raw_text: Option<String>,
    },
    #[serde(rename = "message")]
    ErrorText { text: String },
}

/// A detail that is provided.
#[derive(Debug, Clone, PartialEq)]
pub struct DetailChange {
    pub detail: CallDetail,
    pub previous_value: Option<DetailValue>,
    pub new_value: DetailValue,
}

impl DetailValue {
    pub fn from_call_party(call_party: &CallParty) -> DetailValue {
        DetailValue::Party {
            raw_text: call_party.raw_text.clone(),
            kind: call_party.party.kind(),
            canonical: call_party.party.canonical(),
            extension: call_party.party.extension().map(str::to_owned),
        }
    }

    /// The value as it was parsed.
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

    /// Whether both mean the same, however they were typed. Times may differ by up to a minute: "just now" is later when
    /// the form is sent again.
    pub fn is_equivalent(&self, other: &DetailValue) -> bool {
        match (self, other) {
            (
                DetailValue::Party { kind, canonical, extension, .. },
                DetailValue::Party { kind: other_kind, canonical: other_canonical, extension: other_extension, .. },
            ) => (kind, canonical, extension) == (other_kind, other_canonical, other_extension),
            (
                DetailValue::CallTime { at, precision, .. },
                DetailValue::CallTime { at: other_at, precision: other_precision, .. },
            ) => (*at - *other_at).abs() < Duration::MINUTE && precision == other_precision,
            (DetailValue::ErrorText { text }, DetailValue::ErrorText { text: other_text }) => text == other_text,
            (DetailValue::Party { .. } | DetailValue::CallTime { .. } | DetailValue::ErrorText { .. }, _) => false,
        }
    }
}

impl Ticket {
    /// The details that staff can request for this ticket: a logged-out account made no call.
    pub fn requestable_details(&self) -> &'static [CallDetail] {
        match self.failure {
            ReportedFailure::Partial(_) if self.category == TicketCategory::LoggedOut => &[CallDetail::ErrorText],
            ReportedFailure::Call { .. } | ReportedFailure::Partial(_) => CallDetail::VARIANTS,
            ReportedFailure::LoggedOut { .. } => &[CallDetail::ErrorText],
        }
    }

    /// The current value of a detail.
    pub fn detail_value(&self, detail: CallDetail) -> Option<DetailValue> {
        match (detail, &self.failure) {
            (CallDetail::ErrorText, _) => Some(DetailValue::ErrorText { text: self.error_text.clone()? }),
            (CallDetail::Caller, ReportedFailure::Call { caller, .. }) => Some(DetailValue::from_call_party(caller)),
            (CallDetail::Callee, ReportedFailure::Call { callee, .. }) => Some(DetailValue::from_call_party(callee)),
            (CallDetail::CallTime, ReportedFailure::Call { call_at, precision, .. }) => {
                Some(DetailValue::CallTime { at: *call_at, precision: *precision, raw_text: None })
            }
            (CallDetail::Caller, ReportedFailure::Partial(report)) => {
                report.caller.as_ref().map(DetailValue::from_call_party)
            }
            (CallDetail::Callee, ReportedFailure::Partial(report)) => {
                report.callee.as_ref().map(DetailValue::from_call_party)
            }
            (CallDetail::CallTime, ReportedFailure::Partial(report)) => {
                let (at, precision) = report.call_at.zip(report.precision)?;
                Some(DetailValue::CallTime { at, precision, raw_text: None })
            }
            (CallDetail::Caller | CallDetail::Callee | CallDetail::CallTime, ReportedFailure::LoggedOut { .. }) => None,
        }
    }

    /// The details that were requested and not provided yet. A resolved ticket requests nothing.
    pub fn open_detail_requests(&self) -> &[CallDetail] {
        if self.is_resolved() { &[] } else { &self.requested_details }
    }
}

/// A detail as columns of `ticket`. The columns of other details are null here and stay unchanged.
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
    pub(super) fn from_change(change: &DetailChange) -> CallDetailColumns {
        let detail = Some(change.detail);
        match change.new_value.clone() {
            DetailValue::Party { raw_text, kind, canonical, extension } => CallDetailColumns {
                detail,
                party_kind: Some(kind),
                party: Some(canonical).filter(|text| !text.is_empty()),
                extension,
                raw_text: Some(raw_text),
                ..CallDetailColumns::default()
            },
            DetailValue::CallTime { at, precision, .. } => CallDetailColumns {
                detail,
                call_at: Some(at),
                call_precision: Some(precision),
                ..CallDetailColumns::default()
            },
            DetailValue::ErrorText { text } => CallDetailColumns {
                detail,
                sip_code: causes::extract_sip_code(&text),
                error_text: Some(text),
                ..CallDetailColumns::default()
            },
        }
    }
}
