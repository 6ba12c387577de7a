//! Tickets that may tell of the same trouble: the same numbers, account or address, or the same code on the way to the
//! same place at about the same time.

mod store;

use std::net::IpAddr;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::strip;
use crate::{
    phone::{self, Kind, Party},
    tickets::{Failure, Reference, Side, Status, Ticket},
    web::form::escape,
    words::{Lang, Say},
};

/// Related tickets shown for each reason.
const MOST: usize = 8;
/// Related tickets shown at once, whatever the reasons.
const SHOWN: usize = 6;
/// How much of B's number counts as the way it leads: country and area, or country and network.
const PREFIX: usize = 4;

/// Why a ticket is related.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Caller,
    Callee,
    Account,
    Address,
    /// The same code on the way to the same place, within two hours.
    Cause,
}

impl Why {
    const ALL: [Why; 5] = [Why::Caller, Why::Callee, Why::Account, Why::Address, Why::Cause];

    fn named(name: &str, failure: &Failure) -> Option<Why> {
        match (name, failure) {
            ("caller" | "callee", Failure::LoggedOut { .. }) | ("account", _) => Some(Why::Account),
            ("caller", _) => Some(Why::Caller),
            ("callee", _) => Some(Why::Callee),
            ("address", _) => Some(Why::Address),
            ("cause", _) => Some(Why::Cause),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Why::Caller => "caller",
            Why::Callee => "callee",
            Why::Account => "account",
            Why::Address => "address",
            Why::Cause => "cause",
        }
    }

    fn say(self, keys: &Keys) -> Say {
        match self {
            Why::Caller => Say::new("related-caller"),
            Why::Callee => Say::new("related-callee"),
            Why::Account => Say::new("related-account"),
            Why::Address => Say::new("related-address"),
            Why::Cause => Say::new("related-cause")
                .with("code", keys.code.map(|code| code.to_string()).unwrap_or_default())
                .with("prefix", keys.prefix.as_deref().map(phone::beginning).unwrap_or_default()),
        }
    }
}

/// What tickets are related by; nothing where this one has none.
#[derive(Debug, Default)]
struct Keys {
    caller_digits: Option<String>,
    callee_digits: Option<String>,
    caller_account: Option<String>,
    callee_account: Option<String>,
    addresses: [Option<IpAddr>; 2],
    code: Option<i16>,
    at: Option<OffsetDateTime>,
    prefix: Option<String>,
}

impl Keys {
    fn of(ticket: &Ticket) -> Keys {
        let reporter = strip::reporter(ticket);
        let call = |caller: Option<&Side>, callee: Option<&Side>, at: Option<OffsetDateTime>| {
            let callee_digits = callee.and_then(|side| digits(&side.party));
            Keys {
                caller_digits: caller.and_then(|side| digits(&side.party)),
                caller_account: caller.and_then(|side| account(&side.party)),
                callee_account: callee.and_then(|side| account(&side.party)),
                addresses: [reporter, None],
                code: ticket.sip_code,
                at,
                prefix: callee_digits.as_ref().map(|digits| digits.chars().take(PREFIX).collect()),
                callee_digits,
            }
        };
        match &ticket.failure {
            Failure::Call { caller, callee, at, .. } => call(Some(caller), Some(callee), Some(*at)),
            Failure::Told(told) => {
                let keys = call(told.caller.as_ref(), told.callee.as_ref(), told.at);
                let logged_out = told.account.as_ref().and_then(account);
                Keys {
                    caller_account: keys.caller_account.or_else(|| logged_out.clone()),
                    callee_account: keys.callee_account.or(logged_out),
                    ..keys
                }
            }
            Failure::LoggedOut { account: logged_out, public_ip, .. } => Keys {
                caller_account: account(logged_out),
                callee_account: account(logged_out),
                addresses: [reporter, public_ip.filter(|ip| reporter != Some(*ip))],
                ..Keys::default()
            },
        }
    }
}

/// What is known of a call that is being written down.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub caller: Option<Party>,
    pub callee: Option<Party>,
    pub account: Option<Party>,
}

/// Tickets that somebody has to do something about, and that share a number or an account with what was heard, the newest
/// first.
pub(super) async fn like(db: &mut PgConnection, heard: &Heard, lang: Lang) -> Result<Vec<Kin>, sqlx::Error> {
    let either = |side: &Option<Party>| side.as_ref().or(heard.account.as_ref()).and_then(account);
    let keys = Keys {
        caller_digits: heard.caller.as_ref().and_then(digits),
        callee_digits: heard.callee.as_ref().and_then(digits),
        caller_account: either(&heard.caller),
        callee_account: either(&heard.callee),
        ..Keys::default()
    };
    let mut found = Vec::new();
    // no ticket has this id, so none is left out
    for row in store::near(db, Uuid::nil(), &keys).await?.into_iter().filter(|row| row.status.is_active()) {
        let reasons = [Why::Caller, Why::Callee, Why::Account];
        let named = |why: &Why| row.why.iter().any(|name| name == why.name());
        let why: Vec<_> = reasons.into_iter().filter(named).map(|why| lang.say(&why.say(&keys))).collect();
        found.push(kin(row, why.join(", "), lang));
    }
    found.truncate(MOST);
    Ok(found)
}

/// The digits that a number is found by, as in the table.
fn digits(party: &Party) -> Option<String> {
    let digits = || party.canonical().chars().filter(char::is_ascii_digit).collect::<String>();
    match party {
        Party::Number(_) | Party::Short(_) => Some(digits()).filter(|digits| !digits.is_empty()),
        Party::Account(_) | Party::Withheld => None,
    }
}

fn account(party: &Party) -> Option<String> {
    match party {
        Party::Account(account) => Some(account.clone()),
        Party::Number(_) | Party::Short(_) | Party::Withheld => None,
    }
}

/// A related ticket, in the reader's words.
pub(super) struct Kin {
    pub reference: Reference,
    pub status: Status,
    pub at: OffsetDateTime,
    /// A → B, or the account.
    pub ends: String,
    pub code: Option<i16>,
    /// Why it is related; nothing for duplicates, where the heading says it.
    pub why: String,
}

/// All of them, and where the rest is found.
#[derive(Default)]
pub(super) struct Related {
    pub main: Option<Kin>,
    pub duplicates: Vec<Kin>,
    pub near: Vec<Kin>,
    /// Reasons for which there are more, with the searches that find them.
    pub more: Vec<(String, String)>,
}

impl Related {
    pub async fn of(db: &mut PgConnection, ticket: &Ticket, lang: Lang) -> Result<Related, sqlx::Error> {
        let keys = Keys::of(ticket);
        let (mut main, mut duplicates) = (None, Vec::new());
        let mut family = Vec::new();
        for row in store::family(db, ticket.id).await? {
            family.push(row.reference.clone());
            match row.why.iter().any(|why| why == "main") {
                true => main = Some(kin(row, String::new(), lang)),
                false => duplicates.push(kin(row, String::new(), lang)),
            }
        }
        let mut counts = [0; Why::ALL.len()];
        let mut near = Vec::new();
        for row in store::near(db, ticket.id, &keys).await? {
            let named: Vec<_> = row.why.iter().filter_map(|name| Why::named(name, &ticket.failure)).collect();
            let mut reasons = Vec::new();
            for why in Why::ALL.into_iter().filter(|why| named.contains(why)) {
                counts[why as usize] += 1;
                if counts[why as usize] <= MOST {
                    reasons.push(lang.say(&why.say(&keys)));
                }
            }
            if !reasons.is_empty() && !family.contains(&row.reference) {
                near.push(kin(row, reasons.join(", "), lang));
            }
        }
        let more = Why::ALL.into_iter().filter(|why| counts[*why as usize] > MOST);
        let more = more.filter_map(|why| Some((lang.say(&why.say(&keys)), search(why, ticket)?))).collect();
        Ok(Related { main, duplicates, near, more })
    }

    /// The newest, and those that open below.
    pub fn parted(&self) -> (&[Kin], &[Kin]) {
        self.near.split_at(self.near.len().min(SHOWN))
    }

    pub fn has_family(&self) -> bool {
        self.main.is_some() || !self.duplicates.is_empty()
    }

    pub fn is_empty(&self) -> bool {
        !self.has_family() && self.near.is_empty()
    }
}

fn kin(row: store::Row, why: String, lang: Lang) -> Kin {
    let side = |kind: Option<Kind>, canonical: Option<String>| {
        kind.map(|kind| strip::party(&Party::stored(kind, &canonical.unwrap_or_default(), None), lang))
    };
    let ends = [side(row.caller_kind, row.caller), side(row.callee_kind, row.callee), row.account];
    Kin {
        reference: row.reference,
        status: row.status,
        at: row.at,
        ends: ends.into_iter().flatten().collect::<Vec<_>>().join(" → "),
        code: row.sip_code,
        why,
    }
}

/// The queue's address that finds all with the same number or account; nothing where no search can.
fn search(why: Why, ticket: &Ticket) -> Option<String> {
    let words = match (why, &ticket.failure) {
        (Why::Caller, Failure::Call { caller, .. }) => format!("a:{}", caller.party.canonical()),
        (Why::Callee, Failure::Call { callee, .. }) => format!("b:{}", callee.party.canonical()),
        (Why::Account, Failure::LoggedOut { account, .. }) => account.canonical(),
        (Why::Account, Failure::Call { caller, callee, .. }) => {
            account(&caller.party).or_else(|| account(&callee.party))?
        }
        (Why::Caller, Failure::Told(told)) => format!("a:{}", told.caller.as_ref()?.party.canonical()),
        (Why::Callee, Failure::Told(told)) => format!("b:{}", told.callee.as_ref()?.party.canonical()),
        (Why::Account, Failure::Told(told)) => {
            let sides = [&told.caller, &told.callee].into_iter().flatten().map(|side| &side.party);
            told.account.iter().chain(sides).find_map(account)?
        }
        (Why::Caller | Why::Callee, Failure::LoggedOut { .. }) | (Why::Address | Why::Cause, _) => return None,
    };
    Some(format!("/staff?view=all&q={}", escape(&words)))
}
