//! The properties that tickets are related by.

use std::net::IpAddr;

use strum::{IntoStaticStr, VariantArray};
use time::OffsetDateTime;

use crate::{
    desk::call_summary,
    i18n::UiMessage,
    phone::{self, Party},
    tickets::{CallParty, ReportedFailure, Ticket},
};

/// The first digits of the B number stand for the destination: country and area, or country and network.
const CALLEE_PREFIX_LEN: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(const_into_str, serialize_all = "lowercase")]
pub(super) enum RelationReason {
    Caller,
    Callee,
    Account,
    #[strum(serialize = "address")]
    IpAddress,
    /// The same SIP code and the same destination, within two hours.
    #[strum(serialize = "cause")]
    CodeAndDestination,
}

impl RelationReason {
    /// The reason by its name in SQL. A ticket about a logged-out account searches this account among callers and callees.
    pub(super) fn from_name(name: &str, failure: &ReportedFailure) -> Option<RelationReason> {
        match (name, failure) {
            ("caller" | "callee", ReportedFailure::LoggedOut { .. }) | ("account", _) => Some(RelationReason::Account),
            ("caller", _) => Some(RelationReason::Caller),
            ("callee", _) => Some(RelationReason::Callee),
            ("address", _) => Some(RelationReason::IpAddress),
            ("cause", _) => Some(RelationReason::CodeAndDestination),
            _ => None,
        }
    }

    pub(super) fn message(self, keys: &RelationKeys) -> UiMessage {
        match self {
            RelationReason::Caller => UiMessage::new("related-caller"),
            RelationReason::Callee => UiMessage::new("related-callee"),
            RelationReason::Account => UiMessage::new("related-account"),
            RelationReason::IpAddress => UiMessage::new("related-address"),
            RelationReason::CodeAndDestination => UiMessage::new("related-cause")
                .with("code", keys.sip_code.map(|code| code.to_string()).unwrap_or_default())
                .with("prefix", keys.callee_prefix.as_deref().map(phone::format_prefix).unwrap_or_default()),
        }
    }
}

/// The properties of a ticket that others are compared with.
#[derive(Debug, Default)]
pub(super) struct RelationKeys {
    pub caller_digits: Option<String>,
    pub callee_digits: Option<String>,
    pub caller_account: Option<String>,
    pub callee_account: Option<String>,
    pub ip_addresses: [Option<IpAddr>; 2],
    pub sip_code: Option<i16>,
    pub call_at: Option<OffsetDateTime>,
    pub callee_prefix: Option<String>,
}

impl RelationKeys {
    pub(super) fn from_ticket(ticket: &Ticket) -> RelationKeys {
        let reporter_ip = call_summary::reporter_ip(ticket);
        let call = |caller: Option<&CallParty>, callee: Option<&CallParty>, call_at: Option<OffsetDateTime>| {
            let callee_digits = callee.and_then(|call_party| party_digits(&call_party.party));
            RelationKeys {
                caller_digits: caller.and_then(|call_party| party_digits(&call_party.party)),
                caller_account: caller.and_then(|call_party| party_account(&call_party.party)),
                callee_account: callee.and_then(|call_party| party_account(&call_party.party)),
                ip_addresses: [reporter_ip, None],
                sip_code: ticket.sip_code,
                call_at,
                callee_prefix: callee_digits.as_ref().map(|digits| digits.chars().take(CALLEE_PREFIX_LEN).collect()),
                callee_digits,
            }
        };
        match &ticket.failure {
            ReportedFailure::Call { caller, callee, call_at, .. } => call(Some(caller), Some(callee), Some(*call_at)),
            ReportedFailure::Partial(report) => {
                let keys = call(report.caller.as_ref(), report.callee.as_ref(), report.call_at);
                let logged_out = report.account.as_ref().and_then(party_account);
                RelationKeys {
                    caller_account: keys.caller_account.or_else(|| logged_out.clone()),
                    callee_account: keys.callee_account.or(logged_out),
                    ..keys
                }
            }
            ReportedFailure::LoggedOut { account, public_ip, .. } => RelationKeys {
                caller_account: party_account(account),
                callee_account: party_account(account),
                ip_addresses: [reporter_ip, public_ip.filter(|ip| reporter_ip != Some(*ip))],
                ..RelationKeys::default()
            },
        }
    }

    pub(super) fn from_partial_call(call: &PartialCall) -> RelationKeys {
        let account_of = |party: &Option<Party>| party.as_ref().or(call.account.as_ref()).and_then(party_account);
        RelationKeys {
            caller_digits: call.caller.as_ref().and_then(party_digits),
            callee_digits: call.callee.as_ref().and_then(party_digits),
            caller_account: account_of(&call.caller),
            callee_account: account_of(&call.callee),
            ..RelationKeys::default()
        }
    }
}

/// The known parts of a call while staff take a report by telephone.
#[derive(Debug, Default)]
pub(crate) struct PartialCall {
    pub caller: Option<Party>,
    pub callee: Option<Party>,
    pub account: Option<Party>,
}

/// The digits of a number, as the columns `caller_digits` and `callee_digits` have them.
fn party_digits(party: &Party) -> Option<String> {
    let digits = || party.canonical().chars().filter(char::is_ascii_digit).collect::<String>();
    match party {
        Party::Number(_) | Party::Short(_) => Some(digits()).filter(|digits| !digits.is_empty()),
        Party::Account(_) | Party::Withheld => None,
    }
}

pub(super) fn party_account(party: &Party) -> Option<String> {
    match party {
        Party::Account(account) => Some(account.clone()),
        Party::Number(_) | Party::Short(_) | Party::Withheld => None,
    }
}
