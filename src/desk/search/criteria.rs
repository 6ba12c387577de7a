//! What a search asks of a ticket, all of it together, and whether a ticket is like that.

use std::net::IpAddr;

use serde::Deserialize;
use sqlx::types::Json;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Condition, Reading, Side, when};
use crate::{
    desk::store::{Span, Who},
    phone::{Kind, NumberQuery},
    tickets::{Category, Reference, Status},
};

/// The conditions of a search. Of what a ticket has only one, such as its status, any of those named will do; of the rest,
/// all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Criteria {
    pub tickets: Vec<Reference>,
    pub numbers: Vec<(Side, NumberQuery)>,
    pub accounts: Vec<(Side, String)>,
    pub withheld: bool,
    pub emails: Vec<String>,
    pub ips: Vec<IpAddr>,
    pub codes: Vec<i16>,
    /// Texts, and whether their words follow each other.
    pub words: Vec<(String, bool)>,
    pub span: Option<Span>,
    /// None named: all.
    pub statuses: Vec<Status>,
    pub categories: Vec<Category>,
    pub who: Option<Who>,
    /// Asked for as work: then only what is not finished is meant, unless something else is said.
    pub mine: bool,
    pub free: bool,
    /// Something in it can't be, or two conditions exclude each other.
    pub impossible: bool,
}

/// A ticket that may be what is searched for.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Which branch of its statement it comes from.
    pub branch: i32,
    pub id: Uuid,
    pub reference: Reference,
    pub status: Status,
    pub category: Category,
    pub assignee: Option<Uuid>,
    pub waiting_since: OffsetDateTime,
    /// Of the call, or of the report where there is no call.
    pub at: OffsetDateTime,
    pub sip_code: Option<i16>,
    pub caller_kind: Option<Kind>,
    pub caller: Option<String>,
    pub caller_digits: Option<String>,
    pub callee_kind: Option<Kind>,
    pub callee: Option<String>,
    pub callee_digits: Option<String>,
    pub account: Option<String>,
    pub email: Option<String>,
    pub client_ip: IpAddr,
    pub public_ip: Option<IpAddr>,
    /// Whether the words are there; the database knows.
    pub has_words: bool,
    /// Other calls that the customer told of, where the ticket was found by one.
    pub examples: Option<Json<Vec<Called>>>,
}

/// A call, as it is compared.
#[derive(Debug, Clone, Deserialize)]
pub struct Called {
    caller_kind: Option<Kind>,
    caller: Option<String>,
    caller_digits: Option<String>,
    callee_kind: Option<Kind>,
    callee: Option<String>,
    callee_digits: Option<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

impl Candidate {
    /// What the ticket itself is about.
    fn call(&self) -> Called {
        Called {
            caller_kind: self.caller_kind,
            caller: self.caller.clone(),
            caller_digits: self.caller_digits.clone(),
            callee_kind: self.callee_kind,
            callee: self.callee.clone(),
            callee_digits: self.callee_digits.clone(),
            account: self.account.clone(),
            at: self.at,
        }
    }
}

impl Criteria {
    pub fn of(readings: &[Reading], me: Uuid, today: Date) -> Criteria {
        let mut all = Criteria::default();
        let (mut days, mut hours) = (Vec::new(), Vec::new());
        for reading in readings {
            match &reading.condition {
                Condition::Ticket(reference) => all.tickets.push(reference.clone()),
                Condition::Number { side, query } => all.numbers.push((*side, query.clone())),
                Condition::Account { side, name } => all.accounts.push((*side, name.clone())),
                Condition::Withheld => all.withheld = true,
                Condition::Email(email) => all.emails.push(email.clone()),
                Condition::Ip(ip) => all.ips.push(*ip),
                Condition::Code(code) => all.codes.push(*code),
                Condition::Days { from, to } => days.push((*from, *to)),
                Condition::Hours { from, to } => hours.push((*from, *to)),
                Condition::Mine => {
                    all.only(Who::Person(me));
                    all.mine = true;
                }
                Condition::Free => {
                    all.only(Who::Nobody);
                    all.free = true;
                }
                Condition::Status(statuses) => all.statuses.extend(*statuses),
                Condition::Category(category) => all.categories.push(*category),
                Condition::Words { text, exact } => all.words.push((text.clone(), *exact)),
                Condition::NoTicket | Condition::Unread => all.impossible = true,
            }
        }
        all.span = when::span(&days, &hours, today);
        all
    }

    /// Narrows to a person's tickets, or to nobody's.
    pub fn only(&mut self, who: Who) {
        self.impossible |= self.who.is_some_and(|other| other != who);
        self.who = Some(who);
    }

    /// Whether it says more than which pile and which time: then the tickets are looked for, not just listed.
    pub fn finds(&self) -> bool {
        !(self.tickets.is_empty()
            && self.numbers.is_empty()
            && self.accounts.is_empty()
            && !self.withheld
            && self.emails.is_empty()
            && self.ips.is_empty()
            && self.codes.is_empty()
            && self.words.is_empty())
    }

    pub fn fits(&self, ticket: &Candidate) -> bool {
        ticket.has_words
            && any(&self.tickets, |one| *one == ticket.reference)
            && any(&self.codes, |one| Some(*one) == ticket.sip_code)
            && any(&self.statuses, |one| *one == ticket.status)
            && any(&self.categories, |one| *one == ticket.category)
            && self.fits_call(ticket)
            && self.ips.iter().all(|one| *one == ticket.client_ip || Some(*one) == ticket.public_ip)
            && match self.who {
                None | Some(Who::Anybody) => true,
                Some(Who::Person(id)) => ticket.assignee == Some(id),
                Some(Who::Nobody) => ticket.assignee.is_none(),
            }
    }
}

impl Criteria {
    /// One call has to fit all that is said of a call: the ticket's own, or another that its customer told of.
    fn fits_call(&self, ticket: &Candidate) -> bool {
        let fits = |call: &Called| {
            self.numbers.iter().all(|(side, query)| has_number(call, *side, query))
                && self.accounts.iter().all(|(side, name)| has_account(call, *side, name))
                && self
                    .emails
                    .iter()
                    .all(|one| ticket.email.as_ref() == Some(one) || has_account(call, Side::Either, one))
                && (!self.withheld || call.caller_kind == Some(Kind::Withheld))
                && self.span.is_none_or(|span| (span.from..span.to).contains(&call.at))
        };
        fits(&ticket.call()) || ticket.examples.iter().flat_map(|all| all.iter()).any(fits)
    }
}

fn any<T>(wanted: &[T], is: impl Fn(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(is)
}

fn has_number(call: &Called, side: Side, query: &NumberQuery) -> bool {
    let (caller, callee) = (call.caller_digits.as_deref(), call.callee_digits.as_deref());
    let digits = match side {
        Side::Either => [caller, callee],
        Side::Caller => [caller, None],
        Side::Callee => [None, callee],
    };
    let mut digits = digits.into_iter().flatten();
    match query {
        NumberQuery::Exact(whole) => digits.any(|digits| digits == whole) || has_account(call, side, whole),
        part @ NumberQuery::Part { .. } => digits.any(|digits| {
            part.leading().iter().any(|leading| digits.starts_with(leading))
                || part.ending().is_some_and(|ending| digits.ends_with(&ending))
        }),
    }
}

/// An account that called, was called, or is logged out; short codes are written the same way.
fn has_account(call: &Called, side: Side, name: &str) -> bool {
    let of = |kind: Option<Kind>, canonical: &Option<String>| {
        matches!(kind, Some(Kind::Account | Kind::Short)) && canonical.as_deref() == Some(name)
    };
    let caller = || of(call.caller_kind, &call.caller) || call.account.as_deref() == Some(name);
    let callee = || of(call.callee_kind, &call.callee);
    match side {
        Side::Either => caller() || callee(),
        Side::Caller => caller(),
        Side::Callee => callee(),
    }
}
