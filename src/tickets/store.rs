//! The ticket's SQL.

use std::net::IpAddr;

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Actor, ActorKind, Billing, Category, Channel, Event, GivenAnswer, Precision, Reference, Service, Status, Symptom,
    Ticket, What,
    row::{NewRow, Row},
};
use crate::{phone::Kind, words::Lang};

/// Puts tickets and their first events in, but for those whose form or reference is there already. Gives the ids of
/// those that went in.
pub(super) async fn insert(db: &mut PgConnection, rows: &[NewRow<'_>]) -> Result<Vec<Uuid>, sqlx::Error> {
    let events: Vec<_> = rows.iter().map(NewRow::first_event).collect();
    sqlx::query_scalar!(
        r#"with new as (
            insert into ticket (
                id, reference, category, status, channel, lang, service,
                caller_kind, caller, caller_extension, caller_typed,
                callee_kind, callee, callee_extension, callee_typed,
                call_at, call_precision, in_billing, symptom, account, device, public_ip,
                error_text, sip_code, description, email, phone, client_ip, client_agent, trail, answers,
                submission_hash, form_hash, key_hash, created_at, updated_at, waiting_since
            )
            select
                id, reference, category, status, channel, lang, service,
                caller_kind, caller, caller_extension, caller_typed,
                callee_kind, callee, callee_extension, callee_typed,
                call_at, call_precision, in_billing, symptom, account, device, public_ip,
                error_text, sip_code, description, email, phone, client_ip, client_agent, trail, answers,
                submission_hash, form_hash, key_hash, created_at, updated_at, waiting_since
            from jsonb_populate_recordset(null::ticket, $1)
            on conflict do nothing
            returning id
        )
        insert into ticket_event (ticket_id, at, actor, what)
        select id, at, 'customer', what
        from new
        join (select ticket_id, at, what from jsonb_populate_recordset(null::ticket_event, $2)) event on ticket_id = id
        returning ticket_id"#,
        Json(rows) as _,
        Json(events) as _,
    )
    .fetch_all(db)
    .await
}

/// A ticket that came from the same form.
pub(super) struct Earlier {
    pub id: Uuid,
    pub reference: Reference,
    pub form_hash: Vec<u8>,
}

pub(super) async fn by_submission(db: &mut PgConnection, hash: &[u8]) -> Result<Option<Earlier>, sqlx::Error> {
    sqlx::query_as!(
        Earlier,
        r#"select id, reference as "reference: Reference", form_hash from ticket where submission_hash = $1 for update"#,
        hash
    )
    .fetch_optional(db)
    .await
}

/// Writes down that a form came again with other content.
pub(super) async fn sent_again(
    db: &mut PgConnection,
    id: Uuid,
    form_hash: &[u8],
    what: &What,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with changed as (
            update ticket set form_hash = $2, updated_at = greatest(updated_at, $3), version = version + 1
            where id = $1 returning id
        )
        insert into ticket_event (ticket_id, at, actor, what) select id, $3, 'customer', $4 from changed",
        id,
        form_hash,
        now,
        Json(what) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What a verb changes in the row.
pub(super) struct Change {
    pub status: Status,
    pub assignee: Option<Uuid>,
    pub waiting_since: OffsetDateTime,
}

/// Changes a row that is still as `ticket` says, and leaves the event. False when somebody was first.
pub(super) async fn change(
    db: &mut PgConnection,
    ticket: &Ticket,
    to: Change,
    actor: Actor,
    what: &What,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        r#"with changed as (
            update ticket set
                status = $3,
                assignee = $4,
                waiting_since = $5,
                resolved_at = case when $3 = 'resolved'::ticket_status then coalesce(resolved_at, $6) end,
                updated_at = greatest(updated_at, $6),
                version = version + 1
            where id = $1 and version = $2
            returning id
        )
        insert into ticket_event (ticket_id, at, actor, staff_id, what)
        select id, $6, $7, $8, $9 from changed"#,
        ticket.id,
        ticket.version,
        to.status as Status,
        to.assignee,
        to.waiting_since,
        now,
        actor.kind() as ActorKind,
        actor.staff(),
        Json(what) as _,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Adds a note or an answer, once for each form that it is written in; false when the form was here before. A new ticket
/// that is answered is open.
pub(super) async fn say(
    db: &mut PgConnection,
    id: Uuid,
    actor: Actor,
    what: &What,
    submission: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let answers = matches!(what, What::Replied { .. });
    let done = sqlx::query!(
        r#"with changed as (
            update ticket set
                status = case when $6 and status = 'new' then 'open' else status end,
                updated_at = greatest(updated_at, $2),
                version = version + 1
            where id = $1 and not exists (select 1 from ticket_event where submission = $7)
            returning id
        )
        insert into ticket_event (ticket_id, at, actor, staff_id, what, submission)
        select id, $2, $3, $4, $5, $7 from changed
        on conflict (submission) where submission is not null do nothing"#,
        id,
        now,
        actor.kind() as ActorKind,
        actor.staff(),
        Json(what) as _,
        answers,
        submission,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What was said in a form.
pub(super) async fn said(db: &mut PgConnection, id: Uuid, submission: Uuid) -> Result<Option<What>, sqlx::Error> {
    let what = sqlx::query_scalar!(
        r#"select what as "what: Json<What>" from ticket_event where submission = $1 and ticket_id = $2"#,
        submission,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(what.map(|Json(what)| what))
}

/// A ticket by its reference, for staff.
pub async fn by_reference(db: &mut PgConnection, reference: &Reference) -> Result<Option<Ticket>, sqlx::Error> {
    read(db, reference, None).await
}

/// A ticket by its reference and the hash of its key, for the customer.
pub async fn by_key(
    db: &mut PgConnection,
    reference: &Reference,
    key_hash: &[u8],
) -> Result<Option<Ticket>, sqlx::Error> {
    read(db, reference, Some(key_hash)).await
}

async fn read(
    db: &mut PgConnection,
    reference: &Reference,
    key_hash: Option<&[u8]>,
) -> Result<Option<Ticket>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select
            ticket.id, reference as "reference: Reference", category as "category: Category",
            status as "status: Status", channel as "channel: Channel", ticket.lang as "lang: Lang",
            service as "service: Service",
            caller_kind as "caller_kind: Kind", caller, caller_extension, caller_typed,
            callee_kind as "callee_kind: Kind", callee, callee_extension, callee_typed,
            call_at, call_precision as "call_precision: Precision", in_billing as "in_billing: Billing",
            symptom as "symptom: Symptom", account, device, public_ip as "public_ip: IpAddr",
            error_text, sip_code, description, ticket.email, phone, client_ip as "client_ip: IpAddr", client_agent, trail,
            answers as "answers: Json<Vec<GivenAnswer>>", assignee, staff.name as "assignee_name?",
            ticket.created_at, updated_at, waiting_since, resolved_at, version
        from ticket
        left join staff on staff.id = ticket.assignee
        where reference = $1 and ($2::bytea is null or key_hash = $2)"#,
        reference as &Reference,
        key_hash,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Ticket::from))
}

/// A ticket's history, the oldest first.
pub async fn events(db: &mut PgConnection, ticket: Uuid) -> Result<Vec<Event>, sqlx::Error> {
    sqlx::query_as!(
        Event,
        r#"select at, actor as "actor: ActorKind", staff_id as staff, staff.name as "name?", what as "what: Json<What>"
        from ticket_event
        left join staff on staff.id = staff_id
        where ticket_id = $1
        order by ticket_event.id"#,
        ticket
    )
    .fetch_all(db)
    .await
}
