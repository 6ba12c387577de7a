//! The SQL of tickets that belong to incidents.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{JoinSource, ResolvedIncident};
use crate::{
    i18n::Lang,
    tickets::{
        ActorKind, TicketReference,
        command::update::{BulkRole, CommandContext},
    },
};

/// Joins tickets that staff still have to do with, none of them part of an open incident, and leaves an event for each.
/// Gives those that joined. Tickets are named by their ids, or one by its reference. If they are to be taken back
/// together, keeps where they stood.
pub(crate) async fn insert_memberships(
    db: &mut PgConnection,
    ids: &[Uuid],
    reference: Option<&TicketReference>,
    incident: i64,
    how: JoinSource,
    by: CommandContext,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        // whoever ends the incident waits until this is done, and whoever comes later finds it ended
        r#"with open as materialized (
            select id, title_pl, title_en from incident
            where id = $1 and state in ('proposed', 'draft', 'published') for share
        ), joined as (
            insert into incident_ticket (incident_id, ticket_id, join_source, at, staff_id, bulk_action_id)
            select open.id, ticket.id, $4, $5, $7, $8
            from open cross join ticket
            where ticket.id = any($2::uuid[] || array(select id from ticket where reference = $3))
                and ticket.status in ('new', 'open', 'waiting')
            on conflict do nothing
            returning ticket_id
        ), before as (
            select ticket.* from ticket join joined on joined.ticket_id = ticket.id
        ), changed as (
            update ticket set updated_at = greatest(updated_at, $5), version = version + 1
            from joined where ticket.id = joined.ticket_id
            returning ticket.id, ticket.version
        ), kept as (
            insert into bulk_action_ticket (
                bulk_action_id, ticket_id, requested, version, status, assignee, awaiting_staff_since, snoozed_until, resolved_at,
                merged_into
            )
            select $8, id, true, changed.version, status, assignee, awaiting_staff_since, snoozed_until, resolved_at, merged_into
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
        incident,
        ids,
        reference as Option<&TicketReference>,
        how as JoinSource,
        by.now,
        by.actor.kind() as ActorKind,
        by.actor.staff_id(),
        by.bulk_role.bulk_id(),
        matches!(by.bulk_role, BulkRole::Member(_)),
    )
    .fetch_all(db)
    .await
}

/// Takes tickets out of an incident, with an event for each. Gives those that were in it.
pub(crate) async fn delete_memberships(
    db: &mut PgConnection,
    ids: &[Uuid],
    incident: i64,
    by: CommandContext,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with gone as (
            delete from incident_ticket where incident_id = $1 and ticket_id = any($2) and ended_at is null
            returning ticket_id
        ), changed as (
            update ticket set updated_at = greatest(updated_at, $3), version = version + 1
            from gone where ticket.id = gone.ticket_id
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
        incident,
        ids,
        by.now,
        by.actor.kind() as ActorKind,
        by.actor.staff_id(),
    )
    .fetch_all(db)
    .await
}

/// Tickets that leave because what many tickets joined at once was taken back; the event of that tells it.
pub(crate) async fn undo_bulk_join(db: &mut PgConnection, bulk: Uuid, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from incident_ticket where bulk_action_id = $1 and ticket_id = any($2) and ended_at is null",
        bulk,
        ids
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Which open incident has a ticket.
#[derive(Debug, Clone, Copy)]
pub struct IncidentMembership {
    pub ticket_id: Uuid,
    pub incident_id: i64,
}

/// The open incidents that have these tickets.
///
/// # Errors
/// When the database is away.
pub async fn list_memberships(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<IncidentMembership>, sqlx::Error> {
    sqlx::query_as!(
        IncidentMembership,
        "select ticket_id as ticket_id, incident_id as incident_id from incident_ticket
        where ticket_id = any($1) and ended_at is null",
        ids
    )
    .fetch_all(db)
    .await
}

/// The tickets that an incident still has, behind the ticket `after`, in the order of their ids.
pub(crate) async fn list_ticket_ids_after(
    db: &mut PgConnection,
    incident: i64,
    after: Uuid,
    most: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select ticket_id from incident_ticket
        where incident_id = $1 and ended_at is null and ticket_id > $2
        order by ticket_id limit $3",
        incident,
        after,
        most
    )
    .fetch_all(db)
    .await
}

/// A ticket, or a duplicate of one, that nobody else holds.
pub(crate) struct LockedTicket {
    pub id: Uuid,
    pub lang: Lang,
    pub merged_into: Option<Uuid>,
    /// How many duplicates it has.
    pub duplicate_count: i64,
}

/// Locks tickets and their duplicates, but for those that somebody else has locked: so nobody waits, and no two wait for
/// each other.
pub(crate) async fn try_lock(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<LockedTicket>, sqlx::Error> {
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

/// Writes down for which tickets an incident is over, and the letters to the customers who joined and to those of their
/// duplicates: also where staff had resolved the ticket before, which told nothing of the incident. An address that had one
/// for another ticket gets no second.
pub(crate) async fn close_memberships(
    db: &mut PgConnection,
    over: &ResolvedIncident,
    ended: &[Uuid],
    resolved: &[Uuid],
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"with ended as (
            update incident_ticket set ended_at = $4 where incident_id = $1 and ticket_id = any($3) and ended_at is null
        ), reader as (
            select id, id as main, email, case when id = any($5) then 1 else 2 end as place
            from ticket where id = any($3) and status <> 'spam'
            union all
            select id, merged_into, email, 3 from ticket where merged_into = any($3)
        )
        insert into outgoing_email (ticket_id, event_id, kind, created_at, next_attempt_at, incident_update_id, recipient_hash)
        select
            reader.id,
            case when reader.main = any($5)
                then (select max(event.id) from ticket_event event where event.ticket_id = reader.main)
            end,
            'incident_resolved', $4, $4, $2, sha256(convert_to(lower(email), 'UTF8'))
        from reader
        where email is not null
        -- programs that write at once write in one order, or they would wait for each other
        order by lower(email), place, reader.id
        on conflict (incident_update_id, recipient_hash) where incident_update_id is not null do nothing"#,
        over.incident_id,
        over.update_id,
        ended,
        now,
        resolved,
    )
    .execute(db)
    .await?;
    Ok(())
}
