//! The SQL of mail that came in.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Attachment, DROPPED_KEPT, Fate, Incoming, RAW_KEPT, read::cut};
use crate::{tickets::Reference, web::Cursor};

/// A message that was here before.
pub(super) struct Earlier {
    pub fate: Fate,
    pub content: Vec<u8>,
}

/// A message to be kept.
pub(super) struct NewMail<'a> {
    pub identity: [u8; 32],
    pub content: [u8; 32],
    pub fate: Fate,
    pub why: &'static str,
    pub ticket: Option<Uuid>,
    pub trusted: bool,
    pub mail: &'a Incoming,
    pub size: u64,
    pub raw: &'a [u8],
}

pub(super) async fn earlier(db: &mut PgConnection, identity: &[u8; 32]) -> Result<Option<Earlier>, sqlx::Error> {
    sqlx::query_as!(Earlier, r#"select fate as "fate: Fate", content from incoming_mail where identity = $1"#, identity)
        .fetch_optional(db)
        .await
}

/// Counts a message that came again.
pub(super) async fn again(db: &mut PgConnection, identity: &[u8; 32]) -> Result<(), sqlx::Error> {
    sqlx::query!("update incoming_mail set again = again + 1 where identity = $1", identity).execute(db).await?;
    Ok(())
}

/// How many messages came from an address since then, those that were dropped included.
pub(super) async fn count_from(db: &mut PgConnection, sender: &str, since: OffsetDateTime) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from incoming_mail where sender = $1 and at > $2"#,
        sender,
        since
    )
    .fetch_one(db)
    .await
}

/// Keeps a message; nothing if it is there already.
pub(super) async fn insert(
    db: &mut PgConnection,
    new: &NewMail<'_>,
    now: OffsetDateTime,
) -> Result<Option<Uuid>, sqlx::Error> {
    let from = new.mail.from.clone().unwrap_or_default();
    sqlx::query_scalar!(
        "insert into incoming_mail (
            id, at, identity, content, fate, why, ticket_id, trusted, sender, sender_name, subject, body, quoted,
            attachments, size, raw
        ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (identity) do nothing
        returning id",
        Uuid::now_v7(),
        now,
        &new.identity,
        &new.content,
        new.fate as Fate,
        new.why,
        new.ticket,
        new.trusted,
        from.address,
        cut(&from.name, 200),
        cut(&new.mail.subject, 500),
        new.mail.body,
        new.mail.quoted,
        Json(&new.mail.attachments) as _,
        i64::try_from(new.size).unwrap_or(i64::MAX),
        new.raw,
    )
    .fetch_optional(db)
    .await
}

/// A message as staff see it, without the message as it came.
#[derive(Debug, Clone)]
pub struct Mail {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub fate: Fate,
    pub why: String,
    pub reference: Option<Reference>,
    pub trusted: bool,
    pub sender: String,
    pub sender_name: String,
    pub subject: String,
    pub body: String,
    pub quoted: String,
    pub attachments: Json<Vec<Attachment>>,
    pub again: i32,
    pub size: i64,
    /// How many bytes of it are kept as they came.
    pub kept: Option<i32>,
    pub done_at: Option<OffsetDateTime>,
    pub done_by: Option<String>,
}

impl Mail {
    /// Whether its files can be given out one by one: it is kept whole.
    pub fn can_be_opened(&self) -> bool {
        self.kept.is_some_and(|kept| i64::from(kept) >= self.size)
    }
}

/// The messages of a ticket, the oldest first.
///
/// # Errors
/// When the database is away.
pub async fn of_ticket(db: &mut PgConnection, ticket: Uuid) -> Result<Vec<Mail>, sqlx::Error> {
    sqlx::query_as!(
        Mail,
        r#"select
            mail.id, at, fate as "fate: Fate", why, null::text as "reference: Reference", trusted, sender, sender_name,
            subject, '' as "body!", quoted, attachments as "attachments: Json<Vec<Attachment>>", again, size,
            length(raw) as kept, done_at, null as done_by
        from incoming_mail mail
        where ticket_id = $1
        order by at, mail.id
        limit 200"#,
        ticket
    )
    .fetch_all(db)
    .await
}

/// One message.
pub(super) async fn one(db: &mut PgConnection, id: Uuid) -> Result<Option<Mail>, sqlx::Error> {
    sqlx::query_as!(
        Mail,
        r#"select
            mail.id, at, fate as "fate: Fate", why, ticket.reference as "reference?: Reference", trusted, sender, sender_name,
            mail.subject, body, quoted, attachments as "attachments: Json<Vec<Attachment>>", again, size,
            length(raw) as kept, done_at, staff.name as "done_by?"
        from incoming_mail mail
        left join ticket on ticket.id = mail.ticket_id
        left join staff on staff.id = mail.done_by
        where mail.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// One message as it came.
pub(super) async fn raw(db: &mut PgConnection, id: Uuid) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let raw = sqlx::query_scalar!("select raw from incoming_mail where id = $1", id).fetch_optional(db).await?;
    Ok(raw.flatten())
}

/// A message in the list.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub fate: Fate,
    pub why: String,
    pub reference: Option<Reference>,
    pub sender: String,
    pub subject: String,
    pub again: i32,
    pub size: i64,
    pub done: bool,
}

/// Messages of a kind, or of all, the newest first, from before a place on.
pub(super) async fn lines(
    db: &mut PgConnection,
    fate: Option<Fate>,
    before: Option<Cursor<Uuid>>,
    most: i64,
) -> Result<Vec<Line>, sqlx::Error> {
    let (at, id) = before.map(|place| (place.at, place.id)).unzip();
    sqlx::query_as!(
        Line,
        r#"select
            mail.id, at, fate as "fate: Fate", why, ticket.reference as "reference?: Reference", sender, mail.subject, again,
            size, done_at is not null as "done!"
        from incoming_mail mail
        left join ticket on ticket.id = mail.ticket_id
        where ($1::mail_fate is null or fate = $1) and ($2::timestamptz is null or (at, mail.id) < ($2, $3))
        order by at desc, mail.id desc
        limit $4"#,
        fate as Option<Fate>,
        at,
        id,
        most
    )
    .fetch_all(db)
    .await
}

/// How many messages of each kind came since then, and how many of them came again.
pub(super) struct Count {
    pub fate: Fate,
    pub count: i64,
    pub again: i64,
}

pub(super) async fn counts(db: &mut PgConnection, since: OffsetDateTime) -> Result<Vec<Count>, sqlx::Error> {
    sqlx::query_as!(
        Count,
        r#"select fate as "fate: Fate", count(*) as "count!", coalesce(sum(again), 0) as "again!"
        from incoming_mail where at > $1 group by fate"#,
        since
    )
    .fetch_all(db)
    .await
}

/// How many messages wait for somebody to look at them, counted up to a hundred.
pub(super) async fn to_look_at(db: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
            select from incoming_mail where fate = 'unreadable' and done_at is null limit 100
        ) waiting"#
    )
    .fetch_one(db)
    .await
}

/// Writes down that somebody has looked at a message; false when somebody had.
pub(super) async fn done(
    db: &mut PgConnection,
    id: Uuid,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update incoming_mail set done_at = $3, done_by = $2 where id = $1 and done_at is null",
        id,
        staff,
        now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets messages as they came that are old enough, and that others were dropped. What nobody has looked at stays. Gives
/// how many rows changed.
///
/// # Errors
/// When the database is away.
pub async fn forget_old(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let stripped = sqlx::query!(
        "update incoming_mail set raw = null
        where raw is not null and at < $1 and (fate <> 'unreadable' or done_at < $1)",
        now - RAW_KEPT
    )
    .execute(&mut *db)
    .await?;
    let dropped = sqlx::query!(
        "delete from incoming_mail
        where at < $1 and (fate in ('bounce', 'automatic', 'loop', 'flood') or done_at < $1)",
        now - DROPPED_KEPT
    )
    .execute(db)
    .await?;
    Ok(stripped.rows_affected() + dropped.rows_affected())
}

/// A message of which somebody wants to make a ticket.
pub(super) struct Kept {
    pub at: OffsetDateTime,
    pub identity: Vec<u8>,
    pub raw: Option<Vec<u8>>,
}

/// A message that has no ticket, locked; nothing when it has one.
pub(super) async fn without_ticket(db: &mut PgConnection, id: Uuid) -> Result<Option<Kept>, sqlx::Error> {
    sqlx::query_as!(
        Kept,
        "select at, identity, raw from incoming_mail where id = $1 and ticket_id is null for update",
        id
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn made_ticket(
    db: &mut PgConnection,
    id: Uuid,
    ticket: Uuid,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update incoming_mail set fate = 'ticket', why = 'by-hand', ticket_id = $2, done_by = $3, done_at = $4 where id = $1",
        id,
        ticket,
        staff,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
