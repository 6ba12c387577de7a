//! The ticket's SQL.

use std::net::IpAddr;

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    AccessKey, ActorKind, AudioSymptom, BillingPresence, CallDetail, CallTimePrecision, EventKind, GivenAnswer,
    InferredField, Service, Ticket, TicketCategory, TicketChannel, TicketEvent, TicketReference, TicketStatus,
    command::{access_link::ACCESS_LINK_TTL_AFTER_RESOLUTION, update::ExpectedVersion},
    row::{InsertTicketRow, TicketRow},
};
use crate::{i18n::Lang, phone::PartyKind};

/// Puts tickets, their first events ([`What::Opened`]) and the letters that say so in, but for those whose form or
/// reference is there already. A robot gets no letter: the address is somebody else's.
/// Gives the ids of those that went in. `staff` is who took them down for somebody.
///
/// # Errors
/// When the database is away.
pub(super) async fn insert(
    db: &mut PgConnection,
    rows: &[InsertTicketRow<'_>],
    staff: Option<Uuid>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        // the array stands in a `select` so that its length does not make PostgreSQL plan anew each time
        r#"with new as (
            insert into ticket (
                id, reference, category, status, channel, lang, service,
                caller_kind, caller, caller_extension, caller_raw,
                callee_kind, callee, callee_extension, callee_raw,
                call_at, call_precision, in_billing, symptom, account, device, public_ip,
                error_text, sip_code, description, email, phone, client_ip, user_agent, trail, guide_answers,
                submission_hash, form_hash, access_key_hash, created_at, updated_at, awaiting_staff_since
            )
            select
                id, reference, category, status, channel, lang, service,
                caller_kind, caller, caller_extension, caller_raw,
                callee_kind, callee, callee_extension, callee_raw,
                call_at, call_precision, in_billing, symptom, account, device, public_ip,
                error_text, sip_code, description, email, phone, client_ip, user_agent, trail, guide_answers,
                submission_hash, form_hash, access_key_hash, at, at, at
            from unnest((select $1::new_ticket[]))
            on conflict do nothing
            returning id, created_at, channel, email is not null and status <> 'spam' as is_told
        ), written as (
            insert into outgoing_email (ticket_id, kind, created_at, next_attempt_at)
            select id, 'received', created_at, created_at from new where is_told
        )
        insert into ticket_event (ticket_id, at, actor, staff_id, payload)
        select
            id, created_at, case when $2::uuid is null then 'customer'::actor else 'staff' end, $2,
            jsonb_build_object('kind', 'opened', 'channel', channel)
        from new
        returning ticket_id"#,
        rows as _,
        staff,
    )
    .fetch_all(db)
    .await
}

/// A ticket that came from the same form.
pub(super) struct PreviousSubmission {
    pub ticket_id: Uuid,
    pub reference: TicketReference,
    pub form_hash: Vec<u8>,
}

pub(super) async fn lock_by_submission(
    db: &mut PgConnection,
    hash: &[u8],
) -> Result<Option<PreviousSubmission>, sqlx::Error> {
    sqlx::query_as!(
        PreviousSubmission,
        r#"select id as ticket_id, reference as "reference: TicketReference", form_hash from ticket where submission_hash = $1 for update"#,
        hash
    )
    .fetch_optional(db)
    .await
}

/// Writes down that a form came again with other content.
///
/// # Errors
/// When the database is away.
pub(super) async fn record_resubmission(
    db: &mut PgConnection,
    id: Uuid,
    form_hash: &[u8],
    what: &EventKind,
    staff: Option<Uuid>,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with changed as (
            update ticket set form_hash = $2, updated_at = greatest(updated_at, $3), version = version + 1
            where id = $1 returning id
        )
        insert into ticket_event (ticket_id, at, actor, staff_id, payload)
        select id, $3, case when $5::uuid is null then 'customer'::actor else 'staff' end, $5, $4 from changed",
        id,
        form_hash,
        now,
        Json(what) as _,
        staff,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A ticket by its reference, for staff.
///
/// # Errors
/// When the database is away.
pub async fn find_by_reference(
    db: &mut PgConnection,
    reference: &TicketReference,
) -> Result<Option<Ticket>, sqlx::Error> {
    find_ticket(db, reference, None, None).await
}

/// A ticket by its id.
///
/// # Errors
/// When the database is away.
pub async fn find_by_id(db: &mut PgConnection, id: Uuid) -> Result<Option<Ticket>, sqlx::Error> {
    let reference =
        sqlx::query_scalar!(r#"select reference as "reference: TicketReference" from ticket where id = $1"#, id)
            .fetch_optional(&mut *db)
            .await?;
    match reference {
        Some(reference) => find_by_reference(db, &reference).await,
        None => Ok(None),
    }
}

/// A ticket by its reference and its key, for the customer: one that is not old enough for the key to have expired.
///
/// # Errors
/// When the database is away.
pub async fn find_by_access_key(
    db: &mut PgConnection,
    reference: &TicketReference,
    key: &AccessKey,
    now: OffsetDateTime,
) -> Result<Option<Ticket>, sqlx::Error> {
    find_ticket(db, reference, Some(&key.hash()), Some(now - ACCESS_LINK_TTL_AFTER_RESOLUTION)).await
}

async fn find_ticket(
    db: &mut PgConnection,
    reference: &TicketReference,
    key_hash: Option<&[u8]>,
    resolved_after: Option<OffsetDateTime>,
) -> Result<Option<Ticket>, sqlx::Error> {
    let row = sqlx::query_as!(
        TicketRow,
        r#"select
            ticket.id, reference as "reference: TicketReference", category as "category: TicketCategory",
            status as "status: TicketStatus", channel as "channel: TicketChannel", ticket.lang as "lang: Lang",
            service as "service: Service",
            caller_kind as "caller_kind: PartyKind", caller, caller_extension, caller_raw,
            callee_kind as "callee_kind: PartyKind", callee, callee_extension, callee_raw,
            call_at, call_precision as "call_precision: CallTimePrecision", in_billing as "in_billing: BillingPresence",
            symptom as "symptom: AudioSymptom", account, device, public_ip as "public_ip: IpAddr",
            error_text, sip_code, description, ticket.email, phone, client_ip as "client_ip: IpAddr", user_agent, trail as guide_path,
            guide_answers as "guide_answers: Json<Vec<GivenAnswer>>", assignee, staff.name as "assignee_name?",
            ticket.created_at, updated_at, awaiting_staff_since, snoozed_until, resolved_at, merged_into,
            (select main.reference from ticket main where main.id = ticket.merged_into) as "main_reference: TicketReference",
            inferred_fields as "inferred_fields: Vec<InferredField>", requested_details as "requested_details: Vec<CallDetail>", access_key_generation, version
        from ticket
        left join staff on staff.id = ticket.assignee
        where reference = $1 and ($2::bytea is null or access_key_hash = $2)
            and ($3::timestamptz is null or resolved_at is null or resolved_at > $3)"#,
        reference as &TicketReference,
        key_hash,
        resolved_after,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Ticket::from))
}

/// A ticket's history, the oldest first.
///
/// # Errors
/// When the database is away.
pub async fn list_events(db: &mut PgConnection, ticket: Uuid) -> Result<Vec<TicketEvent>, sqlx::Error> {
    sqlx::query_as!(
        TicketEvent,
        r#"select
            at, actor as "actor: ActorKind", staff_id as staff_id, staff.name as "staff_name?", payload as "kind: Json<EventKind>",
            coalesce(
                payload ->> 'kind' <> 'undone'
                and bool_or(payload ->> 'kind' = 'undone') over (partition by bulk_action_id) and bulk_action_id is not null,
                false
            ) as "undone!"
        from ticket_event
        left join staff on staff.id = staff_id
        where ticket_id = $1
        order by ticket_event.id"#,
        ticket
    )
    .fetch_all(db)
    .await
}

/// A ticket that is merged into another, as that one's page lists it.
#[derive(Debug, Clone)]
pub struct DuplicateTicket {
    pub reference: TicketReference,
    pub category: TicketCategory,
    pub status: TicketStatus,
    pub created_at: OffsetDateTime,
}

/// The tickets that are merged into this one, the oldest first, at most `most`.
///
/// # Errors
/// When the database is away.
pub async fn list_duplicates(
    db: &mut PgConnection,
    main: Uuid,
    most: i64,
) -> Result<Vec<DuplicateTicket>, sqlx::Error> {
    sqlx::query_as!(
        DuplicateTicket,
        r#"select
            reference as "reference: TicketReference", category as "category: TicketCategory", status as "status: TicketStatus",
            created_at
        from ticket where merged_into = $1 order by id limit $2"#,
        main,
        most
    )
    .fetch_all(db)
    .await
}

/// The ticket that a ticket is a duplicate of, or itself.
///
/// # Errors
/// When the database is away.
pub(super) async fn find_main_id(db: &mut PgConnection, id: Uuid) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(r#"select coalesce(merged_into, id) as "main!" from ticket where id = $1"#, id)
        .fetch_optional(db)
        .await
}

/// Tickets by their references, as they are now.
///
/// # Errors
/// When the database is away.
pub async fn find_expected_versions(
    db: &mut PgConnection,
    references: &[String],
) -> Result<Vec<(TicketReference, ExpectedVersion)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, reference as "reference: TicketReference", version from ticket where reference = any($1) order by id"#,
        references
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.reference, ExpectedVersion { id: row.id, version: row.version })).collect())
}
