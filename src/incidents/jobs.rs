//! What happens by itself: tickets that came lately are proposed to incidents, tickets that look alike as a new one, and
//! the tickets of an incident that is over are resolved.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    clustering::{self, find_clusters},
    store,
};
use crate::{app::App, i18n::Lang, public_incidents::LocalizedText, tickets::command::incident::resolve_batch};

/// Tickets are looked at again for so long: one that was being stored when others were looked at is not missed.
const RESCAN_OVERLAP: Duration = Duration::minutes(5);
/// Times of calls are told roughly, and staff learn of trouble some time after it began.
const START_TOLERANCE: Duration = Duration::hours(1);
/// How far back an incident looks for its first tickets.
const MAX_LOOKBACK: Duration = Duration::days(7);
/// Addresses and marks of visitors are forgotten so long after the end of what they were left for: while a letter may still
/// be on its way, or somebody asks for one that did not come.
const SUBSCRIBER_RETENTION: Duration = Duration::weeks(4);
/// An address that nobody confirms may be anybody's.
const UNCONFIRMED_TTL: Duration = Duration::days(2);
/// Tickets that are looked at together: more than an outage of the largest operator brings in its first hour.
const MAX_TICKETS_SCANNED: i64 = 5_000;
/// Tickets that are resolved in one transaction: it takes a tenth of a second, which nobody notices who waits for it.
const RESOLVE_BATCH_SIZE: i64 = 500;

/// What was found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct DetectionReport {
    /// Tickets that may belong to an incident,
    pub new_candidates: u64,
    /// and incidents that there may be.
    pub new_proposals: u64,
}

/// Looks through the tickets that came since the last time.
///
/// # Errors
/// When the database is away.
pub async fn detect(app: &App) -> Result<DetectionReport, sqlx::Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let watched = store::list_open(&mut tx).await?;
    let from = |one: &store::OpenIncident| match one.scanned_at {
        Some(at) => at - RESCAN_OVERLAP,
        None => (one.began_at - START_TOLERANCE).max(now - MAX_LOOKBACK),
    };
    let since = watched.iter().map(from).min().unwrap_or(now).min(now - clustering::CLUSTER_WINDOW);
    let mut sights = store::list_ticket_facts(&mut tx, since, MAX_TICKETS_SCANNED).await?;
    let mut pairs: Vec<(i64, Uuid)> = Vec::new();
    for sight in &mut sights {
        for one in &watched {
            let is_new = !sight.proposed_to.contains(&one.id);
            if is_new && sight.occurred_at >= one.began_at - START_TOLERANCE && one.scope.matches(sight) {
                pairs.push((one.id, sight.id));
                sight.proposed_to.push(one.id);
            }
        }
    }
    let mut looked =
        DetectionReport { new_candidates: store::insert_candidates(&mut tx, &pairs, now).await?, new_proposals: 0 };
    sights.retain(|sight| sight.awaiting_staff_since >= now - clustering::CLUSTER_WINDOW);
    for set in find_clusters(&sights) {
        let [pl, en] = Lang::ALL.map(|lang| lang.format(&set.title_message()));
        let (_, is_new) = store::upsert_proposal(&mut tx, &set, &LocalizedText::new(pl, en), now).await?;
        looked.new_proposals += u64::from(is_new);
    }
    let ids: Vec<_> = watched.iter().map(|one| one.id).collect();
    store::mark_scanned(&mut tx, &ids, now).await?;
    tx.commit().await?;
    Ok(looked)
}

/// Resolves the tickets of incidents that are over, lot by lot; each is a transaction, so that a program that ends in the
/// middle leaves nothing half done, and another one goes on. Gives how many tickets were resolved.
///
/// # Errors
/// When the database is away; lots that were done stay done.
pub async fn resolve_tickets(app: &App) -> Result<usize, sqlx::Error> {
    let over = store::list_resolving(&mut *app.db.acquire().await?).await?;
    let mut count = 0;
    for one in &over {
        let mut after = Uuid::nil();
        loop {
            let mut tx = app.db.begin().await?;
            let Some(lot) = resolve_batch(&mut tx, one, after, RESOLVE_BATCH_SIZE, app.clock.now()).await? else {
                break;
            };
            tx.commit().await?;
            count += lot.resolved_count;
            after = lot.last_ticket_id;
        }
        let mut tx = app.db.begin().await?;
        store::mark_resolved(&mut tx, one, app.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(count)
}

/// Forgets who left an address or a mark for an incident that is long over, and addresses that nobody confirmed. Gives how many
/// rows went.
///
/// # Errors
/// When the database is away.
pub async fn purge_expired(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    store::purge_expired(db, now - UNCONFIRMED_TTL, now - SUBSCRIBER_RETENTION).await
}
