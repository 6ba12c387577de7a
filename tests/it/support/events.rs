//! Server-sent events, as an open page receives them.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;

/// Longer than any event takes to arrive.
const TIMEOUT: Duration = Duration::from_secs(20);

/// An open stream; dropping it closes the connection.
pub struct Events {
    body: BodyDataStream,
    buffer: String,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: String,
}

impl Event {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.data).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Events {
    pub fn new(body: Body) -> Events {
        Events { body: body.into_data_stream(), buffer: String::new() }
    }

    /// The next event; `None` when the server has ended the stream.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.buffer.split_once("\n\n") {
                let field = |name: &str| {
                    let values = event.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
                    values.map(|value| value.strip_prefix(' ').unwrap_or(value)).collect::<Vec<_>>().join("\n")
                };
                let event = Event { name: field("event"), id: field("id"), data: field("data") };
                self.buffer = rest.to_owned();
                // browsers ignore events without data
                if !event.data.is_empty() {
                    return Some(event);
                }
                continue;
            }
            let chunk = tokio::time::timeout(TIMEOUT, self.body.next()).await;
            let chunk = chunk.unwrap_or_else(|_| panic!("no event arrived after {:?}", self.buffer))?;
            self.buffer += std::str::from_utf8(&chunk.unwrap()).unwrap();
        }
    }

    /// The next event with this name; events before it are skipped.
    pub async fn wait_for(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await.unwrap_or_else(|| panic!("the stream ended before an event {name} arrived"));
            if event.name == name {
                return event;
            }
        }
    }

    /// Reads until the server ends the stream; returns the last event.
    pub async fn last(&mut self) -> Option<Event> {
        let mut last = None;
        while let Some(event) = self.next().await {
            last = Some(event);
        }
        last
    }
}
