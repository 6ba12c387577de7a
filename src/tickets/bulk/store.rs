//! The SQL of changes to many tickets at once.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::tickets::{Status, change::Standing};

/// How long a change of many tickets is kept after it can no longer be taken back: its page may still be open.
const KEPT: Duration = Duration::hours(1);

/// A change of many tickets.
#[derive(Debug, Clone)]
pub struct Bulk {
    pub id: Uuid,
    pub staff: Uuid,
    pub at: OffsetDateTime,
    pub told: serde_json::Value,
    pub undone_at: Option<OffsetDateTime>,
    pub undone: Option<i32>,
}

/// Where a ticket stood before.
pub(super) struct Before {
    pub id: Uuid,
    pub wanted: bool,
    /// What the change left.
    pub version: i32,
    status: Status,
    assignee: Option<Uuid>,
    waiting_since: OffsetDateTime,
    waiting_until: Option<OffsetDateTime>,
    resolved_at: Option<OffsetDateTime>,
    pub merged_into: Option<Uuid>,
}

impl Before {
    pub fn put_back(self, at: &Standing) -> Standing {
        Standing {
            status: self.status,
            assignee: self.assignee,
            waiting_since: self.waiting_since,
            waiting_until: self.waiting_until,
            resolved_at: self.resolved_at,
            merged_into: self.merged_into,
            ..at.clone()
        }
    }
}

/// Begins a change of many tickets. False when the same form was here before; who is second waits for the first.
///
/// # Errors
/// When the database is away.
pub async fn begin(db: &mut PgConnection, id: Uuid, staff: Uuid, now: OffsetDateTime) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into bulk (id, staff_id, at, told) values ($1, $2, $3, '{}') on conflict do nothing",
        id,
        staff,
        now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn tell(db: &mut PgConnection, id: Uuid, told: serde_json::Value) -> Result<(), sqlx::Error> {
    sqlx::query!("update bulk set told = $2 where id = $1", id, told).execute(db).await?;
    Ok(())
}

/// What a person did to many tickets lately.
///
/// # Errors
/// When the database is away.
pub async fn read(db: &mut PgConnection, id: Uuid, staff: Uuid) -> Result<Option<Bulk>, sqlx::Error> {
    sqlx::query_as!(
        Bulk,
        "select id, staff_id as staff, at, told, undone_at, undone from bulk where id = $1 and staff_id = $2",
        id,
        staff
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn lock(db: &mut PgConnection, id: Uuid) -> Result<Option<Bulk>, sqlx::Error> {
    sqlx::query_as!(
        Bulk,
        "select id, staff_id as staff, at, told, undone_at, undone from bulk where id = $1 for update",
        id
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn before(db: &mut PgConnection, id: Uuid) -> Result<Vec<Before>, sqlx::Error> {
    sqlx::query_as!(
        Before,
        r#"select
            ticket_id as id, wanted, version, status as "status: Status", assignee, waiting_since, waiting_until,
            resolved_at, merged_into
        from bulk_ticket where bulk_id = $1 order by ticket_id"#,
        id
    )
    .fetch_all(db)
    .await
}

pub(super) async fn undone(
    db: &mut PgConnection,
    id: Uuid,
    count: usize,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    sqlx::query!("update bulk set undone_at = $2, undone = $3 where id = $1", id, now, count).execute(db).await?;
    Ok(())
}

/// Drops the letters that would tell of a change which was made at `at` and taken back: they have rested until now.
pub(super) async fn drop_letters(db: &mut PgConnection, ids: &[Uuid], at: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update letter set state = 'dropped' where ticket_id = any($1) and created_at = $2 and state = 'waiting'",
        ids,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets changes of many tickets that can no longer be taken back. Gives how many.
///
/// # Errors
/// When the database is away.
pub async fn forget_old(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query!("delete from bulk where at < $1", now - KEPT).execute(db).await?.rows_affected())
}
