//! The SQL that finds a number or an account, whole or a piece of it, on both sides of a call.

use std::net::IpAddr;

use sqlx::{PgConnection, types::Json};

use super::{CandidateCall, Candidates, MAX_CANDIDATES, MAX_PARTIAL_NUMBER_CANDIDATES, SearchCandidate, to_candidates};
use crate::{
    desk::queue::store::TimeRange,
    phone::PartyKind,
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

/// A number or an account as it can be compared: digits alone, and the whole as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct ExactParty<'a> {
    pub digits: Option<&'a str>,
    pub canonical: &'a str,
    pub match_caller: bool,
    pub match_callee: bool,
}

/// Branches over both sides of a call: by digits, and by account. Where the newest are wanted, equality is written as a
/// range and the order begins with its column, so that it is only the column's own index that gives that order.
macro_rules! select_by_exact_party {
    (
        $db:expr, $words:expr, $exact:expr,
        $caller_digits:tt, $callee_digits:tt, $caller:tt, $callee:tt, $account:tt,
        $one_caller_digits:tt, $one_callee_digits:tt, $one_caller:tt, $one_callee:tt, [$($arg:expr),*]
    ) => {
        select_candidates!(
            $db,
            MAX_CANDIDATES,
            $words,
            [
                ("1", "ticket where $2 and caller_digits ~>=~ $4 and caller_digits ~<=~ $4" + $caller_digits),
                ("2", "ticket where $3 and callee_digits ~>=~ $4 and callee_digits ~<=~ $4" + $callee_digits),
                ("3", "ticket where $2 and caller_kind = 'account' and caller >= $5 and caller <= $5" + $caller),
                ("4", "ticket where $3 and callee_kind = 'account' and callee >= $5 and callee <= $5" + $callee),
                ("5", "ticket where $2 and account >= $5 and account <= $5" + $account),
                (
                    "-1",
                    "call_example one join ticket on ticket.id = one.ticket_id
                    where $2 and one.caller_digits ~>=~ $4 and one.caller_digits ~<=~ $4" + $one_caller_digits
                ),
                (
                    "-2",
                    "call_example one join ticket on ticket.id = one.ticket_id
                    where $3 and one.callee_digits ~>=~ $4 and one.callee_digits ~<=~ $4" + $one_callee_digits
                ),
                (
                    "-3",
                    "call_example one join ticket on ticket.id = one.ticket_id
                    where $2 and one.caller_kind = 'account' and one.caller >= $5 and one.caller <= $5" + $one_caller
                ),
                (
                    "-4",
                    "call_example one join ticket on ticket.id = one.ticket_id
                    where $3 and one.callee_kind = 'account' and one.callee >= $5 and one.callee <= $5" + $one_callee
                )
            ],
            [$exact.match_caller, $exact.match_callee, $exact.digits, $exact.canonical $(, $arg)*]
        )
    };
}

/// The newest of a number or an account; those of some time only, where one is given.
pub async fn list_by_exact_party(
    db: &mut PgConnection,
    words: Option<&str>,
    exact: ExactParty<'_>,
    span: Option<TimeRange>,
) -> Result<Candidates, sqlx::Error> {
    match span {
        None => select_by_exact_party!(
            db,
            words,
            exact,
            " order by caller_digits using ~>~, id desc limit 301",
            " order by callee_digits using ~>~, id desc limit 301",
            " order by caller desc, id desc limit 301",
            " order by callee desc, id desc limit 301",
            " order by account desc, id desc limit 301",
            " order by one.caller_digits using ~>~, one.id desc limit 301",
            " order by one.callee_digits using ~>~, one.id desc limit 301",
            " order by one.caller desc, one.id desc limit 301",
            " order by one.callee desc, one.id desc limit 301",
            []
        ),
        Some(TimeRange { from, to }) => select_by_exact_party!(
            db,
            words,
            exact,
            " and coalesce(call_at, created_at) >= $6 and coalesce(call_at, created_at) < $7 limit 301",
            " and coalesce(call_at, created_at) >= $6 and coalesce(call_at, created_at) < $7 limit 301",
            " and coalesce(call_at, created_at) >= $6 and coalesce(call_at, created_at) < $7 limit 301",
            " and coalesce(call_at, created_at) >= $6 and coalesce(call_at, created_at) < $7 limit 301",
            " and coalesce(call_at, created_at) >= $6 and coalesce(call_at, created_at) < $7 limit 301",
            " and one.call_at >= $6 and one.call_at < $7 limit 301",
            " and one.call_at >= $6 and one.call_at < $7 limit 301",
            " and one.call_at >= $6 and one.call_at < $7 limit 301",
            " and one.call_at >= $6 and one.call_at < $7 limit 301",
            [from, to]
        ),
    }
}

/// A piece of a number: bounds between which digits begin or, turned around, end. Empty ones let nothing through.
#[derive(Debug, Clone, Default)]
pub struct PartialNumber {
    pub prefix_range: (String, String),
    pub other_prefix_range: (String, String),
    pub reversed_suffix_range: (String, String),
    pub match_caller: bool,
    pub match_callee: bool,
}

macro_rules! select_by_partial_number {
    (
        $db:expr, $words:expr, $part:expr, $caller:tt, $callee:tt, $caller_end:tt, $callee_end:tt, $one:tt,
        [$($arg:expr),*]
    ) => {
        select_candidates!(
            $db,
            MAX_PARTIAL_NUMBER_CANDIDATES,
            $words,
            [
                ("1", "ticket where $2 and caller_digits ~>=~ $4 and caller_digits ~<~ $5" + $caller),
                ("2", "ticket where $3 and callee_digits ~>=~ $4 and callee_digits ~<~ $5" + $callee),
                ("3", "ticket where $2 and caller_digits ~>=~ $6 and caller_digits ~<~ $7" + $caller),
                ("4", "ticket where $3 and callee_digits ~>=~ $6 and callee_digits ~<~ $7" + $callee),
                (
                    "5",
                    "ticket where $2 and reverse(caller_digits) ~>=~ $8 and reverse(caller_digits) ~<~ $9" + $caller_end
                ),
                (
                    "6",
                    "ticket where $3 and reverse(callee_digits) ~>=~ $8 and reverse(callee_digits) ~<~ $9" + $callee_end
                ),
                (
                    "-1",
                    "call_example one join ticket on ticket.id = one.ticket_id
                    where $2 and one.caller_digits ~>=~ $4 and one.caller_digits ~<~ $5" + $one
                ),
                (
                    "-2",
                    "call_example one join ticket on ticket.id = one.ticket_id
                    where $3 and one.callee_digits ~>=~ $4 and one.callee_digits ~<~ $5" + $one
                ),
                (
                    "-3",
                    "call_example one join ticket on ticket.id = one.ticket_id
                    where $2 and one.caller_digits ~>=~ $6 and one.caller_digits ~<~ $7" + $one
                ),
                (
                    "-4",
                    "call_example one join ticket on ticket.id = one.ticket_id
                    where $3 and one.callee_digits ~>=~ $6 and one.callee_digits ~<~ $7" + $one
                ),
                (
                    "-5",
                    "call_example one join ticket on ticket.id = one.ticket_id
                    where $2 and reverse(one.caller_digits) ~>=~ $8 and reverse(one.caller_digits) ~<~ $9" + $one
                ),
                (
                    "-6",
                    "call_example one join ticket on ticket.id = one.ticket_id
                    where $3 and reverse(one.callee_digits) ~>=~ $8 and reverse(one.callee_digits) ~<~ $9" + $one
                )
            ],
            [
                $part.match_caller, $part.match_callee, $part.prefix_range.0, $part.prefix_range.1, $part.other_prefix_range.0, $part.other_prefix_range.1,
                $part.reversed_suffix_range.0, $part.reversed_suffix_range.1 $(, $arg)*
            ]
        )
    };
}

pub async fn list_by_partial_number(
    db: &mut PgConnection,
    words: Option<&str>,
    part: &PartialNumber,
    span: Option<TimeRange>,
) -> Result<Candidates, sqlx::Error> {
    match span {
        None => select_by_partial_number!(
            db,
            words,
            part,
            " order by caller_digits using ~>~ limit 101",
            " order by callee_digits using ~>~ limit 101",
            " order by reverse(caller_digits) using ~>~ limit 101",
            " order by reverse(callee_digits) using ~>~ limit 101",
            " limit 101",
            []
        ),
        Some(TimeRange { from, to }) => select_by_partial_number!(
            db,
            words,
            part,
            " and coalesce(call_at, created_at) >= $10 and coalesce(call_at, created_at) < $11 limit 101",
            " and coalesce(call_at, created_at) >= $10 and coalesce(call_at, created_at) < $11 limit 101",
            " and coalesce(call_at, created_at) >= $10 and coalesce(call_at, created_at) < $11 limit 101",
            " and coalesce(call_at, created_at) >= $10 and coalesce(call_at, created_at) < $11 limit 101",
            " and one.call_at >= $10 and one.call_at < $11 limit 101",
            [from, to]
        ),
    }
}
