//! Server-Sent Events: a stream of them as a response, and the events that all pages understand.

use std::{convert::Infallible, mem, time::Duration};

use axum::{
    http::HeaderName,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use serde::Serialize;

/// Between two comments on a stream without events. Proxies close connections that are silent for a minute.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(15);

/// A source of events for one stream.
pub(super) trait EventSource: Send + Sized + 'static {
    /// `None` ends the stream.
    fn next_event(&mut self) -> impl Future<Output = Option<Event>> + Send;

    fn into_sse_response(self) -> Response {
        let stream = futures_util::stream::unfold(self, |mut source| async {
            let event = source.next_event().await?;
            Some((Ok::<_, Infallible>(event), source))
        });
        // nginx would otherwise buffer the stream
        let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
        (unbuffered, Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE_INTERVAL))).into_response()
    }
}

/// Data of an event whose name says everything. Browsers ignore events without data.
pub(super) const EMPTY_DATA: &str = "-";

/// The last event of a session. The page must not reconnect.
pub(super) fn session_ended_event() -> Event {
    Event::default().event("over").data(EMPTY_DATA)
}

/// While the change feed is disconnected, the page may show an old state.
pub(super) fn connection_event(connected: bool) -> Event {
    Event::default().event(if connected { "back" } else { "away" }).data(EMPTY_DATA)
}

pub(super) fn json_event(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).data(serde_json::to_string(data).unwrap_or_default())
}

/// The response if the request has no valid session. Instead of a redirect to the login page, which a browser cannot show
/// here, it is a stream that ends the connection.
pub(super) fn reject_stream(rejection: Response) -> Response {
    if rejection.status().is_redirection() {
        SessionEndedStream { is_sent: false }.into_sse_response()
    } else {
        rejection
    }
}

struct SessionEndedStream {
    is_sent: bool,
}

impl EventSource for SessionEndedStream {
    async fn next_event(&mut self) -> Option<Event> {
        (!mem::replace(&mut self.is_sent, true)).then(session_ended_event)
    }
}
