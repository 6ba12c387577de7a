//! What staff write to all who joined.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::public_incidents::LocalizedText;

/// Who wrote what to all who joined.
pub struct NewIncidentUpdate<'a> {
    pub incident_id: i64,
    pub submission: Uuid,
    pub text: &'a LocalizedText,
    pub staff_id: Uuid,
}

/// Writes to all who joined, whether their tickets are resolved by now or not, to the customers of their duplicates, and to all
/// who follow it: one letter to each address. The same form again writes nothing. False when the incident is not published.
pub async fn insert_incident_update(
    db: &mut PgConnection,
    news: &NewIncidentUpdate<'_>,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let [text_pl, text_en] = &news.text.0;
    let done = sqlx::query_scalar!(
        r#"with news as (
            insert into incident_update (incident_id, submission, at, staff_id, text_pl, text_en)
            select id, $2, $3, $4, $5, $6 from incident where id = $1 and state = 'published' for share
            on conflict (submission) do nothing
            returning id, incident_id
        ), joined as (
            select news.id as update_id, ticket.id, email
            from news
            join incident_ticket joined on joined.incident_id = news.incident_id and joined.ended_at is null
            join ticket on ticket.id = joined.ticket_id and ticket.status <> 'spam'
        ), reader as (
            select update_id, id, null::bigint as subscriber_id, email, 1 as place from joined
            union all
            select update_id, ticket.id, null, ticket.email, 2 from joined join ticket on ticket.merged_into = joined.id
            union all
            select news.id, null, follower.id, follower.email, 3
            from news join incident_subscriber follower on follower.incident_id = news.incident_id
            where confirmed_at is not null
        ), letters as (
            insert into outgoing_email (ticket_id, subscriber_id, kind, created_at, next_attempt_at, incident_update_id, recipient_hash)
            select id, subscriber_id, 'incident_update', $3, $3, update_id, sha256(convert_to(lower(email), 'UTF8'))
            from reader
            where email is not null
            order by lower(email), place, id, subscriber_id
            on conflict (incident_update_id, recipient_hash) where incident_update_id is not null do nothing
        )
        select exists (select from news) or exists (select from incident_update where submission = $2) as "done!""#,
        news.incident_id,
        news.submission,
        now,
        news.staff_id,
        text_pl,
        text_en
    )
    .fetch_one(db)
    .await?;
    Ok(done)
}

/// What is written when an incident is over; its letters are written lot by lot.
pub async fn insert_resolution_update(
    db: &mut PgConnection,
    news: &NewIncidentUpdate<'_>,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let [text_pl, text_en] = &news.text.0;
    sqlx::query!(
        "insert into incident_update (incident_id, submission, at, staff_id, text_pl, text_en, is_last)
        values ($1, $2, $3, $4, $5, $6, true)",
        news.incident_id,
        news.submission,
        now,
        news.staff_id,
        text_pl,
        text_en
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether a form wrote to all who joined.
pub async fn incident_update_exists(db: &mut PgConnection, id: i64, submission: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from incident_update where incident_id = $1 and submission = $2) as "was!""#,
        id,
        submission
    )
    .fetch_one(db)
    .await
}
