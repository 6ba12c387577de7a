//! What changes cost: one statement for all tickets that are open somewhere.

use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::tickets::{ActorKind, EventKind, TicketEvent};

/// A ticket's version, and what made it so.
pub struct LatestTicketEvent {
    pub id: Uuid,
    pub version: i32,
    pub event: TicketEvent,
}

pub async fn list_latest_events(
    db: &mut PgConnection,
    tickets: &[Uuid],
) -> Result<Vec<LatestTicketEvent>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select ticket.id, version, last.at, last.actor as "actor: ActorKind",
            last.staff_id as staff, staff.name as "name?", last.payload as "what: Json<EventKind>"
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
            staff_id: row.staff,
            staff_name: row.name,
            kind: row.what,
            undone: false,
        },
    });
    Ok(latest.collect())
}

/// How many tickets each of these people has to do something on, up to [`crate::desk::queue::store::MANY`].
pub async fn count_active_by_assignee(db: &mut PgConnection, people: &[Uuid]) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select person as "person!", (
            select count(*) from (
                select from unnest(array['new', 'open', 'waiting']::ticket_status[]) one_status
                cross join lateral (
                    select from ticket where assignee = person and status = one_status order by category, id limit 100
                ) ticket
                limit 100
            ) few
        ) as "count!"
        from unnest($1::uuid[]) person"#,
        people
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.person, row.count)).collect())
}
