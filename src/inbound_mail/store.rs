//! The SQL of inbound mail.

use ::inbound_mail::{Attachment, ParsedMessage};
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    disposition::Disposition,
    limits::{DISCARDED_RETENTION, RAW_RETENTION},
};
use crate::{clean_text::truncate_chars, tickets::TicketReference, web::Cursor};

/// The earlier delivery of the same message, or of another one with the same identity.
pub(crate) struct PreviousDelivery {
    pub disposition: Disposition,
    pub content_hash: Vec<u8>,
}

pub(crate) struct NewInboundMail<'a> {
    pub identity_hash: [u8; 32],
    pub content_hash: [u8; 32],
    pub disposition: Disposition,
    pub reason: &'static str,
    pub ticket_id: Option<Uuid>,
    pub is_trusted: bool,
    pub message: &'a ParsedMessage,
    pub size: u64,
    pub raw: &'a [u8],
}

pub(crate) async fn find_previous_delivery(
    db: &mut PgConnection,
    identity: &[u8; 32],
) -> Result<Option<PreviousDelivery>, sqlx::Error> {
    sqlx::query_as!(
        PreviousDelivery,
        r#"select disposition as "disposition: Disposition", content_hash from inbound_mail where identity_hash = $1"#,
        identity
    )
    .fetch_optional(db)
    .await
}

pub(crate) async fn increment_redelivery_count(db: &mut PgConnection, identity: &[u8; 32]) -> Result<(), sqlx::Error> {
    sqlx::query!("update inbound_mail set duplicate_count = duplicate_count + 1 where identity_hash = $1", identity)
        .execute(db)
        .await?;
    Ok(())
}

/// Counts the messages from an address since `since`, including discarded ones.
pub(crate) async fn count_from_sender(
    db: &mut PgConnection,
    sender: &str,
    since: OffsetDateTime,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from inbound_mail where sender = $1 and at > $2"#, sender, since)
        .fetch_one(db)
        .await
}

/// Stores a message. Returns its id, or `None` if the identity is stored already.
pub(crate) async fn insert(
    db: &mut PgConnection,
    new: &NewInboundMail<'_>,
    now: OffsetDateTime,
) -> Result<Option<Uuid>, sqlx::Error> {
    let from = new.message.from.clone().unwrap_or_default();
    sqlx::query_scalar!(
        "insert into inbound_mail (
            id, at, identity_hash, content_hash, disposition, rule, ticket_id, trusted, sender, sender_name, subject, body, quoted,
            attachments, size, raw
        ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (identity_hash) do nothing
        returning id",
        Uuid::now_v7(),
        now,
        &new.identity_hash,
        &new.content_hash,
        new.disposition as Disposition,
        new.reason,
        new.ticket_id,
        new.is_trusted,
        from.address,
        truncate_chars(&from.name, 200),
        truncate_chars(&new.message.subject, 500),
        new.message.body,
        new.message.quoted,
        Json(&new.message.attachments) as _,
        i64::try_from(new.size).unwrap_or(i64::MAX),
        new.raw,
    )
    .fetch_optional(db)
    .await
}

/// A message as staff see it, without the raw message.
#[derive(Debug, Clone)]
pub struct InboundMail {
    pub id: Uuid,
    pub received_at: OffsetDateTime,
    pub disposition: Disposition,
    pub reason: String,
    pub reference: Option<TicketReference>,
    pub is_trusted: bool,
    pub sender: String,
    pub sender_name: String,
    pub subject: String,
    pub body: String,
    pub quoted: String,
    pub attachments: Json<Vec<Attachment>>,
    pub duplicate_count: i32,
    pub size: i64,
    /// How many bytes of the raw message are stored.
    pub raw_size: Option<i32>,
    pub handled_at: Option<OffsetDateTime>,
    pub handled_by: Option<String>,
}

impl InboundMail {
    /// Whether the whole raw message is stored, so that attachments can be downloaded.
    pub fn is_raw_complete(&self) -> bool {
        self.raw_size.is_some_and(|raw_size| i64::from(raw_size) >= self.size)
    }
}

/// Lists a ticket's messages, the oldest first, without their texts.
pub async fn list_for_ticket(db: &mut PgConnection, ticket: Uuid) -> Result<Vec<InboundMail>, sqlx::Error> {
    sqlx::query_as!(
        InboundMail,
        r#"select
            mail.id, at as received_at, disposition as "disposition: Disposition", rule as reason, null::text as "reference: TicketReference", trusted as is_trusted, sender, sender_name,
            subject, '' as "body!", quoted, attachments as "attachments: Json<Vec<Attachment>>", duplicate_count, size,
            length(raw) as raw_size, handled_at, null as handled_by
        from inbound_mail mail
        where ticket_id = $1
        order by at, mail.id
        limit 200"#,
        ticket
    )
    .fetch_all(db)
    .await
}

pub(crate) async fn find(db: &mut PgConnection, id: Uuid) -> Result<Option<InboundMail>, sqlx::Error> {
    sqlx::query_as!(
        InboundMail,
        r#"select
            mail.id, at as received_at, disposition as "disposition: Disposition", rule as reason, ticket.reference as "reference?: TicketReference", trusted as is_trusted, sender, sender_name,
            mail.subject, body, quoted, attachments as "attachments: Json<Vec<Attachment>>", duplicate_count, size,
            length(raw) as raw_size, handled_at, staff.name as "handled_by?"
        from inbound_mail mail
        left join ticket on ticket.id = mail.ticket_id
        left join staff on staff.id = mail.handled_by
        where mail.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

pub(crate) async fn load_raw(db: &mut PgConnection, id: Uuid) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let raw = sqlx::query_scalar!("select raw from inbound_mail where id = $1", id).fetch_optional(db).await?;
    Ok(raw.flatten())
}

#[derive(Debug, Clone)]
pub(crate) struct InboundMailRow {
    pub id: Uuid,
    pub received_at: OffsetDateTime,
    pub disposition: Disposition,
    pub reason: String,
    pub reference: Option<TicketReference>,
    pub sender: String,
    pub subject: String,
    pub duplicate_count: i32,
    pub size: i64,
    pub is_handled: bool,
}

/// Lists messages with a disposition, or all, the newest first, from before a cursor on.
pub(crate) async fn list(
    db: &mut PgConnection,
    disposition: Option<Disposition>,
    before: Option<Cursor<Uuid>>,
    limit: i64,
) -> Result<Vec<InboundMailRow>, sqlx::Error> {
    let (at, id) = before.map(|cursor| (cursor.at, cursor.id)).unzip();
    sqlx::query_as!(
        InboundMailRow,
        r#"select
            mail.id, at as received_at, disposition as "disposition: Disposition", rule as reason, ticket.reference as "reference?: TicketReference", sender, mail.subject, duplicate_count,
            size, handled_at is not null as "is_handled!"
        from inbound_mail mail
        left join ticket on ticket.id = mail.ticket_id
        where ($1::mail_disposition is null or disposition = $1) and ($2::timestamptz is null or (at, mail.id) < ($2, $3))
        order by at desc, mail.id desc
        limit $4"#,
        disposition as Option<Disposition>,
        at,
        id,
        limit
    )
    .fetch_all(db)
    .await
}

/// Messages and redeliveries with one disposition.
pub(crate) struct DispositionCount {
    pub disposition: Disposition,
    pub count: i64,
    pub duplicate_count: i64,
}

pub(crate) async fn count_by_disposition(
    db: &mut PgConnection,
    since: OffsetDateTime,
) -> Result<Vec<DispositionCount>, sqlx::Error> {
    sqlx::query_as!(
        DispositionCount,
        r#"select disposition as "disposition: Disposition", count(*) as "count!", coalesce(sum(duplicate_count), 0) as "duplicate_count!"
        from inbound_mail where at > $1 group by disposition"#,
        since
    )
    .fetch_all(db)
    .await
}

/// Counts the messages that staff must look at, up to a hundred.
pub(crate) async fn count_unhandled(db: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
            select from inbound_mail where disposition = 'unreadable' and handled_at is null limit 100
        ) waiting"#
    )
    .fetch_one(db)
    .await
}

/// Records that a staff member has looked at a message. Returns false if it was recorded before.
pub(crate) async fn mark_handled(
    db: &mut PgConnection,
    id: Uuid,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query!(
        "update inbound_mail set handled_at = $3, handled_by = $2 where id = $1 and handled_at is null",
        id,
        staff,
        now
    )
    .execute(db)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Deletes raw messages after [`RAW_RETENTION`], and discarded or handled messages after [`DISCARDED_RETENTION`]. Messages that
/// staff must still look at stay. Returns the number of changed rows.
pub async fn purge_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let raw_deleted = sqlx::query!(
        "update inbound_mail set raw = null
        where raw is not null and at < $1 and (disposition <> 'unreadable' or handled_at < $1)",
        now - RAW_RETENTION
    )
    .execute(&mut *db)
    .await?;
    let deleted = sqlx::query!(
        "delete from inbound_mail
        where at < $1 and (disposition in ('bounce', 'automatic', 'loop', 'flood') or handled_at < $1)",
        now - DISCARDED_RETENTION
    )
    .execute(db)
    .await?;
    Ok(raw_deleted.rows_affected() + deleted.rows_affected())
}

pub(crate) struct MailWithoutTicket {
    pub received_at: OffsetDateTime,
    pub identity_hash: Vec<u8>,
    pub raw: Option<Vec<u8>>,
}

/// Locks a message that has no ticket. Returns `None` if it has one.
pub(crate) async fn lock_without_ticket(
    db: &mut PgConnection,
    id: Uuid,
) -> Result<Option<MailWithoutTicket>, sqlx::Error> {
    sqlx::query_as!(
        MailWithoutTicket,
        "select at as received_at, identity_hash, raw from inbound_mail where id = $1 and ticket_id is null for update",
        id
    )
    .fetch_optional(db)
    .await
}

pub(crate) async fn set_ticket(
    db: &mut PgConnection,
    id: Uuid,
    ticket: Uuid,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update inbound_mail set disposition = 'ticket', rule = 'by-hand', ticket_id = $2, handled_by = $3, handled_at = $4 where id = $1",
        id,
        ticket,
        staff,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
