//! The SQL of links.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::tickets::{
    AccessKey, ActorKind, EventKind, SigningSecret, TicketReference, command::update::CommandContext,
};

/// What a ticket's key is made of, and what is kept of it.
pub struct KeyMaterial {
    submission_hash: Vec<u8>,
    pub generation: i32,
    access_key_hash: Vec<u8>,
}

impl KeyMaterial {
    pub fn derive_access_key(&self, seal: &SigningSecret, generation: i32) -> AccessKey {
        seal.access_key(&self.submission_hash, generation)
    }

    /// Whether the key opens the page.
    pub fn matches(&self, key: &AccessKey) -> bool {
        self.access_key_hash == key.hash()
    }
}

pub async fn load_key_material(db: &mut PgConnection, ticket: Uuid) -> Result<KeyMaterial, sqlx::Error> {
    sqlx::query_as!(
        KeyMaterial,
        "select submission_hash, access_key_generation as generation, access_key_hash from ticket where id = $1",
        ticket
    )
    .fetch_one(db)
    .await
}

/// Replaces the key of the generation before, if it still is that.
pub async fn rotate(
    db: &mut PgConnection,
    ticket: Uuid,
    generation: i32,
    key: &AccessKey,
    form: Option<Uuid>,
    by: CommandContext,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "with changed as (
            update ticket
            set access_key_generation = $2, access_key_hash = $3, updated_at = greatest(updated_at, $4), version = version + 1
            where id = $1 and access_key_generation = $2 - 1
                and not exists (select from ticket_event where submission = $8::uuid)
            returning id
        ), told as (
            insert into ticket_event (ticket_id, at, actor, staff_id, payload, submission)
            select id, $4, $5::actor, $6, $7, $8 from changed
            returning id, ticket_id
        ), written as (
            -- who made a new link on the page has it
            insert into outgoing_email (ticket_id, event_id, kind, created_at, next_attempt_at)
            select ticket_id, told.id, 'access_link', $4, $4
            from told join ticket on ticket.id = ticket_id
            where email is not null and $5::actor = 'staff'
        )
        select from told",
        ticket,
        generation,
        &key.hash()[..],
        by.now,
        by.actor.kind() as ActorKind,
        by.actor.staff_id(),
        Json(EventKind::AccessKeyRotated) as _,
        form,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The ticket whose key was replaced by a form.
pub async fn find_rotated_by_form(
    db: &mut PgConnection,
    reference: &TicketReference,
    form: Uuid,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from ticket
        where reference = $1 and exists (select from ticket_event where ticket_id = ticket.id and submission = $2)",
        reference as &TicketReference,
        form
    )
    .fetch_optional(db)
    .await
}

/// Locks the ticket that a link is wanted for: its customer's, and not over for too long.
pub async fn lock_by_reference_and_email(
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

/// Leaves the event that tells of the link, and the letter with it, unless one was left since `pause`, or too many within a day.
pub async fn insert_link_request(
    db: &mut PgConnection,
    ticket: Uuid,
    now: OffsetDateTime,
    pause: OffsetDateTime,
    a_day: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "with sent as (
            select at from ticket_event
            where ticket_id = $1 and payload ->> 'kind' = 'link' and at > $2::timestamptz - interval '1 day'
        ), changed as (
            update ticket set version = version + 1
            where id = $1 and not exists (select from sent where at > $3) and (select count(*) from sent) < $4
            returning id
        ), told as (
            insert into ticket_event (ticket_id, at, actor, payload) select id, $2, 'customer', $5 from changed
            returning id, ticket_id
        ), written as (
            insert into outgoing_email (ticket_id, event_id, kind, created_at, next_attempt_at)
            select ticket_id, id, 'access_link', $2, $2 from told
        )
        select from told",
        ticket,
        now,
        pause,
        a_day,
        Json(EventKind::AccessLinkRequested) as _,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
