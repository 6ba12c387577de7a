//! What a search asks of a ticket, all of it together, and whether a ticket is like that.

use std::net::IpAddr;

use serde::Deserialize;
use sqlx::types::Json;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{PartyFilter, SearchCondition, SearchTerm, dates};
use crate::{
    desk::queue::store::{AssigneeFilter, TimeRange},
    phone::{NumberQuery, PartyKind},
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

/// The conditions of a search. Of what a ticket has only one, such as its status, any of those named will do; of the rest,
/// all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SearchCriteria {
    pub references: Vec<TicketReference>,
    pub numbers: Vec<(PartyFilter, NumberQuery)>,
    pub accounts: Vec<(PartyFilter, String)>,
    pub withheld_caller: bool,
    pub emails: Vec<String>,
    pub ips: Vec<IpAddr>,
    pub sip_codes: Vec<i16>,
    /// Texts, and whether their words follow each other.
    pub words: Vec<(String, bool)>,
    pub time_range: Option<TimeRange>,
    /// None named: all.
    pub statuses: Vec<TicketStatus>,
    pub categories: Vec<TicketCategory>,
    pub assignee: Option<AssigneeFilter>,
    /// Asked for as work: then only what is not finished is meant, unless something else is said.
    pub has_assigned_to_me: bool,
    pub has_unassigned: bool,
    /// Something in it can't be, or two conditions exclude each other.
    pub is_unsatisfiable: bool,
}

/// A ticket that may be what is searched for.
#[derive(Debug, Clone)]
pub struct SearchCandidate {
    /// Which branch of its statement it comes from.
    pub branch: i32,
    pub id: Uuid,
    pub reference: TicketReference,
    pub status: TicketStatus,
    pub category: TicketCategory,
    pub assignee: Option<Uuid>,
    pub awaiting_staff_since: OffsetDateTime,
    /// Of the call, or of the report where there is no call.
    pub occurred_at: OffsetDateTime,
    pub sip_code: Option<i16>,
    pub caller_kind: Option<PartyKind>,
    pub caller: Option<String>,
    pub caller_digits: Option<String>,
    pub callee_kind: Option<PartyKind>,
    pub callee: Option<String>,
    pub callee_digits: Option<String>,
    pub account: Option<String>,
    pub email: Option<String>,
    pub client_ip: IpAddr,
    pub public_ip: Option<IpAddr>,
    /// Whether the words are there; the database knows.
    pub has_words: bool,
    /// Other calls that the customer told of, where the ticket was found by one.
    pub example_calls: Option<Json<Vec<CandidateCall>>>,
}

/// A call, as it is compared.
#[derive(Debug, Clone, Deserialize)]
pub struct CandidateCall {
    caller_kind: Option<PartyKind>,
    caller: Option<String>,
    caller_digits: Option<String>,
    callee_kind: Option<PartyKind>,
    callee: Option<String>,
    callee_digits: Option<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    #[serde(rename = "at")]
    occurred_at: OffsetDateTime,
}

impl SearchCandidate {
    /// What the ticket itself is about.
    fn own_call(&self) -> CandidateCall {
        CandidateCall {
            caller_kind: self.caller_kind,
            caller: self.caller.clone(),
            caller_digits: self.caller_digits.clone(),
            callee_kind: self.callee_kind,
            callee: self.callee.clone(),
            callee_digits: self.callee_digits.clone(),
            account: self.account.clone(),
            occurred_at: self.occurred_at,
        }
    }
}

impl SearchCriteria {
    pub fn from_terms(readings: &[SearchTerm], me: Uuid, today: Date) -> SearchCriteria {
        let mut all = SearchCriteria::default();
        let (mut days, mut hours) = (Vec::new(), Vec::new());
        for reading in readings {
            match &reading.condition {
                SearchCondition::Ticket(reference) => all.references.push(reference.clone()),
                SearchCondition::Number { party: side, query } => all.numbers.push((*side, query.clone())),
                SearchCondition::Account { party: side, name } => all.accounts.push((*side, name.clone())),
                SearchCondition::WithheldCaller => all.withheld_caller = true,
                SearchCondition::Email(email) => all.emails.push(email.clone()),
                SearchCondition::Ip(ip) => all.ips.push(*ip),
                SearchCondition::SipCode(code) => all.sip_codes.push(*code),
                SearchCondition::Days { from, to } => days.push((*from, *to)),
                SearchCondition::Hours { from, to } => hours.push((*from, *to)),
                SearchCondition::AssignedToMe => {
                    all.restrict_assignee(AssigneeFilter::Staff(me));
                    all.has_assigned_to_me = true;
                }
                SearchCondition::Unassigned => {
                    all.restrict_assignee(AssigneeFilter::Unassigned);
                    all.has_unassigned = true;
                }
                SearchCondition::Status(statuses) => all.statuses.extend(*statuses),
                SearchCondition::Category(category) => all.categories.push(*category),
                SearchCondition::Words { text, exact } => all.words.push((text.clone(), *exact)),
                SearchCondition::InvalidReference | SearchCondition::Unrecognized => all.is_unsatisfiable = true,
            }
        }
        all.time_range = dates::to_time_range(&days, &hours, today);
        all
    }

    /// Narrows to a person's tickets, or to nobody's.
    pub fn restrict_assignee(&mut self, who: AssigneeFilter) {
        self.is_unsatisfiable |= self.assignee.is_some_and(|other| other != who);
        self.assignee = Some(who);
    }

    /// Whether it says more than which pile and which time: then the tickets are looked for, not just listed.
    pub fn needs_search(&self) -> bool {
        !(self.references.is_empty()
            && self.numbers.is_empty()
            && self.accounts.is_empty()
            && !self.withheld_caller
            && self.emails.is_empty()
            && self.ips.is_empty()
            && self.sip_codes.is_empty()
            && self.words.is_empty())
    }

    pub fn matches(&self, ticket: &SearchCandidate) -> bool {
        ticket.has_words
            && is_empty_or_any(&self.references, |one| *one == ticket.reference)
            && is_empty_or_any(&self.sip_codes, |one| Some(*one) == ticket.sip_code)
            && is_empty_or_any(&self.statuses, |one| *one == ticket.status)
            && is_empty_or_any(&self.categories, |one| *one == ticket.category)
            && self.matches_call(ticket)
            && self.ips.iter().all(|one| *one == ticket.client_ip || Some(*one) == ticket.public_ip)
            && match self.assignee {
                None | Some(AssigneeFilter::Any) => true,
                Some(AssigneeFilter::Staff(id)) => ticket.assignee == Some(id),
                Some(AssigneeFilter::Unassigned) => ticket.assignee.is_none(),
            }
    }
}

impl SearchCriteria {
    /// One call has to fit all that is said of a call: the ticket's own, or another that its customer told of.
    fn matches_call(&self, ticket: &SearchCandidate) -> bool {
        let fits = |call: &CandidateCall| {
            self.numbers.iter().all(|(side, query)| has_number(call, *side, query))
                && self.accounts.iter().all(|(side, name)| has_account(call, *side, name))
                && self
                    .emails
                    .iter()
                    .all(|one| ticket.email.as_ref() == Some(one) || has_account(call, PartyFilter::Either, one))
                && (!self.withheld_caller || call.caller_kind == Some(PartyKind::Withheld))
                && self.time_range.is_none_or(|span| (span.from..span.to).contains(&call.occurred_at))
        };
        fits(&ticket.own_call()) || ticket.example_calls.iter().flat_map(|all| all.iter()).any(fits)
    }
}

fn is_empty_or_any<T>(wanted: &[T], is: impl Fn(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(is)
}

fn has_number(call: &CandidateCall, side: PartyFilter, query: &NumberQuery) -> bool {
    let (caller, callee) = (call.caller_digits.as_deref(), call.callee_digits.as_deref());
    let digits = match side {
        PartyFilter::Either => [caller, callee],
        PartyFilter::Caller => [caller, None],
        PartyFilter::Callee => [None, callee],
    };
    let mut digits = digits.into_iter().flatten();
    match query {
        NumberQuery::Exact(whole) => digits.any(|digits| digits == whole) || has_account(call, side, whole),
        part @ NumberQuery::Partial { .. } => digits.any(|digits| {
            part.prefixes().iter().any(|leading| digits.starts_with(leading))
                || part.suffix().is_some_and(|ending| digits.ends_with(&ending))
        }),
    }
}

/// An account that called, was called, or is logged out; short codes are written the same way.
fn has_account(call: &CandidateCall, side: PartyFilter, name: &str) -> bool {
    let of = |kind: Option<PartyKind>, canonical: &Option<String>| {
        matches!(kind, Some(PartyKind::Account | PartyKind::Short)) && canonical.as_deref() == Some(name)
    };
    let caller = || of(call.caller_kind, &call.caller) || call.account.as_deref() == Some(name);
    let callee = || of(call.callee_kind, &call.callee);
    match side {
        PartyFilter::Either => caller() || callee(),
        PartyFilter::Caller => caller(),
        PartyFilter::Callee => callee(),
    }
}
