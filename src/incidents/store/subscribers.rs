//! Who follows an incident by e-mail, and who said "me too": written down, confirmed, forgotten.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{i18n::Lang, incidents::IncidentState};

/// Somebody who asked for news of an incident.
pub struct Subscriber {
    pub email: String,
    pub confirmed_at: Option<OffsetDateTime>,
    pub incident_id: i64,
    pub incident_state: IncidentState,
    title_pl: String,
    title_en: String,
}

impl Subscriber {
    pub fn title(&self, lang: &Lang) -> &str {
        match lang {
            Lang::Pl => &self.title_pl,
            Lang::En => &self.title_en,
        }
    }
}

/// How often the same address is asked whether it wants news of an incident.
pub struct ConfirmationLimit {
    /// Not again if it was asked since.
    pub last_asked_before: OffsetDateTime,
    pub max_emails: i16,
}

/// Writes an address down and asks it by letter, unless it was asked often enough. Nothing when the incident is not published.
pub async fn request_subscription(
    db: &mut PgConnection,
    incident: i64,
    (email, lang): (&str, Lang),
    pace: &ConfirmationLimit,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with follower as (
            insert into incident_subscriber (incident_id, email, lang, confirmation_sent_at)
            select id, $2, $3, $4 from incident where id = $1 and state = 'published' for share
            on conflict (incident_id, lower(email)) do update
            set confirmation_sent_at = excluded.confirmation_sent_at, confirmations_sent = incident_subscriber.confirmations_sent + 1, lang = excluded.lang
            where incident_subscriber.confirmation_sent_at <= $5 and incident_subscriber.confirmations_sent < $6
            returning id
        )
        insert into outgoing_email (subscriber_id, kind, created_at, next_attempt_at)
        select id, 'incident_subscription', $4, $4 from follower",
        incident,
        email,
        lang as Lang,
        now,
        pace.last_asked_before,
        pace.max_emails,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn find_subscriber(db: &mut PgConnection, id: i64) -> Result<Option<Subscriber>, sqlx::Error> {
    sqlx::query_as!(
        Subscriber,
        r#"select email, incident_subscriber.confirmed_at, incident_id as incident_id, state as "incident_state: IncidentState", title_pl, title_en
        from incident_subscriber join incident on incident.id = incident_id
        where incident_subscriber.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// Its owner says that the address is right. What was confirmed before stays so; an incident that is over needs none.
pub async fn confirm_subscriber(db: &mut PgConnection, id: i64, now: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update incident_subscriber set confirmed_at = $2
        where id = $1 and confirmed_at is null
            and exists (select from incident where incident.id = incident_id and state = 'published')",
        id,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets an address, and the letters to it.
pub async fn delete_subscriber(db: &mut PgConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from incident_subscriber where id = $1", id).execute(db).await?;
    Ok(())
}

/// Forgets addresses that nobody confirmed since `unconfirmed`, and the addresses and the marks of incidents that have been
/// over since `over`; of the marks their number stays. Gives how many rows went.
pub async fn purge_expired(
    db: &mut PgConnection,
    unconfirmed: OffsetDateTime,
    over: OffsetDateTime,
) -> Result<u64, sqlx::Error> {
    let addresses = sqlx::query!(
        "delete from incident_subscriber follower using incident
        where incident.id = incident_id
            and (incident.resolved_at < $2 or follower.confirmed_at is null and follower.confirmation_sent_at < $1)",
        unconfirmed,
        over
    )
    .execute(&mut *db)
    .await?;
    let marks = sqlx::query_scalar!(
        r#"with gone as (
            delete from incident_me_too visitor_hash using incident
            where incident.id = incident_id and incident.resolved_at < $1
            returning incident_id
        ), counted as (
            update incident set archived_me_too_count = archived_me_too_count + count
            from (select incident_id, count(*)::integer as count from gone group by incident_id) gone
            where incident.id = gone.incident_id
        )
        select count(*) as "count!" from gone"#,
        over
    )
    .fetch_one(db)
    .await?;
    Ok(addresses.rows_affected() + u64::try_from(marks).unwrap_or(0))
}
