//! Incidents that are written as if time had passed: for the demo, by the same statements as real ones.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{State, draft::Wanted, store};
use crate::notices::Texts;

/// Publishes one at once, at this time.
///
/// # Errors
/// When the database is away.
pub async fn publish(db: &mut PgConnection, wanted: &Wanted, by: Uuid, at: OffsetDateTime) -> Result<i64, sqlx::Error> {
    let id = store::add(db, Uuid::new_v4(), wanted, by, at).await?;
    step(db, id, (State::Draft, State::Published), by, at).await?;
    Ok(id)
}

/// Writes to all who joined.
///
/// # Errors
/// When the database is away.
pub async fn write(
    db: &mut PgConnection,
    incident: i64,
    texts: &Texts,
    by: Uuid,
    at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    store::write(db, &store::Written { incident, submission: Uuid::new_v4(), texts, by }, at).await?;
    Ok(())
}

/// Ends it; its tickets follow by themselves.
///
/// # Errors
/// When the database is away.
pub async fn end(
    db: &mut PgConnection,
    incident: i64,
    texts: &Texts,
    by: Uuid,
    at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    step(db, incident, (State::Published, State::Resolving), by, at).await?;
    store::write_last(db, &store::Written { incident, submission: Uuid::new_v4(), texts, by }, at).await
}

async fn step(
    db: &mut PgConnection,
    id: i64,
    step: (State, State),
    by: Uuid,
    at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let incident = store::one(db, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    store::step(db, id, incident.version, step, by, at).await?;
    Ok(())
}
