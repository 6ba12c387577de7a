//! The SQL of saved replies.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Draft, Saved, Saving, Titled};
use crate::words::Lang;

/// All of them, as the list shows them.
pub async fn all(db: &mut PgConnection) -> Result<Vec<Saved>, sqlx::Error> {
    sqlx::query_as!(
        Saved,
        r#"select saved_reply.id, title, body, saved_reply.lang as "lang: Lang", version, changed_at,
            staff.name as "changed_by?"
        from saved_reply left join staff on staff.id = changed_by
        order by saved_reply.lang, lower(title)"#
    )
    .fetch_all(db)
    .await
}

/// What there is to choose from.
pub async fn titles(db: &mut PgConnection) -> Result<Vec<Titled>, sqlx::Error> {
    sqlx::query_as!(Titled, r#"select id, title, lang as "lang: Lang" from saved_reply order by lower(title)"#)
        .fetch_all(db)
        .await
}

pub async fn one(db: &mut PgConnection, id: Uuid) -> Result<Option<Saved>, sqlx::Error> {
    sqlx::query_as!(
        Saved,
        r#"select saved_reply.id, title, body, saved_reply.lang as "lang: Lang", version, changed_at,
            staff.name as "changed_by?"
        from saved_reply left join staff on staff.id = changed_by
        where saved_reply.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// Adds one; the same form (`id`) again adds nothing.
pub async fn add(
    db: &mut PgConnection,
    id: Uuid,
    draft: &Draft,
    by: Uuid,
    now: OffsetDateTime,
) -> Result<Saving, sqlx::Error> {
    let done = sqlx::query!(
        "insert into saved_reply (id, title, body, lang, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6)
        on conflict (id) do nothing",
        id,
        draft.title,
        draft.body,
        draft.lang as Lang,
        now,
        by
    )
    .execute(db)
    .await;
    unless_taken(done.map(|_| Saving::Done))
}

/// Changes one that is still at `version`.
pub async fn change(
    db: &mut PgConnection,
    id: Uuid,
    version: i32,
    draft: &Draft,
    by: Uuid,
    now: OffsetDateTime,
) -> Result<Saving, sqlx::Error> {
    let done = sqlx::query!(
        "update saved_reply
        set title = $3, body = $4, lang = $5, changed_at = $6, changed_by = $7, version = version + 1
        where id = $1 and version = $2",
        id,
        version,
        draft.title,
        draft.body,
        draft.lang as Lang,
        now,
        by
    )
    .execute(db)
    .await;
    unless_taken(done.map(|done| if done.rows_affected() == 1 { Saving::Done } else { Saving::Stale }))
}

/// Deletes one that is still at `version`; true when it is gone, whoever deleted it.
pub async fn delete(db: &mut PgConnection, id: Uuid, version: i32) -> Result<bool, sqlx::Error> {
    sqlx::query!("delete from saved_reply where id = $1 and version = $2", id, version).execute(&mut *db).await?;
    Ok(one(db, id).await?.is_none())
}

/// Two replies of one title in one language could not be told apart in the list.
fn unless_taken(done: Result<Saving, sqlx::Error>) -> Result<Saving, sqlx::Error> {
    match done {
        Err(sqlx::Error::Database(cause)) if cause.constraint() == Some("saved_reply_title") => Ok(Saving::TitleTaken),
        done => done,
    }
}
