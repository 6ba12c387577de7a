//! Finding what a search asks for: by one condition after the other, the rarest first, until one has gathered all
//! tickets that fit it. Those that fit the rest, too, are the answer.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Criteria, Side,
    criteria::Candidate,
    store::{self, Exact, Gathered, Part},
};
use crate::{
    desk::store::{Span, Who},
    phone::NumberQuery,
    tickets::{Category, Status},
};

/// More are not shown: a list of hundreds is not what anybody searches for.
pub const MOST: usize = 300;

/// What was found, in no order.
#[derive(Debug, Default)]
pub struct Found {
    pub tickets: Vec<Candidate>,
    /// There may be more.
    pub more: bool,
}

/// A condition to gather by.
enum Way<'a> {
    Tickets,
    Exact(Exact<'a>),
    Email(&'a str),
    Ip(std::net::IpAddr),
    Part(Part),
    Code,
    Words(&'a str),
    Piles(Option<Uuid>),
    Time,
}

/// Finds the tickets that fit. To be called in a transaction: it sets how its statements are planned.
///
/// # Errors
/// When the database is away.
pub async fn find(db: &mut PgConnection, criteria: &Criteria) -> Result<Found, sqlx::Error> {
    if criteria.impossible {
        return Ok(Found::default());
    }
    store::prepare(db).await?;
    let words = match criteria.words.is_empty() {
        true => None,
        // words without a letter or a digit that the database knows are in no ticket
        false => match store::query_of_words(db, &criteria.words).await? {
            None => return Ok(Found::default()),
            words => words,
        },
    };
    let digits = criteria.exact_digits();
    let mut found: HashMap<Uuid, Candidate> = HashMap::new();
    let mut more = true;
    for way in criteria.ways(&digits, words.as_deref()) {
        let Gathered { tickets, cut } = criteria.gather(db, &way, words.as_deref()).await?;
        let fitting = tickets.into_iter().filter(|ticket| criteria.fits(ticket));
        found.extend(fitting.map(|ticket| (ticket.id, ticket)));
        if !cut {
            more = false;
            break;
        }
    }
    let mut tickets: Vec<Candidate> = found.into_values().collect();
    if tickets.len() > MOST {
        tickets.sort_unstable_by_key(|ticket| std::cmp::Reverse(ticket.id));
        tickets.truncate(MOST);
        more = true;
    }
    Ok(Found { tickets, more })
}

impl Criteria {
    /// The digits of each exact number and account, beside the whole: `12345101` and `12345-101`.
    fn exact_digits(&self) -> Vec<(Side, String, String)> {
        let numbers = self.numbers.iter().filter_map(|(side, query)| match query {
            NumberQuery::Exact(whole) => Some((*side, whole)),
            NumberQuery::Part { .. } => None,
        });
        let accounts = self.accounts.iter().map(|(side, name)| (*side, name));
        let digits = |whole: &str| whole.chars().filter(char::is_ascii_digit).collect();
        numbers.chain(accounts).map(|(side, whole)| (side, digits(whole), whole.clone())).collect()
    }

    /// All ways to what is asked for, the shortest first.
    fn ways<'a>(&'a self, digits: &'a [(Side, String, String)], words: Option<&'a str>) -> Vec<Way<'a>> {
        let mut ways = Vec::new();
        if !self.tickets.is_empty() {
            ways.push(Way::Tickets);
        }
        ways.extend(digits.iter().map(|(side, digits, whole)| {
            Way::Exact(Exact {
                digits: Some(digits.as_str()).filter(|digits| !digits.is_empty()),
                whole,
                caller: *side != Side::Callee,
                callee: *side != Side::Caller,
            })
        }));
        ways.extend(self.emails.iter().map(|email| Way::Email(email)));
        ways.extend(self.ips.iter().map(|ip| Way::Ip(*ip)));
        let is_short = self.span.is_some_and(|span| span.to - span.from <= time::Duration::hours(2));
        if is_short {
            ways.push(Way::Time);
        }
        let parts = self.numbers.iter().filter(|(_, query)| matches!(query, NumberQuery::Part { .. }));
        ways.extend(parts.map(|(side, query)| Way::Part(part(*side, query))));
        ways.extend(words.map(Way::Words));
        if !self.codes.is_empty() {
            ways.push(Way::Code);
        }
        match self.who {
            Some(Who::Person(id)) => ways.push(Way::Piles(Some(id))),
            None | Some(Who::Anybody | Who::Nobody) => {}
        }
        let is_some = |named: usize, all: usize| (1..all).contains(&named);
        if is_some(self.statuses.len(), Status::ALL.len()) || is_some(self.categories.len(), Category::ALL.len()) {
            ways.push(Way::Piles(None));
        }
        if !is_short {
            ways.push(Way::Time);
        }
        ways
    }

    async fn gather(&self, db: &mut PgConnection, way: &Way<'_>, words: Option<&str>) -> Result<Gathered, sqlx::Error> {
        let span = self.span.unwrap_or(Span::EVER);
        match way {
            Way::Tickets => store::by_reference(db, words, &self.tickets).await,
            Way::Exact(exact) => store::by_exact(db, words, *exact, self.span).await,
            Way::Email(email) => store::by_email(db, words, email).await,
            Way::Ip(ip) => store::by_ip(db, words, *ip).await,
            Way::Part(part) => store::by_part(db, words, part, self.span).await,
            Way::Code => store::by_code(db, words, &self.codes, span).await,
            Way::Words(query) => store::by_words(db, query, self.span).await,
            Way::Piles(person) => {
                let statuses = if self.statuses.is_empty() { Status::ALL } else { &self.statuses };
                let categories = if self.categories.is_empty() { Category::ALL } else { &self.categories };
                store::by_pile(db, words, statuses, categories, *person, span).await
            }
            Way::Time => store::by_time(db, words, span).await,
        }
    }
}

/// The bounds of a piece of a number: what begins with "22" lies from "22" to before "23".
fn part(side: Side, query: &NumberQuery) -> Part {
    let mut leading = query.leading().into_iter().map(bounds);
    Part {
        leading: leading.next().unwrap_or_default(),
        or_leading: leading.next().unwrap_or_default(),
        ending: query.ending().map(|ending| bounds(ending.chars().rev().collect())).unwrap_or_default(),
        caller: side != Side::Callee,
        callee: side != Side::Caller,
    }
}

fn bounds(digits: String) -> (String, String) {
    // ":" follows "9"
    let beyond = format!("{digits}:");
    (digits, beyond)
}
