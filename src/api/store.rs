//! SQL of the API tokens.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// A token without its secret.
#[derive(Debug, Clone)]
pub(super) struct ApiToken {
    pub id: Uuid,
    pub name: String,
    pub created_at: OffsetDateTime,
    pub last_used_at: Option<OffsetDateTime>,
    pub revoked_at: Option<OffsetDateTime>,
}

/// Returns the token with this hash, unless it is revoked.
pub(super) async fn find_by_hash(db: &mut PgConnection, hash: &[u8]) -> Result<Option<ApiToken>, sqlx::Error> {
    sqlx::query_as!(
        ApiToken,
        "select id, name, created_at, last_used_at, revoked_at from api_token where token_hash = $1 and revoked_at is null",
        hash
    )
    .fetch_optional(db)
    .await
}

/// Stores the time of the last use.
pub(super) async fn update_last_used(db: &mut PgConnection, id: Uuid, now: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query!("update api_token set last_used_at = greatest(last_used_at, $2) where id = $1", id, now)
        .execute(db)
        .await?;
    Ok(())
}

/// Adds a token. Returns false if a valid token has the same name.
pub(super) async fn insert(
    db: &mut PgConnection,
    name: &str,
    hash: &[u8],
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let result = sqlx::query!(
        "insert into api_token (id, name, token_hash, created_at) values ($1, $2, $3, $4)
        on conflict (lower(name)) where revoked_at is null do nothing",
        Uuid::now_v7(),
        name,
        hash,
        now
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Revokes a token by its name. Returns false if there is none.
pub(super) async fn revoke_by_name(
    db: &mut PgConnection,
    name: &str,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let result = sqlx::query!(
        "update api_token set revoked_at = $2 where lower(name) = lower($1) and revoked_at is null",
        name,
        now
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Revokes a token.
pub(super) async fn revoke(db: &mut PgConnection, id: Uuid, now: OffsetDateTime) -> Result<(), sqlx::Error> {
    sqlx::query!("update api_token set revoked_at = $2 where id = $1 and revoked_at is null", id, now)
        .execute(db)
        .await?;
    Ok(())
}

/// Returns the valid tokens by name, then the revoked ones, the latest first.
pub(super) async fn list(db: &mut PgConnection) -> Result<Vec<ApiToken>, sqlx::Error> {
    sqlx::query_as!(
        ApiToken,
        "select id, name, created_at, last_used_at, revoked_at from api_token
        order by revoked_at is not null, revoked_at desc, lower(name), id limit 200"
    )
    .fetch_all(db)
    .await
}
