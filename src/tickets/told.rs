//! What an e-mail tells. Nobody filled in a form, so some of it is missing and some is guessed, until staff confirm it.

use std::net::IpAddr;

use time::OffsetDateTime;

use super::{Billing, Precision, Side, Symptom};
use crate::phone::Party;

/// As much of a call, or of an account that is logged out, as could be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Told {
    pub caller: Option<Side>,
    pub callee: Option<Side>,
    pub at: Option<OffsetDateTime>,
    pub precision: Option<Precision>,
    pub in_billing: Option<Billing>,
    pub symptom: Option<Symptom>,
    pub account: Option<Party>,
    pub public_ip: Option<IpAddr>,
}
