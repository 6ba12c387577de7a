//! Finding what a search asks for: by one condition after the other, the rarest first, until one has gathered all
//! tickets that fit it. Those that fit the rest, too, are the answer.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    PartyFilter, SearchCriteria,
    criteria::SearchCandidate,
    store::{self, Candidates, ExactParty, PartialNumber},
};
use crate::{
    desk::queue::store::{AssigneeFilter, TimeRange},
    phone::NumberQuery,
    tickets::{TicketCategory, TicketStatus},
};

/// More are not shown: a list of hundreds is not what anybody searches for.
pub const MAX_HITS: usize = 300;

/// What was found, in no order.
#[derive(Debug, Default)]
pub struct SearchHits {
    pub tickets: Vec<SearchCandidate>,
    /// There may be more.
    pub has_more: bool,
}

/// A condition to gather by.
enum AccessPath<'a> {
    Reference,
    ExactParty(ExactParty<'a>),
    Email(&'a str),
    Ip(std::net::IpAddr),
    PartialNumber(PartialNumber),
    SipCode,
    Words(&'a str),
    StatusAndCategory(Option<Uuid>),
    Time,
}

/// Finds the tickets that fit. To be called in a transaction: it sets how its statements are planned.
///
/// # Errors
/// When the database is away.
pub async fn execute(db: &mut PgConnection, criteria: &SearchCriteria) -> Result<SearchHits, sqlx::Error> {
    if criteria.is_unsatisfiable {
        return Ok(SearchHits::default());
    }
    store::set_planner_options(db).await?;
    let words = match criteria.words.is_empty() {
        true => None,
        // words without a letter or a digit that the database knows are in no ticket
        false => match store::build_tsquery(db, &criteria.words).await? {
            None => return Ok(SearchHits::default()),
            words => words,
        },
    };
    let digits = criteria.exact_parties();
    let mut found: HashMap<Uuid, SearchCandidate> = HashMap::new();
    let mut more = true;
    for way in criteria.access_paths(&digits, words.as_deref()) {
        let Candidates { tickets, is_truncated: cut } = criteria.list_candidates(db, &way, words.as_deref()).await?;
        let fitting = tickets.into_iter().filter(|ticket| criteria.matches(ticket));
        found.extend(fitting.map(|ticket| (ticket.id, ticket)));
        if !cut {
            more = false;
            break;
        }
    }
    let mut tickets: Vec<SearchCandidate> = found.into_values().collect();
    if tickets.len() > MAX_HITS {
        tickets.sort_unstable_by_key(|ticket| std::cmp::Reverse(ticket.id));
        tickets.truncate(MAX_HITS);
        more = true;
    }
    Ok(SearchHits { tickets, has_more: more })
}

impl SearchCriteria {
    /// The digits of each exact number and account, beside the whole: `12345101` and `12345-101`.
    fn exact_parties(&self) -> Vec<(PartyFilter, String, String)> {
        let numbers = self.numbers.iter().filter_map(|(side, query)| match query {
            NumberQuery::Exact(whole) => Some((*side, whole)),
            NumberQuery::Partial { .. } => None,
        });
        let accounts = self.accounts.iter().map(|(side, name)| (*side, name));
        let digits = |whole: &str| whole.chars().filter(char::is_ascii_digit).collect();
        numbers.chain(accounts).map(|(side, whole)| (side, digits(whole), whole.clone())).collect()
    }

    /// All ways to what is asked for, the shortest first.
    fn access_paths<'a>(
        &'a self,
        digits: &'a [(PartyFilter, String, String)],
        words: Option<&'a str>,
    ) -> Vec<AccessPath<'a>> {
        let mut ways = Vec::new();
        if !self.references.is_empty() {
            ways.push(AccessPath::Reference);
        }
        ways.extend(digits.iter().map(|(side, digits, whole)| {
            AccessPath::ExactParty(ExactParty {
                digits: Some(digits.as_str()).filter(|digits| !digits.is_empty()),
                canonical: whole,
                match_caller: *side != PartyFilter::Callee,
                match_callee: *side != PartyFilter::Caller,
            })
        }));
        ways.extend(self.emails.iter().map(|email| AccessPath::Email(email)));
        ways.extend(self.ips.iter().map(|ip| AccessPath::Ip(*ip)));
        let is_short = self.time_range.is_some_and(|span| span.to - span.from <= time::Duration::hours(2));
        if is_short {
            ways.push(AccessPath::Time);
        }
        let parts = self.numbers.iter().filter(|(_, query)| matches!(query, NumberQuery::Partial { .. }));
        ways.extend(parts.map(|(side, query)| AccessPath::PartialNumber(partial_number(*side, query))));
        ways.extend(words.map(AccessPath::Words));
        if !self.sip_codes.is_empty() {
            ways.push(AccessPath::SipCode);
        }
        match self.assignee {
            Some(AssigneeFilter::Staff(id)) => ways.push(AccessPath::StatusAndCategory(Some(id))),
            None | Some(AssigneeFilter::Any | AssigneeFilter::Unassigned) => {}
        }
        let is_some = |named: usize, all: usize| (1..all).contains(&named);
        if is_some(self.statuses.len(), TicketStatus::ALL.len())
            || is_some(self.categories.len(), TicketCategory::ALL.len())
        {
            ways.push(AccessPath::StatusAndCategory(None));
        }
        if !is_short {
            ways.push(AccessPath::Time);
        }
        ways
    }

    async fn list_candidates(
        &self,
        db: &mut PgConnection,
        way: &AccessPath<'_>,
        words: Option<&str>,
    ) -> Result<Candidates, sqlx::Error> {
        let span = self.time_range.unwrap_or(TimeRange::UNBOUNDED);
        match way {
            AccessPath::Reference => store::list_by_reference(db, words, &self.references).await,
            AccessPath::ExactParty(exact) => store::list_by_exact_party(db, words, *exact, self.time_range).await,
            AccessPath::Email(email) => store::list_by_email(db, words, email).await,
            AccessPath::Ip(ip) => store::list_by_ip(db, words, *ip).await,
            AccessPath::PartialNumber(part) => store::list_by_partial_number(db, words, part, self.time_range).await,
            AccessPath::SipCode => store::list_by_sip_code(db, words, &self.sip_codes, span).await,
            AccessPath::Words(query) => store::list_by_words(db, query, self.time_range).await,
            AccessPath::StatusAndCategory(person) => {
                let statuses = if self.statuses.is_empty() { TicketStatus::ALL } else { &self.statuses };
                let categories = if self.categories.is_empty() { TicketCategory::ALL } else { &self.categories };
                store::list_by_status_and_category(db, words, statuses, categories, *person, span).await
            }
            AccessPath::Time => store::list_by_time(db, words, span).await,
        }
    }
}

/// The bounds of a piece of a number: what begins with "22" lies from "22" to before "23".
fn partial_number(side: PartyFilter, query: &NumberQuery) -> PartialNumber {
    let mut leading = query.prefixes().into_iter().map(prefix_range);
    PartialNumber {
        prefix_range: leading.next().unwrap_or_default(),
        other_prefix_range: leading.next().unwrap_or_default(),
        reversed_suffix_range: query
            .suffix()
            .map(|ending| prefix_range(ending.chars().rev().collect()))
            .unwrap_or_default(),
        match_caller: side != PartyFilter::Callee,
        match_callee: side != PartyFilter::Caller,
    }
}

fn prefix_range(digits: String) -> (String, String) {
    // ":" follows "9"
    let beyond = format!("{digits}:");
    (digits, beyond)
}
