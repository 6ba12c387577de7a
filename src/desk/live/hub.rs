//! What all open pages of this process show, each thing once: a change costs one statement for each of them, however
//! many people look at it. One task reads, on one connection, as long as anything is open.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::{
    snapshot::{QueueSnapshot, QueueSnapshotKey},
    store::{self, LatestTicketEvent},
};
use crate::{
    app::App,
    desk::queue::store::{ViewCounts, count_views},
};

/// Changes that come together cost one reading.
const DEBOUNCE: Duration = Duration::from_millis(200);
/// Before what could not be read is tried again.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Things that are looked at, each with what is known of it.
type SubscriptionMap<K, V> = HashMap<K, watch::Sender<Option<V>>>;

/// The board.
#[derive(Default)]
pub struct LiveHub {
    subscriptions: Mutex<Subscriptions>,
    /// Something new is shown, of which nothing is known yet.
    new_subscription: Notify,
}

#[derive(Default)]
struct Subscriptions {
    /// Pages of the queue: those who ask the same look at the same one.
    queues: SubscriptionMap<QueueSnapshotKey, Arc<QueueSnapshot>>,
    /// The counts of the views, by person: one's own tickets are among them.
    counts: SubscriptionMap<Uuid, ViewCounts>,
    tickets: SubscriptionMap<Uuid, Arc<LatestTicketEvent>>,
    /// Whether the task runs.
    is_running: bool,
}

/// What is to be read.
struct RefreshKeys {
    queues: Vec<QueueSnapshotKey>,
    counts: Vec<Uuid>,
    tickets: Vec<Uuid>,
}

impl LiveHub {
    /// A page of the queue, from now on.
    pub fn subscribe_queue(
        self: &Arc<Self>,
        app: &App,
        question: QueueSnapshotKey,
    ) -> watch::Receiver<Option<Arc<QueueSnapshot>>> {
        self.subscribe(app, |open| open.queues.entry(question).or_default().subscribe())
    }

    /// How many tickets a person's views have, from now on.
    pub fn subscribe_counts(self: &Arc<Self>, app: &App, who: Uuid) -> watch::Receiver<Option<ViewCounts>> {
        self.subscribe(app, |open| open.counts.entry(who).or_default().subscribe())
    }

    /// The state of a ticket, from now on.
    pub fn subscribe_ticket(self: &Arc<Self>, app: &App, id: Uuid) -> watch::Receiver<Option<Arc<LatestTicketEvent>>> {
        self.subscribe(app, |open| open.tickets.entry(id).or_default().subscribe())
    }

    fn subscribe<T>(self: &Arc<Self>, app: &App, what: impl FnOnce(&mut Subscriptions) -> T) -> T {
        let mut open = self.lock_subscriptions();
        let shown = what(&mut open);
        if !open.is_running {
            open.is_running = true;
            tokio::spawn(self.clone().run(app.clone()));
        }
        self.new_subscription.notify_one();
        shown
    }

    async fn run(self: Arc<Self>, app: App) {
        let (mut changes, mut ended) = (app.change_feed.subscribe_tickets(), app.change_feed.shutdown_signal());
        loop {
            let everything = tokio::select! {
                () = ended.wait() => return,
                _ = changes.changed() => true,
                () = self.new_subscription.notified() => false,
            };
            if everything {
                tokio::time::sleep(DEBOUNCE).await;
                changes.mark_unchanged();
            }
            let Some(wanted) = self.keys_to_refresh(everything) else { return };
            if let Err(error) = self.refresh(&app, wanted).await {
                tracing::debug!(%error, "open pages could not be brought up to date");
                tokio::time::sleep(RETRY_DELAY).await;
                changes.mark_changed();
            }
        }
    }

    /// What is still shown, all of it or only what nothing is known of. `None` when nothing is: then nobody tends it.
    fn keys_to_refresh(&self, everything: bool) -> Option<RefreshKeys> {
        let mut open = self.lock_subscriptions();
        let wanted = RefreshKeys {
            queues: prune_and_list_keys(&mut open.queues, everything),
            counts: prune_and_list_keys(&mut open.counts, everything),
            tickets: prune_and_list_keys(&mut open.tickets, everything),
        };
        if open.queues.is_empty() && open.counts.is_empty() && open.tickets.is_empty() {
            open.is_running = false;
            return None;
        }
        Some(wanted)
    }

    async fn refresh(&self, app: &App, wanted: RefreshKeys) -> Result<(), sqlx::Error> {
        let mut db = app.db.acquire().await?;
        for question in wanted.queues {
            app.change_feed.record_query();
            let listing = question.load(&mut db).await?;
            let Some(tell) = self.lock_subscriptions().queues.get(&question).cloned() else { continue };
            let shown = QueueSnapshot::from_listing(listing, tell.borrow().as_deref(), app.clock.now());
            publish_if_changed(&tell, Arc::new(shown), |known, new| known.fingerprint != new.fingerprint);
        }
        if !wanted.counts.is_empty() {
            app.change_feed.record_query();
            let all = count_views(&mut db, Uuid::nil()).await?;
            app.change_feed.record_query();
            for (who, mine) in store::count_active_by_assignee(&mut db, &wanted.counts).await? {
                let Some(tell) = self.lock_subscriptions().counts.get(&who).cloned() else { continue };
                publish_if_changed(&tell, ViewCounts { mine, ..all }, |known, new| known != new);
            }
        }
        if !wanted.tickets.is_empty() {
            app.change_feed.record_query();
            for latest in store::list_latest_events(&mut db, &wanted.tickets).await? {
                let Some(tell) = self.lock_subscriptions().tickets.get(&latest.id).cloned() else { continue };
                publish_if_changed(&tell, Arc::new(latest), |known, new| known.version != new.version);
            }
        }
        Ok(())
    }

    fn lock_subscriptions(&self) -> MutexGuard<'_, Subscriptions> {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drops what nobody looks at any more, and names what is to be read.
fn prune_and_list_keys<K: Clone + Eq + Hash, V>(looked: &mut SubscriptionMap<K, V>, everything: bool) -> Vec<K> {
    looked.retain(|_, one| one.receiver_count() > 0);
    let wanted = looked.iter().filter(|(_, one)| everything || one.borrow().is_none());
    wanted.map(|(key, _)| key.clone()).collect()
}

/// Tells those who look, unless they know.
fn publish_if_changed<V>(tell: &watch::Sender<Option<V>>, new: V, differs: impl FnOnce(&V, &V) -> bool) {
    tell.send_if_modified(|known| {
        let news = known.as_ref().is_none_or(|known| differs(known, &new));
        if news {
            *known = Some(new);
        }
        news
    });
}
