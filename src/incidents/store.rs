//! The SQL of incidents. Which tickets belong to one is written by `tickets::incident`.

mod followers;
mod news;
mod tickets;
mod watch;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) use followers::{Follower, Pace, ask, confirm, follower, forget, forget_old};
pub(super) use news::{Written, was_written, write, write_last};
pub(super) use tickets::{Count, add_visitor, candidates, count, joined, matched};
pub use tickets::{OfTicket, decline, of_ticket};
pub(super) use watch::{Watched, add_candidates, looked, over, propose, settle, sights, watched};

use super::{Incident, State, Update, draft::Wanted};
use crate::{
    notices::{News, Notice, Texts},
    tickets::Category,
    words::Lang,
};

/// Incidents that are over and still shown: with the letters that led to them they are forgotten only after years.
const MOST_SHOWN: i64 = 200;

/// What everybody can read, the newest first.
pub(super) async fn shown(db: &mut PgConnection) -> Result<Vec<Notice>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"(
            select id, title_pl, title_en, text_pl, text_en, categories as "categories: Vec<Category>", prefixes,
                began_at, until, published_at as "published_at!", changed_at, resolved_at
            from incident where state = 'published' order by id desc
        ) union all (
            select id, title_pl, title_en, text_pl, text_en, categories, prefixes,
                began_at, until, published_at, changed_at, resolved_at
            from incident where state in ('resolving', 'resolved') order by id desc limit $1
        )"#,
        MOST_SHOWN
    )
    .fetch_all(&mut *db)
    .await?;
    let ids: Vec<_> = rows.iter().filter_map(|row| row.id).collect();
    let news = sqlx::query!(
        "select id, incident_id, at, text_pl, text_en from incident_update where incident_id = any($1) order by id desc",
        &ids
    )
    .fetch_all(db)
    .await?;
    let news_of = |id: i64| {
        let own = news.iter().filter(|row| row.incident_id == id);
        own.map(|row| News { id: row.id, at: row.at, text: Texts::of(row.text_pl.clone(), row.text_en.clone()) })
            .collect()
    };
    let notice = rows.into_iter().filter_map(|row| {
        Some(Notice {
            id: row.id?,
            title: Texts::of(row.title_pl?, row.title_en?),
            text: Texts::of(row.text_pl?, row.text_en?),
            categories: row.categories?.iter().map(|one| one.as_str().to_owned()).collect(),
            numbers: row.prefixes?,
            began_at: row.began_at?,
            until: row.until,
            published_at: row.published_at,
            changed_at: row.changed_at?,
            resolved_at: row.resolved_at,
            news: news_of(row.id?),
        })
    });
    Ok(notice.collect())
}

/// An incident as the list shows it.
pub(super) struct Row {
    pub id: i64,
    pub state: State,
    title_pl: String,
    title_en: String,
    pub categories: Vec<Category>,
    pub began_at: OffsetDateTime,
    pub resolved_at: Option<OffsetDateTime>,
    /// Its tickets, and those that may belong to it.
    pub tickets: i64,
    pub candidates: i64,
}

impl Row {
    pub fn title(&self, lang: &Lang) -> &str {
        match lang {
            Lang::Pl => &self.title_pl,
            Lang::En => &self.title_en,
        }
    }
}

/// Incidents, the newest first, behind the incident `after`: those that somebody has to do with, or those that are over.
pub(super) async fn list(
    db: &mut PgConnection,
    over: bool,
    after: Option<i64>,
    most: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let states: &[State] = match over {
        false => &[State::Proposed, State::Draft, State::Published, State::Resolving],
        true => &[State::Resolved, State::Dismissed],
    };
    sqlx::query_as!(
        Row,
        r#"select
            id, state as "state: State", title_pl, title_en, categories as "categories: Vec<Category>", began_at, resolved_at,
            (select count(*) from incident_ticket where incident_id = incident.id) as "tickets!",
            (
                select count(*) from incident_candidate candidate
                join ticket on ticket.id = candidate.ticket_id and ticket.status in ('new', 'open', 'waiting')
                where candidate.incident_id = incident.id and declined_at is null and not exists (
                    select from incident_ticket joined where joined.ticket_id = candidate.ticket_id and ended_at is null
                )
            ) as "candidates!"
        from incident
        where state = any($1) and ($2::bigint is null or id < $2)
        order by id desc limit $3"#,
        states as &[State],
        after,
        most
    )
    .fetch_all(db)
    .await
}

pub(super) async fn one(db: &mut PgConnection, id: i64) -> Result<Option<Incident>, sqlx::Error> {
    sqlx::query_as!(
        Incident,
        r#"select
            incident.id, state as "state: State", title_pl, title_en, text_pl, text_en,
            categories as "categories: Vec<Category>", prefixes, addresses::text[] as "addresses!", codes, began_at, until,
            changed_at, staff.name as "changed_by?", published_at, resolved_at, confirmed_at, version
        from incident left join staff on staff.id = changed_by
        where incident.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// What staff wrote to all who joined, the newest first.
pub(super) async fn updates(db: &mut PgConnection, id: i64) -> Result<Vec<Update>, sqlx::Error> {
    sqlx::query_as!(
        Update,
        "select incident_update.id, at, staff.name, text_pl, text_en, is_last
        from incident_update join staff on staff.id = staff_id
        where incident_id = $1 order by incident_update.id desc",
        id
    )
    .fetch_all(db)
    .await
}

/// Adds a draft; the same form again gives the same one.
pub(super) async fn add(
    db: &mut PgConnection,
    submission: Uuid,
    wanted: &Wanted,
    by: Uuid,
    now: OffsetDateTime,
) -> Result<i64, sqlx::Error> {
    let [title_pl, title_en] = &wanted.title.0;
    let [text_pl, text_en] = &wanted.text.0;
    sqlx::query_scalar!(
        r#"with added as (
            insert into incident (
                submission, state, title_pl, title_en, text_pl, text_en, categories, prefixes, addresses, began_at, until,
                created_at, changed_at, changed_by
            )
            values ($1, 'draft', $2, $3, $4, $5, $6, $7, $8::text[]::cidr[], $9, $10, $11, $11, $12)
            on conflict (submission) do nothing
            returning id
        )
        select id as "id!" from added union all select id from incident where submission = $1"#,
        submission,
        title_pl,
        title_en,
        text_pl,
        text_en,
        &wanted.categories as &[Category],
        &wanted.prefixes,
        &wanted.addresses,
        wanted.began_at,
        wanted.until,
        now,
        by
    )
    .fetch_one(db)
    .await
}

/// Changes one that is still at `version` and not over; false when it is not.
pub(super) async fn change(
    db: &mut PgConnection,
    id: i64,
    version: i32,
    wanted: &Wanted,
    by: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let [title_pl, title_en] = &wanted.title.0;
    let [text_pl, text_en] = &wanted.text.0;
    let done = sqlx::query!(
        "update incident set
            title_pl = $3, title_en = $4, text_pl = $5, text_en = $6, categories = $7, prefixes = $8,
            addresses = $9::text[]::cidr[], began_at = $10, until = $11, changed_at = $12, changed_by = $13,
            -- what belongs to it is looked for again from its beginning
            looked_at = null, version = version + 1
        where id = $1 and version = $2 and state in ('draft', 'published')",
        id,
        version,
        title_pl,
        title_en,
        text_pl,
        text_en,
        &wanted.categories as &[Category],
        &wanted.prefixes,
        &wanted.addresses as &[String],
        wanted.began_at,
        wanted.until,
        now,
        by
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves one that is still at `version` from a state to another; false when it is not there any more. Whoever makes tickets
/// join at this moment is waited for.
pub(super) async fn step(
    db: &mut PgConnection,
    id: i64,
    version: i32,
    (from, to): (State, State),
    by: Uuid,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update incident set
            state = $4::incident_state,
            published_at = case when $4::incident_state = 'published' then $6 else published_at end,
            resolved_at = case when $4::incident_state = 'resolving' then $6 else resolved_at end,
            confirmed_at = case when $3::incident_state = 'proposed' and $4::incident_state = 'draft' then $6 when $4::incident_state = 'proposed' then null else confirmed_at end,
            changed_at = $6, changed_by = $5, version = version + 1
        where id = $1 and version = $2 and state = $3::incident_state",
        id,
        version,
        from as State,
        to as State,
        by,
        now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
