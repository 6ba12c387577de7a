//! What every open page is told in the same way: that it is heard, its own news, and when it is over.

use std::time::Duration;

use axum::response::{Response, sse::Event};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{EventSource, LiveConnection, connection::ConnectionEvent, connection_event, session_ended_event};

/// What one kind of page wants to know.
pub(crate) trait LivePage: Send + 'static {
    /// How often to look for those who closed their laptops.
    const PRESENCE_CHECK_INTERVAL: Duration;

    /// What it is told first: the name under which it may tell something itself, or nothing.
    fn hello_data(&self) -> String;

    /// The next thing that it was not told yet.
    fn pending_event(&mut self, line: &LiveConnection) -> Option<Event>;

    /// Waits until there may be some. Dropped when something else happens first.
    fn wait_for_change(&mut self) -> impl Future<Output = ()> + Send;
}

/// A page that is open.
struct PageStream<P> {
    page: P,
    connection: LiveConnection,
    presence_check: Interval,
    hello_sent: bool,
    is_finished: bool,
}

/// Tells a page of its news until it is over.
pub(crate) fn stream_page<P: LivePage>(page: P, line: LiveConnection) -> Response {
    let mut look = interval(P::PRESENCE_CHECK_INTERVAL);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    PageStream { page, connection: line, presence_check: look, hello_sent: false, is_finished: false }
        .into_sse_response()
}

impl<P: LivePage> EventSource for PageStream<P> {
    async fn next_event(&mut self) -> Option<Event> {
        if self.is_finished {
            return None;
        }
        if !self.hello_sent {
            self.hello_sent = true;
            return Some(Event::default().event("hello").data(self.page.hello_data()));
        }
        loop {
            if let Some(event) = self.page.pending_event(&self.connection) {
                return Some(event);
            }
            tokio::select! {
                turn = self.connection.next_event() => match turn {
                    ConnectionEvent::Shutdown => return None,
                    ConnectionEvent::FeedConnected(connected) => return Some(connection_event(connected)),
                    ConnectionEvent::SignedOut => {
                        self.is_finished = true;
                        return Some(session_ended_event());
                    }
                },
                () = self.page.wait_for_change() => {}
                _ = self.presence_check.tick() => {}
            }
        }
    }
}
