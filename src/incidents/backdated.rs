//! Incidents that are written as if time had passed: for the demo, by the same statements as real ones.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{IncidentState, form::ValidatedIncident, store};
use crate::public_incidents::LocalizedText;

/// Publishes one at once, at this time.
///
/// # Errors
/// When the database is away.
pub async fn insert_published(
    db: &mut PgConnection,
    wanted: &ValidatedIncident,
    by: Uuid,
    at: OffsetDateTime,
) -> Result<i64, sqlx::Error> {
    let id = store::insert(db, Uuid::new_v4(), wanted, by, at).await?;
    transition(db, id, (IncidentState::Draft, IncidentState::Published), by, at).await?;
    Ok(id)
}

/// Writes to all who joined.
///
/// # Errors
/// When the database is away.
pub async fn insert_incident_update(
    db: &mut PgConnection,
    incident: i64,
    texts: &LocalizedText,
    by: Uuid,
    at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    store::insert_incident_update(
        db,
        &store::NewIncidentUpdate { incident_id: incident, submission: Uuid::new_v4(), text: texts, staff_id: by },
        at,
    )
    .await?;
    Ok(())
}

/// Ends it; its tickets follow by themselves.
///
/// # Errors
/// When the database is away.
pub async fn resolve(
    db: &mut PgConnection,
    incident: i64,
    texts: &LocalizedText,
    by: Uuid,
    at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    transition(db, incident, (IncidentState::Published, IncidentState::Resolving), by, at).await?;
    store::insert_resolution_update(
        db,
        &store::NewIncidentUpdate { incident_id: incident, submission: Uuid::new_v4(), text: texts, staff_id: by },
        at,
    )
    .await
}

async fn transition(
    db: &mut PgConnection,
    id: i64,
    step: (IncidentState, IncidentState),
    by: Uuid,
    at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let incident = store::find(db, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    store::transition(db, id, incident.version, step, by, at).await?;
    Ok(())
}
