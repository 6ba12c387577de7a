//! What moves while a page is open: hears from PostgreSQL that tickets changed, who is at which, and whose session is
//! over, and tells the open pages. One connection a process; every process on the database hears the same.

mod presence;
mod store;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::postgres::PgListener;
use tokio::{
    sync::{broadcast, watch},
    time::timeout,
};
use uuid::Uuid;

pub use presence::{Doing, Here, Presence, Signal};
pub use store::tell;

use crate::{clock::Clock, db::Db};

/// Channels of PostgreSQL's NOTIFY: triggers in `migrations/0004_desk.sql` tell of tickets and sessions, [`tell`] of
/// people; one in `migrations/0014_incidents.sql` tells of what everybody can read.
const TICKETS: &str = "ticket";
const SESSIONS: &str = "session";
const PRESENCE: &str = "presence";
const INCIDENTS: &str = "incident";

/// A connection on which nothing was heard for so long is asked whether it still is one.
const QUIET: Duration = Duration::from_secs(30);
/// Between two attempts to reach the database.
const PAUSE: Duration = Duration::from_secs(1);
/// Pages that one person may keep up to date at a time, in one process: windows that can be seen, with some to spare.
const MOST_STREAMS: usize = 24;

/// Sessions that may end at once before somebody asks about all of them.
const SESSIONS_KEPT: usize = 64;

/// What is heard, for everybody in this process.
pub struct Live {
    changes: watch::Sender<u64>,
    incidents: watch::Sender<u64>,
    connected: watch::Sender<bool>,
    sessions: broadcast::Sender<SessionOver>,
    ended: watch::Sender<bool>,
    pub presence: Presence,
    streams: Mutex<HashMap<Uuid, usize>>,
    reads: AtomicU64,
}

/// Whose session is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionOver {
    /// That of a token with this hash, in hexadecimal digits.
    Of(String),
    /// Nobody knows, because nothing was heard for a while.
    Any,
}

impl Live {
    pub fn new(clock: Clock) -> Live {
        Live {
            changes: watch::Sender::default(),
            incidents: watch::Sender::default(),
            connected: watch::Sender::default(),
            sessions: broadcast::Sender::new(SESSIONS_KEPT),
            ended: watch::Sender::default(),
            presence: Presence::new(clock),
            streams: Mutex::default(),
            reads: AtomicU64::new(0),
        }
    }

    /// Listens until the program ends. After every interruption something may have changed unheard.
    pub async fn listen(&self, db: &Db) {
        let mut ended = self.ended();
        loop {
            let lost = tokio::select! {
                () = ended.come_true() => return,
                lost = self.hear(db) => lost,
            };
            tracing::warn!(%lost, "changes of tickets are not heard until the database is back");
            self.connected.send_replace(false);
            tokio::select! {
                () = ended.come_true() => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    async fn hear(&self, db: &Db) -> sqlx::Error {
        let mut listener = match db.listener().await {
            Ok(listener) => listener,
            Err(error) => return error,
        };
        listener.eager_reconnect(false);
        if let Err(error) = listener.listen_all([TICKETS, SESSIONS, PRESENCE, INCIDENTS]).await {
            return error;
        }
        self.connected.send_replace(true);
        self.changes.send_modify(|changes| *changes += 1);
        self.incidents.send_modify(|changes| *changes += 1);
        // nobody may be there to be told
        let _ = self.sessions.send(SessionOver::Any);
        loop {
            if let Err(error) = self.hear_one(&mut listener).await {
                return error;
            }
        }
    }

    async fn hear_one(&self, listener: &mut PgListener) -> Result<(), sqlx::Error> {
        let Ok(notification) = timeout(QUIET, listener.try_recv()).await else {
            return timeout(PAUSE, store::ask(listener)).await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
        };
        let notification = notification?.ok_or(sqlx::Error::WorkerCrashed)?;
        match notification.channel() {
            TICKETS => self.changes.send_modify(|changes| *changes += 1),
            INCIDENTS => self.incidents.send_modify(|changes| *changes += 1),
            PRESENCE => self.presence.hear(notification.payload()),
            _ => {
                let _ = self.sessions.send(SessionOver::Of(notification.payload().to_owned()));
            }
        }
        Ok(())
    }

    /// Tells when a ticket may have changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Tells when an incident may have changed.
    pub fn incidents(&self) -> watch::Receiver<u64> {
        self.incidents.subscribe()
    }

    /// Whether changes are being heard.
    pub fn connected(&self) -> watch::Receiver<bool> {
        self.connected.subscribe()
    }

    /// Tells when sessions end.
    pub fn sessions(&self) -> broadcast::Receiver<SessionOver> {
        self.sessions.subscribe()
    }

    /// Ends all streams and the listening, so that the server can end.
    pub fn end(&self) {
        self.ended.send_replace(true);
    }

    pub fn ended(&self) -> Ended {
        Ended(self.ended.subscribe())
    }

    /// Counts one more open page of a person; `None` when there are too many.
    pub fn open(self: &Arc<Self>, who: Uuid) -> Option<Open> {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let count = streams.entry(who).or_default();
        if *count == MOST_STREAMS {
            return None;
        }
        *count += 1;
        Some(Open { live: self.clone(), who })
    }

    /// Counts a statement that was sent to the database because something changed.
    pub fn count_read(&self) {
        self.reads.fetch_add(1, Ordering::Relaxed);
    }

    /// Statements that changes have cost so far, however many pages were open.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }
}

/// Comes true when the server is about to end.
pub struct Ended(watch::Receiver<bool>);

impl Ended {
    pub async fn come_true(&mut self) {
        // a sender that is gone is an end, too
        let _ = self.0.wait_for(|ended| *ended).await;
    }
}

/// An open page, counted until it is dropped.
pub struct Open {
    live: Arc<Live>,
    who: Uuid,
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut streams = self.live.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = streams.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                streams.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_so_many_open_pages_and_closed_ones_do_not_count() {
        let live = Arc::new(Live::new(Clock::default()));
        let (anna, marek) = (Uuid::new_v4(), Uuid::new_v4());
        let mut open: Vec<_> = (0..MOST_STREAMS).map(|_| live.open(anna).unwrap()).collect();
        assert!(live.open(anna).is_none());
        assert!(live.open(marek).is_some());
        open.pop();
        assert!(live.open(anna).is_some());
        drop(open);
        assert!(live.streams.lock().unwrap().is_empty());
    }
}
