//! The search's SQL. Each statement gathers tickets by one condition that an index knows, a bounded number of them; which
//! of them fit the other conditions is decided in [`Criteria::fits`], so that no statement reads on and on for a ticket
//! that fits them all.

use std::{collections::HashMap, net::IpAddr};

use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

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

/// A number or an account as it can be compared: digits alone, and the whole as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Exact<'a> {
    pub digits: Option<&'a str>,
    pub whole: &'a str,
    pub caller: bool,
    pub callee: bool,
}

/// Branches over both sides of a call: by digits, and by account. Where the newest are wanted, equality is written as a
/// range and the order begins with its column, so that it is only the column's own index that gives that order.
macro_rules! gather_exact {
    (
        $db:expr, $words:expr, $exact:expr,
        $caller_digits:tt, $callee_digits:tt, $caller:tt, $callee:tt, $account:tt,
        $one_caller_digits:tt, $one_callee_digits:tt, $one_caller:tt, $one_callee:tt, [$($arg:expr),*]
    ) => {
        gather!(
            $db,
            MOST,
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
            [$exact.caller, $exact.callee, $exact.digits, $exact.whole $(, $arg)*]
        )
    };
}

/// The newest of a number or an account; those of some time only, where one is given.
pub async fn by_exact(
    db: &mut PgConnection,
    words: Option<&str>,
    exact: Exact<'_>,
    span: Option<Span>,
) -> Result<Gathered, sqlx::Error> {
    match span {
        None => gather_exact!(
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
        Some(Span { from, to }) => gather_exact!(
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
pub struct Part {
    pub leading: (String, String),
    pub or_leading: (String, String),
    pub ending: (String, String),
    pub caller: bool,
    pub callee: bool,
}

macro_rules! gather_part {
    (
        $db:expr, $words:expr, $part:expr, $caller:tt, $callee:tt, $caller_end:tt, $callee_end:tt, $one:tt,
        [$($arg:expr),*]
    ) => {
        gather!(
            $db,
            MOST_OF_PART,
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
                $part.caller, $part.callee, $part.leading.0, $part.leading.1, $part.or_leading.0, $part.or_leading.1,
                $part.ending.0, $part.ending.1 $(, $arg)*
            ]
        )
    };
}

pub async fn by_part(
    db: &mut PgConnection,
    words: Option<&str>,
    part: &Part,
    span: Option<Span>,
) -> Result<Gathered, sqlx::Error> {
    match span {
        None => gather_part!(
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
        Some(Span { from, to }) => gather_part!(
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

/// The latest calls that ended with a code.
pub async fn by_code(
    db: &mut PgConnection,
    words: Option<&str>,
    codes: &[i16],
    Span { from, to }: Span,
) -> Result<Gathered, sqlx::Error> {
    gather!(
        db,
        MOST,
        words,
        [(
            "code",
            "unnest($2::smallint[]) code
            cross join lateral (
                select * from ticket
                where sip_code = code and coalesce(call_at, created_at) >= $3 and coalesce(call_at, created_at) < $4
                order by coalesce(call_at, created_at) desc, id desc
                limit 301
            ) ticket"
        )],
        [codes, from, to]
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

/// The latest calls on some piles, of one person or of all.
pub async fn by_pile(
    db: &mut PgConnection,
    words: Option<&str>,
    statuses: &[Status],
    categories: &[Category],
    person: Option<Uuid>,
    Span { from, to }: Span,
) -> Result<Gathered, sqlx::Error> {
    match person {
        None => gather!(
            db,
            MOST_OF_PILE,
            words,
            [(
                "(10 * status_number + category_number)::integer",
                "unnest($2::ticket_status[]) with ordinality one_status(one_status, status_number)
                cross join unnest($3::ticket_category[]) with ordinality one_category(one_category, category_number)
                cross join lateral (
                    select * from ticket
                    where status = one_status and category = one_category
                        and coalesce(call_at, created_at) >= $4 and coalesce(call_at, created_at) < $5
                    order by coalesce(call_at, created_at) desc, id desc
                    limit 31
                ) ticket"
            )],
            [statuses as &[Status], categories as &[Category], from, to]
        ),
        Some(person) => gather!(
            db,
            MOST_OF_PILE,
            words,
            [(
                "(10 * status_number + category_number)::integer",
                "unnest($2::ticket_status[]) with ordinality one_status(one_status, status_number)
                cross join unnest($3::ticket_category[]) with ordinality one_category(one_category, category_number)
                cross join lateral (
                    select * from ticket
                    where assignee = $6 and status = one_status and category = one_category
                        and coalesce(call_at, created_at) >= $4 and coalesce(call_at, created_at) < $5
                    order by coalesce(call_at, created_at) desc, id desc
                    limit 31
                ) ticket"
            )],
            [statuses as &[Status], categories as &[Category], from, to, person]
        ),
    }
}

/// The latest calls of some time.
pub async fn by_time(
    db: &mut PgConnection,
    words: Option<&str>,
    Span { from, to }: Span,
) -> Result<Gathered, sqlx::Error> {
    gather!(
        db,
        MOST,
        words,
        [(
            "1",
            "ticket where coalesce(call_at, created_at) >= $2 and coalesce(call_at, created_at) < $3
            order by coalesce(call_at, created_at) desc, id desc
            limit 301"
        )],
        [from, to]
    )
}
