//! The part that all event streams have in common: the staff member, and the reasons to end.

use std::time::Duration;

use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};

use crate::{
    app::App,
    change_feed::{SessionEnded, ShutdownSignal, StreamSlot},
    staff::Staff,
    web::AppError,
};

/// Sent to a browser when its user has too many open pages.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// An open stream to one page.
pub(crate) struct LiveConnection {
    pub app: App,
    pub staff: Staff,
    shutdown: ShutdownSignal,
    ended_sessions: broadcast::Receiver<SessionEnded>,
    feed_connected: watch::Receiver<bool>,
    _slot: StreamSlot,
}

pub(crate) enum ConnectionEvent {
    /// The server shuts down. The browser reconnects by itself.
    Shutdown,
    SignedOut,
    /// The change feed has lost or regained its database connection.
    FeedConnected(bool),
}

impl LiveConnection {
    /// # Errors
    /// [`AppError::RateLimited`] if the staff member has too many pages open.
    pub(crate) fn open(app: &App, staff: Staff) -> Result<LiveConnection, AppError> {
        let slot = app.change_feed.open_stream(staff.id).ok_or(AppError::RateLimited { retry_after: RETRY_AFTER })?;
        let mut feed_connected = app.change_feed.subscribe_connected();
        if !*feed_connected.borrow() {
            // the page must know from the start
            feed_connected.mark_changed();
        }
        Ok(LiveConnection {
            shutdown: app.change_feed.shutdown_signal(),
            ended_sessions: app.change_feed.subscribe_session_ends(),
            feed_connected,
            app: app.clone(),
            staff,
            _slot: slot,
        })
    }

    pub(crate) async fn next_event(&mut self) -> ConnectionEvent {
        loop {
            let ended_session = tokio::select! {
                () = self.shutdown.wait() => return ConnectionEvent::Shutdown,
                changed = self.feed_connected.changed() => match changed {
                    Ok(()) => return ConnectionEvent::FeedConnected(*self.feed_connected.borrow_and_update()),
                    Err(_) => return ConnectionEvent::Shutdown,
                },
                ended_session = self.ended_sessions.recv() => ended_session,
            };
            match ended_session {
                Ok(SessionEnded::TokenHash(hash)) if hash == self.staff.session_hash() => {
                    return ConnectionEvent::SignedOut;
                }
                Ok(SessionEnded::TokenHash(_)) => {}
                Ok(SessionEnded::Unknown) | Err(RecvError::Lagged(_)) if self.has_session_ended().await => {
                    return ConnectionEvent::SignedOut;
                }
                Ok(SessionEnded::Unknown) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return ConnectionEvent::Shutdown,
            }
        }
    }

    /// False if the database is unavailable: the change feed reports an unknown session end once it has reconnected.
    async fn has_session_ended(&self) -> bool {
        let Ok(mut db) = self.app.db.acquire().await else { return false };
        let is_valid = self.staff.session_is_valid(&mut db, self.app.clock.now()).await;
        is_valid.is_ok_and(|is_valid| !is_valid)
    }
}
