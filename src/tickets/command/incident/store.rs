//! The SQL of tickets and their incidents.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    i18n::Lang,
    tickets::{
        TicketReference,
        command::context::CommandContext,
        event::{actor::ActorKind, kind::JoinSource},
        transition::store::with_state_columns,
    },
};

macro_rules! insert_memberships_query {
    ($state_columns:tt, $db:expr, $ids:expr, $references:expr, $incident_id:expr, $source:expr, $context:expr) => {
        sqlx::query_scalar!(
            // The share lock makes the resolution of the incident wait for this transaction. A transaction that comes
            // later finds the incident resolved.
            r#"with open as materialized (
                select id, title_pl, title_en from incident
                where id = $1 and state in ('proposed', 'draft', 'published') for share
            ), joined as (
                insert into incident_ticket (incident_id, ticket_id, join_source, at, staff_id, bulk_action_id)
                select open.id, ticket.id, $4, $5, $7, $8
                from open cross join ticket
                where ticket.id = any($2::uuid[] || array(select id from ticket where reference = any($3::text[])))
                    and ticket.status in ('new', 'open', 'waiting')
                on conflict do nothing
                returning ticket_id
            ), before as (
                select ticket.* from ticket join joined on joined.ticket_id = ticket.id
            ), changed as (
                update ticket set updated_at = greatest(updated_at, $5), version = version + 1
                from joined where ticket.id = joined.ticket_id
                returning ticket.id, ticket.version
            ), previous_state as (
                insert into bulk_action_ticket (bulk_action_id, ticket_id, requested, version, "#
                + $state_columns
                + r#")
                select $8, id, true, changed.version, "#
                + $state_columns
                + r#"
                from changed join before using (id)
                where $9
            )
            insert into ticket_event (ticket_id, at, actor, staff_id, payload, bulk_action_id)
            select
                changed.id, $5, $6, $7,
                jsonb_build_object(
                    'kind', 'joined_incident', 'incident', open.id,
                    'title', jsonb_build_array(open.title_pl, open.title_en), 'how', $4
                ),
                $8
            from changed cross join open
            returning ticket_id"#,
            $incident_id,
            $ids,
            $references,
            $source as JoinSource,
            $context.now,
            $context.actor.kind() as ActorKind,
            $context.actor.staff_id(),
            $context.bulk_role.bulk_id(),
            $context.is_bulk_member(),
        )
        .fetch_all($db)
        .await
    };
}

/// Joins active tickets that belong to no open incident, and records an event for each. The tickets are identified by id
/// or by reference. Returns the ids of those that joined. For a bulk action it also stores their previous states.
pub(super) async fn insert_memberships(
    db: &mut PgConnection,
    ids: &[Uuid],
    references: &[&TicketReference],
    incident_id: i64,
    source: JoinSource,
    context: CommandContext,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let references: Vec<_> = references.iter().map(|reference| reference.as_str().to_owned()).collect();
    with_state_columns!(insert_memberships_query!(db, ids, &references, incident_id, source, context))
}

/// Removes tickets from an incident, and records an event for each. Returns the ids of those that belonged to it.
pub(super) async fn delete_memberships(
    db: &mut PgConnection,
    ids: &[Uuid],
    incident_id: i64,
    context: CommandContext,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with removed as (
            delete from incident_ticket where incident_id = $1 and ticket_id = any($2) and ended_at is null
            returning ticket_id
        ), changed as (
            update ticket set updated_at = greatest(updated_at, $3), version = version + 1
            from removed where ticket.id = removed.ticket_id
            returning ticket.id
        )
        insert into ticket_event (ticket_id, at, actor, staff_id, payload)
        select
            changed.id, $3, $4, $5,
            jsonb_build_object(
                'kind', 'left_incident', 'incident', incident.id, 'title', jsonb_build_array(title_pl, title_en)
            )
        from changed cross join incident
        where incident.id = $1
        returning ticket_id"#,
        incident_id,
        ids,
        context.now,
        context.actor.kind() as ActorKind,
        context.actor.staff_id(),
    )
    .fetch_all(db)
    .await
}

/// Removes tickets whose joining was undone. The event of the undoing records it.
pub(in crate::tickets) async fn undo_bulk_join(
    db: &mut PgConnection,
    bulk_id: Uuid,
    ids: &[Uuid],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from incident_ticket where bulk_action_id = $1 and ticket_id = any($2) and ended_at is null",
        bulk_id,
        ids
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The open incident that a ticket belongs to.
#[derive(Debug, Clone, Copy)]
pub struct IncidentMembership {
    pub ticket_id: Uuid,
    pub incident_id: i64,
}

/// The open incidents that these tickets belong to.
pub async fn list_memberships(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<IncidentMembership>, sqlx::Error> {
    sqlx::query_as!(
        IncidentMembership,
        "select ticket_id, incident_id from incident_ticket
        where ticket_id = any($1) and ended_at is null",
        ids
    )
    .fetch_all(db)
    .await
}

/// The tickets that still belong to an incident, with ids after `after`, in the order of their ids.
pub(super) async fn list_ticket_ids_after(
    db: &mut PgConnection,
    incident_id: i64,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select ticket_id from incident_ticket
        where incident_id = $1 and ended_at is null and ticket_id > $2
        order by ticket_id limit $3",
        incident_id,
        after,
        limit
    )
    .fetch_all(db)
    .await
}

/// A ticket of the incident or a duplicate of one, locked.
pub(super) struct LockedTicket {
    pub id: Uuid,
    pub lang: Lang,
    pub merged_into: Option<Uuid>,
    pub duplicate_count: i64,
}

/// Locks tickets and their duplicates, except those that other transactions have locked.
pub(super) async fn try_lock(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<LockedTicket>, sqlx::Error> {
    sqlx::query_as!(
        LockedTicket,
        r#"select
            id, lang as "lang: Lang", merged_into,
            (select count(*) from ticket duplicate where duplicate.merged_into = ticket.id) as "duplicate_count!"
        from ticket
        where id = any(array(select unnest($1::uuid[]) union select id from ticket where merged_into = any($1)))
        order by id
        for no key update skip locked"#,
        ids
    )
    .fetch_all(db)
    .await
}

/// Ends memberships, and queues the emails to the customers of the tickets and of their duplicates. Customers whose ticket
/// was resolved before get one too: that email did not mention the incident. An address gets only one.
pub(super) async fn close_memberships(
    db: &mut PgConnection,
    incident_id: i64,
    update_id: i64,
    ended: &[Uuid],
    resolved: &[Uuid],
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"with ended as (
            update incident_ticket set ended_at = $4 where incident_id = $1 and ticket_id = any($3) and ended_at is null
        ), recipient as (
            select id, id as main, email, case when id = any($5) then 1 else 2 end as place
            from ticket where id = any($3) and status <> 'spam'
            union all
            select id, merged_into, email, 3 from ticket where merged_into = any($3)
        )
        insert into outgoing_email (ticket_id, event_id, kind, created_at, next_attempt_at, incident_update_id, recipient_hash)
        select
            recipient.id,
            case when recipient.main = any($5)
                then (select max(event.id) from ticket_event event where event.ticket_id = recipient.main)
            end,
            'incident_resolved', $4, $4, $2, sha256(convert_to(lower(email), 'UTF8'))
        from recipient
        where email is not null
        -- concurrent transactions insert in the same order, or they deadlock
        order by lower(email), place, recipient.id
        on conflict (incident_update_id, recipient_hash) where incident_update_id is not null do nothing"#,
        incident_id,
        update_id,
        ended,
        now,
        resolved,
    )
    .execute(db)
    .await?;
    Ok(())
}
