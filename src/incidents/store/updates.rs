//! The SQL of incident updates and their emails.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::public_incidents::LocalizedText;

/// An update to be inserted.
pub(in crate::incidents) struct NewIncidentUpdate<'a> {
    pub incident_id: i64,
    pub submission: Uuid,
    pub text: &'a LocalizedText,
    pub staff_id: Uuid,
}

/// Inserts an update and queues one email for each address: to the customers of joined tickets, resolved or not, to those of
/// their duplicates, and to the subscribers. The same form again inserts nothing. Returns false if the incident is not
/// published.
pub(in crate::incidents) async fn insert_incident_update(
    db: &mut PgConnection,
    update: &NewIncidentUpdate<'_>,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let [text_pl, text_en] = &update.text.0;
    sqlx::query_scalar!(
        r#"with inserted as (
            insert into incident_update (incident_id, submission, at, staff_id, text_pl, text_en)
            select id, $2, $3, $4, $5, $6 from incident where id = $1 and state = 'published' for share
            on conflict (submission) do nothing
            returning id, incident_id
        ), joined as (
            select inserted.id as update_id, ticket.id, email
            from inserted
            join incident_ticket joined on joined.incident_id = inserted.incident_id and joined.ended_at is null
            join ticket on ticket.id = joined.ticket_id and ticket.status <> 'spam'
        ), recipient as (
            select update_id, id, null::bigint as subscriber_id, email, 1 as priority from joined
            union all
            select update_id, ticket.id, null, ticket.email, 2 from joined join ticket on ticket.merged_into = joined.id
            union all
            select inserted.id, null, subscriber.id, subscriber.email, 3
            from inserted join incident_subscriber subscriber on subscriber.incident_id = inserted.incident_id
            where confirmed_at is not null
        ), queued_email as (
            insert into outgoing_email (ticket_id, subscriber_id, kind, created_at, next_attempt_at, incident_update_id, recipient_hash)
            select id, subscriber_id, 'incident_update', $3, $3, update_id, sha256(convert_to(lower(email), 'UTF8'))
            from recipient
            where email is not null
            order by lower(email), priority, id, subscriber_id
            on conflict (incident_update_id, recipient_hash) where incident_update_id is not null do nothing
        )
        select exists (select from inserted) or exists (select from incident_update where submission = $2) as "is_inserted!""#,
        update.incident_id,
        update.submission,
        now,
        update.staff_id,
        text_pl,
        text_en
    )
    .fetch_one(db)
    .await
}

/// Inserts the last update of an incident. Its emails are queued in batches, while the tickets are resolved.
pub(in crate::incidents) async fn insert_resolution_update(
    db: &mut PgConnection,
    update: &NewIncidentUpdate<'_>,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let [text_pl, text_en] = &update.text.0;
    sqlx::query!(
        "insert into incident_update (incident_id, submission, at, staff_id, text_pl, text_en, is_last)
        values ($1, $2, $3, $4, $5, $6, true)",
        update.incident_id,
        update.submission,
        now,
        update.staff_id,
        text_pl,
        text_en
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether the update of this form has been inserted.
pub(in crate::incidents) async fn incident_update_exists(
    db: &mut PgConnection,
    incident_id: i64,
    submission: Uuid,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from incident_update where incident_id = $1 and submission = $2) as "exists!""#,
        incident_id,
        submission
    )
    .fetch_one(db)
    .await
}
