//! The SQL of live updates.

use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::tickets::{ActorKind, EventKind, TicketEvent};

/// The version of a ticket, and the event that led to it.
pub(crate) struct LatestTicketEvent {
    pub id: Uuid,
    pub version: i32,
    pub event: TicketEvent,
}

pub(super) async fn list_latest_events(
    db: &mut PgConnection,
    tickets: &[Uuid],
) -> Result<Vec<LatestTicketEvent>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select ticket.id, version, last.at, last.actor as "actor: ActorKind",
            last.staff_id, staff.name as "staff_name?", last.payload as "payload: Json<EventKind>"
        from ticket
        join lateral (
            select at, actor, staff_id, payload from ticket_event where ticket_id = ticket.id order by id desc limit 1
        ) last on true
        left join staff on staff.id = last.staff_id
        where ticket.id = any($1)"#,
        tickets
    )
    .fetch_all(db)
    .await?;
    let latest = rows.into_iter().map(|row| LatestTicketEvent {
        id: row.id,
        version: row.version,
        event: TicketEvent {
            at: row.at,
            actor: row.actor,
            staff_id: row.staff_id,
            staff_name: row.staff_name,
            kind: row.payload,
            undone: false,
        },
    });
    Ok(latest.collect())
}

/// Counts the active tickets of each of these staff members, up to the limit of
/// [`count_views`](crate::desk::queue::store::count_views).
pub(super) async fn count_active_by_assignee(
    db: &mut PgConnection,
    staff_ids: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select member_id as "member_id!", (
            select count(*) from (
                select from unnest(array['new', 'open', 'waiting']::ticket_status[]) partition_status
                cross join lateral (
                    select from ticket where assignee = member_id and status = partition_status
                    order by category, id limit 100
                ) ticket
                limit 100
            ) capped
        ) as "count!"
        from unnest($1::uuid[]) member_id"#,
        staff_ids
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.member_id, row.count)).collect())
}
