//! How a failure is stored: its columns, and the conversions between them and the types.

use std::net::IpAddr;

use time::OffsetDateTime;

use super::{
    failure::{CallParty, PartialReport, ReportedFailure},
    fields::{AudioSymptom, BillingPresence, TicketCategory},
};
use crate::{
    call_time::CallTimePrecision,
    phone::{Party, PartyKind},
};

/// Passes the columns of a new ticket to the macro of a statement, because `sqlx::query!` takes only literals. They are
/// listed in the order of the type `new_ticket`, without its last attribute, which is the time.
macro_rules! with_report_columns {
    ($statement:ident!($($argument:tt)*)) => {
        $statement!(
            "id, reference, category, status, channel, lang, service, \
            caller_kind, caller, caller_extension, caller_raw, callee_kind, callee, callee_extension, callee_raw, \
            call_at, call_precision, in_billing, symptom, account, device, public_ip, \
            error_text, sip_code, description, email, phone, client_ip, user_agent, trail, guide_answers, \
            submission_hash, form_hash, access_key_hash",
            $($argument)*
        )
    };
}
pub(super) use with_report_columns;

macro_rules! columns_literal {
    ($columns:literal,) => {
        $columns
    };
}

/// The columns of a new ticket, for binary COPY.
pub const REPORT_COLUMNS: &str = with_report_columns!(columns_literal!());

/// The columns of one side of a call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PartyColumns {
    pub kind: Option<PartyKind>,
    /// E.164 with the plus, a short code or a SIP account; null for a withheld number.
    pub canonical: Option<String>,
    pub extension: Option<String>,
    pub raw_text: Option<String>,
}

/// The columns of a failure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FailureColumns {
    pub caller: PartyColumns,
    pub callee: PartyColumns,
    pub call_at: Option<OffsetDateTime>,
    pub call_precision: Option<CallTimePrecision>,
    pub in_billing: Option<BillingPresence>,
    pub symptom: Option<AudioSymptom>,
    pub account: Option<String>,
    pub device: Option<String>,
    pub public_ip: Option<IpAddr>,
}

impl From<&CallParty> for PartyColumns {
    fn from(side: &CallParty) -> PartyColumns {
        PartyColumns {
            kind: Some(side.party.kind()),
            canonical: canonical(&side.party),
            extension: side.party.extension().map(str::to_owned),
            raw_text: Some(side.raw_text.clone()),
        }
    }
}

impl PartyColumns {
    /// Nothing if the columns are null.
    pub(super) fn into_party(self) -> Option<CallParty> {
        let canonical = self.canonical.as_deref().unwrap_or_default();
        let party = Party::from_stored(self.kind?, canonical, self.extension.as_deref());
        Some(CallParty { party, raw_text: self.raw_text.unwrap_or_default() })
    }
}

impl From<&PartialReport> for FailureColumns {
    fn from(report: &PartialReport) -> FailureColumns {
        FailureColumns {
            caller: report.caller.as_ref().map(PartyColumns::from).unwrap_or_default(),
            callee: report.callee.as_ref().map(PartyColumns::from).unwrap_or_default(),
            call_at: report.call_at,
            call_precision: report.precision,
            in_billing: report.in_billing,
            symptom: report.symptom,
            account: report.account.as_ref().and_then(canonical),
            device: None,
            public_ip: report.public_ip,
        }
    }
}

impl From<&ReportedFailure> for FailureColumns {
    fn from(failure: &ReportedFailure) -> FailureColumns {
        let device = match failure {
            ReportedFailure::LoggedOut { device, .. } => device.clone(),
            ReportedFailure::Call { .. } | ReportedFailure::Partial(_) => None,
        };
        FailureColumns { device, ..FailureColumns::from(&failure.to_partial()) }
    }
}

impl FailureColumns {
    /// A call or an account if all of its columns are set, which only the ticket of an email may lack.
    pub(super) fn into_failure(self, category: TicketCategory) -> ReportedFailure {
        let report = PartialReport {
            caller: self.caller.into_party(),
            callee: self.callee.into_party(),
            call_at: self.call_at,
            precision: self.call_precision,
            in_billing: self.in_billing,
            symptom: self.symptom,
            account: self.account.as_deref().map(|account| Party::from_stored(PartyKind::Account, account, None)),
            public_ip: self.public_ip,
        };
        match (category, report) {
            (
                TicketCategory::Audio | TicketCategory::Incoming | TicketCategory::Outgoing,
                PartialReport {
                    caller: Some(caller),
                    callee: Some(callee),
                    call_at: Some(call_at),
                    precision: Some(precision),
                    in_billing: Some(in_billing),
                    symptom,
                    account: None,
                    ..
                },
            ) => ReportedFailure::Call { caller, callee, call_at, precision, in_billing, symptom },
            (
                TicketCategory::LoggedOut,
                PartialReport { account: Some(account), public_ip, caller: None, callee: None, .. },
            ) => ReportedFailure::LoggedOut { account, device: self.device, public_ip },
            (_, report) => ReportedFailure::Partial(Box::new(report)),
        }
    }
}

fn canonical(party: &Party) -> Option<String> {
    Some(party.canonical()).filter(|text| !text.is_empty())
}
