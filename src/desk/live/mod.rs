//! Pages that are kept up to date while they are open, as Server-Sent Events: the queue, and the ticket with those who
//! are in it.

mod hub;
mod connection;
mod page_stream;
mod queue;
mod snapshot;
mod store;
mod ticket;

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    http::HeaderName,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{get, post},
};
use serde::Serialize;

use crate::app::App;
use connection::LiveConnection;
use page_stream::{LivePage, stream_page};
pub(super) use snapshot::rows_fingerprint;

/// Between two signs of life on a stream that has nothing to tell: proxies close what is silent for a minute.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(15);

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/live", get(queue::stream_queue))
        .route("/staff/tickets/{reference}/live", get(ticket::stream_ticket))
        .route("/staff/tickets/{reference}/presence", post(ticket::update_presence))
        .layer(axum::Extension(std::sync::Arc::new(hub::LiveHub::default())))
}

/// Something that is told until it is over.
trait EventSource: Send + Sized + 'static {
    /// The next thing to tell; `None` when that was all.
    fn next_event(&mut self) -> impl Future<Output = Option<Event>> + Send;

    fn into_sse_response(self) -> Response {
        let stream = futures_util::stream::unfold(self, |mut told| async {
            let event = told.next_event().await?;
            Some((Ok::<_, Infallible>(event), told))
        });
        // a proxy must not keep it to itself
        let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
        (unbuffered, Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE_INTERVAL))).into_response()
    }
}

/// What events carry that say everything by their names; browsers drop those without any data.
const EMPTY_DATA: &str = "-";

/// The last thing on the stream of a session that is over: the browser must not come back.
fn session_ended_event() -> Event {
    Event::default().event("over").data(EMPTY_DATA)
}

/// Whether changes are being heard; while they are not, what is on the page may be old.
fn connection_event(connected: bool) -> Event {
    Event::default().event(if connected { "back" } else { "away" }).data(EMPTY_DATA)
}

fn json_event(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).data(serde_json::to_string(data).unwrap_or_default())
}

/// Answers a page whose session is over before its stream began: quietly, since the browser could not show a sign-in.
struct SessionEndedStream(bool);

impl EventSource for SessionEndedStream {
    async fn next_event(&mut self) -> Option<Event> {
        std::mem::take(&mut self.0).then(session_ended_event)
    }
}

/// What to answer instead of a stream.
fn reject_stream(answer: Response) -> Response {
    if answer.status().is_redirection() { SessionEndedStream(true).into_sse_response() } else { answer }
}
