//! Who follows an incident by e-mail, and who said "me too": written down, confirmed, forgotten.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{incidents::State, words::Lang};

/// Somebody who asked for news of an incident.
pub struct Follower {
    pub email: String,
    pub confirmed_at: Option<OffsetDateTime>,
    pub incident: i64,
    pub state: State,
    title_pl: String,
    title_en: String,
}

impl Follower {
    pub fn title(&self, lang: &Lang) -> &str {
        match lang {
            Lang::Pl => &self.title_pl,
            Lang::En => &self.title_en,
        }
    }
}

/// How often the same address is asked whether it wants news of an incident.
pub struct Pace {
    /// Not again if it was asked since.
    pub since: OffsetDateTime,
    pub most: i16,
}

/// Writes an address down and asks it by letter, unless it was asked often enough. Nothing when the incident is not published.
pub async fn ask(
    db: &mut PgConnection,
    incident: i64,
    (email, lang): (&str, Lang),
    pace: &Pace,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with follower as (
            insert into incident_follower (incident_id, email, lang, asked_at)
            select id, $2, $3, $4 from incident where id = $1 and state = 'published' for share
            on conflict (incident_id, lower(email)) do update
            set asked_at = excluded.asked_at, asked = incident_follower.asked + 1, lang = excluded.lang
            where incident_follower.asked_at <= $5 and incident_follower.asked < $6
            returning id
        )
        insert into letter (follower_id, kind, created_at, next_at)
        select id, 'incident_follow', $4, $4 from follower",
        incident,
        email,
        lang as Lang,
        now,
        pace.since,
        pace.most,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn follower(db: &mut PgConnection, id: i64) -> Result<Option<Follower>, sqlx::Error> {
    sqlx::query_as!(
        Follower,
        r#"select email, incident_follower.confirmed_at, incident_id as incident, state as "state: State", title_pl, title_en
        from incident_follower join incident on incident.id = incident_id
        where incident_follower.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// Its owner says that the address is right. What was confirmed before stays so; an incident that is over needs none.
pub async fn confirm(db: &mut PgConnection, id: i64, now: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update incident_follower set confirmed_at = $2
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
pub async fn forget(db: &mut PgConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from incident_follower where id = $1", id).execute(db).await?;
    Ok(())
}

/// Forgets addresses that nobody confirmed since `unconfirmed`, and the addresses and the marks of incidents that have been
/// over since `over`; of the marks their number stays. Gives how many rows went.
pub async fn forget_old(
    db: &mut PgConnection,
    unconfirmed: OffsetDateTime,
    over: OffsetDateTime,
) -> Result<u64, sqlx::Error> {
    let addresses = sqlx::query!(
        "delete from incident_follower follower using incident
        where incident.id = incident_id
            and (incident.resolved_at < $2 or follower.confirmed_at is null and follower.asked_at < $1)",
        unconfirmed,
        over
    )
    .execute(&mut *db)
    .await?;
    let marks = sqlx::query_scalar!(
        r#"with gone as (
            delete from incident_visitor visitor using incident
            where incident.id = incident_id and incident.resolved_at < $1
            returning incident_id
        ), counted as (
            update incident set visitors = visitors + count
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
