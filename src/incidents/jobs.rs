//! Jobs: propose recent tickets to incidents, propose similar tickets as a new incident, and resolve the tickets of an incident
//! that is being resolved.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    clustering::{self, find_clusters},
    store,
};
use crate::{app::App, i18n::Lang, public_incidents::LocalizedText, tickets::command::incident::resolve_batch};

/// Tickets are scanned again for this long, so that a ticket that was being stored during the last scan is not missed.
const RESCAN_OVERLAP: Duration = Duration::minutes(5);
/// Customers report the times of calls roughly, and staff notice a problem some time after its start.
const START_TOLERANCE: Duration = Duration::hours(1);
/// How far back a new incident is matched with tickets.
const MAX_LOOKBACK: Duration = Duration::days(7);
/// Addresses and visitor tags are deleted this long after the incident was resolved. Until then an email may be retried, or a
/// subscriber may ask for one that did not arrive.
const SUBSCRIBER_RETENTION: Duration = Duration::weeks(4);
/// An address that is not confirmed may belong to somebody else.
const UNCONFIRMED_TTL: Duration = Duration::days(2);
/// More tickets than an outage of the largest operator causes in its first hour.
const MAX_TICKETS_SCANNED: i64 = 5_000;
/// Tickets that are resolved in one transaction. It takes about 0.1 s, so a request that waits for its locks is not slow.
const RESOLVE_BATCH_SIZE: i64 = 500;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct DetectionReport {
    /// Tickets that were proposed to incidents.
    pub new_candidates: u64,
    /// Incidents that were proposed.
    pub new_proposals: u64,
}

/// Scans the tickets since the last run for candidates and new incidents.
pub async fn detect(app: &App) -> Result<DetectionReport, sqlx::Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let incidents = store::list_open(&mut tx).await?;
    let scan_start = |incident: &store::OpenIncident| match incident.scanned_at {
        Some(at) => at - RESCAN_OVERLAP,
        None => (incident.began_at - START_TOLERANCE).max(now - MAX_LOOKBACK),
    };
    let since = incidents.iter().map(scan_start).min().unwrap_or(now).min(now - clustering::CLUSTER_WINDOW);
    let mut tickets = store::list_ticket_facts(&mut tx, since, MAX_TICKETS_SCANNED).await?;
    let mut pairs: Vec<(i64, Uuid)> = Vec::new();
    for ticket in &mut tickets {
        for incident in &incidents {
            let is_new = !ticket.proposed_to.contains(&incident.id);
            let is_in_time = ticket.occurred_at >= incident.began_at - START_TOLERANCE;
            if is_new && is_in_time && incident.scope.matches(ticket) {
                pairs.push((incident.id, ticket.id));
                ticket.proposed_to.push(incident.id);
            }
        }
    }
    let mut report =
        DetectionReport { new_candidates: store::insert_candidates(&mut tx, &pairs, now).await?, new_proposals: 0 };
    tickets.retain(|ticket| ticket.awaiting_staff_since >= now - clustering::CLUSTER_WINDOW);
    for cluster in find_clusters(&tickets) {
        let [pl, en] = Lang::ALL.map(|lang| lang.format(&cluster.title_message()));
        let (_, is_new) = store::upsert_proposal(&mut tx, &cluster, &LocalizedText::new(pl, en), now).await?;
        report.new_proposals += u64::from(is_new);
    }
    let ids: Vec<_> = incidents.iter().map(|incident| incident.id).collect();
    store::mark_scanned(&mut tx, &ids, now).await?;
    tx.commit().await?;
    Ok(report)
}

/// Resolves the tickets of incidents that are being resolved, in batches. Each batch is a transaction, so another process can
/// continue if this one ends. Returns the number of resolved tickets.
///
/// # Errors
/// A database error; the batches before it stay resolved.
pub async fn resolve_tickets(app: &App) -> Result<usize, sqlx::Error> {
    let incidents = store::list_resolving(&mut *app.db.acquire().await?).await?;
    let mut count = 0;
    for incident in &incidents {
        let mut after = Uuid::nil();
        loop {
            let mut tx = app.db.begin().await?;
            let Some(batch) = resolve_batch(&mut tx, incident, after, RESOLVE_BATCH_SIZE, app.clock.now()).await?
            else {
                break;
            };
            tx.commit().await?;
            count += batch.resolved_count;
            after = batch.last_ticket_id;
        }
        let mut tx = app.db.begin().await?;
        store::mark_resolved(&mut tx, incident, app.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(count)
}

/// Deletes the addresses and visitor tags of incidents that were resolved long ago, and addresses that were not confirmed.
/// Returns the number of deleted rows.
pub async fn purge_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    store::purge_expired(db, now - UNCONFIRMED_TTL, now - SUBSCRIBER_RETENTION).await
}
