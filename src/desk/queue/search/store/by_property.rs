//! Lists candidates by reference, email address, IP address, and words.

use std::net::IpAddr;

use sqlx::{PgConnection, types::Json};

use super::candidates::{Candidates, MAX_CANDIDATES, to_candidates};
use crate::{
    desk::queue::{
        filter::TimeRange,
        search::criteria::{CandidateCall, SearchCandidate},
    },
    phone::PartyKind,
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

pub(crate) async fn list_by_reference(
    db: &mut PgConnection,
    words: Option<&str>,
    references: &[TicketReference],
) -> Result<Candidates, sqlx::Error> {
    let references: Vec<&str> = references.iter().map(TicketReference::as_str).collect();
    select_candidates!(db, MAX_CANDIDATES, words, [("1", "ticket where reference = any($2)")], [&references as &[&str]])
}

/// The latest tickets with the address of the reporter, or with an account of this name.
pub(crate) async fn list_by_email(
    db: &mut PgConnection,
    words: Option<&str>,
    email: &str,
) -> Result<Candidates, sqlx::Error> {
    select_candidates!(
        db,
        MAX_CANDIDATES,
        words,
        [
            (
                "1",
                "ticket where email is not null and lower(email) >= $2 and lower(email) <= $2
                order by lower(email) desc, id desc limit 301"
            ),
            (
                "2",
                "ticket where caller_kind = 'account' and caller >= $2 and caller <= $2
                order by caller desc, id desc limit 301"
            ),
            (
                "3",
                "ticket where callee_kind = 'account' and callee >= $2 and callee <= $2
                order by callee desc, id desc limit 301"
            ),
            ("4", "ticket where account >= $2 and account <= $2 order by account desc, id desc limit 301")
        ],
        [email]
    )
}

pub(crate) async fn list_by_ip(
    db: &mut PgConnection,
    words: Option<&str>,
    ip: IpAddr,
) -> Result<Candidates, sqlx::Error> {
    select_candidates!(
        db,
        MAX_CANDIDATES,
        words,
        [
            ("1", "ticket where client_ip >= $2 and client_ip <= $2 order by client_ip desc, id desc limit 301"),
            ("2", "ticket where public_ip >= $2 and public_ip <= $2 order by public_ip desc, id desc limit 301")
        ],
        [ip as IpAddr]
    )
}

pub(crate) async fn list_by_words(
    db: &mut PgConnection,
    words: &str,
    time_range: Option<TimeRange>,
) -> Result<Candidates, sqlx::Error> {
    match time_range {
        None => select_candidates!(
            db,
            MAX_CANDIDATES,
            words,
            [("1", "ticket where search_vector @@ $1::text::tsquery limit 301")],
            []
        ),
        Some(TimeRange { from, to }) => select_candidates!(
            db,
            MAX_CANDIDATES,
            words,
            [(
                "1",
                "ticket
                where search_vector @@ $1::text::tsquery
                    and coalesce(call_at, created_at) >= $2 and coalesce(call_at, created_at) < $3
                limit 301"
            )],
            [from, to]
        ),
    }
}
