//! Tickets that may tell of the same trouble: the same numbers, account or address, or the same code on the way to the
//! same place at about the same time.

mod store;

use std::net::IpAddr;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::call_summary;
use crate::{
    i18n::{Lang, UiMessage},
    phone::{self, Party, PartyKind},
    tickets::{CallParty, ReportedFailure, Ticket, TicketReference, TicketStatus},
    web::form::percent_encode,
};

/// Related tickets shown for each reason.
const MAX_PER_REASON: usize = 8;
/// Related tickets shown at once, whatever the reasons.
const MAX_PREVIEW: usize = 6;
/// How much of B's number counts as the way it leads: country and area, or country and network.
const CALLEE_PREFIX_LEN: usize = 4;

/// Why a ticket is related.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RelationReason {
    Caller,
    Callee,
    Account,
    IpAddress,
    /// The same code on the way to the same place, within two hours.
    CodeAndDestination,
}

impl RelationReason {
    const ALL: [RelationReason; 5] = [
        RelationReason::Caller,
        RelationReason::Callee,
        RelationReason::Account,
        RelationReason::IpAddress,
        RelationReason::CodeAndDestination,
    ];

    fn from_name(name: &str, failure: &ReportedFailure) -> Option<RelationReason> {
        match (name, failure) {
            ("caller" | "callee", ReportedFailure::LoggedOut { .. }) | ("account", _) => Some(RelationReason::Account),
            ("caller", _) => Some(RelationReason::Caller),
            ("callee", _) => Some(RelationReason::Callee),
            ("address", _) => Some(RelationReason::IpAddress),
            ("cause", _) => Some(RelationReason::CodeAndDestination),
            _ => None,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            RelationReason::Caller => "caller",
            RelationReason::Callee => "callee",
            RelationReason::Account => "account",
            RelationReason::IpAddress => "address",
            RelationReason::CodeAndDestination => "cause",
        }
    }

    fn message(self, keys: &RelationKeys) -> UiMessage {
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

/// What tickets are related by; nothing where this one has none.
#[derive(Debug, Default)]
struct RelationKeys {
    caller_digits: Option<String>,
    callee_digits: Option<String>,
    caller_account: Option<String>,
    callee_account: Option<String>,
    ip_addresses: [Option<IpAddr>; 2],
    sip_code: Option<i16>,
    call_at: Option<OffsetDateTime>,
    callee_prefix: Option<String>,
}

impl RelationKeys {
    fn from_ticket(ticket: &Ticket) -> RelationKeys {
        let reporter = call_summary::reporter_ip(ticket);
        let call = |caller: Option<&CallParty>, callee: Option<&CallParty>, at: Option<OffsetDateTime>| {
            let callee_digits = callee.and_then(|side| party_digits(&side.party));
            RelationKeys {
                caller_digits: caller.and_then(|side| party_digits(&side.party)),
                caller_account: caller.and_then(|side| party_account(&side.party)),
                callee_account: callee.and_then(|side| party_account(&side.party)),
                ip_addresses: [reporter, None],
                sip_code: ticket.sip_code,
                call_at: at,
                callee_prefix: callee_digits.as_ref().map(|digits| digits.chars().take(CALLEE_PREFIX_LEN).collect()),
                callee_digits,
            }
        };
        match &ticket.failure {
            ReportedFailure::Call { caller, callee, call_at: at, .. } => call(Some(caller), Some(callee), Some(*at)),
            ReportedFailure::Partial(told) => {
                let keys = call(told.caller.as_ref(), told.callee.as_ref(), told.call_at);
                let logged_out = told.account.as_ref().and_then(party_account);
                RelationKeys {
                    caller_account: keys.caller_account.or_else(|| logged_out.clone()),
                    callee_account: keys.callee_account.or(logged_out),
                    ..keys
                }
            }
            ReportedFailure::LoggedOut { account: logged_out, public_ip, .. } => RelationKeys {
                caller_account: party_account(logged_out),
                callee_account: party_account(logged_out),
                ip_addresses: [reporter, public_ip.filter(|ip| reporter != Some(*ip))],
                ..RelationKeys::default()
            },
        }
    }
}

/// What is known of a call that is being written down.
#[derive(Debug, Default)]
pub(super) struct PartialCall {
    pub caller: Option<Party>,
    pub callee: Option<Party>,
    pub account: Option<Party>,
}

/// Tickets that somebody has to do something about, and that share a number or an account with what was heard, the newest
/// first.
pub(super) async fn list_similar_to_call(
    db: &mut PgConnection,
    heard: &PartialCall,
    lang: Lang,
) -> Result<Vec<RelatedTicket>, sqlx::Error> {
    let either = |side: &Option<Party>| side.as_ref().or(heard.account.as_ref()).and_then(party_account);
    let keys = RelationKeys {
        caller_digits: heard.caller.as_ref().and_then(party_digits),
        callee_digits: heard.callee.as_ref().and_then(party_digits),
        caller_account: either(&heard.caller),
        callee_account: either(&heard.callee),
        ..RelationKeys::default()
    };
    let mut found = Vec::new();
    // no ticket has this id, so none is left out
    for row in store::list_similar(db, Uuid::nil(), &keys).await?.into_iter().filter(|row| row.status.is_active()) {
        let reasons = [RelationReason::Caller, RelationReason::Callee, RelationReason::Account];
        let named = |why: &RelationReason| row.reasons.iter().any(|name| name == why.as_str());
        let why: Vec<_> = reasons.into_iter().filter(named).map(|why| lang.format(&why.message(&keys))).collect();
        found.push(to_related_ticket(row, why.join(", "), lang));
    }
    found.truncate(MAX_PER_REASON);
    Ok(found)
}

/// The digits that a number is found by, as in the table.
fn party_digits(party: &Party) -> Option<String> {
    let digits = || party.canonical().chars().filter(char::is_ascii_digit).collect::<String>();
    match party {
        Party::Number(_) | Party::Short(_) => Some(digits()).filter(|digits| !digits.is_empty()),
        Party::Account(_) | Party::Withheld => None,
    }
}

fn party_account(party: &Party) -> Option<String> {
    match party {
        Party::Account(account) => Some(account.clone()),
        Party::Number(_) | Party::Short(_) | Party::Withheld => None,
    }
}

/// A related ticket, in the reader's words.
pub(super) struct RelatedTicket {
    pub reference: TicketReference,
    pub status: TicketStatus,
    pub occurred_at: OffsetDateTime,
    /// A → B, or the account.
    pub parties: String,
    pub sip_code: Option<i16>,
    /// Why it is related; nothing for duplicates, where the heading says it.
    pub reasons: String,
}

/// All of them, and where the rest is found.
#[derive(Default)]
pub(super) struct RelatedTickets {
    pub main: Option<RelatedTicket>,
    pub duplicates: Vec<RelatedTicket>,
    pub similar: Vec<RelatedTicket>,
    /// Reasons for which there are more, with the searches that find them.
    pub more_searches: Vec<(String, String)>,
}

impl RelatedTickets {
    pub async fn load(db: &mut PgConnection, ticket: &Ticket, lang: Lang) -> Result<RelatedTickets, sqlx::Error> {
        let keys = RelationKeys::from_ticket(ticket);
        let (mut main, mut duplicates) = (None, Vec::new());
        let mut family = Vec::new();
        for row in store::list_main_and_duplicates(db, ticket.id).await? {
            family.push(row.reference.clone());
            match row.reasons.iter().any(|why| why == "main") {
                true => main = Some(to_related_ticket(row, String::new(), lang)),
                false => duplicates.push(to_related_ticket(row, String::new(), lang)),
            }
        }
        let mut counts = [0; RelationReason::ALL.len()];
        let mut near = Vec::new();
        for row in store::list_similar(db, ticket.id, &keys).await? {
            let named: Vec<_> =
                row.reasons.iter().filter_map(|name| RelationReason::from_name(name, &ticket.failure)).collect();
            let mut reasons = Vec::new();
            for why in RelationReason::ALL.into_iter().filter(|why| named.contains(why)) {
                counts[why as usize] += 1;
                if counts[why as usize] <= MAX_PER_REASON {
                    reasons.push(lang.format(&why.message(&keys)));
                }
            }
            if !reasons.is_empty() && !family.contains(&row.reference) {
                near.push(to_related_ticket(row, reasons.join(", "), lang));
            }
        }
        let more = RelationReason::ALL.into_iter().filter(|why| counts[*why as usize] > MAX_PER_REASON);
        let more = more.filter_map(|why| Some((lang.format(&why.message(&keys)), search_url(why, ticket)?))).collect();
        Ok(RelatedTickets { main, duplicates, similar: near, more_searches: more })
    }

    /// The newest, and those that open below.
    pub fn split_preview(&self) -> (&[RelatedTicket], &[RelatedTicket]) {
        self.similar.split_at(self.similar.len().min(MAX_PREVIEW))
    }

    pub fn has_main_or_duplicates(&self) -> bool {
        self.main.is_some() || !self.duplicates.is_empty()
    }

    pub fn is_empty(&self) -> bool {
        !self.has_main_or_duplicates() && self.similar.is_empty()
    }
}

fn to_related_ticket(row: store::RelatedTicketRow, why: String, lang: Lang) -> RelatedTicket {
    let side = |kind: Option<PartyKind>, canonical: Option<String>| {
        kind.map(|kind| {
            call_summary::format_party(&Party::from_stored(kind, &canonical.unwrap_or_default(), None), lang)
        })
    };
    let ends = [side(row.caller_kind, row.caller), side(row.callee_kind, row.callee), row.account];
    RelatedTicket {
        reference: row.reference,
        status: row.status,
        occurred_at: row.occurred_at,
        parties: ends.into_iter().flatten().collect::<Vec<_>>().join(" → "),
        sip_code: row.sip_code,
        reasons: why,
    }
}

/// The queue's address that finds all with the same number or account; nothing where no search can.
fn search_url(why: RelationReason, ticket: &Ticket) -> Option<String> {
    let words = match (why, &ticket.failure) {
        (RelationReason::Caller, ReportedFailure::Call { caller, .. }) => format!("a:{}", caller.party.canonical()),
        (RelationReason::Callee, ReportedFailure::Call { callee, .. }) => format!("b:{}", callee.party.canonical()),
        (RelationReason::Account, ReportedFailure::LoggedOut { account, .. }) => account.canonical(),
        (RelationReason::Account, ReportedFailure::Call { caller, callee, .. }) => {
            party_account(&caller.party).or_else(|| party_account(&callee.party))?
        }
        (RelationReason::Caller, ReportedFailure::Partial(told)) => {
            format!("a:{}", told.caller.as_ref()?.party.canonical())
        }
        (RelationReason::Callee, ReportedFailure::Partial(told)) => {
            format!("b:{}", told.callee.as_ref()?.party.canonical())
        }
        (RelationReason::Account, ReportedFailure::Partial(told)) => {
            let sides = [&told.caller, &told.callee].into_iter().flatten().map(|side| &side.party);
            told.account.iter().chain(sides).find_map(party_account)?
        }
        (RelationReason::Caller | RelationReason::Callee, ReportedFailure::LoggedOut { .. })
        | (RelationReason::IpAddress | RelationReason::CodeAndDestination, _) => return None,
    };
    Some(format!("/staff?view=all&q={}", percent_encode(&words)))
}
