//! Lists candidates by a number or an account, exact or partial, on both sides of a call.

use std::net::IpAddr;

use sqlx::{PgConnection, types::Json};

use super::candidates::{Candidates, MAX_CANDIDATES, MAX_PARTIAL_NUMBER_CANDIDATES, to_candidates};
use crate::{
    desk::queue::{
        filter::TimeRange,
        search::criteria::{CandidateCall, SearchCandidate},
    },
    phone::PartyKind,
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

/// An exact number or account: its digits, and its canonical form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExactParty<'a> {
    pub digits: Option<&'a str>,
    pub canonical: &'a str,
    pub match_caller: bool,
    pub match_callee: bool,
}

/// Branches for both sides of a call, by digits and by account. Equality is written as a range, and the sort starts with the
/// same column. Only the index of this column has that order, so PostgreSQL must use it.
macro_rules! select_by_exact_party {
    (
        $db:expr, $words:expr, $exact:expr,
        $caller_digits:tt, $callee_digits:tt, $caller:tt, $callee:tt, $account:tt,
        $example_caller_digits:tt, $example_callee_digits:tt, $example_caller:tt, $example_callee:tt, [$($arg:expr),*]
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
                    "call_example example join ticket on ticket.id = example.ticket_id
                    where $2 and example.caller_digits ~>=~ $4 and example.caller_digits ~<=~ $4" + $example_caller_digits
                ),
                (
                    "-2",
                    "call_example example join ticket on ticket.id = example.ticket_id
                    where $3 and example.callee_digits ~>=~ $4 and example.callee_digits ~<=~ $4" + $example_callee_digits
                ),
                (
                    "-3",
                    "call_example example join ticket on ticket.id = example.ticket_id
                    where $2 and example.caller_kind = 'account' and example.caller >= $5 and example.caller <= $5" + $example_caller
                ),
                (
                    "-4",
                    "call_example example join ticket on ticket.id = example.ticket_id
                    where $3 and example.callee_kind = 'account' and example.callee >= $5 and example.callee <= $5" + $example_callee
                )
            ],
            [$exact.match_caller, $exact.match_callee, $exact.digits, $exact.canonical $(, $arg)*]
        )
    };
}

/// The latest tickets. With a time range, any tickets of that range.
pub(crate) async fn list_by_exact_party(
    db: &mut PgConnection,
    words: Option<&str>,
    exact: ExactParty<'_>,
    time_range: Option<TimeRange>,
) -> Result<Candidates, sqlx::Error> {
    match time_range {
        None => select_by_exact_party!(
            db,
            words,
            exact,
            " order by caller_digits using ~>~, id desc limit 301",
            " order by callee_digits using ~>~, id desc limit 301",
            " order by caller desc, id desc limit 301",
            " order by callee desc, id desc limit 301",
            " order by account desc, id desc limit 301",
            " order by example.caller_digits using ~>~, example.id desc limit 301",
            " order by example.callee_digits using ~>~, example.id desc limit 301",
            " order by example.caller desc, example.id desc limit 301",
            " order by example.callee desc, example.id desc limit 301",
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
            " and example.call_at >= $6 and example.call_at < $7 limit 301",
            " and example.call_at >= $6 and example.call_at < $7 limit 301",
            " and example.call_at >= $6 and example.call_at < $7 limit 301",
            " and example.call_at >= $6 and example.call_at < $7 limit 301",
            [from, to]
        ),
    }
}

/// Part of a number, as half-open ranges of its digits, or of its digits in reverse order. An empty range matches nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct PartialNumber {
    pub prefix_range: (String, String),
    pub other_prefix_range: (String, String),
    pub reversed_suffix_range: (String, String),
    pub match_caller: bool,
    pub match_callee: bool,
}

macro_rules! select_by_partial_number {
    (
        $db:expr, $words:expr, $number:expr, $caller:tt, $callee:tt, $caller_end:tt, $callee_end:tt, $example_end:tt,
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
                    "call_example example join ticket on ticket.id = example.ticket_id
                    where $2 and example.caller_digits ~>=~ $4 and example.caller_digits ~<~ $5" + $example_end
                ),
                (
                    "-2",
                    "call_example example join ticket on ticket.id = example.ticket_id
                    where $3 and example.callee_digits ~>=~ $4 and example.callee_digits ~<~ $5" + $example_end
                ),
                (
                    "-3",
                    "call_example example join ticket on ticket.id = example.ticket_id
                    where $2 and example.caller_digits ~>=~ $6 and example.caller_digits ~<~ $7" + $example_end
                ),
                (
                    "-4",
                    "call_example example join ticket on ticket.id = example.ticket_id
                    where $3 and example.callee_digits ~>=~ $6 and example.callee_digits ~<~ $7" + $example_end
                ),
                (
                    "-5",
                    "call_example example join ticket on ticket.id = example.ticket_id
                    where $2 and reverse(example.caller_digits) ~>=~ $8 and reverse(example.caller_digits) ~<~ $9" + $example_end
                ),
                (
                    "-6",
                    "call_example example join ticket on ticket.id = example.ticket_id
                    where $3 and reverse(example.callee_digits) ~>=~ $8 and reverse(example.callee_digits) ~<~ $9" + $example_end
                )
            ],
            [
                $number.match_caller, $number.match_callee, $number.prefix_range.0, $number.prefix_range.1, $number.other_prefix_range.0, $number.other_prefix_range.1,
                $number.reversed_suffix_range.0, $number.reversed_suffix_range.1 $(, $arg)*
            ]
        )
    };
}

pub(crate) async fn list_by_partial_number(
    db: &mut PgConnection,
    words: Option<&str>,
    number: &PartialNumber,
    time_range: Option<TimeRange>,
) -> Result<Candidates, sqlx::Error> {
    match time_range {
        None => select_by_partial_number!(
            db,
            words,
            number,
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
            number,
            " and coalesce(call_at, created_at) >= $10 and coalesce(call_at, created_at) < $11 limit 101",
            " and coalesce(call_at, created_at) >= $10 and coalesce(call_at, created_at) < $11 limit 101",
            " and coalesce(call_at, created_at) >= $10 and coalesce(call_at, created_at) < $11 limit 101",
            " and coalesce(call_at, created_at) >= $10 and coalesce(call_at, created_at) < $11 limit 101",
            " and example.call_at >= $10 and example.call_at < $11 limit 101",
            [from, to]
        ),
    }
}
