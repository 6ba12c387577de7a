//! Whether a call can be found in the network's records, and what is missing: A, B, the time to within ten minutes, and
//! what the network or the telephone said. Where the sound was bad nothing was said: there the symptom stands for it.

use super::{CallDetail, CallTimePrecision, ReportedFailure, Ticket, TicketCategory};
use crate::phone::PartyKind;

/// How far the call may lie from the time given, in minutes, before looking for it means guessing.
const MAX_CALL_TIME_TOLERANCE_MINUTES: u8 = 10;

/// What is known of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownCallDetails {
    pub caller: Option<PartyKind>,
    pub callee: Option<PartyKind>,
    pub precision: Option<CallTimePrecision>,
    /// A message, a code or a symptom.
    pub has_error: bool,
}

impl KnownCallDetails {
    /// What is missing to find the call, in the order in which it would be asked for.
    pub fn missing_details(&self) -> Vec<CallDetail> {
        let is_known = |kind: Option<PartyKind>| match kind {
            Some(PartyKind::Number | PartyKind::Short | PartyKind::Account) => true,
            Some(PartyKind::Withheld) | None => false,
        };
        let is_near =
            self.precision.is_some_and(|precision| precision.tolerance_minutes() <= MAX_CALL_TIME_TOLERANCE_MINUTES);
        let pieces = [
            (CallDetail::CallTime, is_near),
            (CallDetail::Caller, is_known(self.caller)),
            (CallDetail::Callee, is_known(self.callee)),
            (CallDetail::ErrorText, self.has_error),
        ];
        pieces.into_iter().filter(|(_, known)| !known).map(|(piece, _)| piece).collect()
    }
}

impl Ticket {
    /// What is missing to find its call. An account that is logged out is looked up by its name, which is always there.
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
            ReportedFailure::Partial(told) => KnownCallDetails {
                caller: told.caller.as_ref().map(|side| side.party.kind()),
                callee: told.callee.as_ref().map(|side| side.party.kind()),
                precision: told.precision,
                has_error: self.error_text.is_some() || told.symptom.is_some(),
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
    fn a_call_is_findable_when_nothing_is_missing() {
        let whole = KnownCallDetails {
            caller: Some(PartyKind::Account),
            callee: Some(PartyKind::Number),
            precision: Some(CallTimePrecision::Exact),
            has_error: true,
        };
        let table = [
            (whole, vec![]),
            (
                KnownCallDetails {
                    precision: Some(CallTimePrecision::FiveMinutes),
                    callee: Some(PartyKind::Short),
                    ..whole
                },
                vec![],
            ),
            (KnownCallDetails { precision: Some(CallTimePrecision::HalfHour), ..whole }, vec![CallDetail::CallTime]),
            (KnownCallDetails { precision: None, ..whole }, vec![CallDetail::CallTime]),
            (KnownCallDetails { caller: Some(PartyKind::Withheld), ..whole }, vec![CallDetail::Caller]),
            (KnownCallDetails { has_error: false, ..whole }, vec![CallDetail::ErrorText]),
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
