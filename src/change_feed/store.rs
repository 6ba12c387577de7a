//! The channels of PostgreSQL's NOTIFY.

use sqlx::{PgConnection, postgres::PgListener};

use super::presence::PresenceSignal;

// triggers send to these channels
pub(super) const TICKET_CHANNEL: &str = "ticket_changed";
pub(super) const SESSION_CHANNEL: &str = "session_ended";
pub(super) const INCIDENT_CHANNEL: &str = "incident_changed";
/// [`notify_presence`] sends to this channel.
pub(super) const PRESENCE_CHANNEL: &str = "presence";

/// Sends a presence signal to all processes on this database.
pub async fn notify_presence(db: &mut PgConnection, signal: &PresenceSignal) -> Result<(), sqlx::Error> {
    let json = serde_json::to_string(signal).unwrap_or_default();
    sqlx::query!("select pg_notify($1, $2)", PRESENCE_CHANNEL, json).execute(db).await?;
    Ok(())
}

/// Checks the connection.
pub(super) async fn ping(listener: &mut PgListener) -> Result<(), sqlx::Error> {
    sqlx::query!("select 1 as one").fetch_one(listener).await?;
    Ok(())
}
