//! The queue's SQL. A page is a walk along one index, from a cursor on; nothing is counted beyond what is shown.
//!
//! The indexes of `migrations/0004_desk.sql` begin with a status and a category (and, for one person's tickets, with the
//! person), and end with an order. A view of several statuses reads a page from the beginning of each of its piles and
//! keeps the first of them all, so that it costs the same however many tickets there are.

use sqlx::PgConnection;
use time::{OffsetDateTime, macros::datetime};
use uuid::Uuid;

use crate::{
    phone::Kind,
    tickets::{Billing, Category, Precision, Reference, Status, Symptom},
    web,
};

/// Rows on a page. The statements read one more: their `limit 51` is this.
pub const PAGE: usize = 50;
/// A view with this many tickets or more shows "99+": the `limit 100` of [`counts`].
pub const MANY: i64 = 100;

/// A walk through the tickets that lie on some of the piles.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Walk {
    pub statuses: Vec<Status>,
    pub categories: Vec<Category>,
    pub who: Who,
    /// Only calls of this time. Bounds a walk by call time and no other.
    pub span: Span,
}

/// Whose tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    Anybody,
    Person(Uuid),
    Nobody,
}

/// From (inclusive) when to (exclusive) when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    pub from: OffsetDateTime,
    pub to: OffsetDateTime,
}

impl Span {
    pub const EVER: Span = Span { from: datetime!(0001-01-01 0:00 UTC), to: datetime!(9999-12-31 0:00 UTC) };
}

/// The orders of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Waiting longest.
    Waiting,
    /// Reported last. Ids are made from the time.
    Newest,
    /// Called last.
    Call,
}

/// A ticket's place in an order: the time that the order goes by, if there is one, and the ticket.
pub type Cursor = web::Cursor<Uuid>;

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    First,
    After(Cursor),
    Before(Cursor),
}

/// A ticket as the queue shows it.
#[derive(Debug)]
pub struct QueueRow {
    pub id: Uuid,
    pub reference: Reference,
    pub version: i32,
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
    pub sip_code: Option<i16>,
    pub error_text: Option<String>,
    pub walked: bool,
    /// Whether results of checks came with it.
    pub checked: bool,
    pub assignee_name: Option<String>,
    pub created_at: OffsetDateTime,
    pub waiting_since: OffsetDateTime,
}

impl QueueRow {
    pub fn cursor(&self, sort: Sort) -> Cursor {
        let at = match sort {
            Sort::Waiting => self.waiting_since,
            Sort::Newest => self.created_at,
            Sort::Call => self.call_at.unwrap_or(self.created_at),
        };
        Cursor { at, id: self.id }
    }
}

/// Tickets as rows, by a statement that gives their ids: what is shown of a ticket stands here once. Checks are looked for
/// ticket by ticket: for `exists` PostgreSQL may read all of them first.
macro_rules! rows {
    ($db:expr, [$($ids:tt)+], $order:tt, [$($arg:expr),+]) => {
        sqlx::query_as!(
            QueueRow,
            r#"select
                ticket.id, ticket.reference as "reference: Reference", ticket.version,
                ticket.category as "category: Category", ticket.status as "status: Status",
                ticket.caller_kind as "caller_kind: Kind", ticket.caller,
                ticket.callee_kind as "callee_kind: Kind", ticket.callee, ticket.account, ticket.call_at,
                ticket.call_precision as "call_precision: Precision", ticket.in_billing as "in_billing: Billing",
                ticket.symptom as "symptom: Symptom", ticket.sip_code, left(ticket.error_text, 200) as error_text,
                ticket.trail is not null as "walked!",
                (select true from check_result where ticket_id = ticket.id limit 1) is not null as "checked!",
                staff.name as "assignee_name?",
                ticket.created_at, ticket.waiting_since
            from ("# + $($ids)+ + r#") page
            join ticket using (id)
            left join staff on staff.id = ticket.assignee "# + $order,
            $($arg),+
        )
        .fetch_all($db)
        .await
    };
}

/// One order in one direction: what the cursor compares, what is sorted by, and what an index has to give for it. The
/// cursor's parameters come first, then statuses, categories and the person, whose numbers depend on how many those are.
macro_rules! walk {
    (
        $db:expr, $walk:expr, [$($cursor:expr),+],
        give $give:tt, beyond $beyond:tt, order $order:tt, params $statuses:tt $categories:tt $person:tt
    ) => {{
        let (statuses, categories) = (&$walk.statuses as &[Status], &$walk.categories as &[Category]);
        match $walk.who {
            Who::Anybody if $walk.is_whole() => rows!(
                $db,
                ["select ticket.id from ticket where " + $beyond + " " + $order + " limit 51"],
                $order,
                [$($cursor),+]
            ),
            Who::Anybody => rows!(
                $db,
                [
                    "select ticket.id from unnest(" + $statuses + "::ticket_status[]) one_status
                    cross join unnest(" + $categories + "::ticket_category[]) one_category
                    cross join lateral (
                        select " + $give + " from ticket
                        where status = one_status and category = one_category and " + $beyond + "
                        " + $order + " limit 51
                    ) ticket
                    " + $order + " limit 51"
                ],
                $order,
                [$($cursor,)+ statuses as &[Status], categories as &[Category]]
            ),
            Who::Person(id) => rows!(
                $db,
                [
                    "select ticket.id from unnest(" + $statuses + "::ticket_status[]) one_status
                    cross join unnest(" + $categories + "::ticket_category[]) one_category
                    cross join lateral (
                        select " + $give + " from ticket
                        where assignee = " + $person + " and status = one_status and category = one_category
                            and " + $beyond + "
                        " + $order + " limit 51
                    ) ticket
                    " + $order + " limit 51"
                ],
                $order,
                [$($cursor,)+ statuses as &[Status], categories as &[Category], id]
            ),
            // new tickets are always nobody's; the rest has indexes of its own
            Who::Nobody => rows!(
                $db,
                [
                    "select ticket.id from unnest(" + $statuses + "::ticket_status[]) one_status
                    cross join unnest(" + $categories + "::ticket_category[]) one_category
                    cross join lateral (
                        (
                            select " + $give + " from ticket
                            where one_status = 'new' and status = 'new' and category = one_category and " + $beyond + "
                            " + $order + " limit 51
                        )
                        union all
                        (
                            select " + $give + " from ticket
                            where status = one_status and status <> 'new' and assignee is null
                                and category = one_category and " + $beyond + "
                            " + $order + " limit 51
                        )
                    ) ticket
                    " + $order + " limit 51"
                ],
                $order,
                [$($cursor,)+ statuses as &[Status], categories as &[Category]]
            ),
        }
    }};
}

impl Walk {
    /// Whether no pile is left out: then there is only one, which has its own indexes.
    fn is_whole(&self) -> bool {
        self.who == Who::Anybody
            && self.statuses.len() == Status::ALL.len()
            && self.categories.len() == Category::ALL.len()
    }

    /// The rows next to a place, the nearest first, and one more than a page has if there are as many.
    pub async fn rows(&self, db: &mut PgConnection, sort: Sort, place: Place) -> Result<Vec<QueueRow>, sqlx::Error> {
        let Span { from, to } = self.span;
        let (back, cursor) = match (place, sort) {
            (Place::After(cursor), _) => (false, cursor),
            (Place::Before(cursor), _) => (true, cursor),
            (Place::First, Sort::Waiting) => (false, Cursor { at: Span::EVER.from, id: Uuid::nil() }),
            (Place::First, Sort::Newest) => (false, Cursor { at: to, id: Uuid::max() }),
            // calls at the end of the span are no longer in it
            (Place::First, Sort::Call) => (false, Cursor { at: to, id: Uuid::nil() }),
        };
        match (sort, back) {
            (Sort::Waiting, false) => walk!(
                db, self, [cursor.at, cursor.id],
                give "ticket.id, ticket.waiting_since",
                beyond "(ticket.waiting_since, ticket.id) > ($1, $2)",
                order "order by ticket.waiting_since, ticket.id",
                params "$3" "$4" "$5"
            ),
            (Sort::Waiting, true) => walk!(
                db, self, [cursor.at, cursor.id],
                give "ticket.id, ticket.waiting_since",
                beyond "(ticket.waiting_since, ticket.id) < ($1, $2)",
                order "order by ticket.waiting_since desc, ticket.id desc",
                params "$3" "$4" "$5"
            ),
            (Sort::Newest, false) => walk!(
                db, self, [cursor.id],
                give "ticket.id",
                beyond "ticket.id < $1",
                order "order by ticket.id desc",
                params "$2" "$3" "$4"
            ),
            (Sort::Newest, true) => walk!(
                db, self, [cursor.id],
                give "ticket.id",
                beyond "ticket.id > $1",
                order "order by ticket.id",
                params "$2" "$3" "$4"
            ),
            (Sort::Call, false) => walk!(
                db, self, [cursor.at, cursor.id, from],
                give "ticket.id, ticket.call_at, ticket.created_at",
                beyond "(coalesce(ticket.call_at, ticket.created_at), ticket.id) < ($1, $2)
                    and coalesce(ticket.call_at, ticket.created_at) >= $3",
                order "order by coalesce(ticket.call_at, ticket.created_at) desc, ticket.id desc",
                params "$4" "$5" "$6"
            ),
            (Sort::Call, true) => walk!(
                db, self, [cursor.at, cursor.id, to],
                give "ticket.id, ticket.call_at, ticket.created_at",
                beyond "(coalesce(ticket.call_at, ticket.created_at), ticket.id) > ($1, $2)
                    and coalesce(ticket.call_at, ticket.created_at) < $3",
                order "order by coalesce(ticket.call_at, ticket.created_at), ticket.id",
                params "$4" "$5" "$6"
            ),
        }
    }
}

/// How many tickets each view has, up to [`MANY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub new: i64,
    pub mine: i64,
    pub open: i64,
    pub waiting: i64,
    pub resolved: i64,
    pub spam: i64,
    pub all: i64,
}

/// Counts the views. The order is that of an index, so that counting ends where the index has been read far enough.
pub async fn counts(db: &mut PgConnection, me: Uuid) -> Result<Counts, sqlx::Error> {
    sqlx::query_as!(
        Counts,
        r#"select
            (select count(*) from (
                select from ticket where status = 'new' order by category, id limit 100
            ) few) as "new!",
            (select count(*) from (
                select from unnest(array['new', 'open', 'waiting']::ticket_status[]) one_status
                cross join lateral (
                    select from ticket where assignee = $1 and status = one_status order by category, id limit 100
                ) ticket
                limit 100
            ) few) as "mine!",
            (select count(*) from (
                select from ticket where status = 'open' order by category, id limit 100
            ) few) as "open!",
            (select count(*) from (
                select from ticket where status = 'waiting' order by category, id limit 100
            ) few) as "waiting!",
            (select count(*) from (
                select from ticket where status = 'resolved' order by category, id limit 100
            ) few) as "resolved!",
            (select count(*) from (
                select from ticket where status = 'spam' order by category, id limit 100
            ) few) as "spam!",
            (select count(*) from (select from ticket order by id limit 100) few) as "all!""#,
        me,
    )
    .fetch_one(db)
    .await
}

/// What a table holds of a ticket beside its row.
pub struct Whole {
    pub id: Uuid,
    pub caller_typed: Option<String>,
    pub callee_typed: Option<String>,
    pub error_text: Option<String>,
}

/// The long texts of some tickets, in no order.
pub async fn wholes(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Whole>, sqlx::Error> {
    sqlx::query_as!(Whole, "select id, caller_typed, callee_typed, error_text from ticket where id = any($1)", ids)
        .fetch_all(db)
        .await
}

/// The rows of some tickets, in no order.
pub async fn rows_of(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<QueueRow>, sqlx::Error> {
    rows!(db, ["select unnest($1::uuid[]) as id"], "", [ids])
}
