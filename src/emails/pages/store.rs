//! The SQL of the page of letters, and what staff decide there.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    emails::{DeliveryFailure, EmailState},
    tickets::{EmailKind, TicketReference},
};

/// A letter that has not gone.
#[derive(Debug, Clone)]
pub(crate) struct EmailRow {
    pub id: i64,
    /// The ticket that it is about,
    pub reference: Option<TicketReference>,
    /// or the incident that its reader follows.
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

/// Letters that need a person, the oldest first, behind the letter `after`.
pub(crate) async fn list_failed(db: &mut PgConnection, after: i64, most: i64) -> Result<Vec<EmailRow>, sqlx::Error> {
    sqlx::query_as!(
        EmailRow,
        r#"select
            outgoing_email.id, reference as "reference?: TicketReference", incident_id as "incident_id?", outgoing_email.kind as "kind: EmailKind",
            outgoing_email.state as "state: EmailState", coalesce(ticket.email, follower.email) as recipient_address, outgoing_email.created_at, next_attempt_at,
            attempts, failure as "failure: DeliveryFailure", server_response
        from outgoing_email left join ticket on ticket.id = ticket_id left join incident_subscriber follower on follower.id = subscriber_id
        where state = 'failed' and outgoing_email.id > $1
        order by outgoing_email.id limit $2"#,
        after,
        most
    )
    .fetch_all(db)
    .await
}

/// Letters that wait, those that go next first, behind that place in the line.
pub(crate) async fn list_queued(
    db: &mut PgConnection,
    after: (OffsetDateTime, i64),
    most: i64,
) -> Result<Vec<EmailRow>, sqlx::Error> {
    sqlx::query_as!(
        EmailRow,
        r#"select
            outgoing_email.id, reference as "reference?: TicketReference", incident_id as "incident_id?", outgoing_email.kind as "kind: EmailKind",
            outgoing_email.state as "state: EmailState", coalesce(ticket.email, follower.email) as recipient_address, outgoing_email.created_at, next_attempt_at,
            attempts, failure as "failure: DeliveryFailure", server_response
        from outgoing_email left join ticket on ticket.id = ticket_id left join incident_subscriber follower on follower.id = subscriber_id
        where state in ('queued', 'sending') and (next_attempt_at, outgoing_email.id) > ($1, $2)
        order by next_attempt_at, outgoing_email.id limit $3"#,
        after.0,
        after.1,
        most
    )
    .fetch_all(db)
    .await
}

/// How many wait and how many need a person, each counted no further than `most`.
pub(crate) async fn count_queued_and_failed(db: &mut PgConnection, most: i64) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"select
            (select count(*) from (select from outgoing_email where state in ('queued', 'sending') limit $1) waiting) as "waiting!",
            (select count(*) from (select from outgoing_email where state = 'failed' limit $1) stuck) as "stuck!""#,
        most
    )
    .fetch_one(db)
    .await?;
    Ok((row.waiting, row.stuck))
}

/// What a person wants to become of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EmailAction {
    /// To be sent now, or once more.
    SendNow,
    /// Not to be sent.
    Cancel,
}

/// Does it to one letter, or to all that need a person. A letter that is being handed over is left alone. Gives how many.
pub(crate) async fn apply_action(
    db: &mut PgConnection,
    letter: Option<i64>,
    wish: EmailAction,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<u64, sqlx::Error> {
    let done = match wish {
        EmailAction::SendNow => {
            sqlx::query!(
                "update outgoing_email set state = 'queued', next_attempt_at = $2, retry_requested_at = $2, attempts = 0, staff_id = $3
                where ($1::bigint is null and state = 'failed') or (id = $1 and state in ('failed', 'queued'))",
                letter,
                now,
                staff
            )
            .execute(db)
            .await?
        }
        EmailAction::Cancel => {
            sqlx::query!(
                "update outgoing_email set state = 'cancelled', staff_id = $2
                where ($1::bigint is null and state = 'failed') or (id = $1 and state in ('failed', 'queued'))",
                letter,
                staff
            )
            .execute(db)
            .await?
        }
    };
    Ok(done.rows_affected())
}
