//! The SQL of changes. All commands lock rows in the order of their ids, so that they cannot deadlock.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::state::{TicketState, TicketTransition};
use crate::tickets::{
    TicketReference,
    command::context::CommandContext,
    event::actor::ActorKind,
    fields::{CallDetail, TicketCategory, TicketStatus},
};

/// Passes the columns that an undone bulk action restores to the macro of a statement, because `sqlx::query!` takes only
/// literals.
macro_rules! with_state_columns {
    ($statement:ident!($($argument:tt)*)) => {
        $statement!("status, assignee, awaiting_staff_since, snoozed_until, resolved_at, merged_into", $($argument)*)
    };
}
pub(in crate::tickets) use with_state_columns;

/// Locks tickets and returns their states. With `include_related` it also locks their main tickets and their duplicates.
pub(crate) async fn lock_states(
    db: &mut PgConnection,
    ids: &[Uuid],
    include_related: bool,
) -> Result<Vec<TicketState>, sqlx::Error> {
    sqlx::query_as!(
        TicketState,
        r#"select
            id, reference as "reference: TicketReference", version, status as "status: TicketStatus", assignee,
            (select name from staff where staff.id = ticket.assignee) as assignee_name,
            awaiting_staff_since, snoozed_until, resolved_at, merged_into,
            (select main.reference from ticket main where main.id = ticket.merged_into) as "main_reference: TicketReference",
            exists (select from ticket other where other.merged_into = ticket.id) as "has_duplicates!",
            requested_details as "requested_details: Vec<CallDetail>"
        from ticket
        where id = any(array(
            select unnest($1::uuid[])
            union select id from ticket where $2 and merged_into = any($1)
            union select merged_into from ticket where $2 and id = any($1)
        ))
        order by id
        for no key update"#,
        ids,
        include_related
    )
    .fetch_all(db)
    .await
}

/// The statement that applies transitions. `$details` sets the columns of call details besides those of the state.
macro_rules! apply_transitions_query {
    ($state_columns:tt, $db:expr, $transitions:expr, $context:expr, $details:tt) => {
        sqlx::query_scalar!(
            r#"with transition as (
                select * from jsonb_to_recordset($1) as transition (
                    id uuid, version integer, status ticket_status, assignee uuid, awaiting_staff_since timestamptz,
                    snoozed_until timestamptz, resolved_at timestamptz, merged_into uuid, requested_details call_detail[],
                    event jsonb, submission_id uuid, requested boolean, is_response boolean, email_kind email_kind, call_example jsonb,
                    detail call_detail, party_kind party_kind, party text, extension text, raw_text text,
                    call_at timestamptz, call_precision call_precision, error_text text, sip_code smallint
                )
            ), before as (
                select ticket.* from ticket join transition using (id, version)
            ), changed as (
                update ticket set
                    status = transition.status, assignee = transition.assignee, awaiting_staff_since = transition.awaiting_staff_since,
                    snoozed_until = transition.snoozed_until, resolved_at = transition.resolved_at,
                    merged_into = transition.merged_into, requested_details = transition.requested_details, "# + $details + r#"
                    first_response_at = case
                        when transition.is_response then coalesce(first_response_at, $2)
                        -- if the undone resolution was the first response, there is none again
                        when transition.event ->> 'kind' = 'undone' then nullif(first_response_at, ticket.resolved_at)
                        else first_response_at
                    end,
                    updated_at = greatest(updated_at, $2), version = ticket.version + 1
                from transition
                where ticket.id = transition.id and ticket.version = transition.version
                    and not exists (select from ticket_event where submission = transition.submission_id)
                returning
                    ticket.id, ticket.version, transition.event, transition.submission_id, transition.requested, transition.email_kind, transition.call_example
            ), previous_state as (
                insert into bulk_action_ticket (bulk_action_id, ticket_id, requested, version, "# + $state_columns + r#")
                select $5, id, requested, changed.version, "# + $state_columns + r#"
                from changed join before using (id)
                where $6
            ), inserted_example as (
                insert into call_example (
                    id, ticket_id, added_at, caller_kind, caller, caller_extension, caller_raw,
                    callee_kind, callee, callee_extension, callee_raw, call_at, call_precision, error_text, sip_code
                )
                select
                    example.id, changed.id, $2, example.caller_kind, example.caller, example.caller_extension, example.caller_raw,
                    example.callee_kind, example.callee, example.callee_extension, example.callee_raw, example.call_at,
                    example.call_precision, example.error_text, example.sip_code
                from changed cross join lateral jsonb_to_record(changed.call_example) as example (
                    id uuid, caller_kind party_kind, caller text, caller_extension text, caller_raw text,
                    callee_kind party_kind, callee text, callee_extension text, callee_raw text,
                    call_at timestamptz, call_precision call_precision, error_text text, sip_code smallint
                )
                where changed.call_example is not null
            ), inserted_event as (
                insert into ticket_event (ticket_id, at, actor, staff_id, payload, submission, bulk_action_id)
                select id, $2, $3, $4, event, submission_id, $5 from changed
                returning id as event_id, ticket_id
            ), queued_email as (
                insert into outgoing_email (ticket_id, event_id, kind, created_at, next_attempt_at)
                select recipient.id, event_id, changed.email_kind, $2, $8
                from changed
                join inserted_event on inserted_event.ticket_id = changed.id
                cross join lateral (
                    select distinct on (lower(email)) id
                    from (
                        select id, email, 1 as place from ticket where id = changed.id
                        union all
                        select id, email, 2 from ticket
                        where merged_into = changed.id and changed.email_kind in ('replied', 'resolved', 'reopened')
                    ) family_member
                    where email is not null
                    order by lower(email), place, id
                ) recipient
                where changed.email_kind is not null and $7
                    and (
                        changed.email_kind <> 'received'
                        or not exists (select from outgoing_email where outgoing_email.ticket_id = recipient.id)
                    )
            )
            select ticket_id from inserted_event"#,
            Json($transitions) as _,
            $context.now,
            $context.actor.kind() as ActorKind,
            $context.actor.staff_id(),
            $context.bulk_role.bulk_id(),
            $context.is_bulk_member(),
            $context.sends_emails(),
            $context.send_emails_at(),
        )
        .fetch_all($db)
        .await
    };
}

/// Applies transitions, records their events and queues their emails: to the ticket's customer and to the customers of its
/// duplicates, one to each address. A transition is skipped if its ticket has changed or its submission exists already.
/// Returns the ids of the changed tickets. For a bulk action it also stores their previous states.
pub(crate) async fn apply_transitions(
    db: &mut PgConnection,
    transitions: &[TicketTransition],
    context: CommandContext,
) -> Result<Vec<Uuid>, sqlx::Error> {
    if transitions.is_empty() {
        return Ok(Vec::new());
    }
    if transitions.iter().all(|transition| transition.call_detail.is_none()) {
        return with_state_columns!(apply_transitions_query!(db, transitions, context, ""));
    }
    // a statement of its own: setting these columns computes the generated columns for search and their indexes again
    with_state_columns!(apply_transitions_query!(
        db,
        transitions,
        context,
        "caller_kind = case when transition.detail = 'caller' then transition.party_kind else caller_kind end,
        caller = case when transition.detail = 'caller' then transition.party else caller end,
        caller_extension = case when transition.detail = 'caller' then transition.extension else caller_extension end,
        caller_raw = case when transition.detail = 'caller' then transition.raw_text else caller_raw end,
        callee_kind = case when transition.detail = 'callee' then transition.party_kind else callee_kind end,
        callee = case when transition.detail = 'callee' then transition.party else callee end,
        callee_extension = case when transition.detail = 'callee' then transition.extension else callee_extension end,
        callee_raw = case when transition.detail = 'callee' then transition.raw_text else callee_raw end,
        call_at = case when transition.detail = 'time' then transition.call_at else ticket.call_at end,
        call_precision = case when transition.detail = 'time' then transition.call_precision else ticket.call_precision end,
        error_text = case when transition.detail = 'message' then transition.error_text else ticket.error_text end,
        sip_code = case when transition.detail = 'message' then transition.sip_code else ticket.sip_code end,
        inferred_fields = array_remove(ticket.inferred_fields, (case transition.detail
            when 'caller' then 'caller' when 'callee' then 'callee' when 'time' then 'call_time' when 'message' then 'error_text'
        end)::inferred_field),"
    ))
}

/// Locks the new ticket that has waited longest, except those that another transaction has locked. Each of the two
/// statements reads the head of its own index.
pub(crate) async fn lock_next_new(
    db: &mut PgConnection,
    category: Option<TicketCategory>,
) -> Result<Option<Uuid>, sqlx::Error> {
    match category {
        None => {
            sqlx::query_scalar!(
                "select id from ticket where status = 'new' order by awaiting_staff_since, id limit 1
                for no key update skip locked"
            )
            .fetch_optional(db)
            .await
        }
        Some(category) => {
            sqlx::query_scalar!(
                "select id from ticket where status = 'new' and category = $1 order by awaiting_staff_since, id limit 1
                for no key update skip locked",
                category as TicketCategory
            )
            .fetch_optional(db)
            .await
        }
    }
}

/// Locks tickets whose snooze has ended, at most `limit`, except those that another transaction has locked.
pub(crate) async fn lock_due_snoozes(
    db: &mut PgConnection,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from ticket where snoozed_until <= $1 order by snoozed_until limit $2 for no key update skip locked",
        now,
        limit
    )
    .fetch_all(db)
    .await
}

/// Queues emails to the customers of tickets that became duplicates: the last notification of the main ticket's customer.
/// If the main ticket is resolved, it is the resolution, whoever resolved it; otherwise it is the last reply. An address
/// that has had this email already, for this ticket, its main ticket or another duplicate, gets none.
pub(crate) async fn notify_merged(
    db: &mut PgConnection,
    ids: &[Uuid],
    context: CommandContext,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        r#"insert into outgoing_email (ticket_id, event_id, kind, created_at, next_attempt_at, incident_update_id, recipient_hash)
        select distinct on (main.id, lower(ticket.email))
            ticket.id, latest.id,
            case when latest.kind = 'replied' then 'replied' when last.id is null then 'resolved' else 'incident_resolved'
            end::email_kind,
            $2::timestamptz, $3::timestamptz, last.id,
            case when last.id is not null then sha256(convert_to(lower(ticket.email), 'UTF8')) end
        from ticket
        -- a lateral join: in a plain join PostgreSQL may read all tickets to find the main ones
        cross join lateral (select id, status, email from ticket main where main.id = ticket.merged_into limit 1) main
        cross join lateral (
            select event.id, event.payload ->> 'kind' as kind, (event.payload ->> 'incident')::bigint as incident
            from ticket_event event
            where event.ticket_id = main.id
                and case when main.status = 'resolved'
                    then event.payload ->> 'kind' in ('resolved', 'resolved_in_incident')
                        or event.payload ->> 'kind' = 'works' and (event.payload ->> 'resolved')::boolean
                    else event.payload ->> 'kind' = 'replied'
                end
                and not exists (
                    select from ticket_event undone
                    where undone.ticket_id = main.id and undone.bulk_action_id = event.bulk_action_id and undone.payload ->> 'kind' = 'undone'
                )
            order by event.id desc
            limit 1
        ) latest
        -- the last update of an incident is sent to each address once, in its own language
        left join incident_update last
            on latest.kind = 'resolved_in_incident' and last.incident_id = latest.incident and last.is_last
        where ticket.id = any($1) and ticket.email is not null and lower(ticket.email) is distinct from lower(main.email)
            -- the customer of a ticket that was resolved earlier knows it already
            and (latest.kind = 'replied' or ticket.resolved_at is null or ticket.resolved_at >= $2)
            and not exists (
                select from ticket recipient join outgoing_email email on email.ticket_id = recipient.id
                where (recipient.id = main.id or recipient.merged_into = main.id)
                    and lower(recipient.email) = lower(ticket.email)
                    and email.event_id = latest.id and email.state <> 'cancelled'
                    -- the ticket itself may have been reopened since, with an email about it
                    and (recipient.id <> ticket.id or latest.kind = 'replied')
            )
        order by main.id, lower(ticket.email), ticket.id
        on conflict (incident_update_id, recipient_hash) where incident_update_id is not null do nothing"#,
        ids,
        context.now,
        context.send_emails_at(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Cancels the queued emails that request a detail.
pub(crate) async fn cancel_detail_request_emails(
    db: &mut PgConnection,
    ids: &[Uuid],
    detail: CallDetail,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update outgoing_email set state = 'cancelled' from ticket_event event
        where outgoing_email.ticket_id = any($1) and outgoing_email.kind = 'detail_requested' and outgoing_email.state = 'queued'
            and event.id = outgoing_email.event_id and event.payload ->> 'piece' = $2",
        ids,
        detail.into_str()
    )
    .execute(db)
    .await?;
    Ok(())
}
