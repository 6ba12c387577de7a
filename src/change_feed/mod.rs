//! Notifications from PostgreSQL (LISTEN/NOTIFY) for open pages: changed tickets and incidents, presence, ended
//! sessions. One connection per process. All processes on the same database receive the same notifications.

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
use store::{INCIDENT_CHANNEL, PRESENCE_CHANNEL, SESSION_CHANNEL, TICKET_CHANNEL};

use crate::{clock::Clock, db::Db};

/// A connection without notifications for this long is checked.
const LIVENESS_CHECK_AFTER: Duration = Duration::from_secs(30);
/// The time between two attempts to connect. Also the timeout of the check.
const RETRY_DELAY: Duration = Duration::from_secs(1);
/// Open pages with live updates per staff member and process. More than anybody can have visible at once.
const MAX_STREAMS_PER_STAFF_MEMBER: usize = 24;

/// Ended sessions that are buffered for a slow receiver. After more, it checks its own session in the database.
const SESSION_BUFFER_SIZE: usize = 64;

/// Distributes the notifications within this process.
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

/// A session that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEnded {
    /// The SHA-256 of the session token, in hexadecimal.
    TokenHash(String),
    /// Any session may have ended, because the connection was interrupted.
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

    /// Listens until shutdown. Reconnects after an interruption; receivers then assume that everything has changed.
    pub async fn run(&self, db: &Db) {
        let mut shutdown = self.shutdown_signal();
        loop {
            let error = tokio::select! {
                () = shutdown.wait() => return,
                error = self.listen(db) => error,
            };
            tracing::warn!(%error, "lost the connection for notifications; live updates pause");
            self.connected.send_replace(false);
            tokio::select! {
                () = shutdown.wait() => return,
                () = tokio::time::sleep(RETRY_DELAY) => {}
            }
        }
    }

    /// Listens until the connection fails. Returns the error.
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
        // sending fails if there is no receiver
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

    /// Changes whenever a ticket may have changed.
    pub fn subscribe_tickets(&self) -> watch::Receiver<u64> {
        self.ticket_changes.subscribe()
    }

    /// Changes whenever an incident may have changed.
    pub fn subscribe_incidents(&self) -> watch::Receiver<u64> {
        self.incident_changes.subscribe()
    }

    /// Whether the connection for notifications is up.
    pub fn subscribe_connected(&self) -> watch::Receiver<bool> {
        self.connected.subscribe()
    }

    /// Receives sessions that end.
    pub fn subscribe_session_ends(&self) -> broadcast::Receiver<SessionEnded> {
        self.session_ends.subscribe()
    }

    /// Ends [`ChangeFeed::run`] and all streams, so that the server can shut down.
    pub fn shut_down(&self) {
        self.shutdown.send_replace(true);
    }

    pub fn shutdown_signal(&self) -> ShutdownSignal {
        ShutdownSignal(self.shutdown.subscribe())
    }

    /// Counts one more open page of a staff member. `None` if there are too many.
    pub fn open_stream(self: &Arc<Self>, staff_id: Uuid) -> Option<StreamSlot> {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let count = streams.entry(staff_id).or_default();
        if *count == MAX_STREAMS_PER_STAFF_MEMBER {
            return None;
        }
        *count += 1;
        Some(StreamSlot { feed: self.clone(), staff_id })
    }

    /// Counts a query that was caused by a notification.
    pub fn record_query(&self) {
        self.query_count.fetch_add(1, Ordering::Relaxed);
    }

    /// The number of queries that notifications have caused. It does not grow with the number of open pages.
    pub fn query_count(&self) -> u64 {
        self.query_count.load(Ordering::Relaxed)
    }
}

/// Completes when the server shuts down.
pub struct ShutdownSignal(watch::Receiver<bool>);

impl ShutdownSignal {
    pub async fn wait(&mut self) {
        // an error means that the sender is dropped, which is a shutdown, too
        let _ = self.0.wait_for(|is_shutdown| *is_shutdown).await;
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
    use super::*;

    #[test]
    fn open_pages_per_staff_member_are_limited_and_closed_ones_do_not_count() {
        let feed = Arc::new(ChangeFeed::new(Clock::default()));
        let (anna, marek) = (Uuid::new_v4(), Uuid::new_v4());
        let mut open: Vec<_> = (0..MAX_STREAMS_PER_STAFF_MEMBER).map(|_| feed.open_stream(anna).unwrap()).collect();
        assert!(feed.open_stream(anna).is_none());
        assert!(feed.open_stream(marek).is_some());
        open.pop();
        assert!(feed.open_stream(anna).is_some());
        drop(open);
        assert!(feed.streams.lock().unwrap().is_empty());
    }
}
