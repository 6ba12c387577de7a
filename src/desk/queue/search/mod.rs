//! The search line: one box with a grammar and a guess. Text becomes readings, and each knows which piece of the text it
//! was, so that it can be shown and taken out again. Pure rules; the SQL is in `store.rs`.

mod chip;
mod criteria;
mod execute;
mod numbers;
mod store;
mod tokens;
mod dates;

use std::{net::IpAddr, ops::Range};

use time::{Date, Time};

pub use criteria::SearchCandidate;
pub use criteria::SearchCriteria;
pub use execute::{SearchHits, execute};

use crate::{
    causes::extract_sip_code,
    email_address::is_email_address,
    phone::{
        NumberQuery, Party,
        normalize::{fold_diacritics, normalize_text},
        parse_number_query,
    },
    tickets::{TicketCategory, TicketReference, TicketStatus},
};
use tokens::{SearchKey, SearchToken, SearchTokenKind, tokenize};

/// The longest search line that is read, in characters.
const MAX_QUERY_LEN: usize = 200;

/// A piece of the line and what it was read as.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchTerm {
    pub range: Range<usize>,
    pub condition: SearchCondition,
}

impl SearchTerm {
    pub fn is_time(&self) -> bool {
        matches!(self.condition, SearchCondition::Days { .. } | SearchCondition::Hours { .. })
    }
}

/// What a ticket must be like.
#[derive(Debug, Clone, PartialEq)]
pub enum SearchCondition {
    Ticket(TicketReference),
    /// Begins like a reference but can't be one.
    InvalidReference,
    Number {
        party: PartyFilter,
        query: NumberQuery,
    },
    Account {
        party: PartyFilter,
        name: String,
    },
    /// The A number was not shown.
    WithheldCaller,
    /// Of the reporter, or of an account that looks like one.
    Email(String),
    /// The reporter's address, or the telephone's.
    Ip(IpAddr),
    SipCode(i16),
    /// Both included.
    Days {
        from: Date,
        to: Date,
    },
    /// Both included, to the minute.
    Hours {
        from: Time,
        to: Time,
    },
    AssignedToMe,
    /// Somebody has to do it, and nobody has it.
    Unassigned,
    Status(&'static [TicketStatus]),
    Category(TicketCategory),
    /// All of these words, in any order; or, `exact`, one after the other.
    Words {
        text: String,
        exact: bool,
    },
    /// Nothing in it that could be searched for.
    Unrecognized,
}

/// Which side of the call a number or an account is looked for on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartyFilter {
    Either,
    Caller,
    Callee,
}

/// The line as it is read: invisible and unusual signs made plain, not too long.
pub fn normalize_query(typed: &str) -> String {
    normalize_text(&typed.chars().take(MAX_QUERY_LEN).collect::<String>())
}

/// Reads a line that went through [`line`]. Pieces that add nothing, such as "i", belong to no reading.
pub fn parse(line: &str, today: Date) -> Vec<SearchTerm> {
    let tokens = tokenize(line);
    let mut readings: Vec<SearchTerm> = Vec::new();
    let mut at = 0;
    // whether the token before belongs to the last reading, so that words can join it
    let mut touches = false;
    while let Some(token) = tokens.get(at) {
        if is_connector(token) {
            at += 1;
            continue;
        }
        let in_words = touches
            && readings
                .last()
                .is_some_and(|last| matches!(last.condition, SearchCondition::Words { exact: false, .. }));
        if token.kind == SearchTokenKind::Separator || (is_filler(token) && !in_words) {
            (at, touches) = (at + 1, false);
            continue;
        }
        let after_day =
            touches && readings.last().is_some_and(|last| matches!(last.condition, SearchCondition::Days { .. }));
        let (count, condition) = parse_term(&tokens[at..], today, after_day);
        let place = token.range.start..tokens[at + count - 1].range.end;
        match (readings.last_mut(), &condition) {
            (
                Some(SearchTerm { range: at, condition: SearchCondition::Words { text, exact: false } }),
                SearchCondition::Words { text: more, exact: false },
            ) if touches => {
                at.end = place.end;
                *text = format!("{text} {more}");
            }
            _ => readings.push(SearchTerm { range: place, condition }),
        }
        (at, touches) = (at + count, true);
    }
    readings
}

/// The line without one of its readings. What is left means what it meant before: what was understood by its neighbours
/// is spelled out, and where two pieces would grow together, a comma keeps them apart.
pub fn remove_term(line: &str, readings: &[SearchTerm], dropped: usize, today: Date) -> String {
    let kept: Vec<&SearchTerm> =
        readings.iter().enumerate().filter(|(at, _)| *at != dropped).map(|(_, reading)| reading).collect();
    let means = |text: &str, what: &[&SearchTerm]| {
        parse(text, today).iter().map(|reading| &reading.condition).eq(what.iter().map(|reading| &reading.condition))
    };
    let piece = |reading: &&SearchTerm| {
        let typed = &line[reading.range.clone()];
        match reading.condition.explicit_text() {
            Some(spelled) if !means(typed, &[reading]) => spelled,
            _ => typed.to_owned(),
        }
    };
    let pieces: Vec<String> = kept.iter().map(piece).collect();
    let plain = pieces.join(" ");
    if means(&plain, &kept) { plain } else { pieces.join(", ") }
}

impl SearchCondition {
    /// In words that need no neighbour, where there are others.
    fn explicit_text(&self) -> Option<String> {
        match self {
            SearchCondition::Hours { from, to } => {
                Some(format!("{}:{:02}-{}:{:02}", from.hour(), from.minute(), to.hour(), to.minute()))
            }
            SearchCondition::Words { text, exact: false } => Some(format!("text:{text}")),
            _ => None,
        }
    }
}

/// A dash or an ampersand by itself: between what, is told by its neighbours.
fn is_connector(token: &SearchToken<'_>) -> bool {
    token.kind == SearchTokenKind::Word && ["-", "&", "+", "/"].contains(&token.text)
}

/// "wczoraj i dziś": no condition.
fn is_filler(token: &SearchToken<'_>) -> bool {
    token.kind == SearchTokenKind::Word && ["i", "oraz", "and"].contains(&fold_diacritics(token.text).as_str())
}

/// What `tokens` begin with: how many of them it takes, and what it is.
fn parse_term(tokens: &[SearchToken<'_>], today: Date, after_day: bool) -> (usize, SearchCondition) {
    let first = &tokens[0];
    match first.kind {
        SearchTokenKind::Key(key) => parse_keyed(key, &tokens[1..], today)
            .map(|(count, condition)| (1 + count, condition))
            .unwrap_or_else(|| (1, words_condition(first.text.trim_end_matches(':'), false))),
        SearchTokenKind::Quoted => (1, words_condition(first.text, true)),
        SearchTokenKind::Word | SearchTokenKind::Separator => parse_reference(tokens)
            .or_else(|| dates::parse(tokens, today, after_day))
            .or_else(|| parse_keyword(tokens))
            .or_else(|| Some((1, parse_email_or_ip(first.text)?)))
            .or_else(|| {
                numbers::parse_first(tokens, PartyFilter::Either)
                    .map(|(count, number)| (count, numbers::prefer_sip_code(number)))
            })
            .or_else(|| {
                Some((
                    1,
                    SearchCondition::Number { party: PartyFilter::Either, query: parse_number_query(first.text)? },
                ))
            })
            .unwrap_or_else(|| (1, words_condition(first.text, false))),
    }
}

/// The value behind a key. Nothing when it is not what the key says: then it is words like any other.
fn parse_keyed(key: SearchKey, tokens: &[SearchToken<'_>], today: Date) -> Option<(usize, SearchCondition)> {
    let first = tokens.first().filter(|first| matches!(first.kind, SearchTokenKind::Word | SearchTokenKind::Quoted))?;
    let text = first.text;
    let one = |condition| Some((1, condition));
    match key {
        SearchKey::Caller => parse_party(tokens, PartyFilter::Caller),
        SearchKey::Callee => parse_party(tokens, PartyFilter::Callee),
        SearchKey::Number => parse_party(tokens, PartyFilter::Either),
        SearchKey::Account => one(SearchCondition::Account { party: PartyFilter::Either, name: parse_account(text)? }),
        SearchKey::Email => one(SearchCondition::Email(is_email_address(text).then(|| text.to_lowercase())?)),
        SearchKey::SipCode => one(SearchCondition::SipCode(extract_sip_code(text).filter(|_| text.len() == 3)?)),
        SearchKey::Status => parse_status(tokens),
        SearchKey::Category => one(SearchCondition::Category(parse_category(text)?)),
        SearchKey::Ip => one(SearchCondition::Ip(text.parse().ok()?)),
        SearchKey::DateTime => dates::parse(tokens, today, true),
        SearchKey::Words => one(words_condition(text, first.kind == SearchTokenKind::Quoted)),
    }
}

fn parse_party(tokens: &[SearchToken<'_>], side: PartyFilter) -> Option<(usize, SearchCondition)> {
    let text = tokens[0].text;
    let number = || Some((1, SearchCondition::Number { party: side, query: parse_number_query(text)? }));
    numbers::parse_first(tokens, side).or_else(number).or_else(|| {
        let condition = match Party::parse_caller(text) {
            Ok(Party::Withheld) if side != PartyFilter::Callee => SearchCondition::WithheldCaller,
            _ => SearchCondition::Account { party: side, name: parse_account(text)? },
        };
        Some((1, condition))
    })
}

fn parse_account(text: &str) -> Option<String> {
    Party::parse_account(text).ok().map(|account| account.canonical())
}

/// A reference: with its letters in any spelling, without them only when it looks like nothing else.
fn parse_reference(tokens: &[SearchToken<'_>]) -> Option<(usize, SearchCondition)> {
    let first = tokens[0].text;
    let most = tokens.iter().take(3).take_while(|token| token.kind == SearchTokenKind::Word).count();
    let joined = |count: usize| tokens[..count].iter().map(|token| token.text).collect::<String>();
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    if let Some(rest) = first.get(2..).filter(|_| first[..2].eq_ignore_ascii_case("dz")) {
        let whole = (1..=most).rev().find_map(|count| Some((count, joined(count).parse::<TicketReference>().ok()?)));
        if let Some((count, reference)) = whole {
            return Some((count, SearchCondition::Ticket(reference)));
        }
        // a slip: told by what stands behind the letters, so that "dziś" and "dzwonek" are none
        let count = if rest.is_empty() { most } else { 1 };
        let behind = bare(&joined(count)[2..]);
        let marked = rest.is_empty() || rest.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let slip = marked && behind.len() <= 12 && behind.contains(|c: char| c.is_ascii_digit());
        return slip.then_some((count, SearchCondition::InvalidReference));
    }
    let text = bare(first);
    let mixed = text.len() == 10
        && text.contains(|c: char| c.is_ascii_digit())
        && text.contains(|c: char| c.is_ascii_alphabetic())
        && first.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let reference = mixed.then(|| text.parse().ok())??;
    Some((1, SearchCondition::Ticket(reference)))
}

/// Words that are conditions by themselves.
fn parse_keyword(tokens: &[SearchToken<'_>]) -> Option<(usize, SearchCondition)> {
    let text = tokens[0].text;
    match fold_diacritics(text).as_str() {
        "moje" | "mine" => return Some((1, SearchCondition::AssignedToMe)),
        "wolne" | "niczyje" | "free" | "unassigned" => return Some((1, SearchCondition::Unassigned)),
        _ => {}
    }
    parse_status(tokens).or_else(|| Some((1, SearchCondition::Category(parse_category(text)?))))
}

fn parse_status(tokens: &[SearchToken<'_>]) -> Option<(usize, SearchCondition)> {
    let two =
        tokens.get(1).map(|second| format!("{} {}", fold_diacritics(tokens[0].text), fold_diacritics(second.text)));
    if two.as_deref() == Some("w toku") || two.as_deref() == Some("in progress") {
        return Some((2, SearchCondition::Status(&[TicketStatus::Open])));
    }
    let statuses: &[TicketStatus] = match fold_diacritics(tokens[0].text).as_str() {
        "nowe" | "nowy" | "new" => &[TicketStatus::New],
        "otwarte" | "open" | "w toku" => &[TicketStatus::Open],
        "wstrzymane" | "czeka" | "czekaja" | "czekajace" | "waiting" | "hold" => &[TicketStatus::Waiting],
        "rozwiazane" | "resolved" | "zamkniete" | "closed" => &[TicketStatus::Resolved],
        "spam" => &[TicketStatus::Spam],
        "duplikat" | "duplikaty" | "duplicate" | "duplicates" => &[TicketStatus::Duplicate],
        "aktywne" | "active" => &[TicketStatus::New, TicketStatus::Open, TicketStatus::Waiting],
        _ => return None,
    };
    Some((1, SearchCondition::Status(statuses)))
}

fn parse_category(text: &str) -> Option<TicketCategory> {
    match fold_diacritics(text).as_str() {
        "wylogowane" | "wylogowany" | "logged-out" => Some(TicketCategory::LoggedOut),
        "dzwiek" | "audio" | "sound" => Some(TicketCategory::Audio),
        "przychodzace" | "incoming" => Some(TicketCategory::Incoming),
        "wychodzace" | "outgoing" => Some(TicketCategory::Outgoing),
        "nieznane" | "niejasne" | "unknown" => Some(TicketCategory::Unknown),
        _ => None,
    }
}

/// An e-mail address, or an IP address that is not a number with dots in it.
fn parse_email_or_ip(text: &str) -> Option<SearchCondition> {
    if is_email_address(text) {
        return Some(SearchCondition::Email(text.to_lowercase()));
    }
    let ip = text.parse().ok().filter(|_| parse_number_query(text).is_none())?;
    Some(SearchCondition::Ip(ip))
}

fn words_condition(text: &str, exact: bool) -> SearchCondition {
    match text.contains(char::is_alphanumeric) {
        true => SearchCondition::Words { text: text.to_owned(), exact },
        false => SearchCondition::Unrecognized,
    }
}

#[cfg(test)]
mod tests;
