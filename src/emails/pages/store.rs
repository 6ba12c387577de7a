//! The SQL of the page of outgoing emails.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    emails::{DeliveryFailure, EmailState},
    tickets::{EmailKind, TicketReference},
};

/// An email that was not sent.
#[derive(Debug, Clone)]
pub(crate) struct EmailRow {
    pub id: i64,
    /// The ticket; `None` for an email to a subscriber.
    pub reference: Option<TicketReference>,
    /// The incident of an email to a subscriber.
    pub incident_id: Option<i64>,
    pub kind: EmailKind,
    pub state: EmailState,
    pub recipient_address: Option<String>,
    pub created_at: OffsetDateTime,
    pub next_attempt_at: OffsetDateTime,
    pub attempts: i16,
    pub failure: Option<DeliveryFailure>,
    pub server_response: Option<String>,
}

/// Failed emails, the oldest first, after the email with the id `after`.
pub(crate) async fn list_failed(db: &mut PgConnection, after: i64, limit: i64) -> Result<Vec<EmailRow>, sqlx::Error> {
    sqlx::query_as!(
        EmailRow,
        r#"select
            outgoing_email.id, reference as "reference?: TicketReference", incident_id as "incident_id?", outgoing_email.kind as "kind: EmailKind",
            outgoing_email.state as "state: EmailState", coalesce(ticket.email, subscriber.email) as recipient_address, outgoing_email.created_at, next_attempt_at,
            attempts, failure as "failure: DeliveryFailure", server_response
        from outgoing_email left join ticket on ticket.id = ticket_id left join incident_subscriber subscriber on subscriber.id = subscriber_id
        where state = 'failed' and outgoing_email.id > $1
        order by outgoing_email.id limit $2"#,
        after,
        limit
    )
    .fetch_all(db)
    .await
}

/// Queued emails in the order in which they are due, after the one with this time and id.
pub(crate) async fn list_queued(
    db: &mut PgConnection,
    after: (OffsetDateTime, i64),
    limit: i64,
) -> Result<Vec<EmailRow>, sqlx::Error> {
    sqlx::query_as!(
        EmailRow,
        r#"select
            outgoing_email.id, reference as "reference?: TicketReference", incident_id as "incident_id?", outgoing_email.kind as "kind: EmailKind",
            outgoing_email.state as "state: EmailState", coalesce(ticket.email, subscriber.email) as recipient_address, outgoing_email.created_at, next_attempt_at,
            attempts, failure as "failure: DeliveryFailure", server_response
        from outgoing_email left join ticket on ticket.id = ticket_id left join incident_subscriber subscriber on subscriber.id = subscriber_id
        where state in ('queued', 'sending') and (next_attempt_at, outgoing_email.id) > ($1, $2)
        order by next_attempt_at, outgoing_email.id limit $3"#,
        after.0,
        after.1,
        limit
    )
    .fetch_all(db)
    .await
}

/// How many emails are queued and how many have failed, each counted up to `limit`.
pub(crate) async fn count_queued_and_failed(db: &mut PgConnection, limit: i64) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"select
            (select count(*) from (select from outgoing_email where state in ('queued', 'sending') limit $1) queued) as "queued!",
            (select count(*) from (select from outgoing_email where state = 'failed' limit $1) failed) as "failed!""#,
        limit
    )
    .fetch_one(db)
    .await?;
    Ok((row.queued, row.failed))
}

/// What a staff member decides about an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EmailAction {
    /// Send it now, for a second time if it may have been sent.
    SendNow,
    /// Never send it.
    Cancel,
}

/// Applies the action to one email, or to all that have failed. An email that is being sent is not changed. Returns the
/// number of changed emails.
pub(crate) async fn apply_action(
    db: &mut PgConnection,
    email_id: Option<i64>,
    action: EmailAction,
    staff_id: Uuid,
    now: OffsetDateTime,
) -> Result<u64, sqlx::Error> {
    let result = match action {
        EmailAction::SendNow => {
            sqlx::query!(
                "update outgoing_email set state = 'queued', next_attempt_at = $2, retry_requested_at = $2, attempts = 0, staff_id = $3
                where ($1::bigint is null and state = 'failed') or (id = $1 and state in ('failed', 'queued'))",
                email_id,
                now,
                staff_id
            )
            .execute(db)
            .await?
        }
        EmailAction::Cancel => {
            sqlx::query!(
                "update outgoing_email set state = 'cancelled', staff_id = $2
                where ($1::bigint is null and state = 'failed') or (id = $1 and state in ('failed', 'queued'))",
                email_id,
                staff_id
            )
            .execute(db)
            .await?
        }
    };
    Ok(result.rows_affected())
}
