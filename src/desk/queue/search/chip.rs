//! The labels of search terms. They show how the text was parsed, so that staff notice a wrong guess.

use time::{Date, Time};

use super::condition::{PartyFilter, SearchCondition, SearchTerm};
use crate::{
    desk::queue::row::short_category_label,
    i18n::{Label, UiMessage},
    local_time,
    phone::{NumberQuery, Party, PartyKind},
    tickets::TicketStatus,
};

impl SearchTerm {
    /// `line` is the text that was parsed. `has_day` is true if one of its terms is a day: hours without a day are today's.
    pub(crate) fn chip_message(&self, line: &str, has_day: bool) -> UiMessage {
        let typed = line[self.range.clone()].to_owned();
        match &self.condition {
            SearchCondition::Ticket(reference) => {
                UiMessage::new("search-ticket").with("reference", reference.to_string())
            }
            SearchCondition::InvalidReference => UiMessage::new("search-ticket").with("reference", typed),
            SearchCondition::Number { party, query } => {
                let id = match (party, query) {
                    (PartyFilter::Either, NumberQuery::Exact(_)) => "search-number",
                    (PartyFilter::Either, NumberQuery::Partial { .. }) => "search-part",
                    (PartyFilter::Caller, NumberQuery::Exact(_)) => "search-caller",
                    (PartyFilter::Caller, NumberQuery::Partial { .. }) => "search-caller-part",
                    (PartyFilter::Callee, NumberQuery::Exact(_)) => "search-callee",
                    (PartyFilter::Callee, NumberQuery::Partial { .. }) => "search-callee-part",
                };
                UiMessage::new(id).with("number", format_number_query(query))
            }
            SearchCondition::Account { party, name } => {
                let id = match party {
                    PartyFilter::Either => "search-account",
                    PartyFilter::Caller => "search-caller",
                    PartyFilter::Callee => "search-callee",
                };
                let argument = if *party == PartyFilter::Either { "account" } else { "number" };
                UiMessage::new(id).with(argument, name.as_str())
            }
            SearchCondition::WithheldCaller => UiMessage::new("search-withheld"),
            SearchCondition::Email(email) => UiMessage::new("search-email").with("email", email.as_str()),
            SearchCondition::Ip(ip) => UiMessage::new("search-ip").with("ip", ip.to_string()),
            SearchCondition::SipCode(code) => UiMessage::new("search-code").with("code", code.to_string()),
            SearchCondition::Days { from, to } if from == to => {
                UiMessage::new("search-day").with("day", format_date(*from))
            }
            SearchCondition::Days { from, to } => {
                UiMessage::new("search-days").with("from", format_date(*from)).with("to", format_date(*to))
            }
            SearchCondition::Hours { from, to } => {
                let id = if has_day { "search-hours" } else { "search-hours-today" };
                UiMessage::new(id).with("from", format_clock_time(*from)).with("to", format_clock_time(*to))
            }
            SearchCondition::AssignedToMe => UiMessage::new("search-mine"),
            SearchCondition::Unassigned => UiMessage::new("search-unassigned"),
            SearchCondition::Status(statuses) => UiMessage::new("search-status").with(
                "status",
                match statuses {
                    [status] => UiMessage::new(TicketStatus::label(*status)),
                    _ => UiMessage::new("search-active"),
                },
            ),
            SearchCondition::Category(category) => {
                UiMessage::new("search-category").with("category", UiMessage::new(short_category_label(*category)))
            }
            SearchCondition::Words { text, exact: true } => UiMessage::new("search-exact").with("text", text.as_str()),
            SearchCondition::Words { text, exact: false } => UiMessage::new("search-words").with("text", text.as_str()),
            SearchCondition::Unrecognized => UiMessage::new("search-unrecognized").with("text", typed),
        }
    }
}

fn format_number_query(query: &NumberQuery) -> String {
    match query {
        NumberQuery::Exact(digits) if digits.len() >= 7 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Party::from_stored(PartyKind::Number, &format!("+{digits}"), None).display()
        }
        NumberQuery::Exact(number) => number.clone(),
        NumberQuery::Partial { digits, has_plus: true } => format!("+{digits}"),
        NumberQuery::Partial { digits, has_plus: false } => digits.clone(),
    }
}

/// "pt. 20.11.2026"
fn format_date(date: Date) -> UiMessage {
    UiMessage::new("search-date")
        .with("weekday", i64::from(date.weekday().number_from_monday()))
        .with("date", local_time::format_numeric_date(date, true))
}

fn format_clock_time(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}
