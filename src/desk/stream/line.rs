//! What every stream has around what it tells: who it is for, and when it ends.

use std::time::Duration;

use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};

use crate::{
    app::App,
    live::{Ended, Open, SessionOver},
    staff::Staff,
    web::Error,
};

/// When somebody with too many open pages may try another.
const LATER: Duration = Duration::from_secs(30);

/// An open stream to one page of one person.
pub(super) struct Line {
    pub app: App,
    pub staff: Staff,
    ended: Ended,
    sessions: broadcast::Receiver<SessionOver>,
    connected: watch::Receiver<bool>,
    _open: Open,
}

/// What happens to a line.
pub(super) enum Turn {
    /// The server ends; the browser comes back by itself.
    Ended,
    SignedOut,
    /// Whether changes are being heard is different now.
    Heard(bool),
}

impl Line {
    /// # Errors
    /// [`Error::TooMany`] when the person has too many pages open.
    pub fn open(app: &App, staff: Staff) -> Result<Line, Error> {
        let open = app.live.open(staff.id).ok_or(Error::TooMany { retry_after: LATER })?;
        let mut connected = app.live.connected();
        if !*connected.borrow() {
            connected.mark_changed();
        }
        Ok(Line {
            ended: app.live.ended(),
            sessions: app.live.sessions(),
            connected,
            app: app.clone(),
            staff,
            _open: open,
        })
    }

    /// Waits for the next turn.
    pub async fn turn(&mut self) -> Turn {
        loop {
            let over = tokio::select! {
                () = self.ended.come_true() => return Turn::Ended,
                changed = self.connected.changed() => match changed {
                    Ok(()) => return Turn::Heard(*self.connected.borrow_and_update()),
                    Err(_) => return Turn::Ended,
                },
                over = self.sessions.recv() => over,
            };
            match over {
                Ok(SessionOver::Of(session)) if session == self.staff.session() => return Turn::SignedOut,
                Ok(SessionOver::Of(_)) => {}
                Ok(SessionOver::Any) | Err(RecvError::Lagged(_)) if self.is_over().await => return Turn::SignedOut,
                Ok(SessionOver::Any) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Turn::Ended,
            }
        }
    }

    /// Asks the database; when it is away, it will be asked again once it is back.
    async fn is_over(&self) -> bool {
        let Ok(mut db) = self.app.db.read().await else { return false };
        let still_in = self.staff.is_still_in(&mut db, self.app.clock.now()).await;
        still_in.is_ok_and(|is_in| !is_in)
    }
}
