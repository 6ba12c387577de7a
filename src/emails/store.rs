//! The SQL of outgoing emails.

use sqlx::{PgConnection, types::Json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{DeliveryFailure, EmailDelivery, EmailState, MAX_EMAIL_AGE};
use crate::{
    i18n::Lang,
    tickets::{EmailKind, EventKind, TicketCategory, TicketReference},
};

/// How long a process holds a claim. The claim is renewed when an email's data is about to be sent.
const CLAIM_TTL: Duration = Duration::minutes(15);

/// An email that this process has claimed, with what is needed to compose it.
#[derive(Debug)]
pub(crate) struct ClaimedEmail {
    pub id: i64,
    pub claim_generation: i32,
    pub attempts: i16,
    pub kind: EmailKind,
    pub in_reply_to: Option<String>,
    pub message_id: Option<String>,
    /// The first email to this recipient about this ticket or incident, which starts the thread.
    pub thread_email_id: i64,
    pub thread_message_id: Option<String>,
    pub recipient: Recipient,
    pub lang: Lang,
    pub recipient_address: Option<String>,
    /// The event that caused it.
    pub event: Option<Json<EventKind>>,
    /// The staff member who caused the event.
    pub staff_name: Option<String>,
    pub incident_id: Option<i64>,
    pub incident_title: Option<String>,
    pub incident_text: Option<String>,
    /// Whether the event belongs to the ticket of which this one is a duplicate.
    pub is_about_main_ticket: bool,
}

#[derive(Debug)]
pub(crate) enum Recipient {
    /// The customer of a ticket.
    Customer(RecipientTicket),
    /// A subscriber of an incident, by id.
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

/// Claims at most `limit` emails that are due, those of each recipient in order. Concurrent processes claim different ones.
pub(crate) async fn claim_due(
    db: &mut PgConnection,
    limit: usize,
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
        ), claimed as (
            update outgoing_email set claimed_until = $3, claim = claim + 1
            from due where outgoing_email.id = due.id
            returning outgoing_email.*
        )
        select
            claimed.id as "id!", claimed.claim as "claim!", claimed.attempts as "attempts!", claimed.kind as "kind!: EmailKind",
            claimed.in_reply_to, claimed.message_id, claimed.subscriber_id,
            coalesce(first.id, claimed.id) as "thread_email_id!", first.message_id as "thread_message_id?",
            ticket.reference as "reference?: TicketReference", ticket.category as "category?: TicketCategory",
            coalesce(ticket.lang, subscriber.lang) as "lang!: Lang", coalesce(ticket.email, subscriber.email) as recipient_address,
            ticket.created_at as "reported_at?", ticket.submission_hash as "submission_hash?",
            ticket.access_key_generation as "access_key_generation?", ticket.access_key_hash as "key_hash?",
            event.payload as "event?: Json<EventKind>", staff.name as "staff_name?", incident.id as "incident_id?",
            case coalesce(ticket.lang, subscriber.lang) when 'pl' then incident.title_pl else incident.title_en end as incident_title,
            case coalesce(ticket.lang, subscriber.lang)
                when 'pl' then incident_update.text_pl else incident_update.text_en
            end as incident_text,
            coalesce(event.ticket_id <> claimed.ticket_id, false) as "is_about_main_ticket!"
        from claimed
        left join ticket on ticket.id = claimed.ticket_id
        left join incident_subscriber subscriber on subscriber.id = claimed.subscriber_id
        left join lateral (
            (
                select id, message_id from outgoing_email where outgoing_email.ticket_id = claimed.ticket_id and state <> 'cancelled'
                order by id limit 1
            ) union all (
                select id, message_id from outgoing_email where outgoing_email.subscriber_id = claimed.subscriber_id and state <> 'cancelled'
                order by id limit 1
            )
        ) first on true
        left join ticket_event event on event.id = claimed.event_id
        left join staff on staff.id = event.staff_id
        left join incident_update on incident_update.id = claimed.incident_update_id
        left join incident on incident.id = coalesce(incident_update.incident_id, subscriber.incident_id)
        order by claimed.next_attempt_at, claimed.id"#,
        now,
        i64::try_from(limit).unwrap_or(i64::MAX),
        now + CLAIM_TTL,
    )
    .fetch_all(db)
    .await?;
    let claimed = rows.into_iter().filter_map(|row| {
        let recipient = match row.subscriber_id {
            Some(id) => Recipient::Subscriber(id),
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
            thread_email_id: row.thread_email_id,
            thread_message_id: row.thread_message_id,
            recipient,
            lang: row.lang,
            recipient_address: row.recipient_address,
            event: row.event,
            staff_name: row.staff_name,
            incident_id: row.incident_id,
            incident_title: row.incident_title,
            incident_text: row.incident_text,
            is_about_main_ticket: row.is_about_main_ticket,
        })
    });
    Ok(claimed.collect())
}

/// Marks an email whose data is sent next. Returns false when this process has lost the claim, or a staff member cancelled
/// the email.
pub(crate) async fn mark_sending(
    db: &mut PgConnection,
    claimed: &ClaimedEmail,
    message_id: &str,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let result = sqlx::query!(
        "update outgoing_email set state = 'sending', claimed_until = $4, message_id = $3
        where id = $1 and claim = $2 and state = 'queued'",
        claimed.id,
        claimed.claim_generation,
        message_id,
        now + CLAIM_TTL,
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Records that the server has accepted the email.
pub(crate) async fn mark_sent(
    db: &mut PgConnection,
    claimed: &ClaimedEmail,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update outgoing_email set
            state = 'sent', sent_at = $3, claimed_until = null, attempts = attempts + 1, failure = null, server_response = null
        where id = $1 and claim = $2 and state = 'sending'",
        claimed.id,
        claimed.claim_generation,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The result of an attempt that failed.
pub(crate) struct FailedAttempt<'a> {
    pub state: EmailState,
    pub failure: DeliveryFailure,
    pub server_response: &'a str,
    pub next_attempt_at: OffsetDateTime,
    /// Whether the failure is about this email, so that the attempt counts.
    pub counts_as_attempt: bool,
}

pub(crate) async fn record_failed_attempt(
    db: &mut PgConnection,
    claimed: &ClaimedEmail,
    attempt: &FailedAttempt<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update outgoing_email set
            state = $3, failure = $4, server_response = left(nullif($5, ''), 500), next_attempt_at = $6, claimed_until = null,
            attempts = attempts + $7::boolean::integer
        where id = $1 and claim = $2 and state in ('queued', 'sending')",
        claimed.id,
        claimed.claim_generation,
        attempt.state as EmailState,
        attempt.failure as DeliveryFailure,
        attempt.server_response,
        attempt.next_attempt_at,
        attempt.counts_as_attempt,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Releases claimed emails that were not attempted.
pub(crate) async fn release_claims(db: &mut PgConnection, emails: &[ClaimedEmail]) -> Result<(), sqlx::Error> {
    let ids: Vec<_> = emails.iter().map(|email| email.id).collect();
    let claims: Vec<_> = emails.iter().map(|email| email.claim_generation).collect();
    sqlx::query!(
        "update outgoing_email set claimed_until = null
        from unnest($1::bigint[], $2::integer[]) as claimed (id, claim)
        where outgoing_email.id = claimed.id and outgoing_email.claim = claimed.claim and state = 'queued'",
        &ids,
        &claims
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Marks emails as failed: those that a process was sending when it ended, and those that are too old. Returns their number.
pub(crate) async fn fail_stalled_and_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    let result = sqlx::query!(
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
    Ok(result.rows_affected())
}

/// The ticket of an email; `None` for an email to a subscriber.
pub async fn find_ticket_of_email(db: &mut PgConnection, email_id: i64) -> Result<Option<Uuid>, sqlx::Error> {
    let ticket_id =
        sqlx::query_scalar!("select ticket_id from outgoing_email where id = $1", email_id).fetch_optional(db).await?;
    Ok(ticket_id.flatten())
}

/// The incident of an email to a subscriber; `None` for an email about a ticket.
pub async fn find_incident_of_email(db: &mut PgConnection, email_id: i64) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "select incident_id from outgoing_email join incident_subscriber subscriber on subscriber.id = subscriber_id where outgoing_email.id = $1",
        email_id
    )
    .fetch_optional(db)
    .await
}

/// Marks an email that was sent as failed, with the response of the recipient's server.
pub async fn mark_bounced(db: &mut PgConnection, email_id: i64, server_response: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update outgoing_email set
            state = 'failed', failure = 'rejected', server_response = left(nullif($2, ''), 500), sent_at = null, claimed_until = null
        where id = $1 and state in ('sent', 'sending')",
        email_id,
        server_response
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Makes the email that confirms a report a reply to the inbound mail. To be called in the transaction that opens the ticket.
pub async fn set_in_reply_to(db: &mut PgConnection, ticket_id: Uuid, message_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update outgoing_email set in_reply_to = left($2, 1000) where ticket_id = $1 and kind = 'received' and state = 'queued'",
        ticket_id,
        message_id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A ticket's emails, the oldest first.
pub async fn list_for_ticket(db: &mut PgConnection, ticket_id: Uuid) -> Result<Vec<EmailDelivery>, sqlx::Error> {
    sqlx::query_as!(
        EmailDelivery,
        r#"select
            kind as "kind: EmailKind", state as "state: EmailState", created_at, next_attempt_at, sent_at,
            failure as "failure: DeliveryFailure", server_response
        from outgoing_email where ticket_id = $1 order by id"#,
        ticket_id
    )
    .fetch_all(db)
    .await
}

/// How many emails have failed, counted up to `limit`.
pub(crate) async fn count_failed(db: &mut PgConnection, limit: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from (select from outgoing_email where state = 'failed' limit $1) failed"#,
        limit
    )
    .fetch_one(db)
    .await
}
