//! The terms of a search.

use std::{net::IpAddr, ops::Range};

use time::{Date, Time};

use crate::{
    phone::NumberQuery,
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

/// A condition, and the range of bytes of the search text that it was parsed from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SearchTerm {
    pub range: Range<usize>,
    pub condition: SearchCondition,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SearchCondition {
    Ticket(TicketReference),
    /// Starts like a reference but is not a valid one.
    InvalidReference,
    Number {
        party: PartyFilter,
        query: NumberQuery,
    },
    Account {
        party: PartyFilter,
        name: String,
    },
    /// The A number was withheld.
    WithheldCaller,
    /// The address of the reporter, or an account with the form of an email address.
    Email(String),
    /// The IP address of the reporter or of the telephone.
    Ip(IpAddr),
    SipCode(i16),
    /// Both inclusive.
    Days {
        from: Date,
        to: Date,
    },
    /// Both inclusive, to the minute.
    Hours {
        from: Time,
        to: Time,
    },
    AssignedToMe,
    /// Active and without an assignee.
    Unassigned,
    Status(&'static [TicketStatus]),
    Category(TicketCategory),
    /// All words, in any order. With `exact`, as a phrase.
    Words {
        text: String,
        exact: bool,
    },
    /// Has neither letters nor digits.
    Unrecognized,
}

/// The side of the call that a number or an account is searched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PartyFilter {
    Either,
    Caller,
    Callee,
}

impl SearchTerm {
    pub(crate) fn is_time(&self) -> bool {
        matches!(self.condition, SearchCondition::Days { .. } | SearchCondition::Hours { .. })
    }
}

impl SearchCondition {
    /// A search text for the condition that means the same next to any other term.
    pub(super) fn explicit_text(&self) -> Option<String> {
        match self {
            SearchCondition::Hours { from, to } => {
                Some(format!("{}:{:02}-{}:{:02}", from.hour(), from.minute(), to.hour(), to.minute()))
            }
            SearchCondition::Words { text, exact: false } => Some(format!("text:{text}")),
            _ => None,
        }
    }
}
