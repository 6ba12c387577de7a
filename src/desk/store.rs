//! The queue's SQL. A page is a walk along one index, from a cursor on; nothing is counted beyond what is shown.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    phone::Kind,
    tickets::{Billing, Category, Precision, Reference, Status, Symptom},
};

/// Rows on a page.
pub const PAGE: usize = 50;
/// A view with more than this many tickets shows "99+".
const COUNTED: i64 = 100;

/// Which tickets: filters that are not set are null.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub status: Option<Status>,
    /// Only tickets on which staff have something to do.
    pub active: bool,
    pub assignee: Option<Uuid>,
    pub unassigned: bool,
    pub category: Option<Category>,
    pub number: Number,
    pub email: Option<String>,
}

/// How a number that was searched for is compared: with the digits of A and of B, as patterns of `like`.
#[derive(Debug, Default, Clone)]
pub struct Number {
    /// The whole canonical form of a SIP account, or the digits of a number.
    pub exact: Option<String>,
    pub leading: Option<String>,
    pub or_leading: Option<String>,
    /// Turned around, because the index is.
    pub ending: Option<String>,
}

/// The place after which a page begins: the sort column's value, and the ticket.
#[derive(Debug, Clone, Copy)]
pub struct Cursor {
    pub at: OffsetDateTime,
    pub id: Uuid,
}

/// The orders of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Waiting longest.
    Waiting,
    /// Reported last.
    Newest,
    /// Called last.
    Call,
}

/// A ticket as the queue shows it.
#[derive(Debug)]
pub struct QueueRow {
    pub id: Uuid,
    pub reference: Reference,
    pub category: Category,
    pub status: Status,
    pub caller_kind: Option<Kind>,
    pub caller: Option<String>,
    pub callee_kind: Option<Kind>,
    pub callee: Option<String>,
    pub account: Option<String>,
    pub call_at: Option<OffsetDateTime>,
    pub call_precision: Option<Precision>,
    pub in_billing: Option<Billing>,
    pub symptom: Option<Symptom>,
    pub error_text: Option<String>,
    pub walked: bool,
    pub assignee_name: Option<String>,
    pub created_at: OffsetDateTime,
    pub waiting_since: OffsetDateTime,
}

/// One statement for each order; the conditions are the same, so they stand here once.
macro_rules! page {
    ($db:expr, $filter:expr, $after:expr, $beyond:tt, $order:tt) => {
        sqlx::query_as!(
            QueueRow,
            r#"select
                ticket.id, reference as "reference: Reference", category as "category: Category",
                status as "status: Status", caller_kind as "caller_kind: Kind", caller,
                callee_kind as "callee_kind: Kind", callee, account, call_at,
                call_precision as "call_precision: Precision", in_billing as "in_billing: Billing",
                symptom as "symptom: Symptom", left(error_text, 120) as error_text,
                trail is not null as "walked!", staff.name as "assignee_name?",
                ticket.created_at, waiting_since
            from ticket
            left join staff on staff.id = ticket.assignee
            where ($1::ticket_status is null or status = $1)
                and (not $2 or status in ('new', 'open', 'waiting'))
                and ($3::uuid is null or assignee = $3)
                and (not $4 or assignee is null)
                and ($5::ticket_category is null or category = $5)
                and ($6::text is null or lower(ticket.email) = $6)
                and (
                    ($7::text is null and $8::text is null and $9::text is null and $10::text is null)
                    or ($7 is not null and (
                        caller_digits = $7 or callee_digits = $7 or account = $7
                        or (caller_kind = 'account' and caller = $7)
                        or (callee_kind = 'account' and callee = $7)
                    ))
                    or ($8 is not null and (caller_digits like $8 or callee_digits like $8))
                    or ($9 is not null and (caller_digits like $9 or callee_digits like $9))
                    or ($10 is not null
                        and (reverse(caller_digits) like $10 or reverse(callee_digits) like $10))
                )
                and ($11::timestamptz is null or "#
                + $beyond
                + ") order by "
                + $order
                + " limit $13",
            $filter.status as Option<Status>,
            $filter.active,
            $filter.assignee,
            $filter.unassigned,
            $filter.category as Option<Category>,
            $filter.email,
            $filter.number.exact,
            $filter.number.leading,
            $filter.number.or_leading,
            $filter.number.ending,
            $after.map(|cursor: Cursor| cursor.at),
            $after.map(|cursor: Cursor| cursor.id),
            PAGE as i64 + 1,
        )
        .fetch_all($db)
        .await
    };
}

/// A page of the queue, and one row more if there are further ones. Filters are null parameters: only a plan that is made
/// for their values finds the right index, so the transaction that `db` is in plans for them from here on.
pub async fn page(
    db: &mut PgConnection,
    filter: &Filter,
    sort: Sort,
    after: Option<Cursor>,
) -> Result<Vec<QueueRow>, sqlx::Error> {
    sqlx::query!("select set_config('plan_cache_mode', 'force_custom_plan', true) as mode").fetch_one(&mut *db).await?;
    match sort {
        Sort::Waiting => {
            page!(db, filter, after, "(waiting_since, ticket.id) > ($11, $12::uuid)", "waiting_since, ticket.id")
        }
        Sort::Newest => page!(
            db,
            filter,
            after,
            "(ticket.created_at, ticket.id) < ($11, $12::uuid)",
            "ticket.created_at desc, ticket.id desc"
        ),
        Sort::Call => page!(
            db,
            filter,
            after,
            "(coalesce(call_at, ticket.created_at), ticket.id) < ($11, $12::uuid)",
            "coalesce(call_at, ticket.created_at) desc, ticket.id desc"
        ),
    }
}

/// How many tickets each view has, up to a hundred.
#[derive(Debug)]
pub struct Counts {
    pub new: i64,
    pub mine: i64,
    pub open: i64,
    pub waiting: i64,
}

pub async fn counts(db: &mut PgConnection, me: Uuid) -> Result<Counts, sqlx::Error> {
    sqlx::query_as!(
        Counts,
        r#"select
            (select count(*) from (select from ticket where status = 'new' limit $2) few) as "new!",
            (select count(*) from (
                select from ticket where assignee = $1 and status in ('new', 'open', 'waiting') limit $2
            ) few) as "mine!",
            (select count(*) from (select from ticket where status = 'open' limit $2) few) as "open!",
            (select count(*) from (select from ticket where status = 'waiting' limit $2) few) as "waiting!""#,
        me,
        COUNTED
    )
    .fetch_one(db)
    .await
}
