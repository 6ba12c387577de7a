//! The hub: the subscriptions of all open pages of this process. A change costs one query for each distinct page of the
//! queue, however many staff have it open. One task runs the queries, on one database connection, while any page is open.

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

/// Changes within this time are loaded together.
const DEBOUNCE: Duration = Duration::from_millis(200);
/// Delay after an error of the database.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Subscribed keys with the latest known value.
type SubscriptionMap<K, V> = HashMap<K, watch::Sender<Option<V>>>;

#[derive(Default)]
pub(crate) struct LiveHub {
    subscriptions: Mutex<Subscriptions>,
    /// There is a subscription without a value.
    new_subscription: Notify,
}

#[derive(Default)]
struct Subscriptions {
    queues: SubscriptionMap<QueueSnapshotKey, Arc<QueueSnapshot>>,
    /// By staff member, because their own tickets are among the counts.
    counts: SubscriptionMap<Uuid, ViewCounts>,
    tickets: SubscriptionMap<Uuid, Arc<LatestTicketEvent>>,
    /// The task is running.
    is_running: bool,
}

/// The keys to load.
struct RefreshKeys {
    queues: Vec<QueueSnapshotKey>,
    counts: Vec<Uuid>,
    tickets: Vec<Uuid>,
}

impl LiveHub {
    pub(crate) fn subscribe_queue(
        self: &Arc<Self>,
        app: &App,
        key: QueueSnapshotKey,
    ) -> watch::Receiver<Option<Arc<QueueSnapshot>>> {
        self.subscribe(app, |subscriptions| subscriptions.queues.entry(key).or_default().subscribe())
    }

    pub(crate) fn subscribe_counts(self: &Arc<Self>, app: &App, staff_id: Uuid) -> watch::Receiver<Option<ViewCounts>> {
        self.subscribe(app, |subscriptions| subscriptions.counts.entry(staff_id).or_default().subscribe())
    }

    pub(crate) fn subscribe_ticket(
        self: &Arc<Self>,
        app: &App,
        id: Uuid,
    ) -> watch::Receiver<Option<Arc<LatestTicketEvent>>> {
        self.subscribe(app, |subscriptions| subscriptions.tickets.entry(id).or_default().subscribe())
    }

    /// Adds a subscription, and starts the task if it does not run.
    fn subscribe<T>(self: &Arc<Self>, app: &App, add: impl FnOnce(&mut Subscriptions) -> T) -> T {
        let mut subscriptions = self.lock_subscriptions();
        let receiver = add(&mut subscriptions);
        if !subscriptions.is_running {
            subscriptions.is_running = true;
            tokio::spawn(self.clone().run(app.clone()));
        }
        self.new_subscription.notify_one();
        receiver
    }

    async fn run(self: Arc<Self>, app: App) {
        let (mut changes, mut shutdown) = (app.change_feed.subscribe_tickets(), app.change_feed.shutdown_signal());
        loop {
            let refresh_all = tokio::select! {
                () = shutdown.wait() => return,
                _ = changes.changed() => true,
                () = self.new_subscription.notified() => false,
            };
            if refresh_all {
                tokio::time::sleep(DEBOUNCE).await;
                changes.mark_unchanged();
            }
            let Some(keys) = self.keys_to_refresh(refresh_all) else { return };
            if let Err(error) = self.refresh(&app, keys).await {
                tracing::debug!(%error, "failed to load the changes for open pages");
                tokio::time::sleep(RETRY_DELAY).await;
                changes.mark_changed();
            }
        }
    }

    /// All subscribed keys, or only those without a value. `None` ends the task, because no page is open any more.
    fn keys_to_refresh(&self, refresh_all: bool) -> Option<RefreshKeys> {
        let mut subscriptions = self.lock_subscriptions();
        let keys = RefreshKeys {
            queues: prune_and_list_keys(&mut subscriptions.queues, refresh_all),
            counts: prune_and_list_keys(&mut subscriptions.counts, refresh_all),
            tickets: prune_and_list_keys(&mut subscriptions.tickets, refresh_all),
        };
        if subscriptions.queues.is_empty() && subscriptions.counts.is_empty() && subscriptions.tickets.is_empty() {
            subscriptions.is_running = false;
            return None;
        }
        Some(keys)
    }

    async fn refresh(&self, app: &App, keys: RefreshKeys) -> Result<(), sqlx::Error> {
        let mut db = app.db.acquire().await?;
        for key in keys.queues {
            app.change_feed.record_query();
            let listing = key.load(&mut db).await?;
            let Some(sender) = self.lock_subscriptions().queues.get(&key).cloned() else { continue };
            let snapshot = QueueSnapshot::from_listing(listing, sender.borrow().as_deref(), app.clock.now());
            publish_if_changed(&sender, Arc::new(snapshot), |old, new| old.fingerprint != new.fingerprint);
        }
        if !keys.counts.is_empty() {
            app.change_feed.record_query();
            let shared_counts = count_views(&mut db, Uuid::nil()).await?;
            app.change_feed.record_query();
            for (staff_id, mine) in store::count_active_by_assignee(&mut db, &keys.counts).await? {
                let Some(sender) = self.lock_subscriptions().counts.get(&staff_id).cloned() else { continue };
                publish_if_changed(&sender, ViewCounts { mine, ..shared_counts }, |old, new| old != new);
            }
        }
        if !keys.tickets.is_empty() {
            app.change_feed.record_query();
            for latest in store::list_latest_events(&mut db, &keys.tickets).await? {
                let Some(sender) = self.lock_subscriptions().tickets.get(&latest.id).cloned() else { continue };
                publish_if_changed(&sender, Arc::new(latest), |old, new| old.version != new.version);
            }
        }
        Ok(())
    }

    fn lock_subscriptions(&self) -> MutexGuard<'_, Subscriptions> {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes keys without a subscriber. Returns all remaining keys, or only those without a value.
fn prune_and_list_keys<K: Clone + Eq + Hash, V>(
    subscriptions: &mut SubscriptionMap<K, V>,
    refresh_all: bool,
) -> Vec<K> {
    subscriptions.retain(|_, sender| sender.receiver_count() > 0);
    let to_refresh = subscriptions.iter().filter(|(_, sender)| refresh_all || sender.borrow().is_none());
    to_refresh.map(|(key, _)| key.clone()).collect()
}

fn publish_if_changed<V>(sender: &watch::Sender<Option<V>>, new: V, differs: impl FnOnce(&V, &V) -> bool) {
    sender.send_if_modified(|value| {
        let is_changed = value.as_ref().is_none_or(|old| differs(old, &new));
        if is_changed {
            *value = Some(new);
        }
        is_changed
    });
}
