//! The SQL of tickets and their events.

use std::net::IpAddr;

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    AccessKey, TicketReference,
    access_key::ACCESS_LINK_TTL_AFTER_RESOLUTION,
    columns::{FailureColumns, PartyColumns, with_report_columns},
    command::context::ExpectedVersion,
    event::{actor::ActorKind, history::TicketEvent, kind::EventKind},
    fields::{
        AudioSymptom, BillingPresence, CallDetail, InferredField, Service, TicketCategory, TicketChannel, TicketStatus,
    },
    row::InsertTicketRow,
    ticket::{GivenAnswer, Ticket},
};
use crate::{call_time::CallTimePrecision, i18n::Lang, phone::PartyKind};

macro_rules! insert_query {
    ($columns:tt, $db:expr, $rows:expr, $staff:expr) => {
        sqlx::query_scalar!(
            // The array stands in a `select`: its length must not make PostgreSQL plan the statement again each time.
            "with inserted as (
                insert into ticket ("
                + $columns
                + ", created_at, updated_at, awaiting_staff_since)
                select report.*, report.at, report.at from unnest((select $1::new_ticket[])) as report
                on conflict do nothing
                returning id, created_at, channel, email is not null and status <> 'spam' as has_email
            ), queued_email as (
                insert into outgoing_email (ticket_id, kind, created_at, next_attempt_at)
                select id, 'received', created_at, created_at from inserted where has_email
            )
            insert into ticket_event (ticket_id, at, actor, staff_id, payload)
            select
                id, created_at, case when $2::uuid is null then 'customer'::actor else 'staff' end, $2,
                jsonb_build_object('kind', 'opened', 'channel', channel)
            from inserted
            returning ticket_id",
            $rows as _,
            $staff,
        )
        .fetch_all($db)
        .await
    };
}

/// Inserts tickets with their first events ([`EventKind::Opened`]), and queues the confirmation emails. A bot's report gets
/// no email: the address may belong to somebody else. Rows whose form or reference exists already are skipped; returns the
/// ids of the others. `staff` is the staff member who entered the report.
pub(super) async fn insert(
    db: &mut PgConnection,
    rows: &[InsertTicketRow<'_>],
    staff: Option<Uuid>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    with_report_columns!(insert_query!(db, rows, staff))
}

/// The ticket that was opened by a form.
pub(super) struct PreviousSubmission {
    pub ticket_id: Uuid,
    pub reference: TicketReference,
    pub form_hash: Vec<u8>,
}

pub(super) async fn lock_by_submission(
    db: &mut PgConnection,
    submission_hash: &[u8],
) -> Result<Option<PreviousSubmission>, sqlx::Error> {
    sqlx::query_as!(
        PreviousSubmission,
        r#"select id as ticket_id, reference as "reference: TicketReference", form_hash from ticket where submission_hash = $1 for update"#,
        submission_hash
    )
    .fetch_optional(db)
    .await
}

/// Records that a form was sent again with other content.
pub(super) async fn record_resubmission(
    db: &mut PgConnection,
    ticket_id: Uuid,
    form_hash: &[u8],
    event: &EventKind,
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
        ticket_id,
        form_hash,
        now,
        Json(event) as _,
        staff,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A ticket for staff.
pub async fn find_by_reference(
    db: &mut PgConnection,
    reference: &TicketReference,
) -> Result<Option<Ticket>, sqlx::Error> {
    find_ticket(db, reference, None, None).await
}

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

/// A ticket for its customer, unless the key is wrong or has expired.
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
    let row = sqlx::query!(
        r#"select
            ticket.id, reference as "reference: TicketReference", category as "category: TicketCategory",
            status as "status: TicketStatus", channel as "channel: TicketChannel", ticket.lang as "lang: Lang",
            service as "service: Service",
            caller_kind as "caller_kind: PartyKind", caller, caller_extension, caller_raw,
            callee_kind as "callee_kind: PartyKind", callee, callee_extension, callee_raw,
            call_at, call_precision as "call_precision: CallTimePrecision", in_billing as "in_billing: BillingPresence",
            symptom as "symptom: AudioSymptom", account, device, public_ip as "public_ip: IpAddr",
            error_text, sip_code, description, ticket.email, phone, client_ip as "client_ip: IpAddr", user_agent,
            trail as guide_path, guide_answers as "guide_answers: Json<Vec<GivenAnswer>>",
            assignee, staff.name as "assignee_name?",
            ticket.created_at, updated_at, awaiting_staff_since, snoozed_until, resolved_at, merged_into,
            (select main.reference from ticket main where main.id = ticket.merged_into) as "main_reference: TicketReference",
            inferred_fields as "inferred_fields: Vec<InferredField>",
            requested_details as "requested_details: Vec<CallDetail>", access_key_generation, version
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
    Ok(row.map(|row| Ticket {
        id: row.id,
        reference: row.reference,
        category: row.category,
        status: row.status,
        channel: row.channel,
        lang: row.lang,
        service: row.service,
        failure: FailureColumns {
            caller: PartyColumns {
                kind: row.caller_kind,
                canonical: row.caller,
                extension: row.caller_extension,
                raw_text: row.caller_raw,
            },
            callee: PartyColumns {
                kind: row.callee_kind,
                canonical: row.callee,
                extension: row.callee_extension,
                raw_text: row.callee_raw,
            },
            call_at: row.call_at,
            call_precision: row.call_precision,
            in_billing: row.in_billing,
            symptom: row.symptom,
            account: row.account,
            device: row.device,
            public_ip: row.public_ip,
        }
        .into_failure(row.category),
        error_text: row.error_text,
        sip_code: row.sip_code,
        description: row.description,
        email: row.email,
        phone: row.phone,
        client_ip: row.client_ip,
        user_agent: row.user_agent,
        guide_path: row.guide_path,
        guide_answers: row.guide_answers,
        assignee: row.assignee,
        assignee_name: row.assignee_name,
        created_at: row.created_at,
        updated_at: row.updated_at,
        awaiting_staff_since: row.awaiting_staff_since,
        snoozed_until: row.snoozed_until,
        resolved_at: row.resolved_at,
        merged_into: row.merged_into,
        main_reference: row.main_reference,
        inferred_fields: row.inferred_fields,
        requested_details: row.requested_details,
        access_key_generation: row.access_key_generation,
        version: row.version,
    }))
}

/// A ticket's events, the oldest first.
pub async fn list_events(db: &mut PgConnection, ticket_id: Uuid) -> Result<Vec<TicketEvent>, sqlx::Error> {
    sqlx::query_as!(
        TicketEvent,
        r#"select
            at, actor as "actor: ActorKind", staff_id, staff.name as "staff_name?", payload as "kind: Json<EventKind>",
            coalesce(
                payload ->> 'kind' <> 'undone'
                and bool_or(payload ->> 'kind' = 'undone') over (partition by bulk_action_id) and bulk_action_id is not null,
                false
            ) as "undone!"
        from ticket_event
        left join staff on staff.id = staff_id
        where ticket_id = $1
        order by ticket_event.id"#,
        ticket_id
    )
    .fetch_all(db)
    .await
}

/// Whether the event of a form exists already: the form is sent for the second time.
pub(super) async fn submission_exists(db: &mut PgConnection, submission_id: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select from ticket_event where submission = $1) as "exists!""#, submission_id)
        .fetch_one(db)
        .await
}

/// A duplicate, as the page of its main ticket lists it.
#[derive(Debug, Clone)]
pub struct DuplicateTicket {
    pub reference: TicketReference,
    pub category: TicketCategory,
    pub status: TicketStatus,
    pub created_at: OffsetDateTime,
}

/// The duplicates of a ticket, the oldest first, at most `limit`.
pub async fn list_duplicates(
    db: &mut PgConnection,
    main_id: Uuid,
    limit: i64,
) -> Result<Vec<DuplicateTicket>, sqlx::Error> {
    sqlx::query_as!(
        DuplicateTicket,
        r#"select
            reference as "reference: TicketReference", category as "category: TicketCategory", status as "status: TicketStatus",
            created_at
        from ticket where merged_into = $1 order by id limit $2"#,
        main_id,
        limit
    )
    .fetch_all(db)
    .await
}

/// The main ticket of a duplicate, or the ticket itself.
pub(super) async fn find_main_id(db: &mut PgConnection, id: Uuid) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(r#"select coalesce(merged_into, id) as "main!" from ticket where id = $1"#, id)
        .fetch_optional(db)
        .await
}

/// The current versions of tickets, in the order of their ids. Unknown references are left out.
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
