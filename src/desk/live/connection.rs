//! What every stream has around what it tells: who it is for, and when it ends.

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

/// When somebody with too many open pages may try another.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// An open stream to one page of one person.
pub(crate) struct LiveConnection {
    pub app: App,
    pub staff: Staff,
    shutdown: ShutdownSignal,
    ended_sessions: broadcast::Receiver<SessionEnded>,
    feed_connected: watch::Receiver<bool>,
    _slot: StreamSlot,
}

/// What happens to a line.
pub(crate) enum ConnectionEvent {
    /// The server ends; the browser comes back by itself.
    Shutdown,
    SignedOut,
    /// Whether changes are being heard is different now.
    FeedConnected(bool),
}

impl LiveConnection {
    /// # Errors
    /// [`Error::TooMany`] when the person has too many pages open.
    pub fn open(app: &App, staff: Staff) -> Result<LiveConnection, AppError> {
        let open = app.change_feed.open_stream(staff.id).ok_or(AppError::RateLimited { retry_after: RETRY_AFTER })?;
        let mut connected = app.change_feed.subscribe_connected();
        if !*connected.borrow() {
            connected.mark_changed();
        }
        Ok(LiveConnection {
            shutdown: app.change_feed.shutdown_signal(),
            ended_sessions: app.change_feed.subscribe_session_ends(),
            feed_connected: connected,
            app: app.clone(),
            staff,
            _slot: open,
        })
    }

    /// Waits for the next turn.
    pub async fn next_event(&mut self) -> ConnectionEvent {
        loop {
            let over = tokio::select! {
                () = self.shutdown.wait() => return ConnectionEvent::Shutdown,
                changed = self.feed_connected.changed() => match changed {
                    Ok(()) => return ConnectionEvent::FeedConnected(*self.feed_connected.borrow_and_update()),
                    Err(_) => return ConnectionEvent::Shutdown,
                },
                over = self.ended_sessions.recv() => over,
            };
            match over {
                Ok(SessionEnded::TokenHash(session)) if session == self.staff.session_hash() => {
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

    /// Asks the database; when it is away, it will be asked again once it is back.
    async fn has_session_ended(&self) -> bool {
        let Ok(mut db) = self.app.db.acquire().await else { return false };
        let still_in = self.staff.session_is_valid(&mut db, self.app.clock.now()).await;
        still_in.is_ok_and(|is_in| !is_in)
    }
}
