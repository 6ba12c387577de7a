//! The SQL of saved replies.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::saved_reply::{SavedReply, SavedReplyDraft, SavedReplyOption, SavedReplyOutcome};
use crate::i18n::Lang;

pub(super) async fn list(db: &mut PgConnection) -> Result<Vec<SavedReply>, sqlx::Error> {
    sqlx::query_as!(
        SavedReply,
        r#"select saved_reply.id, title, body, saved_reply.lang as "lang: Lang", version, updated_at,
            staff.name as "updated_by?"
        from saved_reply left join staff on staff.id = updated_by
        order by saved_reply.lang, lower(title)"#
    )
    .fetch_all(db)
    .await
}

pub(crate) async fn list_options(db: &mut PgConnection) -> Result<Vec<SavedReplyOption>, sqlx::Error> {
    sqlx::query_as!(
        SavedReplyOption,
        r#"select id, title, lang as "lang: Lang" from saved_reply order by lower(title)"#
    )
    .fetch_all(db)
    .await
}

pub(crate) async fn find(db: &mut PgConnection, id: Uuid) -> Result<Option<SavedReply>, sqlx::Error> {
    sqlx::query_as!(
        SavedReply,
        r#"select saved_reply.id, title, body, saved_reply.lang as "lang: Lang", version, updated_at,
            staff.name as "updated_by?"
        from saved_reply left join staff on staff.id = updated_by
        where saved_reply.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// The id comes from the form. A form that is sent twice inserts one reply and is reported as saved both times.
pub(super) async fn insert(
    db: &mut PgConnection,
    id: Uuid,
    draft: &SavedReplyDraft,
    by: Uuid,
    now: OffsetDateTime,
) -> Result<SavedReplyOutcome, sqlx::Error> {
    let result = sqlx::query!(
        "insert into saved_reply (id, title, body, lang, updated_at, updated_by) values ($1, $2, $3, $4, $5, $6)
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
    map_title_conflict(result.map(|_| SavedReplyOutcome::Saved))
}

/// Updates the reply if it still has this version.
pub(super) async fn update(
    db: &mut PgConnection,
    id: Uuid,
    version: i32,
    draft: &SavedReplyDraft,
    by: Uuid,
    now: OffsetDateTime,
) -> Result<SavedReplyOutcome, sqlx::Error> {
    let result = sqlx::query!(
        "update saved_reply
        set title = $3, body = $4, lang = $5, updated_at = $6, updated_by = $7, version = version + 1
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
    map_title_conflict(result.map(|done| match done.rows_affected() {
        1 => SavedReplyOutcome::Saved,
        _ => SavedReplyOutcome::Stale,
    }))
}

/// Deletes the reply if it still has this version. True if it does not exist afterwards.
pub(super) async fn delete(db: &mut PgConnection, id: Uuid, version: i32) -> Result<bool, sqlx::Error> {
    sqlx::query!("delete from saved_reply where id = $1 and version = $2", id, version).execute(&mut *db).await?;
    Ok(find(db, id).await?.is_none())
}

/// A title is unique within a language, so that the list to choose from is unambiguous.
fn map_title_conflict(result: Result<SavedReplyOutcome, sqlx::Error>) -> Result<SavedReplyOutcome, sqlx::Error> {
    match result {
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("saved_reply_title") => {
            Ok(SavedReplyOutcome::TitleTaken)
        }
        result => result,
    }
}
