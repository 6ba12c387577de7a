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
    shown::{Question, Shown},
    store::{self, Latest},
};
use crate::{
    app::App,
    desk::store::{Counts, counts},
};

/// Changes that come together cost one reading.
const TOGETHER: Duration = Duration::from_millis(200);
/// Before what could not be read is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Things that are looked at, each with what is known of it.
type Looked<K, V> = HashMap<K, watch::Sender<Option<V>>>;

/// The board.
#[derive(Default)]
pub struct Board {
    open: Mutex<Open>,
    /// Something new is shown, of which nothing is known yet.
    fresh: Notify,
}

#[derive(Default)]
struct Open {
    /// Pages of the queue: those who ask the same look at the same one.
    queues: Looked<Question, Arc<Shown>>,
    /// The counts of the views, by person: one's own tickets are among them.
    counts: Looked<Uuid, Counts>,
    tickets: Looked<Uuid, Arc<Latest>>,
    /// Whether the task runs.
    tended: bool,
}

/// What is to be read.
struct Wanted {
    queues: Vec<Question>,
    counts: Vec<Uuid>,
    tickets: Vec<Uuid>,
}

impl Board {
    /// A page of the queue, from now on.
    pub fn queue(self: &Arc<Self>, app: &App, question: Question) -> watch::Receiver<Option<Arc<Shown>>> {
        self.show(app, |open| open.queues.entry(question).or_default().subscribe())
    }

    /// How many tickets a person's views have, from now on.
    pub fn counts(self: &Arc<Self>, app: &App, who: Uuid) -> watch::Receiver<Option<Counts>> {
        self.show(app, |open| open.counts.entry(who).or_default().subscribe())
    }

    /// The state of a ticket, from now on.
    pub fn ticket(self: &Arc<Self>, app: &App, id: Uuid) -> watch::Receiver<Option<Arc<Latest>>> {
        self.show(app, |open| open.tickets.entry(id).or_default().subscribe())
    }

    fn show<T>(self: &Arc<Self>, app: &App, what: impl FnOnce(&mut Open) -> T) -> T {
        let mut open = self.open();
        let shown = what(&mut open);
        if !open.tended {
            open.tended = true;
            tokio::spawn(self.clone().tend(app.clone()));
        }
        self.fresh.notify_one();
        shown
    }

    async fn tend(self: Arc<Self>, app: App) {
        let (mut changes, mut ended) = (app.live.changes(), app.live.ended());
        loop {
            let everything = tokio::select! {
                () = ended.come_true() => return,
                _ = changes.changed() => true,
                () = self.fresh.notified() => false,
            };
            if everything {
                tokio::time::sleep(TOGETHER).await;
                changes.mark_unchanged();
            }
            let Some(wanted) = self.wanted(everything) else { return };
            if let Err(error) = self.read(&app, wanted).await {
                tracing::debug!(%error, "open pages could not be brought up to date");
                tokio::time::sleep(AGAIN).await;
                changes.mark_changed();
            }
        }
    }

    /// What is still shown, all of it or only what nothing is known of. `None` when nothing is: then nobody tends it.
    fn wanted(&self, everything: bool) -> Option<Wanted> {
        let mut open = self.open();
        let wanted = Wanted {
            queues: of(&mut open.queues, everything),
            counts: of(&mut open.counts, everything),
            tickets: of(&mut open.tickets, everything),
        };
        if open.queues.is_empty() && open.counts.is_empty() && open.tickets.is_empty() {
            open.tended = false;
            return None;
        }
        Some(wanted)
    }

    async fn read(&self, app: &App, wanted: Wanted) -> Result<(), sqlx::Error> {
        let mut db = app.db.read().await?;
        for question in wanted.queues {
            app.live.count_read();
            let listing = question.read(&mut db).await?;
            let Some(tell) = self.open().queues.get(&question).cloned() else { continue };
            let shown = Shown::of(listing, tell.borrow().as_deref(), app.clock.now());
            update(&tell, Arc::new(shown), |known, new| known.mark != new.mark);
        }
        if !wanted.counts.is_empty() {
            app.live.count_read();
            let all = counts(&mut db, Uuid::nil()).await?;
            app.live.count_read();
            for (who, mine) in store::mine(&mut db, &wanted.counts).await? {
                let Some(tell) = self.open().counts.get(&who).cloned() else { continue };
                update(&tell, Counts { mine, ..all }, |known, new| known != new);
            }
        }
        if !wanted.tickets.is_empty() {
            app.live.count_read();
            for latest in store::latest(&mut db, &wanted.tickets).await? {
                let Some(tell) = self.open().tickets.get(&latest.id).cloned() else { continue };
                update(&tell, Arc::new(latest), |known, new| known.version != new.version);
            }
        }
        Ok(())
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drops what nobody looks at any more, and names what is to be read.
fn of<K: Clone + Eq + Hash, V>(looked: &mut Looked<K, V>, everything: bool) -> Vec<K> {
    looked.retain(|_, one| one.receiver_count() > 0);
    let wanted = looked.iter().filter(|(_, one)| everything || one.borrow().is_none());
    wanted.map(|(key, _)| key.clone()).collect()
}

/// Tells those who look, unless they know.
fn update<V>(tell: &watch::Sender<Option<V>>, new: V, differs: impl FnOnce(&V, &V) -> bool) {
    tell.send_if_modified(|known| {
        let news = known.as_ref().is_none_or(|known| differs(known, &new));
        if news {
            *known = Some(new);
        }
        news
    });
}
