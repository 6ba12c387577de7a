//! What staff write to all who joined.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::notices::Texts;

/// Who wrote what to all who joined.
pub struct Written<'a> {
    pub incident: i64,
    pub submission: Uuid,
    pub texts: &'a Texts,
    pub by: Uuid,
}

/// Writes to all who joined, whether their tickets are resolved by now or not, to the customers of their duplicates, and to all
/// who follow it: one letter to each address. The same form again writes nothing. False when the incident is not published.
pub async fn write(db: &mut PgConnection, news: &Written<'_>, now: OffsetDateTime) -> Result<bool, sqlx::Error> {
    let [text_pl, text_en] = &news.texts.0;
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
            select update_id, id, null::bigint as follower_id, email, 1 as place from joined
            union all
            select update_id, ticket.id, null, ticket.email, 2 from joined join ticket on ticket.merged_into = joined.id
            union all
            select news.id, null, follower.id, follower.email, 3
            from news join incident_follower follower on follower.incident_id = news.incident_id
            where confirmed_at is not null
        ), letters as (
            insert into letter (ticket_id, follower_id, kind, created_at, next_at, incident_update_id, addressee)
            select id, follower_id, 'incident_update', $3, $3, update_id, sha256(convert_to(lower(email), 'UTF8'))
            from reader
            where email is not null
            order by lower(email), place, id, follower_id
            on conflict (incident_update_id, addressee) where incident_update_id is not null do nothing
        )
        select exists (select from news) or exists (select from incident_update where submission = $2) as "done!""#,
        news.incident,
        news.submission,
        now,
        news.by,
        text_pl,
        text_en
    )
    .fetch_one(db)
    .await?;
    Ok(done)
}

/// What is written when an incident is over; its letters are written lot by lot.
pub async fn write_last(db: &mut PgConnection, news: &Written<'_>, now: OffsetDateTime) -> Result<(), sqlx::Error> {
    let [text_pl, text_en] = &news.texts.0;
    sqlx::query!(
        "insert into incident_update (incident_id, submission, at, staff_id, text_pl, text_en, is_last)
        values ($1, $2, $3, $4, $5, $6, true)",
        news.incident,
        news.submission,
        now,
        news.by,
        text_pl,
        text_en
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether a form wrote to all who joined.
pub async fn was_written(db: &mut PgConnection, id: i64, submission: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from incident_update where incident_id = $1 and submission = $2) as "was!""#,
        id,
        submission
    )
    .fetch_one(db)
    .await
}
