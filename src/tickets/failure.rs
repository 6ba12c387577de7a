//! What failed: a call or the login of a SIP account. Of an email's report some parts may be missing.

use std::net::IpAddr;

use time::OffsetDateTime;

use super::fields::{AudioSymptom, BillingPresence};
use crate::{call_time::CallTimePrecision, phone::Party};

/// One side of a call, as typed and as parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct CallParty {
    pub raw_text: String,
    pub party: Party,
}

/// What failed.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportedFailure {
    Call {
        caller: CallParty,
        callee: CallParty,
        call_at: OffsetDateTime,
        precision: CallTimePrecision,
        in_billing: BillingPresence,
        /// Only for [`TicketCategory::Audio`](super::fields::TicketCategory::Audio).
        symptom: Option<AudioSymptom>,
    },
    /// A SIP account that is not registered.
    LoggedOut { account: Party, device: Option<String>, public_ip: Option<IpAddr> },
    /// An email that does not contain all details.
    Partial(Box<PartialReport>),
}

/// The details of an email's report, as far as they are known. Some are inferred until staff confirm them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PartialReport {
    pub caller: Option<CallParty>,
    pub callee: Option<CallParty>,
    pub call_at: Option<OffsetDateTime>,
    pub precision: Option<CallTimePrecision>,
    pub in_billing: Option<BillingPresence>,
    pub symptom: Option<AudioSymptom>,
    pub account: Option<Party>,
    pub public_ip: Option<IpAddr>,
}

impl ReportedFailure {
    /// The same details, each of them optional. The device of a logged-out account is left out.
    pub fn to_partial(&self) -> PartialReport {
        match self {
            ReportedFailure::Call { caller, callee, call_at, precision, in_billing, symptom } => PartialReport {
                caller: Some(caller.clone()),
                callee: Some(callee.clone()),
                call_at: Some(*call_at),
                precision: Some(*precision),
                in_billing: Some(*in_billing),
                symptom: *symptom,
                ..PartialReport::default()
            },
            ReportedFailure::LoggedOut { account, public_ip, .. } => {
                PartialReport { account: Some(account.clone()), public_ip: *public_ip, ..PartialReport::default() }
            }
            ReportedFailure::Partial(report) => report.as_ref().clone(),
        }
    }
}
