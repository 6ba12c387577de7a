//! The stream of one open page: a greeting, the events of the page, and the events of its connection.

use std::time::Duration;

use axum::response::{Response, sse::Event};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{
    connection::{ConnectionEvent, LiveConnection},
    sse::{EventSource, connection_event, session_ended_event},
};

/// The events of one kind of page.
pub(super) trait LivePage: Send + 'static {
    /// How often to check for viewers whose heartbeats have stopped.
    const PRESENCE_CHECK_INTERVAL: Duration;

    /// Data of the first event: the id of the page if it reports presence.
    fn hello_data(&self) -> String;

    /// The next event that has not been sent yet.
    fn pending_event(&mut self, connection: &LiveConnection) -> Option<Event>;

    /// Returns when there may be an event. The future may be dropped before.
    fn wait_for_change(&mut self) -> impl Future<Output = ()> + Send;
}

struct PageStream<P> {
    page: P,
    connection: LiveConnection,
    presence_check: Interval,
    hello_sent: bool,
    is_finished: bool,
}

pub(super) fn stream_page<P: LivePage>(page: P, connection: LiveConnection) -> Response {
    let mut presence_check = interval(P::PRESENCE_CHECK_INTERVAL);
    presence_check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    PageStream { page, connection, presence_check, hello_sent: false, is_finished: false }.into_sse_response()
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
                event = self.connection.next_event() => match event {
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
