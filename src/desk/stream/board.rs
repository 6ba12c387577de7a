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

use super::store::{self, Latest};
use crate::app::App;

/// Changes that come together cost one reading.
const TOGETHER: Duration = Duration::from_millis(200);
/// Before what could not be read is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Things that are shown, each with what is known of it.
type Shown<K, V> = HashMap<K, watch::Sender<Option<V>>>;

/// The board.
#[derive(Default)]
pub struct Board {
    open: Mutex<Open>,
    /// Something new is shown, of which nothing is known yet.
    fresh: Notify,
}

#[derive(Default)]
struct Open {
    tickets: Shown<Uuid, Arc<Latest>>,
    /// Whether the task runs.
    tended: bool,
}

/// What is to be read.
struct Wanted {
    tickets: Vec<Uuid>,
}

impl Board {
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
        let wanted = Wanted { tickets: of(&mut open.tickets, everything) };
        if open.tickets.is_empty() {
            open.tended = false;
            return None;
        }
        Some(wanted)
    }

    async fn read(&self, app: &App, wanted: Wanted) -> Result<(), sqlx::Error> {
        let mut db = app.db.read().await?;
        if !wanted.tickets.is_empty() {
            app.live.count_read();
            for latest in store::latest(&mut db, &wanted.tickets).await? {
                let tell = self.open().tickets.get(&latest.id).cloned();
                tell.inspect(|tell| {
                    update(tell, Arc::new(latest), |known, new| known.version != new.version);
                });
            }
        }
        Ok(())
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drops what nobody looks at any more, and names what is to be read.
fn of<K: Clone + Eq + Hash, V>(shown: &mut Shown<K, V>, everything: bool) -> Vec<K> {
    shown.retain(|_, one| one.receiver_count() > 0);
    let wanted = shown.iter().filter(|(_, one)| everything || one.borrow().is_none());
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
