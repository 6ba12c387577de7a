//! The queue's SQL. A page is a walk along one index, from a cursor on; nothing is counted beyond what is shown.
//!
//! The indexes of `migrations/0004_desk.sql` begin with a status and a category (and, for one person's tickets, with the
//! person), and end with an order. A view of several statuses reads a page from the beginning of each of its piles and
//! keeps the first of them all, so that it costs the same however many tickets there are.

use sqlx::PgConnection;
use time::{OffsetDateTime, macros::datetime};
use uuid::Uuid;

use crate::{
    phone::PartyKind,
    tickets::{AudioSymptom, BillingPresence, CallTimePrecision, TicketCategory, TicketReference, TicketStatus},
    web,
};

/// Rows on a page. The statements read one more: their `limit 51` is this.
pub const PAGE_SIZE: usize = 50;
/// A view with this many tickets or more shows "99+": the `limit 100` of [`counts`].
pub const COUNT_CAP: i64 = 100;

/// A walk through the tickets that lie on some of the piles.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QueueFilter {
    pub statuses: Vec<TicketStatus>,
    pub categories: Vec<TicketCategory>,
    pub assignee: AssigneeFilter,
    /// Only calls of this time. Bounds a walk by call time and no other.
    pub time_range: TimeRange,
}

/// Whose tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AssigneeFilter {
    Any,
    Staff(Uuid),
    Unassigned,
}

/// From (inclusive) when to (exclusive) when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeRange {
    pub from: OffsetDateTime,
    pub to: OffsetDateTime,
}

impl TimeRange {
    pub const UNBOUNDED: TimeRange =
        TimeRange { from: datetime!(0001-01-01 0:00 UTC), to: datetime!(9999-12-31 0:00 UTC) };
}

/// The orders of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueueSort {
    /// Waiting longest.
    LongestWaiting,
    /// Reported last. Ids are made from the time.
    Newest,
    /// Called last.
    LatestCall,
}

/// A ticket's place in an order: the time that the order goes by, if there is one, and the ticket.
pub type QueueCursor = web::Cursor<Uuid>;

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PagePosition {
    First,
    After(QueueCursor),
    Before(QueueCursor),
}

/// A ticket as the queue shows it.
#[derive(Debug)]
pub struct QueueRow {
    pub id: Uuid,
    pub reference: TicketReference,
    pub version: i32,
    pub category: TicketCategory,
    pub status: TicketStatus,
    pub caller_kind: Option<PartyKind>,
    pub caller: Option<String>,
    pub callee_kind: Option<PartyKind>,
    pub callee: Option<String>,
    pub account: Option<String>,
    pub call_at: Option<OffsetDateTime>,
    pub call_precision: Option<CallTimePrecision>,
    pub in_billing: Option<BillingPresence>,
    pub symptom: Option<AudioSymptom>,
    pub sip_code: Option<i16>,
    pub error_text: Option<String>,
    pub has_guide_path: bool,
    /// Whether results of checks came with it.
    pub has_checks: bool,
    pub assignee_name: Option<String>,
    pub created_at: OffsetDateTime,
    pub awaiting_staff_since: OffsetDateTime,
}

impl QueueRow {
    pub fn cursor(&self, sort: QueueSort) -> QueueCursor {
        let at = match sort {
            QueueSort::LongestWaiting => self.awaiting_staff_since,
            QueueSort::Newest => self.created_at,
            QueueSort::LatestCall => self.call_at.unwrap_or(self.created_at),
        };
        QueueCursor { at, id: self.id }
    }
}

/// Tickets as rows, by a statement that gives their ids: what is shown of a ticket stands here once. Checks are looked for
/// ticket by ticket: for `exists` PostgreSQL may read all of them first.
macro_rules! select_rows {
    ($db:expr, [$($ids:tt)+], $order:tt, [$($arg:expr),+]) => {
        sqlx::query_as!(
            QueueRow,
            r#"select
                ticket.id, ticket.reference as "reference: TicketReference", ticket.version,
                ticket.category as "category: TicketCategory", ticket.status as "status: TicketStatus",
                ticket.caller_kind as "caller_kind: PartyKind", ticket.caller,
                ticket.callee_kind as "callee_kind: PartyKind", ticket.callee, ticket.account, ticket.call_at,
                ticket.call_precision as "call_precision: CallTimePrecision", ticket.in_billing as "in_billing: BillingPresence",
                ticket.symptom as "symptom: AudioSymptom", ticket.sip_code, left(ticket.error_text, 200) as error_text,
                ticket.trail is not null as "has_guide_path!",
                (select true from check_result where ticket_id = ticket.id limit 1) is not null as "has_checks!",
                staff.name as "assignee_name?",
                ticket.created_at, ticket.awaiting_staff_since
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
macro_rules! page_query {
    (
        $db:expr, $walk:expr, [$($cursor:expr),+],
        give $give:tt, beyond $beyond:tt, order $order:tt, params $statuses:tt $categories:tt $person:tt
    ) => {{
        let (statuses, categories) = (&$walk.statuses as &[TicketStatus], &$walk.categories as &[TicketCategory]);
        match $walk.assignee {
            AssigneeFilter::Any if $walk.is_unfiltered() => select_rows!(
                $db,
                ["select ticket.id from ticket where " + $beyond + " " + $order + " limit 51"],
                $order,
                [$($cursor),+]
            ),
            AssigneeFilter::Any => select_rows!(
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
                [$($cursor,)+ statuses as &[TicketStatus], categories as &[TicketCategory]]
            ),
            AssigneeFilter::Staff(id) => select_rows!(
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
                [$($cursor,)+ statuses as &[TicketStatus], categories as &[TicketCategory], id]
            ),
            // new tickets are always nobody's; the rest has indexes of its own
            AssigneeFilter::Unassigned => select_rows!(
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
                [$($cursor,)+ statuses as &[TicketStatus], categories as &[TicketCategory]]
            ),
        }
    }};
}

impl QueueFilter {
    /// Whether no pile is left out: then there is only one, which has its own indexes.
    fn is_unfiltered(&self) -> bool {
        self.assignee == AssigneeFilter::Any
            && self.statuses.len() == TicketStatus::ALL.len()
            && self.categories.len() == TicketCategory::ALL.len()
    }

    /// The rows next to a place, the nearest first, and one more than a page has if there are as many.
    pub async fn list_rows(
        &self,
        db: &mut PgConnection,
        sort: QueueSort,
        place: PagePosition,
    ) -> Result<Vec<QueueRow>, sqlx::Error> {
        let TimeRange { from, to } = self.time_range;
        let (back, cursor) = match (place, sort) {
            (PagePosition::After(cursor), _) => (false, cursor),
            (PagePosition::Before(cursor), _) => (true, cursor),
            (PagePosition::First, QueueSort::LongestWaiting) => {
                (false, QueueCursor { at: TimeRange::UNBOUNDED.from, id: Uuid::nil() })
            }
            (PagePosition::First, QueueSort::Newest) => (false, QueueCursor { at: to, id: Uuid::max() }),
            // calls at the end of the span are no longer in it
            (PagePosition::First, QueueSort::LatestCall) => (false, QueueCursor { at: to, id: Uuid::nil() }),
        };
        match (sort, back) {
            (QueueSort::LongestWaiting, false) => page_query!(
                db, self, [cursor.at, cursor.id],
                give "ticket.id, ticket.awaiting_staff_since",
                beyond "(ticket.awaiting_staff_since, ticket.id) > ($1, $2)",
                order "order by ticket.awaiting_staff_since, ticket.id",
                params "$3" "$4" "$5"
            ),
            (QueueSort::LongestWaiting, true) => page_query!(
                db, self, [cursor.at, cursor.id],
                give "ticket.id, ticket.awaiting_staff_since",
                beyond "(ticket.awaiting_staff_since, ticket.id) < ($1, $2)",
                order "order by ticket.awaiting_staff_since desc, ticket.id desc",
                params "$3" "$4" "$5"
            ),
            (QueueSort::Newest, false) => page_query!(
                db, self, [cursor.id],
                give "ticket.id",
                beyond "ticket.id < $1",
                order "order by ticket.id desc",
                params "$2" "$3" "$4"
            ),
            (QueueSort::Newest, true) => page_query!(
                db, self, [cursor.id],
                give "ticket.id",
                beyond "ticket.id > $1",
                order "order by ticket.id",
                params "$2" "$3" "$4"
            ),
            (QueueSort::LatestCall, false) => page_query!(
                db, self, [cursor.at, cursor.id, from],
                give "ticket.id, ticket.call_at, ticket.created_at",
                beyond "(coalesce(ticket.call_at, ticket.created_at), ticket.id) < ($1, $2)
                    and coalesce(ticket.call_at, ticket.created_at) >= $3",
                order "order by coalesce(ticket.call_at, ticket.created_at) desc, ticket.id desc",
                params "$4" "$5" "$6"
            ),
            (QueueSort::LatestCall, true) => page_query!(
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
pub struct ViewCounts {
    pub new: i64,
    pub mine: i64,
    pub open: i64,
    pub waiting: i64,
    pub resolved: i64,
    pub spam: i64,
    pub all: i64,
}

/// Counts the views. The order is that of an index, so that counting ends where the index has been read far enough.
pub async fn count_views(db: &mut PgConnection, me: Uuid) -> Result<ViewCounts, sqlx::Error> {
    sqlx::query_as!(
        ViewCounts,
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
pub struct FullTexts {
    pub id: Uuid,
    pub caller_raw: Option<String>,
    pub callee_raw: Option<String>,
    pub error_text: Option<String>,
}

/// The long texts of some tickets, in no order.
pub async fn list_full_texts(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<FullTexts>, sqlx::Error> {
    sqlx::query_as!(FullTexts, "select id, caller_raw, callee_raw, error_text from ticket where id = any($1)", ids)
        .fetch_all(db)
        .await
}

/// The rows of some tickets, in no order.
pub async fn list_rows_by_ids(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<QueueRow>, sqlx::Error> {
    select_rows!(db, ["select unnest($1::uuid[]) as id"], "", [ids])
}
