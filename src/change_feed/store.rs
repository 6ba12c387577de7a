//! What is said on PostgreSQL's channels.

use sqlx::{PgConnection, postgres::PgListener};

use super::{PRESENCE_CHANNEL, PresenceSignal};

/// Tells every process on this database where somebody is.
///
/// # Errors
/// When the database is away.
pub async fn notify_presence(db: &mut PgConnection, signal: &PresenceSignal) -> Result<(), sqlx::Error> {
    let json = serde_json::to_string(signal).unwrap_or_default();
    sqlx::query!("select pg_notify($1, $2)", PRESENCE_CHANNEL, json).execute(db).await?;
    Ok(())
}

/// Asks whether the connection is one.
pub(crate) async fn ping(listener: &mut PgListener) -> Result<(), sqlx::Error> {
    sqlx::query!("select 1 as one").fetch_one(listener).await?;
    Ok(())
}
