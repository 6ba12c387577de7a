//! The search's SQL. Each statement gathers tickets by one condition that an index knows, a bounded number of them; which
//! of them fit the other conditions is decided in [`Criteria::fits`], so that no statement reads on and on for a ticket
//! that fits them all.

use std::{collections::HashMap, net::IpAddr};

use sqlx::{PgConnection, types::Json};

#[cfg(doc)]
use super::criteria::Criteria;
use super::criteria::{Called, Candidate};
use crate::{
    desk::store::Span,
    phone::Kind,
    tickets::{Category, Reference, Status},
};

/// What a statement gathered.
pub struct Gathered {
    pub tickets: Vec<Candidate>,
    /// There may be more: a branch of the statement came to its limit.
    pub cut: bool,
}

/// Limits of the statements' branches, one above what is shown at most.
const MOST: usize = 301;
const MOST_OF_PART: usize = 101;
const MOST_OF_PILE: usize = 31;

/// Candidates from one or more branches. `$1` is the query of the words, or null. Branches below zero come by another call
/// that the customer told of: these are looked at as well.
macro_rules! gather {
    ($db:expr, $most:expr, $words:expr, [$(($branch:tt, $($from:tt)+)),+], [$($arg:expr),*]) => {{
        let tickets = sqlx::query_as!(
            Candidate,
            r#"select
                branch as "branch!", id as "id!", reference as "reference!: Reference", status as "status!: Status",
                category as "category!: Category", assignee, waiting_since as "waiting_since!",
                coalesce(call_at, created_at) as "at!", sip_code, caller_kind as "caller_kind: Kind", caller,
                caller_digits, callee_kind as "callee_kind: Kind", callee, callee_digits, account,
                lower(email) as email, client_ip as "client_ip!: IpAddr", public_ip as "public_ip: IpAddr",
                ($1::text is null or words @@ $1::text::tsquery) as "has_words!",
                case when branch < 0 then (
                    select jsonb_agg(jsonb_build_object(
                        'caller_kind', one.caller_kind, 'caller', one.caller, 'caller_digits', one.caller_digits,
                        'callee_kind', one.callee_kind, 'callee', one.callee, 'callee_digits', one.callee_digits,
                        'at', one.call_at
                    ))
                    from call_example one where one.ticket_id = ticket.id
                ) end as "examples: Json<Vec<Called>>"
            from ("#
            + $("(select " + $branch + " as branch, ticket.* from " + $($from)+ + ") union all " +)+
            "(select 0, ticket.* from ticket where false)) ticket",
            $words,
            $($arg),*
        )
        .fetch_all($db)
        .await?;
        Ok(gathered(tickets, $most))
    }};
}

// after the macro that they use
mod lately;
mod numbers;

pub use lately::{by_code, by_pile, by_time};
pub use numbers::{Exact, Part, by_exact, by_part};

fn gathered(tickets: Vec<Candidate>, most: usize) -> Gathered {
    let mut counts: HashMap<i32, usize> = HashMap::new();
    tickets.iter().for_each(|ticket| *counts.entry(ticket.branch).or_default() += 1);
    Gathered { cut: counts.values().any(|count| *count >= most), tickets }
}

/// Has what follows in this transaction planned for its values, since how many tickets a number or a word has differs by
/// thousands; and along indexes in their own order, because what is sorted has been read as a whole.
pub async fn prepare(db: &mut PgConnection) -> Result<(), sqlx::Error> {
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
pub async fn query_of_words(db: &mut PgConnection, words: &[(String, bool)]) -> Result<Option<String>, sqlx::Error> {
    let (texts, exact): (Vec<_>, Vec<_>) = words.iter().cloned().unzip();
    sqlx::query_scalar!(
        r#"select string_agg('(' || query::text || ')', ' & ')
        from (
            select case
                when exact then phraseto_tsquery('simple', words_of(text))
                else plainto_tsquery('simple', words_of(text))
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

pub async fn by_reference(
    db: &mut PgConnection,
    words: Option<&str>,
    references: &[Reference],
) -> Result<Gathered, sqlx::Error> {
    let references: Vec<&str> = references.iter().map(Reference::as_str).collect();
    gather!(db, MOST, words, [("1", "ticket where reference = any($2)")], [&references as &[&str]])
}

/// The newest of a reporter, or of an account that looks like an e-mail address.
pub async fn by_email(db: &mut PgConnection, words: Option<&str>, email: &str) -> Result<Gathered, sqlx::Error> {
    gather!(
        db,
        MOST,
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

pub async fn by_ip(db: &mut PgConnection, words: Option<&str>, ip: IpAddr) -> Result<Gathered, sqlx::Error> {
    gather!(
        db,
        MOST,
        words,
        [
            ("1", "ticket where client_ip >= $2 and client_ip <= $2 order by client_ip desc, id desc limit 301"),
            ("2", "ticket where public_ip >= $2 and public_ip <= $2 order by public_ip desc, id desc limit 301")
        ],
        [ip as IpAddr]
    )
}

pub async fn by_words(db: &mut PgConnection, words: &str, span: Option<Span>) -> Result<Gathered, sqlx::Error> {
    match span {
        None => gather!(db, MOST, words, [("1", "ticket where words @@ $1::text::tsquery limit 301")], []),
        Some(Span { from, to }) => gather!(
            db,
            MOST,
            words,
            [(
                "1",
                "ticket
                where words @@ $1::text::tsquery
                    and coalesce(call_at, created_at) >= $2 and coalesce(call_at, created_at) < $3
                limit 301"
            )],
            [from, to]
        ),
    }
}
