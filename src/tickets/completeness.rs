//! Whether a call can be found in the call records, and which details are missing: caller, callee, the time to within ten
//! minutes, and the error that the network or the phone reported. For bad audio there is no error; the symptom replaces it.
//! A withheld caller is an answer: the call is found by callee and time.

use super::{
    failure::ReportedFailure,
    fields::{CallDetail, TicketCategory},
    ticket::Ticket,
};
use crate::{call_time::CallTimePrecision, phone::PartyKind};

/// With a larger tolerance, in minutes to either side, too many calls match.
const MAX_CALL_TIME_TOLERANCE_MINUTES: u8 = 10;

/// What is known of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownCallDetails {
    pub caller: Option<PartyKind>,
    pub callee: Option<PartyKind>,
    pub precision: Option<CallTimePrecision>,
    /// An error message, a SIP code or a symptom.
    pub has_error: bool,
}

impl KnownCallDetails {
    /// The missing details, in the order in which they are requested.
    pub fn missing_details(&self) -> Vec<CallDetail> {
        let is_time_precise =
            self.precision.is_some_and(|precision| precision.tolerance_minutes() <= MAX_CALL_TIME_TOLERANCE_MINUTES);
        let details = [
            (CallDetail::CallTime, is_time_precise),
            (CallDetail::Caller, self.caller.is_some()),
            (CallDetail::Callee, self.callee.is_some_and(|kind| kind != PartyKind::Withheld)),
            (CallDetail::ErrorText, self.has_error),
        ];
        details.into_iter().filter(|(_, is_known)| !is_known).map(|(detail, _)| detail).collect()
    }
}

impl Ticket {
    /// The details that are missing to find the call. A logged-out account has none: it is looked up by its name, which is
    /// always known.
    pub fn missing_details(&self) -> Vec<CallDetail> {
        match &self.failure {
            ReportedFailure::Call { caller, callee, precision, symptom, .. } => KnownCallDetails {
                caller: Some(caller.party.kind()),
                callee: Some(callee.party.kind()),
                precision: Some(*precision),
                has_error: self.error_text.is_some() || symptom.is_some(),
            }
            .missing_details(),
            ReportedFailure::Partial(_) if self.category == TicketCategory::LoggedOut => Vec::new(),
            ReportedFailure::Partial(report) => KnownCallDetails {
                caller: report.caller.as_ref().map(|caller| caller.party.kind()),
                callee: report.callee.as_ref().map(|callee| callee.party.kind()),
                precision: report.precision,
                has_error: self.error_text.is_some() || report.symptom.is_some(),
            }
            .missing_details(),
            ReportedFailure::LoggedOut { .. } => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tickets::completeness::*;

    #[test]
    fn the_missing_details_of_a_call_are_listed_in_order() {
        let complete = KnownCallDetails {
            caller: Some(PartyKind::Account),
            callee: Some(PartyKind::Number),
            precision: Some(CallTimePrecision::Exact),
            has_error: true,
        };
        let table = [
            (complete, vec![]),
            (
                KnownCallDetails {
                    precision: Some(CallTimePrecision::FiveMinutes),
                    callee: Some(PartyKind::Short),
                    ..complete
                },
                vec![],
            ),
            (KnownCallDetails { precision: Some(CallTimePrecision::HalfHour), ..complete }, vec![CallDetail::CallTime]),
            (KnownCallDetails { precision: None, ..complete }, vec![CallDetail::CallTime]),
            (KnownCallDetails { caller: Some(PartyKind::Withheld), ..complete }, vec![]),
            (KnownCallDetails { callee: Some(PartyKind::Withheld), ..complete }, vec![CallDetail::Callee]),
            (KnownCallDetails { has_error: false, ..complete }, vec![CallDetail::ErrorText]),
            (
                KnownCallDetails { caller: None, callee: None, precision: None, has_error: false },
                vec![CallDetail::CallTime, CallDetail::Caller, CallDetail::Callee, CallDetail::ErrorText],
            ),
        ];
        for (known, missing) in table {
            assert_eq!(known.missing_details(), missing, "{known:?}");
        }
    }
}
