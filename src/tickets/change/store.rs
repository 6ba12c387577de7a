//! The SQL of changes: rows are locked in the order of their ids, whoever changes them, so that nobody waits for
//! somebody who waits for them.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Standing, Step};
use crate::tickets::{
    ActorKind, Category, Piece, Reference, Status, letter,
    verbs::{By, Part},
};

/// Locks tickets, and with `families` those that they are merged into and those that are merged into them, and says
/// where they stand once nobody else can change them.
pub async fn lock(db: &mut PgConnection, ids: &[Uuid], families: bool) -> Result<Vec<Standing>, sqlx::Error> {
    sqlx::query_as!(
        Standing,
        r#"select
            id, reference as "reference: Reference", version, status as "status: Status", assignee,
            (select name from staff where staff.id = ticket.assignee) as assignee_name,
            waiting_since, waiting_until, resolved_at, merged_into,
            (select main.reference from ticket main where main.id = ticket.merged_into) as "main: Reference",
            exists (select from ticket other where other.merged_into = ticket.id) as "has_duplicates!",
            asked as "asked: Vec<Piece>"
        from ticket
        where id = any(array(
            select unnest($1::uuid[])
            union select id from ticket where $2 and merged_into = any($1)
            union select merged_into from ticket where $2 and id = any($1)
        ))
        order by id
        for no key update"#,
        ids,
        families
    )
    .fetch_all(db)
    .await
}

/// The statement that takes steps; `$also` are the columns that it sets beside those of where a ticket stands.
macro_rules! take {
    ($db:expr, $steps:expr, $by:expr, $also:tt) => {
        sqlx::query_scalar!(
            r#"with step as (
                select * from jsonb_to_recordset($1) as step (
                    id uuid, version integer, status ticket_status, assignee uuid, waiting_since timestamptz,
                    waiting_until timestamptz, resolved_at timestamptz, merged_into uuid, asked call_piece[],
                    what jsonb, submission uuid, wanted boolean, letter letter_kind, example jsonb,
                    piece call_piece, party_kind party_kind, party text, extension text, typed text,
                    call_at timestamptz, call_precision call_precision, error_text text, sip_code smallint
                )
            ), before as (
                select ticket.* from ticket join step using (id, version)
            ), changed as (
                update ticket set
                    status = step.status, assignee = step.assignee, waiting_since = step.waiting_since,
                    waiting_until = step.waiting_until, resolved_at = step.resolved_at,
                    merged_into = step.merged_into, asked = step.asked, "# + $also + r#"
                    answered_at = case step.what ->> 'kind'
                        when 'replied' then coalesce(answered_at, $2)
                        when 'resolved' then coalesce(answered_at, $2)
                        when 'resolved_with' then coalesce(answered_at, $2)
                        when 'resolved_in_incident' then coalesce(answered_at, $2)
                        when 'asked' then coalesce(answered_at, $2)
                        -- into a ticket that is resolved
                        when 'merged_into' then
                            case step.status when 'resolved' then coalesce(answered_at, $2) else answered_at end
                        -- unless staff had answered before, it was resolving that answered
                        when 'undone' then nullif(answered_at, ticket.resolved_at)
                        else answered_at
                    end,
                    updated_at = greatest(updated_at, $2), version = ticket.version + 1
                from step
                where ticket.id = step.id and ticket.version = step.version
                    and not exists (select from ticket_event where submission = step.submission)
                returning
                    ticket.id, ticket.version, step.what, step.submission, step.wanted, step.letter, step.example
            ), kept as (
                insert into bulk_ticket (
                    bulk_id, ticket_id, wanted, version, status, assignee, waiting_since, waiting_until, resolved_at,
                    merged_into
                )
                select
                    $5, id, wanted, changed.version, status, assignee, waiting_since, waiting_until, resolved_at,
                    merged_into
                from changed join before using (id)
                where $6
            ), added as (
                insert into call_example (
                    id, ticket_id, added_at, caller_kind, caller, caller_extension, caller_typed,
                    callee_kind, callee, callee_extension, callee_typed, call_at, call_precision, error_text, sip_code
                )
                select
                    one.id, changed.id, $2, one.caller_kind, one.caller, one.caller_extension, one.caller_typed,
                    one.callee_kind, one.callee, one.callee_extension, one.callee_typed, one.call_at,
                    one.call_precision, one.error_text, one.sip_code
                from changed cross join lateral jsonb_to_record(changed.example) as one (
                    id uuid, caller_kind party_kind, caller text, caller_extension text, caller_typed text,
                    callee_kind party_kind, callee text, callee_extension text, callee_typed text,
                    call_at timestamptz, call_precision call_precision, error_text text, sip_code smallint
                )
                where changed.example is not null
            ), told as (
                insert into ticket_event (ticket_id, at, actor, staff_id, what, submission, bulk_id)
                select id, $2, $3, $4, what, submission, $5 from changed
                returning id as event_id, ticket_id
            ), written as (
                insert into letter (ticket_id, event_id, kind, created_at, next_at)
                select reader.id, event_id, changed.letter, $2, $8
                from changed
                join told on told.ticket_id = changed.id
                cross join lateral (
                    select distinct on (lower(email)) id
                    from (
                        select id, email, 1 as place from ticket where id = changed.id
                        union all
                        select id, email, 2 from ticket
                        where merged_into = changed.id and changed.letter in ('answered', 'resolved', 'reopened')
                    ) family
                    where email is not null
                    order by lower(email), place, id
                ) reader
                where changed.letter is not null and $7
                    and (
                        changed.letter <> 'received'
                        or not exists (select from letter where letter.ticket_id = reader.id)
                    )
            )
            select ticket_id from told"#,
            Json($steps) as _,
            $by.now,
            $by.actor.kind() as ActorKind,
            $by.actor.staff(),
            $by.part.bulk(),
            matches!($by.part, Part::Of(_)),
            letter::is_told($by.actor),
            letter::not_before($by.part, $by.now),
        )
        .fetch_all($db)
        .await
    };
}

/// Takes steps, each if its ticket is still as it was and its form was not here before, and leaves an event for each, and
/// the letters that tell of it: to the ticket's customer and to those of its duplicates, but one to each address. Gives
/// the tickets that changed. If they are to be taken back together, keeps where they stood.
pub async fn take(db: &mut PgConnection, steps: &[Step], by: By) -> Result<Vec<Uuid>, sqlx::Error> {
    if steps.is_empty() {
        return Ok(Vec::new());
    }
    if steps.iter().all(|step| step.fill.is_none()) {
        return take!(db, steps, by, "");
    }
    // apart, because what is searched for is made anew for each row that names its columns
    take!(
        db,
        steps,
        by,
        "caller_kind = case when step.piece = 'caller' then step.party_kind else caller_kind end,
        caller = case when step.piece = 'caller' then step.party else caller end,
        caller_extension = case when step.piece = 'caller' then step.extension else caller_extension end,
        caller_typed = case when step.piece = 'caller' then step.typed else caller_typed end,
        callee_kind = case when step.piece = 'callee' then step.party_kind else callee_kind end,
        callee = case when step.piece = 'callee' then step.party else callee end,
        callee_extension = case when step.piece = 'callee' then step.extension else callee_extension end,
        callee_typed = case when step.piece = 'callee' then step.typed else callee_typed end,
        call_at = case when step.piece = 'time' then step.call_at else ticket.call_at end,
        call_precision = case when step.piece = 'time' then step.call_precision else ticket.call_precision end,
        error_text = case when step.piece = 'message' then step.error_text else ticket.error_text end,
        sip_code = case when step.piece = 'message' then step.sip_code else ticket.sip_code end,
        guessed = array_remove(ticket.guessed, (case step.piece
            when 'caller' then 'caller' when 'callee' then 'callee' when 'time' then 'when' when 'message' then 'error'
        end)::guess),"
    )
}

/// The new ticket that has waited longest, locked: those that somebody else is taking at this moment are passed over.
/// Each of the two reads the head of its own index.
pub async fn next(db: &mut PgConnection, category: Option<Category>) -> Result<Option<Uuid>, sqlx::Error> {
    match category {
        None => {
            sqlx::query_scalar!(
                "select id from ticket where status = 'new' order by waiting_since, id limit 1
                for no key update skip locked"
            )
            .fetch_optional(db)
            .await
        }
        Some(category) => {
            sqlx::query_scalar!(
                "select id from ticket where status = 'new' and category = $1 order by waiting_since, id limit 1
                for no key update skip locked",
                category as Category
            )
            .fetch_optional(db)
            .await
        }
    }
}

/// Tickets that have waited until their day, locked, at most `most`; those that another program works on are passed over.
pub async fn due(db: &mut PgConnection, now: OffsetDateTime, most: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from ticket where waiting_until <= $1 order by waiting_until limit $2 for no key update skip locked",
        now,
        most
    )
    .fetch_all(db)
    .await
}

/// Writes to the customers of tickets that became duplicates what their main ticket's customer has heard last, if anything:
/// that it is over, whoever ended it; else an answer. Nobody is written to who has heard just that, for this ticket or for
/// another one of the family.
pub async fn tell_merged(db: &mut PgConnection, ids: &[Uuid], by: By) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"insert into letter (ticket_id, event_id, kind, created_at, next_at, incident_update_id, addressee)
        select distinct on (main.id, lower(ticket.email))
            ticket.id, heard.id,
            case when heard.what = 'replied' then 'answered' when last.id is null then 'resolved' else 'incident_resolved'
            end::letter_kind,
            $2::timestamptz, $3::timestamptz, last.id,
            case when last.id is not null then sha256(convert_to(lower(ticket.email), 'UTF8')) end
        from ticket
        -- one by one: joined as tables, PostgreSQL may read all tickets to find the main ones
        cross join lateral (select id, status, email from ticket main where main.id = ticket.merged_into limit 1) main
        cross join lateral (
            select event.id, event.what ->> 'kind' as what, (event.what ->> 'incident')::bigint as incident
            from ticket_event event
            where event.ticket_id = main.id
                and case when main.status = 'resolved'
                    then event.what ->> 'kind' in ('resolved', 'resolved_in_incident')
                        or event.what ->> 'kind' = 'works' and (event.what ->> 'resolved')::boolean
                    else event.what ->> 'kind' = 'replied'
                end
                and not exists (
                    select from ticket_event undone
                    where undone.ticket_id = main.id and undone.bulk_id = event.bulk_id and undone.what ->> 'kind' = 'undone'
                )
            order by event.id desc
            limit 1
        ) heard
        -- of an incident's end every address hears once, in its own language
        left join incident_update last
            on heard.what = 'resolved_in_incident' and last.incident_id = heard.incident and last.is_last
        where ticket.id = any($1) and ticket.email is not null and lower(ticket.email) is distinct from lower(main.email)
            -- who has heard long ago that it is over is not told again
            and (heard.what = 'replied' or ticket.resolved_at is null or ticket.resolved_at >= $2)
            and not exists (
                select from ticket reader join letter on letter.ticket_id = reader.id
                where (reader.id = main.id or reader.merged_into = main.id) and lower(reader.email) = lower(ticket.email)
                    and letter.event_id = heard.id and letter.state <> 'dropped'
                    -- it may have been opened again meanwhile, and its customer told so
                    and (reader.id <> ticket.id or heard.what = 'replied')
            )
        order by main.id, lower(ticket.email), ticket.id
        on conflict (incident_update_id, addressee) where incident_update_id is not null do nothing"#,
        ids,
        by.now,
        letter::not_before(by.part, by.now),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Drops letters that ask for a piece which is needed no more, as far as they have not gone.
pub async fn drop_questions(db: &mut PgConnection, ids: &[Uuid], piece: Piece) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update letter set state = 'dropped' from ticket_event event
        where letter.ticket_id = any($1) and letter.kind = 'asked' and letter.state = 'waiting'
            and event.id = letter.event_id and event.what ->> 'piece' = $2",
        ids,
        piece.as_str()
    )
    .execute(db)
    .await?;
    Ok(())
}
