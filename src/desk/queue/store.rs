//! The queue's SQL. A page is read along one index, starting at a cursor. Counts stop at [`COUNT_CAP`].
//!
//! The indexes of `migrations/0002_tickets.sql` start with a status and a category (for one staff member's tickets, with the
//! assignee before these) and end with a sort order. A view of several statuses reads one page from each (status, category)
//! partition and keeps the first rows of all of them. Its cost does not depend on the number of tickets.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::filter::{AssigneeFilter, PagePosition, QueueCursor, QueueFilter, QueueSort, TimeRange};
use crate::{
    phone::PartyKind,
    tickets::{AudioSymptom, BillingPresence, CallTimePrecision, TicketCategory, TicketReference, TicketStatus},
};

/// Rows on a page. The statements read one more. Their `limit 51` is a literal: with a parameter the planner would not know
/// that a few rows from the index are enough.
pub(super) const PAGE_SIZE: usize = 50;
/// A view with this many tickets or more shows "99+". [`count_views`] has it as a literal for the same reason.
const COUNT_CAP: i64 = 100;

/// The columns of the queue.
#[derive(Debug)]
pub(crate) struct QueueRow {
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
    /// Check results are attached to the report.
    pub has_checks: bool,
    pub assignee_name: Option<String>,
    pub created_at: OffsetDateTime,
    pub awaiting_staff_since: OffsetDateTime,
}

impl QueueRow {
    pub(super) fn cursor(&self, sort: QueueSort) -> QueueCursor {
        let at = match sort {
            QueueSort::LongestWaiting => self.awaiting_staff_since,
            QueueSort::Newest => self.created_at,
            QueueSort::LatestCall => self.call_at.unwrap_or(self.created_at),
        };
        QueueCursor { at, id: self.id }
    }
}

/// Selects the [`QueueRow`]s of the ticket ids that `$ids`, a SQL statement, returns. The subquery for check results is a
/// scalar one because for `exists` PostgreSQL may read the whole table first.
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

/// Selects a page in one order and one direction. `columns` are read from the index, `condition` compares with the cursor,
/// `order` is the sort. The cursor's parameters come first. The numbers of the parameters after them (statuses, categories,
/// assignee) are given by `params`.
macro_rules! page_query {
    (
        $db:expr, $filter:expr, [$($cursor:expr),+],
        columns $columns:tt, condition $condition:tt, order $order:tt, params $statuses:tt $categories:tt $assignee:tt
    ) => {{
        let (statuses, categories) = (&$filter.statuses as &[TicketStatus], &$filter.categories as &[TicketCategory]);
        match $filter.assignee {
            AssigneeFilter::Any if $filter.is_unfiltered() => select_rows!(
                $db,
                ["select ticket.id from ticket where " + $condition + " " + $order + " limit 51"],
                $order,
                [$($cursor),+]
            ),
            AssigneeFilter::Any => select_rows!(
                $db,
                [
                    "select ticket.id from unnest(" + $statuses + "::ticket_status[]) partition_status
                    cross join unnest(" + $categories + "::ticket_category[]) partition_category
                    cross join lateral (
                        select " + $columns + " from ticket
                        where status = partition_status and category = partition_category and " + $condition + "
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
                    "select ticket.id from unnest(" + $statuses + "::ticket_status[]) partition_status
                    cross join unnest(" + $categories + "::ticket_category[]) partition_category
                    cross join lateral (
                        select " + $columns + " from ticket
                        where assignee = " + $assignee + " and status = partition_status and category = partition_category
                            and " + $condition + "
                        " + $order + " limit 51
                    ) ticket
                    " + $order + " limit 51"
                ],
                $order,
                [$($cursor,)+ statuses as &[TicketStatus], categories as &[TicketCategory], id]
            ),
            // New tickets never have an assignee and use the index for all. The other statuses have an index of their own.
            AssigneeFilter::Unassigned => select_rows!(
                $db,
                [
                    "select ticket.id from unnest(" + $statuses + "::ticket_status[]) partition_status
                    cross join unnest(" + $categories + "::ticket_category[]) partition_category
                    cross join lateral (
                        (
                            select " + $columns + " from ticket
                            where partition_status = 'new' and status = 'new' and category = partition_category and " + $condition + "
                            " + $order + " limit 51
                        )
                        union all
                        (
                            select " + $columns + " from ticket
                            where status = partition_status and status <> 'new' and assignee is null
                                and category = partition_category and " + $condition + "
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
    /// Lists the rows next to `position`, nearest first. Returns one row more than a page has if there are more.
    pub(super) async fn list_rows(
        &self,
        db: &mut PgConnection,
        sort: QueueSort,
        position: PagePosition,
    ) -> Result<Vec<QueueRow>, sqlx::Error> {
        let TimeRange { from, to } = self.time_range;
        let (is_backward, cursor) = match (position, sort) {
            (PagePosition::After(cursor), _) => (false, cursor),
            (PagePosition::Before(cursor), _) => (true, cursor),
            (PagePosition::First, QueueSort::LongestWaiting) => {
                (false, QueueCursor { at: TimeRange::UNBOUNDED.from, id: Uuid::nil() })
            }
            (PagePosition::First, QueueSort::Newest) => (false, QueueCursor { at: to, id: Uuid::max() }),
            // the end of the range is exclusive
            (PagePosition::First, QueueSort::LatestCall) => (false, QueueCursor { at: to, id: Uuid::nil() }),
        };
        match (sort, is_backward) {
            (QueueSort::LongestWaiting, false) => page_query!(
                db, self, [cursor.at, cursor.id],
                columns "ticket.id, ticket.awaiting_staff_since",
                condition "(ticket.awaiting_staff_since, ticket.id) > ($1, $2)",
                order "order by ticket.awaiting_staff_since, ticket.id",
                params "$3" "$4" "$5"
            ),
            (QueueSort::LongestWaiting, true) => page_query!(
                db, self, [cursor.at, cursor.id],
                columns "ticket.id, ticket.awaiting_staff_since",
                condition "(ticket.awaiting_staff_since, ticket.id) < ($1, $2)",
                order "order by ticket.awaiting_staff_since desc, ticket.id desc",
                params "$3" "$4" "$5"
            ),
            (QueueSort::Newest, false) => page_query!(
                db, self, [cursor.id],
                columns "ticket.id",
                condition "ticket.id < $1",
                order "order by ticket.id desc",
                params "$2" "$3" "$4"
            ),
            (QueueSort::Newest, true) => page_query!(
                db, self, [cursor.id],
                columns "ticket.id",
                condition "ticket.id > $1",
                order "order by ticket.id",
                params "$2" "$3" "$4"
            ),
            (QueueSort::LatestCall, false) => page_query!(
                db, self, [cursor.at, cursor.id, from],
                columns "ticket.id, ticket.call_at, ticket.created_at",
                condition "(coalesce(ticket.call_at, ticket.created_at), ticket.id) < ($1, $2)
                    and coalesce(ticket.call_at, ticket.created_at) >= $3",
                order "order by coalesce(ticket.call_at, ticket.created_at) desc, ticket.id desc",
                params "$4" "$5" "$6"
            ),
            (QueueSort::LatestCall, true) => page_query!(
                db, self, [cursor.at, cursor.id, to],
                columns "ticket.id, ticket.call_at, ticket.created_at",
                condition "(coalesce(ticket.call_at, ticket.created_at), ticket.id) > ($1, $2)
                    and coalesce(ticket.call_at, ticket.created_at) < $3",
                order "order by coalesce(ticket.call_at, ticket.created_at), ticket.id",
                params "$4" "$5" "$6"
            ),
        }
    }
}

/// Number of tickets in each view, up to [`COUNT_CAP`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ViewCounts {
    pub new: i64,
    pub mine: i64,
    pub open: i64,
    pub waiting: i64,
    pub resolved: i64,
    pub spam: i64,
    pub all: i64,
}

/// "99+" from [`COUNT_CAP`] on.
pub(crate) fn format_capped_count(count: i64) -> String {
    if count >= COUNT_CAP { "99+".to_owned() } else { count.to_string() }
}

/// Counts the tickets of each view. The subqueries sort as an index does, so that reading stops at the limit.
pub(crate) async fn count_views(db: &mut PgConnection, me: Uuid) -> Result<ViewCounts, sqlx::Error> {
    sqlx::query_as!(
        ViewCounts,
        r#"select
            (select count(*) from (
                select from ticket where status = 'new' order by category, id limit 100
            ) capped) as "new!",
            (select count(*) from (
                select from unnest(array['new', 'open', 'waiting']::ticket_status[]) partition_status
                cross join lateral (
                    select from ticket where assignee = $1 and status = partition_status order by category, id limit 100
                ) ticket
                limit 100
            ) capped) as "mine!",
            (select count(*) from (
                select from ticket where status = 'open' order by category, id limit 100
            ) capped) as "open!",
            (select count(*) from (
                select from ticket where status = 'waiting' order by category, id limit 100
            ) capped) as "waiting!",
            (select count(*) from (
                select from ticket where status = 'resolved' order by category, id limit 100
            ) capped) as "resolved!",
            (select count(*) from (
                select from ticket where status = 'spam' order by category, id limit 100
            ) capped) as "spam!",
            (select count(*) from (select from ticket order by id limit 100) capped) as "all!""#,
        me,
    )
    .fetch_one(db)
    .await
}

/// Texts for the CSV export: [`QueueRow`] has them shortened or not at all.
pub(super) struct FullTexts {
    pub id: Uuid,
    pub caller_raw: Option<String>,
    pub callee_raw: Option<String>,
    pub error_text: Option<String>,
}

/// In no particular order.
pub(super) async fn list_full_texts(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<FullTexts>, sqlx::Error> {
    sqlx::query_as!(FullTexts, "select id, caller_raw, callee_raw, error_text from ticket where id = any($1)", ids)
        .fetch_all(db)
        .await
}

/// In no particular order.
pub(super) async fn list_rows_by_ids(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<QueueRow>, sqlx::Error> {
    select_rows!(db, ["select unnest($1::uuid[]) as id"], "", [ids])
}
