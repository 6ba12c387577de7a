//! The SQL of email subscriptions, and the deletion of expired subscribers and "me too" visitors.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{email_address::EmailAddress, i18n::Lang, incidents::incident::IncidentState};

/// A subscriber of an incident.
pub(in crate::incidents) struct Subscriber {
    pub email: String,
    pub confirmed_at: Option<OffsetDateTime>,
    pub incident_id: i64,
    pub incident_state: IncidentState,
    title_pl: String,
    title_en: String,
}

impl Subscriber {
    pub(in crate::incidents) fn title(&self, lang: &Lang) -> &str {
        match lang {
            Lang::Pl => &self.title_pl,
            Lang::En => &self.title_en,
        }
    }
}

/// How often an address may get a confirmation email about one incident.
pub(in crate::incidents) struct ConfirmationLimit {
    /// Only if the last one was sent before this time.
    pub last_asked_before: OffsetDateTime,
    pub max_emails: i16,
}

/// Stores an address and queues a confirmation email, within the limit. Does nothing if the incident is not published.
pub(in crate::incidents) async fn request_subscription(
    db: &mut PgConnection,
    incident_id: i64,
    (email, lang): (&EmailAddress, Lang),
    limit: &ConfirmationLimit,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with subscriber as (
            insert into incident_subscriber (incident_id, email, lang, confirmation_sent_at)
            select id, $2, $3, $4 from incident where id = $1 and state = 'published' for share
            on conflict (incident_id, lower(email)) do update
            set confirmation_sent_at = excluded.confirmation_sent_at, confirmations_sent = incident_subscriber.confirmations_sent + 1, lang = excluded.lang
            where incident_subscriber.confirmation_sent_at <= $5 and incident_subscriber.confirmations_sent < $6
            returning id
        )
        insert into outgoing_email (subscriber_id, kind, created_at, next_attempt_at)
        select id, 'incident_subscription', $4, $4 from subscriber",
        incident_id,
        email.as_str(),
        lang as Lang,
        now,
        limit.last_asked_before,
        limit.max_emails,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(in crate::incidents) async fn find_subscriber(
    db: &mut PgConnection,
    id: i64,
) -> Result<Option<Subscriber>, sqlx::Error> {
    sqlx::query_as!(
        Subscriber,
        r#"select email, incident_subscriber.confirmed_at, incident_id, state as "incident_state: IncidentState", title_pl, title_en
        from incident_subscriber join incident on incident.id = incident_id
        where incident_subscriber.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// Records the confirmation by the owner of the address. Does nothing if it was confirmed before, or the incident is closed.
pub(in crate::incidents) async fn confirm_subscriber(
    db: &mut PgConnection,
    id: i64,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
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

/// Deletes an address and the emails to it.
pub(in crate::incidents) async fn delete_subscriber(db: &mut PgConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from incident_subscriber where id = $1", id).execute(db).await?;
    Ok(())
}

/// Deletes addresses that were asked before `asked_before` and not confirmed, and the addresses and "me too" visitors of
/// incidents that were resolved before `resolved_before`. The number of visitors is kept. Returns the number of deleted rows.
pub(in crate::incidents) async fn purge_expired(
    db: &mut PgConnection,
    asked_before: OffsetDateTime,
    resolved_before: OffsetDateTime,
) -> Result<u64, sqlx::Error> {
    let addresses = sqlx::query!(
        "delete from incident_subscriber subscriber using incident
        where incident.id = incident_id
            and (incident.resolved_at < $2 or subscriber.confirmed_at is null and subscriber.confirmation_sent_at < $1)",
        asked_before,
        resolved_before
    )
    .execute(&mut *db)
    .await?;
    let visitor_count = sqlx::query_scalar!(
        r#"with deleted as (
            delete from incident_me_too me_too using incident
            where incident.id = incident_id and incident.resolved_at < $1
            returning incident_id
        ), counted as (
            update incident set archived_me_too_count = archived_me_too_count + count
            from (select incident_id, count(*)::integer as count from deleted group by incident_id) deleted
            where incident.id = deleted.incident_id
        )
        select count(*) as "count!" from deleted"#,
        resolved_before
    )
    .fetch_one(db)
    .await?;
    Ok(addresses.rows_affected() + u64::try_from(visitor_count).unwrap_or(0))
}
