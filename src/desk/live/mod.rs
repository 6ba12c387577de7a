//! Live updates of open pages as Server-Sent Events: the queue, and a ticket with the staff members who view it.

mod store;
mod snapshot;
mod hub;
mod connection;
mod sse;
mod page_stream;
mod queue;
mod ticket;

use std::sync::Arc;

use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};

use crate::{app::App, urls};
use hub::LiveHub;

#[derive(Clone)]
struct LiveState {
    app: App,
    hub: Arc<LiveHub>,
}

impl FromRef<LiveState> for App {
    fn from_ref(state: &LiveState) -> App {
        state.app.clone()
    }
}

impl FromRef<LiveState> for Arc<LiveHub> {
    fn from_ref(state: &LiveState) -> Arc<LiveHub> {
        state.hub.clone()
    }
}

pub(super) fn routes(app: App) -> Router<App> {
    Router::new()
        .route(urls::staff::QUEUE_LIVE, get(queue::stream_queue))
        .route("/staff/tickets/{reference}/live", get(ticket::stream_ticket))
        .route("/staff/tickets/{reference}/presence", post(ticket::update_presence))
        .with_state(LiveState { app, hub: Arc::new(LiveHub::default()) })
}
