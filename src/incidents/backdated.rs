//! Incidents with times in the past, for the demo. They are written by the same statements as real ones.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    incident::{IncidentState, ValidatedIncident},
    store::{self, NewIncidentUpdate},
};
use crate::public_incidents::LocalizedText;

/// Inserts an incident that was published at `at`. Returns its id.
pub async fn insert_published(
    db: &mut PgConnection,
    incident: &ValidatedIncident,
    staff_id: Uuid,
    at: OffsetDateTime,
) -> Result<i64, sqlx::Error> {
    let id = store::insert(db, Uuid::new_v4(), incident, staff_id, at).await?;
    transition(db, id, (IncidentState::Draft, IncidentState::Published), staff_id, at).await?;
    Ok(id)
}

/// Sends an update to everybody who joined.
pub async fn insert_incident_update(
    db: &mut PgConnection,
    incident_id: i64,
    text: &LocalizedText,
    staff_id: Uuid,
    at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let update = NewIncidentUpdate { incident_id, submission: Uuid::new_v4(), text, staff_id };
    store::insert_incident_update(db, &update, at).await?;
    Ok(())
}

/// Starts the resolution. The job resolves the tickets.
pub async fn resolve(
    db: &mut PgConnection,
    incident_id: i64,
    text: &LocalizedText,
    staff_id: Uuid,
    at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    transition(db, incident_id, (IncidentState::Published, IncidentState::Resolving), staff_id, at).await?;
    let update = NewIncidentUpdate { incident_id, submission: Uuid::new_v4(), text, staff_id };
    store::insert_resolution_update(db, &update, at).await
}

async fn transition(
    db: &mut PgConnection,
    id: i64,
    states: (IncidentState, IncidentState),
    staff_id: Uuid,
    at: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let incident = store::find(db, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    store::transition(db, id, incident.version, states, staff_id, at).await?;
    Ok(())
}
