//! The search line: one box with a grammar and a guess. Text becomes readings, and each knows which piece of the text it
//! was, so that it can be shown and taken out again. Pure rules; the SQL is in `store.rs`.

mod chip;
mod criteria;
mod find;
mod numbers;
mod store;
mod tokens;
mod when;

use std::{net::IpAddr, ops::Range};

use time::{Date, Time};

pub use criteria::Candidate;
pub use criteria::Criteria;
pub use find::{Found, find};

use self::tokens::{Key, Token, TokenKind, tokens};
use crate::{
    causes::sip_code,
    email::is_email,
    phone::{
        NumberQuery, Party, number_query,
        typed::{fold, tidy},
    },
    tickets::{Category, Reference, Status},
};

/// The longest search line that is read, in characters.
const LONGEST: usize = 200;

/// A piece of the line and what it was read as.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub at: Range<usize>,
    pub condition: Condition,
}

impl Reading {
    pub fn is_time(&self) -> bool {
        matches!(self.condition, Condition::Days { .. } | Condition::Hours { .. })
    }
}

/// What a ticket must be like.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Ticket(Reference),
    /// Begins like a reference but can't be one.
    NoTicket,
    Number {
        side: Side,
        query: NumberQuery,
    },
    Account {
        side: Side,
        name: String,
    },
    /// The A number was not shown.
    Withheld,
    /// Of the reporter, or of an account that looks like one.
    Email(String),
    /// The reporter's address, or the telephone's.
    Ip(IpAddr),
    Code(i16),
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
    Mine,
    /// Somebody has to do it, and nobody has it.
    Free,
    Status(&'static [Status]),
    Category(Category),
    /// All of these words, in any order; or, `exact`, one after the other.
    Words {
        text: String,
        exact: bool,
    },
    /// Nothing in it that could be searched for.
    Unread,
}

/// Which side of the call a number or an account is looked for on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Either,
    Caller,
    Callee,
}

/// The line as it is read: invisible and unusual signs made plain, not too long.
pub fn line(typed: &str) -> String {
    tidy(&typed.chars().take(LONGEST).collect::<String>())
}

/// Reads a line that went through [`line`]. Pieces that add nothing, such as "i", belong to no reading.
pub fn read(line: &str, today: Date) -> Vec<Reading> {
    let tokens = tokens(line);
    let mut readings: Vec<Reading> = Vec::new();
    let mut at = 0;
    // whether the token before belongs to the last reading, so that words can join it
    let mut touches = false;
    while let Some(token) = tokens.get(at) {
        if is_sign(token) {
            at += 1;
            continue;
        }
        let in_words = touches
            && readings.last().is_some_and(|last| matches!(last.condition, Condition::Words { exact: false, .. }));
        if token.kind == TokenKind::Break || (is_filler(token) && !in_words) {
            (at, touches) = (at + 1, false);
            continue;
        }
        let after_day = touches && readings.last().is_some_and(|last| matches!(last.condition, Condition::Days { .. }));
        let (count, condition) = one(&tokens[at..], today, after_day);
        let place = token.at.start..tokens[at + count - 1].at.end;
        match (readings.last_mut(), &condition) {
            (
                Some(Reading { at, condition: Condition::Words { text, exact: false } }),
                Condition::Words { text: more, exact: false },
            ) if touches => {
                at.end = place.end;
                *text = format!("{text} {more}");
            }
            _ => readings.push(Reading { at: place, condition }),
        }
        (at, touches) = (at + count, true);
    }
    readings
}

/// The line without one of its readings. What is left means what it meant before: what was understood by its neighbours
/// is spelled out, and where two pieces would grow together, a comma keeps them apart.
pub fn without(line: &str, readings: &[Reading], dropped: usize, today: Date) -> String {
    let kept: Vec<&Reading> =
        readings.iter().enumerate().filter(|(at, _)| *at != dropped).map(|(_, reading)| reading).collect();
    let means = |text: &str, what: &[&Reading]| {
        read(text, today).iter().map(|reading| &reading.condition).eq(what.iter().map(|reading| &reading.condition))
    };
    let piece = |reading: &&Reading| {
        let typed = &line[reading.at.clone()];
        match reading.condition.spelled() {
            Some(spelled) if !means(typed, &[reading]) => spelled,
            _ => typed.to_owned(),
        }
    };
    let pieces: Vec<String> = kept.iter().map(piece).collect();
    let plain = pieces.join(" ");
    if means(&plain, &kept) { plain } else { pieces.join(", ") }
}

impl Condition {
    /// In words that need no neighbour, where there are others.
    fn spelled(&self) -> Option<String> {
        match self {
            Condition::Hours { from, to } => {
                Some(format!("{}:{:02}-{}:{:02}", from.hour(), from.minute(), to.hour(), to.minute()))
            }
            Condition::Words { text, exact: false } => Some(format!("text:{text}")),
            _ => None,
        }
    }
}

/// A dash or an ampersand by itself: between what, is told by its neighbours.
fn is_sign(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Word && ["-", "&", "+", "/"].contains(&token.text)
}

/// "wczoraj i dziś": no condition.
fn is_filler(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Word && ["i", "oraz", "and"].contains(&fold(token.text).as_str())
}

/// What `tokens` begin with: how many of them it takes, and what it is.
fn one(tokens: &[Token<'_>], today: Date, after_day: bool) -> (usize, Condition) {
    let first = &tokens[0];
    match first.kind {
        TokenKind::Key(key) => keyed(key, &tokens[1..], today)
            .map(|(count, condition)| (1 + count, condition))
            .unwrap_or_else(|| (1, words(first.text.trim_end_matches(':'), false))),
        TokenKind::Quoted => (1, words(first.text, true)),
        TokenKind::Word | TokenKind::Break => ticket(tokens)
            .or_else(|| when::read(tokens, today, after_day))
            .or_else(|| named(tokens))
            .or_else(|| Some((1, contact(first.text)?)))
            .or_else(|| numbers::read(tokens, Side::Either).map(|(count, number)| (count, numbers::or_code(number))))
            .or_else(|| Some((1, Condition::Number { side: Side::Either, query: number_query(first.text)? })))
            .unwrap_or_else(|| (1, words(first.text, false))),
    }
}

/// The value behind a key. Nothing when it is not what the key says: then it is words like any other.
fn keyed(key: Key, tokens: &[Token<'_>], today: Date) -> Option<(usize, Condition)> {
    let first = tokens.first().filter(|first| matches!(first.kind, TokenKind::Word | TokenKind::Quoted))?;
    let text = first.text;
    let one = |condition| Some((1, condition));
    match key {
        Key::Caller => party(tokens, Side::Caller),
        Key::Callee => party(tokens, Side::Callee),
        Key::Number => party(tokens, Side::Either),
        Key::Account => one(Condition::Account { side: Side::Either, name: account(text)? }),
        Key::Email => one(Condition::Email(is_email(text).then(|| text.to_lowercase())?)),
        Key::Code => one(Condition::Code(sip_code(text).filter(|_| text.len() == 3)?)),
        Key::Status => status(tokens),
        Key::Category => one(Condition::Category(category(text)?)),
        Key::Ip => one(Condition::Ip(text.parse().ok()?)),
        Key::When => when::read(tokens, today, true),
        Key::Words => one(words(text, first.kind == TokenKind::Quoted)),
    }
}

fn party(tokens: &[Token<'_>], side: Side) -> Option<(usize, Condition)> {
    let text = tokens[0].text;
    let number = || Some((1, Condition::Number { side, query: number_query(text)? }));
    numbers::read(tokens, side).or_else(number).or_else(|| {
        let condition = match Party::caller(text) {
            Ok(Party::Withheld) if side != Side::Callee => Condition::Withheld,
            _ => Condition::Account { side, name: account(text)? },
        };
        Some((1, condition))
    })
}

fn account(text: &str) -> Option<String> {
    Party::account(text).ok().map(|account| account.canonical())
}

/// A reference: with its letters in any spelling, without them only when it looks like nothing else.
fn ticket(tokens: &[Token<'_>]) -> Option<(usize, Condition)> {
    let first = tokens[0].text;
    let most = tokens.iter().take(3).take_while(|token| token.kind == TokenKind::Word).count();
    let joined = |count: usize| tokens[..count].iter().map(|token| token.text).collect::<String>();
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    if let Some(rest) = first.get(2..).filter(|_| first[..2].eq_ignore_ascii_case("dz")) {
        let whole = (1..=most).rev().find_map(|count| Some((count, joined(count).parse::<Reference>().ok()?)));
        if let Some((count, reference)) = whole {
            return Some((count, Condition::Ticket(reference)));
        }
        // a slip: told by what stands behind the letters, so that "dziś" and "dzwonek" are none
        let count = if rest.is_empty() { most } else { 1 };
        let behind = bare(&joined(count)[2..]);
        let marked = rest.is_empty() || rest.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let slip = marked && behind.len() <= 12 && behind.contains(|c: char| c.is_ascii_digit());
        return slip.then_some((count, Condition::NoTicket));
    }
    let text = bare(first);
    let mixed = text.len() == 10
        && text.contains(|c: char| c.is_ascii_digit())
        && text.contains(|c: char| c.is_ascii_alphabetic())
        && first.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let reference = mixed.then(|| text.parse().ok())??;
    Some((1, Condition::Ticket(reference)))
}

/// Words that are conditions by themselves.
fn named(tokens: &[Token<'_>]) -> Option<(usize, Condition)> {
    let text = tokens[0].text;
    match fold(text).as_str() {
        "moje" | "mine" => return Some((1, Condition::Mine)),
        "wolne" | "niczyje" | "free" | "unassigned" => return Some((1, Condition::Free)),
        _ => {}
    }
    status(tokens).or_else(|| Some((1, Condition::Category(category(text)?))))
}

fn status(tokens: &[Token<'_>]) -> Option<(usize, Condition)> {
    let two = tokens.get(1).map(|second| format!("{} {}", fold(tokens[0].text), fold(second.text)));
    if two.as_deref() == Some("w toku") || two.as_deref() == Some("in progress") {
        return Some((2, Condition::Status(&[Status::Open])));
    }
    let statuses: &[Status] = match fold(tokens[0].text).as_str() {
        "nowe" | "nowy" | "new" => &[Status::New],
        "otwarte" | "open" | "w toku" => &[Status::Open],
        "czeka" | "czekaja" | "czekajace" | "waiting" => &[Status::Waiting],
        "rozwiazane" | "resolved" | "zamkniete" | "closed" => &[Status::Resolved],
        "spam" => &[Status::Spam],
        "duplikat" | "duplikaty" | "duplicate" | "duplicates" => &[Status::Duplicate],
        "aktywne" | "active" => &[Status::New, Status::Open, Status::Waiting],
        _ => return None,
    };
    Some((1, Condition::Status(statuses)))
}

fn category(text: &str) -> Option<Category> {
    match fold(text).as_str() {
        "wylogowane" | "wylogowany" | "logged-out" => Some(Category::LoggedOut),
        "dzwiek" | "audio" | "sound" => Some(Category::Audio),
        "przychodzace" | "incoming" => Some(Category::Incoming),
        "wychodzace" | "outgoing" => Some(Category::Outgoing),
        "nieznane" | "niejasne" | "unknown" => Some(Category::Unknown),
        _ => None,
    }
}

/// An e-mail address, or an IP address that is not a number with dots in it.
fn contact(text: &str) -> Option<Condition> {
    if is_email(text) {
        return Some(Condition::Email(text.to_lowercase()));
    }
    let ip = text.parse().ok().filter(|_| number_query(text).is_none())?;
    Some(Condition::Ip(ip))
}

fn words(text: &str, exact: bool) -> Condition {
    match text.contains(char::is_alphanumeric) {
        true => Condition::Words { text: text.to_owned(), exact },
        false => Condition::Unread,
    }
}

#[cfg(test)]
mod tests;
