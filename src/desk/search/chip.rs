//! How a reading is shown, so that a wrong guess is seen.

use time::{Date, Time};

use super::{Condition, Reading, Side};
use crate::{
    desk::row::short,
    phone::{Kind, NumberQuery, Party},
    tickets::Status,
    words::Say,
    zone,
};

impl Reading {
    /// The reading as words; `line` is what it was read from.
    pub fn chip(&self, line: &str, has_day: bool) -> Say {
        let typed = line[self.at.clone()].to_owned();
        match &self.condition {
            Condition::Ticket(reference) => Say::new("search-ticket").with("reference", reference.to_string()),
            Condition::NoTicket => Say::new("search-ticket").with("reference", typed),
            Condition::Number { side, query } => {
                let say = match (side, query) {
                    (Side::Either, NumberQuery::Exact(_)) => "search-number",
                    (Side::Either, NumberQuery::Part { .. }) => "search-part",
                    (Side::Caller, NumberQuery::Exact(_)) => "search-caller",
                    (Side::Caller, NumberQuery::Part { .. }) => "search-caller-part",
                    (Side::Callee, NumberQuery::Exact(_)) => "search-callee",
                    (Side::Callee, NumberQuery::Part { .. }) => "search-callee-part",
                };
                Say::new(say).with("number", shown(query))
            }
            Condition::Account { side, name } => {
                let say = match side {
                    Side::Either => "search-account",
                    Side::Caller => "search-caller",
                    Side::Callee => "search-callee",
                };
                Say::new(say).with(if *side == Side::Either { "account" } else { "number" }, name.as_str())
            }
            Condition::Withheld => Say::new("search-withheld"),
            Condition::Email(email) => Say::new("search-email").with("email", email.as_str()),
            Condition::Ip(ip) => Say::new("search-ip").with("ip", ip.to_string()),
            Condition::Code(code) => Say::new("search-code").with("code", code.to_string()),
            Condition::Days { from, to } if from == to => Say::new("search-day").with("day", date(*from)),
            Condition::Days { from, to } => Say::new("search-days").with("from", date(*from)).with("to", date(*to)),
            Condition::Hours { from, to } => {
                let say = if has_day { "search-hours" } else { "search-hours-today" };
                Say::new(say).with("from", clock(*from)).with("to", clock(*to))
            }
            Condition::Mine => Say::new("search-mine"),
            Condition::Free => Say::new("search-free"),
            Condition::Status(statuses) => Say::new("search-status").with(
                "status",
                match statuses {
                    [one] => Say::new(Status::label(*one)),
                    _ => Say::new("search-active"),
                },
            ),
            Condition::Category(category) => Say::new("search-category").with("category", Say::new(short(*category))),
            Condition::Words { text, exact: true } => Say::new("search-exact").with("text", text.as_str()),
            Condition::Words { text, exact: false } => Say::new("search-words").with("text", text.as_str()),
            Condition::Unread => Say::new("search-unread").with("text", typed),
        }
    }
}

fn shown(query: &NumberQuery) -> String {
    match query {
        NumberQuery::Exact(whole) if whole.len() >= 7 && whole.bytes().all(|byte| byte.is_ascii_digit()) => {
            Party::stored(Kind::Number, &format!("+{whole}"), None).display()
        }
        NumberQuery::Exact(whole) => whole.clone(),
        NumberQuery::Part { digits, plus: true } => format!("+{digits}"),
        NumberQuery::Part { digits, plus: false } => digits.clone(),
    }
}

/// "pt. 20.11.2026"
fn date(date: Date) -> Say {
    Say::new("search-date")
        .with("weekday", i64::from(date.weekday().number_from_monday()))
        .with("date", zone::numbers(date, true))
}

fn clock(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}
