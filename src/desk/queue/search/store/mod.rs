//! The search's SQL. Each statement gathers tickets by one condition that an index knows, a bounded number of them; which
//! of them fit the other conditions is decided in [`Criteria::fits`], so that no statement reads on and on for a ticket
//! that fits them all.

use std::{collections::HashMap, net::IpAddr};

use sqlx::{PgConnection, types::Json};

#[cfg(doc)]
use super::criteria::Criteria;
use super::criteria::{CandidateCall, SearchCandidate};
use crate::{
    desk::queue::store::TimeRange,
    phone::PartyKind,
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

/// What a statement gathered.
pub struct Candidates {
    pub tickets: Vec<SearchCandidate>,
    /// There may be more: a branch of the statement came to its limit.
    pub is_truncated: bool,
}

/// Limits of the statements' branches, one above what is shown at most.
const MAX_CANDIDATES: usize = 301;
const MAX_PARTIAL_NUMBER_CANDIDATES: usize = 101;
const MAX_STATUS_AND_CATEGORY_CANDIDATES: usize = 31;

/// Candidates from one or more branches. `$1` is the query of the words, or null. Branches below zero come by another call
/// that the customer told of: these are looked at as well.
macro_rules! select_candidates {
    ($db:expr, $most:expr, $words:expr, [$(($branch:tt, $($from:tt)+)),+], [$($arg:expr),*]) => {{
        let tickets = sqlx::query_as!(
            SearchCandidate,
            r#"select
                branch as "branch!", id as "id!", reference as "reference!: TicketReference", status as "status!: TicketStatus",
                category as "category!: TicketCategory", assignee, awaiting_staff_since as "awaiting_staff_since!",
                coalesce(call_at, created_at) as "occurred_at!", sip_code, caller_kind as "caller_kind: PartyKind", caller,
                caller_digits, callee_kind as "callee_kind: PartyKind", callee, callee_digits, account,
                lower(email) as email, client_ip as "client_ip!: IpAddr", public_ip as "public_ip: IpAddr",
                ($1::text is null or search_vector @@ $1::text::tsquery) as "has_words!",
                case when branch < 0 then (
                    select jsonb_agg(jsonb_build_object(
                        'caller_kind', one.caller_kind, 'caller', one.caller, 'caller_digits', one.caller_digits,
                        'callee_kind', one.callee_kind, 'callee', one.callee, 'callee_digits', one.callee_digits,
                        'at', one.call_at
                    ))
                    from call_example one where one.ticket_id = ticket.id
                ) end as "example_calls: Json<Vec<CandidateCall>>"
            from ("#
            + $("(select " + $branch + " as branch, ticket.* from " + $($from)+ + ") union all " +)+
            "(select 0, ticket.* from ticket where false)) ticket",
            $words,
            $($arg),*
        )
        .fetch_all($db)
        .await?;
        Ok(to_candidates(tickets, $most))
    }};
}

// after the macro that they use
mod by_time;
mod by_number;

pub use by_number::{ExactParty, PartialNumber, list_by_exact_party, list_by_partial_number};
pub use by_time::{list_by_sip_code, list_by_status_and_category, list_by_time};

fn to_candidates(tickets: Vec<SearchCandidate>, most: usize) -> Candidates {
    let mut counts: HashMap<i32, usize> = HashMap::new();
    tickets.iter().for_each(|ticket| *counts.entry(ticket.branch).or_default() += 1);
    Candidates { is_truncated: counts.values().any(|count| *count >= most), tickets }
}

/// Has what follows in this transaction planned for its values, since how many tickets a number or a word has differs by
/// thousands; and along indexes in their own order, because what is sorted has been read as a whole.
pub async fn set_planner_options(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select set_config('plan_cache_mode', 'force_custom_plan', true) as plan,
            set_config('enable_seqscan', 'off', true) as seqscan,
            set_config('enable_sort', 'off', true) as sort,
            set_config('jit', 'off', true) as jit"
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// Texts as one query; nothing when there is no word in them.
pub async fn build_tsquery(db: &mut PgConnection, words: &[(String, bool)]) -> Result<Option<String>, sqlx::Error> {
    let (texts, exact): (Vec<_>, Vec<_>) = words.iter().cloned().unzip();
    sqlx::query_scalar!(
        r#"select string_agg('(' || query::text || ')', ' & ')
        from (
            select case
                when exact then phraseto_tsquery('simple', search_text(text))
                else plainto_tsquery('simple', search_text(text))
            end as query
            from unnest($1::text[], $2::boolean[]) asked(text, exact)
        ) queries
        where numnode(query) > 0"#,
        &texts,
        &exact,
    )
    .fetch_one(db)
    .await
}

pub async fn list_by_reference(
    db: &mut PgConnection,
    words: Option<&str>,
    references: &[TicketReference],
) -> Result<Candidates, sqlx::Error> {
    let references: Vec<&str> = references.iter().map(TicketReference::as_str).collect();
    select_candidates!(db, MAX_CANDIDATES, words, [("1", "ticket where reference = any($2)")], [&references as &[&str]])
}

/// The newest of a reporter, or of an account that looks like an e-mail address.
pub async fn list_by_email(db: &mut PgConnection, words: Option<&str>, email: &str) -> Result<Candidates, sqlx::Error> {
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

pub async fn list_by_ip(db: &mut PgConnection, words: Option<&str>, ip: IpAddr) -> Result<Candidates, sqlx::Error> {
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

pub async fn list_by_words(
    db: &mut PgConnection,
    words: &str,
    span: Option<TimeRange>,
) -> Result<Candidates, sqlx::Error> {
    match span {
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
