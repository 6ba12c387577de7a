//! What an e-mail tells. Nobody filled in a form, so some of it is missing and some is guessed, until staff confirm it.

use std::net::IpAddr;

use time::OffsetDateTime;

use super::{AudioSymptom, BillingPresence, CallParty, CallTimePrecision};
use crate::phone::Party;

/// As much of a call, or of an account that is logged out, as could be read.
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
