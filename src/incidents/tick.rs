//! What happens by itself: tickets that came lately are proposed to incidents, tickets that look alike as a new one, and
//! the tickets of an incident that is over are resolved.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    alike::{self, alike},
    store,
};
use crate::{app::App, notices::Texts, tickets::incident::resolve_lot, words::Lang};

/// Tickets are looked at again for so long: one that was being stored when others were looked at is not missed.
const OVERLAP: Duration = Duration::minutes(5);
/// Times of calls are told roughly, and staff learn of trouble some time after it began.
const SLACK: Duration = Duration::hours(1);
/// How far back an incident looks for its first tickets.
const LONGEST: Duration = Duration::days(7);
/// Addresses and marks of visitors are forgotten so long after the end of what they were left for: while a letter may still
/// be on its way, or somebody asks for one that did not come.
const KEPT: Duration = Duration::weeks(4);
/// An address that nobody confirms may be anybody's.
const UNCONFIRMED: Duration = Duration::days(2);
/// Tickets that are looked at together: more than an outage of the largest operator brings in its first hour.
const MOST: i64 = 5_000;
/// Tickets that are resolved in one transaction: it takes a tenth of a second, which nobody notices who waits for it.
const LOT: i64 = 500;

/// What was found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// Tickets that may belong to an incident,
    pub candidates: u64,
    /// and incidents that there may be.
    pub proposals: u64,
}

/// Looks through the tickets that came since the last time.
///
/// # Errors
/// When the database is away.
pub async fn look(app: &App) -> Result<Looked, sqlx::Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let watched = store::watched(&mut tx).await?;
    let from = |one: &store::Watched| match one.looked_at {
        Some(at) => at - OVERLAP,
        None => (one.began_at - SLACK).max(now - LONGEST),
    };
    let since = watched.iter().map(from).min().unwrap_or(now).min(now - alike::WINDOW);
    let mut sights = store::sights(&mut tx, since, MOST).await?;
    let mut pairs: Vec<(i64, Uuid)> = Vec::new();
    for sight in &mut sights {
        for one in &watched {
            let is_new = !sight.proposed_to.contains(&one.id);
            if is_new && sight.at >= one.began_at - SLACK && one.scope.fits(sight) {
                pairs.push((one.id, sight.id));
                sight.proposed_to.push(one.id);
            }
        }
    }
    let mut looked = Looked { candidates: store::add_candidates(&mut tx, &pairs, now).await?, proposals: 0 };
    sights.retain(|sight| sight.came_at >= now - alike::WINDOW);
    for set in alike(&sights) {
        let [pl, en] = Lang::ALL.map(|lang| lang.say(&set.title()));
        let (_, is_new) = store::propose(&mut tx, &set, &Texts::of(pl, en), now).await?;
        looked.proposals += u64::from(is_new);
    }
    let ids: Vec<_> = watched.iter().map(|one| one.id).collect();
    store::looked(&mut tx, &ids, now).await?;
    tx.commit().await?;
    Ok(looked)
}

/// Resolves the tickets of incidents that are over, lot by lot; each is a transaction, so that a program that ends in the
/// middle leaves nothing half done, and another one goes on. Gives how many tickets were resolved.
///
/// # Errors
/// When the database is away; lots that were done stay done.
pub async fn resolve(app: &App) -> Result<usize, sqlx::Error> {
    let over = store::over(&mut *app.db.read().await?).await?;
    let mut count = 0;
    for one in &over {
        let mut after = Uuid::nil();
        loop {
            let mut tx = app.db.begin().await?;
            let Some(lot) = resolve_lot(&mut tx, one, after, LOT, app.clock.now()).await? else { break };
            tx.commit().await?;
            count += lot.resolved;
            after = lot.last;
        }
        let mut tx = app.db.begin().await?;
        store::settle(&mut tx, one, app.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(count)
}

/// Forgets who left an address or a mark for an incident that is long over, and addresses that nobody confirmed. Gives how many
/// rows went.
///
/// # Errors
/// When the database is away.
pub async fn forget_old(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, sqlx::Error> {
    store::forget_old(db, now - UNCONFIRMED, now - KEPT).await
}
