//! The letters' SQL.

use sqlx::{PgConnection, types::Json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{DeliveryFailure, EmailDelivery, EmailState, MAX_EMAIL_AGE};
use crate::{
    i18n::Lang,
    tickets::{EmailKind, EventKind, TicketCategory, TicketReference},
};

/// How long a program has the letters that it took. It says so again for each that it hands over.
const CLAIM_TTL: Duration = Duration::minutes(15);

/// A letter that this program has, with what is needed to put it together.
#[derive(Debug)]
pub(crate) struct ClaimedEmail {
    pub id: i64,
    pub claim_generation: i32,
    pub attempts: i16,
    pub kind: EmailKind,
    pub in_reply_to: Option<String>,
    pub message_id: Option<String>,
    /// The first letter to this reader about this: all others answer it.
    pub thread_email_id: i64,
    pub thread_message_id: Option<String>,
    pub recipient: Recipient,
    pub lang: Lang,
    pub recipient_address: Option<String>,
    /// What it tells of.
    pub event: Option<Json<EventKind>>,
    /// Who did it.
    pub staff_name: Option<String>,
    /// The incident that it tells of, with what staff wrote to all who joined.
    pub incident_id: Option<i64>,
    pub incident_title: Option<String>,
    pub incident_text: Option<String>,
    /// Whether that happened to the ticket that this one is a duplicate of.
    pub is_about_main_ticket: bool,
}

/// Whom a letter is to.
#[derive(Debug)]
pub(crate) enum Recipient {
    /// The customer of a ticket.
    Customer(RecipientTicket),
    /// Somebody who follows an incident, by their number.
    Subscriber(i64),
}

#[derive(Debug)]
pub(crate) struct RecipientTicket {
    pub reference: TicketReference,
    pub category: TicketCategory,
    pub created_at: OffsetDateTime,
    pub submission_hash: Vec<u8>,
    pub access_key_generation: i32,
    pub key_hash: Vec<u8>,
}

/// Takes letters that are due, at most `most`, each reader's in their order. Programs at the same time take different ones.
pub(crate) async fn claim_due(
    db: &mut PgConnection,
    most: usize,
    now: OffsetDateTime,
) -> Result<Vec<ClaimedEmail>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with due as (
            select id from outgoing_email
            where state = 'queued' and next_attempt_at <= $1 and (claimed_until is null or claimed_until <= $1)
                and not exists (
                    select from outgoing_email earlier
                    where earlier.ticket_id = outgoing_email.ticket_id and earlier.id < outgoing_email.id
                        and earlier.state in ('queued', 'sending')
                )
                and not exists (
                    select from outgoing_email earlier
                    where earlier.subscriber_id = outgoing_email.subscriber_id and earlier.id < outgoing_email.id
                        and earlier.state in ('queued', 'sending')
                )
            order by next_attempt_at, id
            limit $2
            for update skip locked
        ), mine as (
            update outgoing_email set claimed_until = $3, claim = claim + 1
            from due where outgoing_email.id = due.id
            returning outgoing_email.*
        )
        select
            mine.id as "id!", mine.claim as "claim!", mine.attempts as "attempts!", mine.kind as "kind!: EmailKind",
            mine.in_reply_to, mine.message_id, mine.subscriber_id,
            coalesce(first.id, mine.id) as "first!", first.message_id as "first_message_id?",
            ticket.reference as "reference?: TicketReference", ticket.category as "category?: TicketCategory",
            coalesce(ticket.lang, follower.lang) as "lang!: Lang", coalesce(ticket.email, follower.email) as email,
            ticket.created_at as "reported_at?", ticket.submission_hash as "submission_hash?",
            ticket.access_key_generation as "access_key_generation?", ticket.access_key_hash as "key_hash?",
            event.payload as "what?: Json<EventKind>", staff.name as "name?", incident.id as "incident?",
            case coalesce(ticket.lang, follower.lang) when 'pl' then incident.title_pl else incident.title_en end as incident_title,
            case coalesce(ticket.lang, follower.lang)
                when 'pl' then incident_update.text_pl else incident_update.text_en
            end as incident_text,
            coalesce(event.ticket_id <> mine.ticket_id, false) as "is_of_main!"
        from mine
        left join ticket on ticket.id = mine.ticket_id
        left join incident_subscriber follower on follower.id = mine.subscriber_id
        left join lateral (
            (
                select id, message_id from outgoing_email where outgoing_email.ticket_id = mine.ticket_id and state <> 'cancelled'
                order by id limit 1
            ) union all (
                select id, message_id from outgoing_email where outgoing_email.subscriber_id = mine.subscriber_id and state <> 'cancelled'
                order by id limit 1
            )
        ) first on true
        left join ticket_event event on event.id = mine.event_id
        left join staff on staff.id = event.staff_id
        left join incident_update on incident_update.id = mine.incident_update_id
        left join incident on incident.id = coalesce(incident_update.incident_id, follower.incident_id)
        order by mine.next_attempt_at, mine.id"#,
        now,
        i64::try_from(most).unwrap_or(i64::MAX),
        now + CLAIM_TTL,
    )
    .fetch_all(db)
    .await?;
    let due = rows.into_iter().filter_map(|row| {
        let reader = match row.subscriber_id {
            Some(follower) => Recipient::Subscriber(follower),
            None => Recipient::Customer(RecipientTicket {
                reference: row.reference?,
                category: row.category?,
                created_at: row.reported_at?,
                submission_hash: row.submission_hash?,
                access_key_generation: row.access_key_generation?,
                key_hash: row.key_hash?,
            }),
        };
        Some(ClaimedEmail {
            id: row.id,
            claim_generation: row.claim,
            attempts: row.attempts,
            kind: row.kind,
            in_reply_to: row.in_reply_to,
            message_id: row.message_id,
            thread_email_id: row.first,
            thread_message_id: row.first_message_id,
            recipient: reader,
            lang: row.lang,
            recipient_address: row.email,
            event: row.what,
            staff_name: row.name,
            incident_id: row.incident,
            incident_title: row.incident_title,
            incident_text: row.incident_text,
            is_about_main_ticket: row.is_of_main,
        })
    });
    Ok(due.collect())
}

/// Marks a letter whose text is handed over next. False when this program has it no more, or a person gave it up.
pub(crate) async fn mark_sending(
    db: &mut PgConnection,
    due: &ClaimedEmail,
    message_id: &str,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update outgoing_email set state = 'sending', claimed_until = $4, message_id = $3
        where id = $1 and claim = $2 and state = 'queued'",
        due.id,
        due.claim_generation,
        message_id,
        now + CLAIM_TTL,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The server has it.
pub(crate) async fn mark_sent(
    db: &mut PgConnection,
    due: &ClaimedEmail,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update outgoing_email set
            state = 'sent', sent_at = $3, claimed_until = null, attempts = attempts + 1, failure = null, server_response = null
        where id = $1 and claim = $2 and state = 'sending'",
        due.id,
        due.claim_generation,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What became of a letter that did not go.
pub(crate) struct FailedAttempt<'a> {
    pub state: EmailState,
    pub failure: DeliveryFailure,
    pub server_response: &'a str,
    /// When it is tried again.
    pub next_attempt_at: OffsetDateTime,
    /// Whether it was this letter's own fault, so that the try counts.
    pub counts_as_attempt: bool,
}

pub(crate) async fn record_failed_attempt(
    db: &mut PgConnection,
    due: &ClaimedEmail,
    how: &FailedAttempt<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update outgoing_email set
            state = $3, failure = $4, server_response = left(nullif($5, ''), 500), next_attempt_at = $6, claimed_until = null,
            attempts = attempts + $7::boolean::integer
        where id = $1 and claim = $2 and state in ('queued', 'sending')",
        due.id,
        due.claim_generation,
        how.state as EmailState,
        how.failure as DeliveryFailure,
        how.server_response,
        how.next_attempt_at,
        how.counts_as_attempt,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives letters back that were taken and not tried.
pub(crate) async fn release_claims(db: &mut PgConnection, due: &[ClaimedEmail]) -> Result<(), sqlx::Error> {
    let ids: Vec<_> = due.iter().map(|due| due.id).collect();
    let claims: Vec<_> = due.iter().map(|due| due.claim_generation).collect();
    sqlx::query!(
        "update outgoing_email set claimed_until = null
        from unnest($1::bigint[], $2::integer[]) as mine (id, claim)
        where outgoing_email.id = mine.id and outgoing_email.claim = mine.claim and state = 'queued'",
        &ids,
        &claims
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts letters before a person: those that a program was handing over when it ended, and those that have become too old.
/// Gives how many.
pub(crate) async fn fail_stalled_and_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update outgoing_email set
            state = 'failed', claimed_until = null,
            failure = case state when 'sending' then 'unconfirmed'::delivery_failure else 'expired' end
        where state = 'sending' and claimed_until <= $1
            or state = 'queued' and next_attempt_at <= $1 and (claimed_until is null or claimed_until <= $1)
                and coalesce(retry_requested_at, created_at) <= $2",
        now,
        now - MAX_EMAIL_AGE,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// The ticket that a letter was about; none for one to somebody who follows an incident.
///
/// # Errors
/// When the database is away.
pub async fn find_ticket_of_email(db: &mut PgConnection, letter: i64) -> Result<Option<Uuid>, sqlx::Error> {
    let ticket =
        sqlx::query_scalar!("select ticket_id from outgoing_email where id = $1", letter).fetch_optional(db).await?;
    Ok(ticket.flatten())
}

/// The incident that a letter was about, if it was to somebody who follows one.
///
/// # Errors
/// When the database is away.
pub async fn find_incident_of_email(db: &mut PgConnection, letter: i64) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select incident_id from outgoing_email join incident_subscriber follower on follower.id = subscriber_id where outgoing_email.id = $1",
        letter
    )
    .fetch_optional(db)
    .await
}

/// Puts a letter that was sent and came back before a person, with what the recipient's server said.
///
/// # Errors
/// When the database is away.
pub async fn mark_bounced(db: &mut PgConnection, letter: i64, said: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update outgoing_email set
            state = 'failed', failure = 'rejected', server_response = left(nullif($2, ''), 500), sent_at = null, claimed_until = null
        where id = $1 and state in ('sent', 'sending')",
        letter,
        said
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Makes the letter that says a report is here an answer to the mail that it came by: in the transaction that opens the
/// ticket.
///
/// # Errors
/// When the database is away.
pub async fn set_in_reply_to(db: &mut PgConnection, ticket: Uuid, message_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update outgoing_email set in_reply_to = left($2, 1000) where ticket_id = $1 and kind = 'received' and state = 'queued'",
        ticket,
        message_id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A ticket's letters, the oldest first.
///
/// # Errors
/// When the database is away.
pub async fn list_for_ticket(db: &mut PgConnection, ticket: Uuid) -> Result<Vec<EmailDelivery>, sqlx::Error> {
    sqlx::query_as!(
        EmailDelivery,
        r#"select
            kind as "kind: EmailKind", state as "state: EmailState", created_at, next_attempt_at, sent_at,
            failure as "failure: DeliveryFailure", server_response
        from outgoing_email where ticket_id = $1 order by id"#,
        ticket
    )
    .fetch_all(db)
    .await
}

/// How many letters need a person, counted no further than `most`.
pub(crate) async fn count_failed(db: &mut PgConnection, most: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from (select from outgoing_email where state = 'failed' limit $1) stuck"#,
        most
    )
    .fetch_one(db)
    .await
}
