//! Executes a search. Candidates are listed by one condition after the other, the most selective first, until the list for
//! one of them is complete. The hits are the candidates that match all conditions.

use std::{cmp::Reverse, collections::HashMap, net::IpAddr};

use sqlx::PgConnection;
use strum::VariantArray;
use time::Duration;
use uuid::Uuid;

use super::{
    condition::PartyFilter,
    criteria::{SearchCandidate, SearchCriteria},
    store::{self, Candidates, ExactParty, PartialNumber},
};
use crate::{
    desk::queue::filter::{AssigneeFilter, TimeRange},
    phone::NumberQuery,
    tickets::{TicketCategory, TicketStatus},
};

/// A range up to this long is more selective than part of a number, words, or a SIP code.
const MAX_SHORT_RANGE: Duration = Duration::hours(2);

/// Hits beyond this number are not listed: staff narrow the search instead.
const MAX_HITS: usize = 300;

/// In no particular order.
#[derive(Debug, Default)]
pub(crate) struct SearchHits {
    pub tickets: Vec<SearchCandidate>,
    /// There may be more hits.
    pub has_more: bool,
}

/// A condition by which candidates are listed, each with an index.
enum AccessPath<'a> {
    Reference,
    ExactParty(ExactParty<'a>),
    Email(&'a str),
    Ip(IpAddr),
    PartialNumber(PartialNumber),
    SipCode,
    Words(&'a str),
    /// With the id of the assignee.
    StatusAndCategory(Option<Uuid>),
    Time,
}

/// Finds the tickets that match. Call it in a transaction, as its last statement: it changes the planner settings.
pub(crate) async fn execute(db: &mut PgConnection, criteria: &SearchCriteria) -> Result<SearchHits, sqlx::Error> {
    if criteria.is_unsatisfiable {
        return Ok(SearchHits::default());
    }
    store::set_planner_options(db).await?;
    let words = match criteria.words.is_empty() {
        true => None,
        // text that PostgreSQL finds no word in is in no ticket
        false => match store::build_tsquery(db, &criteria.words).await? {
            None => return Ok(SearchHits::default()),
            words => words,
        },
    };
    let exact_parties = criteria.exact_parties();
    let mut hits: HashMap<Uuid, SearchCandidate> = HashMap::new();
    let mut has_more = true;
    for path in criteria.access_paths(&exact_parties, words.as_deref()) {
        let candidates = criteria.list_candidates(db, &path, words.as_deref()).await?;
        let matching = candidates.tickets.into_iter().filter(|ticket| criteria.matches(ticket));
        hits.extend(matching.map(|ticket| (ticket.id, ticket)));
        if !candidates.is_truncated {
            has_more = false;
            break;
        }
    }
    let mut tickets: Vec<SearchCandidate> = hits.into_values().collect();
    if tickets.len() > MAX_HITS {
        tickets.sort_unstable_by_key(|ticket| Reverse(ticket.id));
        tickets.truncate(MAX_HITS);
        has_more = true;
    }
    Ok(SearchHits { tickets, has_more })
}

impl SearchCriteria {
    /// Each exact number and account as its digits and as its canonical form: `12345101` and `12345-101`.
    fn exact_parties(&self) -> Vec<(PartyFilter, String, String)> {
        let numbers = self.numbers.iter().filter_map(|(party, query)| match query {
            NumberQuery::Exact(number) => Some((*party, number)),
            NumberQuery::Partial { .. } => None,
        });
        let accounts = self.accounts.iter().map(|(party, name)| (*party, name));
        let digits = |canonical: &str| canonical.chars().filter(char::is_ascii_digit).collect();
        numbers.chain(accounts).map(|(party, canonical)| (party, digits(canonical), canonical.clone())).collect()
    }

    /// The most selective first.
    fn access_paths<'a>(
        &'a self,
        exact_parties: &'a [(PartyFilter, String, String)],
        words: Option<&'a str>,
    ) -> Vec<AccessPath<'a>> {
        let mut paths = Vec::new();
        if !self.references.is_empty() {
            paths.push(AccessPath::Reference);
        }
        paths.extend(exact_parties.iter().map(|(party, digits, canonical)| {
            AccessPath::ExactParty(ExactParty {
                digits: Some(digits.as_str()).filter(|digits| !digits.is_empty()),
                canonical,
                match_caller: *party != PartyFilter::Callee,
                match_callee: *party != PartyFilter::Caller,
            })
        }));
        paths.extend(self.emails.iter().map(|email| AccessPath::Email(email)));
        paths.extend(self.ips.iter().map(|ip| AccessPath::Ip(*ip)));
        let is_short_range = self.time_range.is_some_and(|range| range.to - range.from <= MAX_SHORT_RANGE);
        if is_short_range {
            paths.push(AccessPath::Time);
        }
        let partial_numbers = self.numbers.iter().filter(|(_, query)| matches!(query, NumberQuery::Partial { .. }));
        paths.extend(partial_numbers.map(|(party, query)| AccessPath::PartialNumber(partial_number(*party, query))));
        paths.extend(words.map(AccessPath::Words));
        if !self.sip_codes.is_empty() {
            paths.push(AccessPath::SipCode);
        }
        match self.assignee {
            Some(AssigneeFilter::Staff(id)) => paths.push(AccessPath::StatusAndCategory(Some(id))),
            None | Some(AssigneeFilter::Any | AssigneeFilter::Unassigned) => {}
        }
        let is_restricted = |selected: usize, all: usize| (1..all).contains(&selected);
        if is_restricted(self.statuses.len(), TicketStatus::VARIANTS.len())
            || is_restricted(self.categories.len(), TicketCategory::VARIANTS.len())
        {
            paths.push(AccessPath::StatusAndCategory(None));
        }
        if !is_short_range {
            paths.push(AccessPath::Time);
        }
        paths
    }

    async fn list_candidates(
        &self,
        db: &mut PgConnection,
        path: &AccessPath<'_>,
        words: Option<&str>,
    ) -> Result<Candidates, sqlx::Error> {
        let time_range = self.time_range.unwrap_or(TimeRange::UNBOUNDED);
        match path {
            AccessPath::Reference => store::list_by_reference(db, words, &self.references).await,
            AccessPath::ExactParty(exact) => store::list_by_exact_party(db, words, *exact, self.time_range).await,
            AccessPath::Email(email) => store::list_by_email(db, words, email).await,
            AccessPath::Ip(ip) => store::list_by_ip(db, words, *ip).await,
            AccessPath::PartialNumber(number) => {
                store::list_by_partial_number(db, words, number, self.time_range).await
            }
            AccessPath::SipCode => store::list_by_sip_code(db, words, &self.sip_codes, time_range).await,
            AccessPath::Words(query) => store::list_by_words(db, query, self.time_range).await,
            AccessPath::StatusAndCategory(assignee) => {
                let statuses = if self.statuses.is_empty() { TicketStatus::VARIANTS } else { &self.statuses };
                let categories = if self.categories.is_empty() { TicketCategory::VARIANTS } else { &self.categories };
                store::list_by_status_and_category(db, words, statuses, categories, *assignee, time_range).await
            }
            AccessPath::Time => store::list_by_time(db, words, time_range).await,
        }
    }
}

fn partial_number(party: PartyFilter, query: &NumberQuery) -> PartialNumber {
    let mut prefixes = query.prefixes().into_iter().map(prefix_range);
    let reversed_suffix = query.suffix().map(|suffix| suffix.chars().rev().collect());
    PartialNumber {
        prefix_range: prefixes.next().unwrap_or_default(),
        other_prefix_range: prefixes.next().unwrap_or_default(),
        reversed_suffix_range: reversed_suffix.map(prefix_range).unwrap_or_default(),
        match_caller: party != PartyFilter::Callee,
        match_callee: party != PartyFilter::Caller,
    }
}

/// The half-open range of the strings with a prefix of digits: those with "22" are from "22" to before "22:".
fn prefix_range(prefix: String) -> (String, String) {
    // ":" is the character after "9"
    let end = format!("{prefix}:");
    (prefix, end)
}
