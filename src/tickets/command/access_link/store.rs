//! The SQL of access links.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    signing::SigningSecret,
    tickets::{
        AccessKey, TicketReference,
        command::context::CommandContext,
        event::{actor::ActorKind, kind::EventKind},
    },
};

/// What a ticket's key is derived from, and its stored hash.
pub(super) struct KeyMaterial {
    submission_hash: Vec<u8>,
    pub generation: i32,
    access_key_hash: Vec<u8>,
}

impl KeyMaterial {
    pub(super) fn derive_access_key(&self, secret: &SigningSecret, generation: i32) -> AccessKey {
        AccessKey::for_ticket(secret, &self.submission_hash, generation)
    }

    /// Whether the key is the current one.
    pub(super) fn matches(&self, key: &AccessKey) -> bool {
        self.access_key_hash == key.hash()
    }
}

pub(super) async fn load_key_material(db: &mut PgConnection, ticket_id: Uuid) -> Result<KeyMaterial, sqlx::Error> {
    sqlx::query_as!(
        KeyMaterial,
        "select submission_hash, access_key_generation as generation, access_key_hash from ticket where id = $1",
        ticket_id
    )
    .fetch_one(db)
    .await
}

/// Stores the key of this generation, if the current one is of the generation before. Returns whether it was.
pub(super) async fn rotate(
    db: &mut PgConnection,
    ticket_id: Uuid,
    generation: i32,
    key: &AccessKey,
    submission_id: Option<Uuid>,
    context: CommandContext,
) -> Result<bool, sqlx::Error> {
    let rotated = sqlx::query!(
        "with changed as (
            update ticket
            set access_key_generation = $2, access_key_hash = $3, updated_at = greatest(updated_at, $4), version = version + 1
            where id = $1 and access_key_generation = $2 - 1
                and not exists (select from ticket_event where submission = $8::uuid)
            returning id
        ), event as (
            insert into ticket_event (ticket_id, at, actor, staff_id, payload, submission)
            select id, $4, $5::actor, $6, $7, $8 from changed
            returning id, ticket_id
        ), queued_email as (
            -- a customer who rotated the key on the page has the new link already
            insert into outgoing_email (ticket_id, event_id, kind, created_at, next_attempt_at)
            select ticket_id, event.id, 'access_link', $4, $4
            from event join ticket on ticket.id = ticket_id
            where email is not null and $5::actor = 'staff'
        )
        select from event",
        ticket_id,
        generation,
        &key.hash()[..],
        context.now,
        context.actor.kind() as ActorKind,
        context.actor.staff_id(),
        Json(EventKind::AccessKeyRotated) as _,
        submission_id,
    )
    .execute(db)
    .await?;
    Ok(rotated.rows_affected() == 1)
}

/// The ticket whose key was rotated by a submission.
pub(super) async fn find_rotated_by_form(
    db: &mut PgConnection,
    reference: &TicketReference,
    submission_id: Uuid,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from ticket
        where reference = $1 and exists (select from ticket_event where ticket_id = ticket.id and submission = $2)",
        reference as &TicketReference,
        submission_id
    )
    .fetch_optional(db)
    .await
}

/// Locks a ticket if the email address is its customer's and the link has not expired.
pub(super) async fn lock_by_reference_and_email(
    db: &mut PgConnection,
    reference: &TicketReference,
    email: &str,
    resolved_after: OffsetDateTime,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from ticket
        where reference = $1 and lower(email) = lower($2) and status <> 'spam'
            and (resolved_at is null or resolved_at > $3)
        for no key update",
        reference as &TicketReference,
        email,
        resolved_after,
    )
    .fetch_optional(db)
    .await
}

/// Records that the link was requested and queues its email. Returns false if one was requested after `not_after`, or
/// `max_per_day` within the last day.
pub(super) async fn insert_link_request(
    db: &mut PgConnection,
    ticket_id: Uuid,
    now: OffsetDateTime,
    not_after: OffsetDateTime,
    max_per_day: i64,
) -> Result<bool, sqlx::Error> {
    let requested = sqlx::query!(
        "with request as (
            select at from ticket_event
            where ticket_id = $1 and payload ->> 'kind' = 'link' and at > $2::timestamptz - interval '1 day'
        ), changed as (
            update ticket set version = version + 1
            where id = $1 and not exists (select from request where at > $3) and (select count(*) from request) < $4
            returning id
        ), event as (
            insert into ticket_event (ticket_id, at, actor, payload) select id, $2, 'customer', $5 from changed
            returning id, ticket_id
        ), queued_email as (
            insert into outgoing_email (ticket_id, event_id, kind, created_at, next_attempt_at)
            select ticket_id, id, 'access_link', $2, $2 from event
        )
        select from event",
        ticket_id,
        now,
        not_after,
        max_per_day,
        Json(EventKind::AccessLinkRequested) as _,
    )
    .execute(db)
    .await?;
    Ok(requested.rows_affected() == 1)
}
