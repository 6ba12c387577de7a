//! The conditions of a search, combined, and the check whether a ticket matches them.

use std::net::IpAddr;

use serde::Deserialize;
use sqlx::types::Json;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{
    condition::{PartyFilter, SearchCondition, SearchTerm},
    dates,
};
use crate::{
    desk::queue::filter::{AssigneeFilter, TimeRange},
    phone::{NumberQuery, PartyKind},
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

/// Several values of a property that a ticket has once, such as the status, are alternatives. All other conditions must be
/// met together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct SearchCriteria {
    pub references: Vec<TicketReference>,
    pub numbers: Vec<(PartyFilter, NumberQuery)>,
    pub accounts: Vec<(PartyFilter, String)>,
    pub withheld_caller: bool,
    pub emails: Vec<String>,
    pub ips: Vec<IpAddr>,
    pub sip_codes: Vec<i16>,
    /// Texts, each with a flag whether it is a phrase.
    pub words: Vec<(String, bool)>,
    pub time_range: Option<TimeRange>,
    /// Empty means all.
    pub statuses: Vec<TicketStatus>,
    pub categories: Vec<TicketCategory>,
    pub assignee: Option<AssigneeFilter>,
    /// The view "all" uses this: "mine" or "unassigned" without a status lists active tickets only.
    pub has_assigned_to_me: bool,
    pub has_unassigned: bool,
    /// A term is invalid, or two terms exclude each other.
    pub is_unsatisfiable: bool,
}

/// A ticket that was found by one of the conditions.
#[derive(Debug, Clone)]
pub(crate) struct SearchCandidate {
    /// The branch of the SQL statement that found it.
    pub branch: i32,
    pub id: Uuid,
    pub reference: TicketReference,
    pub status: TicketStatus,
    pub category: TicketCategory,
    pub assignee: Option<Uuid>,
    pub awaiting_staff_since: OffsetDateTime,
    /// Time of the call, or of the report if there is no call.
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
    /// All words match, according to the full-text index.
    pub has_words: bool,
    /// Further calls that the customer reported. Loaded if the ticket was found by one of them.
    pub example_calls: Option<Json<Vec<CandidateCall>>>,
}

/// The properties of a call that a search compares.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CandidateCall {
    caller_kind: Option<PartyKind>,
    caller: Option<String>,
    caller_digits: Option<String>,
    callee_kind: Option<PartyKind>,
    callee: Option<String>,
    callee_digits: Option<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(rename = "at", with = "time::serde::rfc3339")]
    occurred_at: OffsetDateTime,
}

impl SearchCandidate {
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
    pub(crate) fn from_terms(terms: &[SearchTerm], me: Uuid, today: Date) -> SearchCriteria {
        let mut criteria = SearchCriteria::default();
        let (mut days, mut hours) = (Vec::new(), Vec::new());
        for term in terms {
            match &term.condition {
                SearchCondition::Ticket(reference) => criteria.references.push(reference.clone()),
                SearchCondition::Number { party, query } => criteria.numbers.push((*party, query.clone())),
                SearchCondition::Account { party, name } => criteria.accounts.push((*party, name.clone())),
                SearchCondition::WithheldCaller => criteria.withheld_caller = true,
                SearchCondition::Email(email) => criteria.emails.push(email.clone()),
                SearchCondition::Ip(ip) => criteria.ips.push(*ip),
                SearchCondition::SipCode(code) => criteria.sip_codes.push(*code),
                SearchCondition::Days { from, to } => days.push((*from, *to)),
                SearchCondition::Hours { from, to } => hours.push((*from, *to)),
                SearchCondition::AssignedToMe => {
                    criteria.restrict_assignee(AssigneeFilter::Staff(me));
                    criteria.has_assigned_to_me = true;
                }
                SearchCondition::Unassigned => {
                    criteria.restrict_assignee(AssigneeFilter::Unassigned);
                    criteria.has_unassigned = true;
                }
                SearchCondition::Status(statuses) => criteria.statuses.extend(*statuses),
                SearchCondition::Category(category) => criteria.categories.push(*category),
                SearchCondition::Words { text, exact } => criteria.words.push((text.clone(), *exact)),
                SearchCondition::InvalidReference | SearchCondition::Unrecognized => criteria.is_unsatisfiable = true,
            }
        }
        criteria.time_range = dates::to_time_range(&days, &hours, today);
        criteria
    }

    /// Adds a condition on the assignee. Two different ones exclude each other.
    pub(crate) fn restrict_assignee(&mut self, assignee: AssigneeFilter) {
        self.is_unsatisfiable |= self.assignee.is_some_and(|other| other != assignee);
        self.assignee = Some(assignee);
    }

    /// There are conditions other than status, category, assignee and time, which a filter of the queue cannot express.
    pub(crate) fn needs_search(&self) -> bool {
        !(self.references.is_empty()
            && self.numbers.is_empty()
            && self.accounts.is_empty()
            && !self.withheld_caller
            && self.emails.is_empty()
            && self.ips.is_empty()
            && self.sip_codes.is_empty()
            && self.words.is_empty())
    }

    pub(super) fn matches(&self, ticket: &SearchCandidate) -> bool {
        ticket.has_words
            && is_empty_or_any(&self.references, |reference| *reference == ticket.reference)
            && is_empty_or_any(&self.sip_codes, |code| Some(*code) == ticket.sip_code)
            && is_empty_or_any(&self.statuses, |status| *status == ticket.status)
            && is_empty_or_any(&self.categories, |category| *category == ticket.category)
            && self.matches_call(ticket)
            && self.ips.iter().all(|ip| *ip == ticket.client_ip || Some(*ip) == ticket.public_ip)
            && match self.assignee {
                None | Some(AssigneeFilter::Any) => true,
                Some(AssigneeFilter::Staff(id)) => ticket.assignee == Some(id),
                Some(AssigneeFilter::Unassigned) => ticket.assignee.is_none(),
            }
    }

    /// All conditions on the call must match the same call: that of the ticket, or a further one that the customer reported.
    fn matches_call(&self, ticket: &SearchCandidate) -> bool {
        let matches = |call: &CandidateCall| {
            self.numbers.iter().all(|(party, query)| has_number(call, *party, query))
                && self.accounts.iter().all(|(party, name)| has_account(call, *party, name))
                && self
                    .emails
                    .iter()
                    .all(|email| ticket.email.as_ref() == Some(email) || has_account(call, PartyFilter::Either, email))
                && (!self.withheld_caller || call.caller_kind == Some(PartyKind::Withheld))
                && self.time_range.is_none_or(|range| (range.from..range.to).contains(&call.occurred_at))
        };
        matches(&ticket.own_call()) || ticket.example_calls.iter().flat_map(|calls| calls.iter()).any(matches)
    }
}

fn is_empty_or_any<T>(values: &[T], predicate: impl Fn(&T) -> bool) -> bool {
    values.is_empty() || values.iter().any(predicate)
}

fn has_number(call: &CandidateCall, party: PartyFilter, query: &NumberQuery) -> bool {
    let (caller, callee) = (call.caller_digits.as_deref(), call.callee_digits.as_deref());
    let digits = match party {
        PartyFilter::Either => [caller, callee],
        PartyFilter::Caller => [caller, None],
        PartyFilter::Callee => [None, callee],
    };
    let mut digits = digits.into_iter().flatten();
    match query {
        NumberQuery::Exact(number) => digits.any(|digits| digits == number) || has_account(call, party, number),
        NumberQuery::Partial { .. } => digits.any(|digits| {
            query.prefixes().iter().any(|prefix| digits.starts_with(prefix))
                || query.suffix().is_some_and(|suffix| digits.ends_with(&suffix))
        }),
    }
}

/// The account calls, is called, or is logged out. Short codes are stored like accounts.
fn has_account(call: &CandidateCall, party: PartyFilter, name: &str) -> bool {
    let is_account = |kind: Option<PartyKind>, canonical: &Option<String>| {
        matches!(kind, Some(PartyKind::Account | PartyKind::Short)) && canonical.as_deref() == Some(name)
    };
    let caller = || is_account(call.caller_kind, &call.caller) || call.account.as_deref() == Some(name);
    let callee = || is_account(call.callee_kind, &call.callee);
    match party {
        PartyFilter::Either => caller() || callee(),
        PartyFilter::Caller => caller(),
        PartyFilter::Callee => callee(),
    }
}
