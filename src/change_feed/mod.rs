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

pub use presence::{Activity, Presence, PresenceSignal, Viewer};
pub use store::notify_presence;

use crate::{clock::Clock, db::Db};

/// Channels of PostgreSQL's NOTIFY: triggers in `migrations/0004_desk.sql` tell of tickets and sessions, [`tell`] of
/// people; one in `migrations/0014_incidents.sql` tells of what everybody can read.
const TICKET_CHANNEL: &str = "ticket";
const SESSION_CHANNEL: &str = "session";
const PRESENCE_CHANNEL: &str = "presence";
const INCIDENT_CHANNEL: &str = "incident";

/// A connection on which nothing was heard for so long is asked whether it still is one.
const LIVENESS_CHECK_AFTER: Duration = Duration::from_secs(30);
/// Between two attempts to reach the database.
const RETRY_DELAY: Duration = Duration::from_secs(1);
/// Pages that one person may keep up to date at a time, in one process: windows that can be seen, with some to spare.
const MAX_STREAMS_PER_STAFF_MEMBER: usize = 24;

/// Sessions that may end at once before somebody asks about all of them.
const SESSION_BUFFER_SIZE: usize = 64;

/// What is heard, for everybody in this process.
pub struct ChangeFeed {
    ticket_changes: watch::Sender<u64>,
    incident_changes: watch::Sender<u64>,
    connected: watch::Sender<bool>,
    session_ends: broadcast::Sender<SessionEnded>,
    shutdown: watch::Sender<bool>,
    pub presence: Presence,
    streams: Mutex<HashMap<Uuid, usize>>,
    query_count: AtomicU64,
}

/// Whose session is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEnded {
    /// That of a token with this hash, in hexadecimal digits.
    TokenHash(String),
    /// Nobody knows, because nothing was heard for a while.
    Unknown,
}

impl ChangeFeed {
    pub fn new(clock: Clock) -> ChangeFeed {
        ChangeFeed {
            ticket_changes: watch::Sender::default(),
            incident_changes: watch::Sender::default(),
            connected: watch::Sender::default(),
            session_ends: broadcast::Sender::new(SESSION_BUFFER_SIZE),
            shutdown: watch::Sender::default(),
            presence: Presence::new(clock),
            streams: Mutex::default(),
            query_count: AtomicU64::new(0),
        }
    }

    /// Listens until the program ends. After every interruption something may have changed unheard.
    pub async fn run(&self, db: &Db) {
        let mut ended = self.shutdown_signal();
        loop {
            let lost = tokio::select! {
                () = ended.wait() => return,
                lost = self.listen(db) => lost,
            };
            tracing::warn!(%lost, "changes of tickets are not heard until the database is back");
            self.connected.send_replace(false);
            tokio::select! {
                () = ended.wait() => return,
                () = tokio::time::sleep(RETRY_DELAY) => {}
            }
        }
    }

    async fn listen(&self, db: &Db) -> sqlx::Error {
        let mut listener = match db.connect_listener().await {
            Ok(listener) => listener,
            Err(error) => return error,
        };
        listener.eager_reconnect(false);
        if let Err(error) =
            listener.listen_all([TICKET_CHANNEL, SESSION_CHANNEL, PRESENCE_CHANNEL, INCIDENT_CHANNEL]).await
        {
            return error;
        }
        self.connected.send_replace(true);
        self.ticket_changes.send_modify(|changes| *changes += 1);
        self.incident_changes.send_modify(|changes| *changes += 1);
        // nobody may be there to be told
        let _ = self.session_ends.send(SessionEnded::Unknown);
        loop {
            if let Err(error) = self.handle_notification(&mut listener).await {
                return error;
            }
        }
    }

    async fn handle_notification(&self, listener: &mut PgListener) -> Result<(), sqlx::Error> {
        let Ok(notification) = timeout(LIVENESS_CHECK_AFTER, listener.try_recv()).await else {
            return timeout(RETRY_DELAY, store::ping(listener)).await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
        };
        let notification = notification?.ok_or(sqlx::Error::WorkerCrashed)?;
        match notification.channel() {
            TICKET_CHANNEL => self.ticket_changes.send_modify(|changes| *changes += 1),
            INCIDENT_CHANNEL => self.incident_changes.send_modify(|changes| *changes += 1),
            PRESENCE_CHANNEL => self.presence.apply_signal(notification.payload()),
            _ => {
                let _ = self.session_ends.send(SessionEnded::TokenHash(notification.payload().to_owned()));
            }
        }
        Ok(())
    }

    /// Tells when a ticket may have changed.
    pub fn subscribe_tickets(&self) -> watch::Receiver<u64> {
        self.ticket_changes.subscribe()
    }

    /// Tells when an incident may have changed.
    pub fn subscribe_incidents(&self) -> watch::Receiver<u64> {
        self.incident_changes.subscribe()
    }

    /// Whether changes are being heard.
    pub fn subscribe_connected(&self) -> watch::Receiver<bool> {
        self.connected.subscribe()
    }

    /// Tells when sessions end.
    pub fn subscribe_session_ends(&self) -> broadcast::Receiver<SessionEnded> {
        self.session_ends.subscribe()
    }

    /// Ends all streams and the listening, so that the server can end.
    pub fn shut_down(&self) {
        self.shutdown.send_replace(true);
    }

    pub fn shutdown_signal(&self) -> ShutdownSignal {
        ShutdownSignal(self.shutdown.subscribe())
    }

    /// Counts one more open page of a person; `None` when there are too many.
    pub fn open_stream(self: &Arc<Self>, who: Uuid) -> Option<StreamSlot> {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let count = streams.entry(who).or_default();
        if *count == MAX_STREAMS_PER_STAFF_MEMBER {
            return None;
        }
        *count += 1;
        Some(StreamSlot { feed: self.clone(), staff_id: who })
    }

    /// Counts a statement that was sent to the database because something changed.
    pub fn record_query(&self) {
        self.query_count.fetch_add(1, Ordering::Relaxed);
    }

    /// Statements that changes have cost so far, however many pages were open.
    pub fn query_count(&self) -> u64 {
        self.query_count.load(Ordering::Relaxed)
    }
}

/// Comes true when the server is about to end.
pub struct ShutdownSignal(watch::Receiver<bool>);

impl ShutdownSignal {
    pub async fn wait(&mut self) {
        // a sender that is gone is an end, too
        let _ = self.0.wait_for(|ended| *ended).await;
    }
}

/// An open page, counted until it is dropped.
pub struct StreamSlot {
    feed: Arc<ChangeFeed>,
    staff_id: Uuid,
}

impl Drop for StreamSlot {
    fn drop(&mut self) {
        let mut streams = self.feed.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = streams.get_mut(&self.staff_id) {
            *count -= 1;
            if *count == 0 {
                streams.remove(&self.staff_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::change_feed::*;

    #[test]
    fn a_person_has_so_many_open_pages_and_closed_ones_do_not_count() {
        let live = Arc::new(ChangeFeed::new(Clock::default()));
        let (anna, marek) = (Uuid::new_v4(), Uuid::new_v4());
        let mut open: Vec<_> = (0..MAX_STREAMS_PER_STAFF_MEMBER).map(|_| live.open_stream(anna).unwrap()).collect();
        assert!(live.open_stream(anna).is_none());
        assert!(live.open_stream(marek).is_some());
        open.pop();
        assert!(live.open_stream(anna).is_some());
        drop(open);
        assert!(live.streams.lock().unwrap().is_empty());
    }
}
