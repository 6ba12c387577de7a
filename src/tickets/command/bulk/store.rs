//! The SQL of bulk actions.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::tickets::{fields::TicketStatus, transition::state::TicketState};

/// How long a bulk action is stored. It can no longer be undone then, but its page may still be open.
const BULK_UPDATE_RETENTION: Duration = Duration::hours(1);

/// A bulk action.
#[derive(Debug, Clone)]
pub struct BulkUpdate {
    pub id: Uuid,
    pub staff_id: Uuid,
    pub started_at: OffsetDateTime,
    pub summary: serde_json::Value,
    pub undone_at: Option<OffsetDateTime>,
    pub undone_count: Option<i32>,
}

/// The state of a ticket before the action.
pub(super) struct PreviousTicketState {
    pub ticket_id: Uuid,
    pub requested: bool,
    /// The version after the action.
    pub version: i32,
    status: TicketStatus,
    assignee: Option<Uuid>,
    awaiting_staff_since: OffsetDateTime,
    snoozed_until: Option<OffsetDateTime>,
    resolved_at: Option<OffsetDateTime>,
    pub merged_into: Option<Uuid>,
}

impl PreviousTicketState {
    pub(super) fn restore_onto(self, current: &TicketState) -> TicketState {
        TicketState {
            status: self.status,
            assignee: self.assignee,
            awaiting_staff_since: self.awaiting_staff_since,
            snoozed_until: self.snoozed_until,
            resolved_at: self.resolved_at,
            merged_into: self.merged_into,
            ..current.clone()
        }
    }
}

/// Begins a bulk action. Returns false when the same form has begun it before; the second call waits for the first
/// transaction.
pub async fn insert_if_new(
    db: &mut PgConnection,
    id: Uuid,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query!(
        "insert into bulk_action (id, staff_id, at, summary) values ($1, $2, $3, '{}') on conflict do nothing",
        id,
        staff,
        now
    )
    .execute(db)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub(super) async fn update_summary(
    db: &mut PgConnection,
    id: Uuid,
    summary: serde_json::Value,
) -> Result<(), sqlx::Error> {
    sqlx::query!("update bulk_action set summary = $2 where id = $1", id, summary).execute(db).await?;
    Ok(())
}

/// A recent bulk action of a staff member.
pub async fn find_by_staff(db: &mut PgConnection, id: Uuid, staff: Uuid) -> Result<Option<BulkUpdate>, sqlx::Error> {
    sqlx::query_as!(
        BulkUpdate,
        "select id, staff_id, at as started_at, summary, undone_at, undone_count from bulk_action where id = $1 and staff_id = $2",
        id,
        staff
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn find_for_update(db: &mut PgConnection, id: Uuid) -> Result<Option<BulkUpdate>, sqlx::Error> {
    sqlx::query_as!(
        BulkUpdate,
        "select id, staff_id, at as started_at, summary, undone_at, undone_count from bulk_action where id = $1 for update",
        id
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn list_previous_states(
    db: &mut PgConnection,
    id: Uuid,
) -> Result<Vec<PreviousTicketState>, sqlx::Error> {
    sqlx::query_as!(
        PreviousTicketState,
        r#"select
            ticket_id, requested, version, status as "status: TicketStatus", assignee, awaiting_staff_since, snoozed_until,
            resolved_at, merged_into
        from bulk_action_ticket where bulk_action_id = $1 order by ticket_id"#,
        id
    )
    .fetch_all(db)
    .await
}

pub(super) async fn mark_undone(
    db: &mut PgConnection,
    id: Uuid,
    count: usize,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    sqlx::query!("update bulk_action set undone_at = $2, undone_count = $3 where id = $1", id, now, count)
        .execute(db)
        .await?;
    Ok(())
}

/// Cancels the emails of an action that began at `at`. They have been held back until now.
pub(super) async fn cancel_queued_emails(
    db: &mut PgConnection,
    ids: &[Uuid],
    at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update outgoing_email set state = 'cancelled' where ticket_id = any($1) and created_at = $2 and state = 'queued'",
        ids,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes bulk actions that are no longer needed. Returns how many.
pub async fn purge_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query!("delete from bulk_action where at < $1", now - BULK_UPDATE_RETENTION)
        .execute(db)
        .await?
        .rows_affected())
}
