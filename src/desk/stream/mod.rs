//! Pages that are kept up to date while they are open, as Server-Sent Events: the queue, and the ticket with those who
//! are in it.

mod board;
mod line;
mod open;
mod queue;
mod shown;
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
use line::Line;
use open::{Page, tell};
pub(super) use shown::mark;

/// Between two signs of life on a stream that has nothing to tell: proxies close what is silent for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/live", get(queue::live))
        .route("/staff/tickets/{reference}/live", get(ticket::live))
        .route("/staff/tickets/{reference}/presence", post(ticket::presence))
        .layer(axum::Extension(std::sync::Arc::new(board::Board::default())))
}

/// Something that is told until it is over.
trait Told: Send + Sized + 'static {
    /// The next thing to tell; `None` when that was all.
    fn next(&mut self) -> impl Future<Output = Option<Event>> + Send;

    fn stream(self) -> Response {
        let stream = futures_util::stream::unfold(self, |mut told| async {
            let event = told.next().await?;
            Some((Ok::<_, Infallible>(event), told))
        });
        // a proxy must not keep it to itself
        let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
        (unbuffered, Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))).into_response()
    }
}

/// What events carry that say everything by their names; browsers drop those without any data.
const NOTHING: &str = "-";

/// The last thing on the stream of a session that is over: the browser must not come back.
fn over() -> Event {
    Event::default().event("over").data(NOTHING)
}

/// Whether changes are being heard; while they are not, what is on the page may be old.
fn heard(connected: bool) -> Event {
    Event::default().event(if connected { "back" } else { "away" }).data(NOTHING)
}

fn event(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).data(serde_json::to_string(data).unwrap_or_default())
}

/// Answers a page whose session is over before its stream began: quietly, since the browser could not show a sign-in.
struct Over(bool);

impl Told for Over {
    async fn next(&mut self) -> Option<Event> {
        std::mem::take(&mut self.0).then(over)
    }
}

/// What to answer instead of a stream.
fn refused(answer: Response) -> Response {
    if answer.status().is_redirection() { Over(true).stream() } else { answer }
}
