//! Live updates of a ticket: who else views it, and its latest change.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Response, sse::Event},
};
use serde::Serialize;
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    connection::LiveConnection,
    hub::LiveHub,
    page_stream::{LivePage, stream_page},
    sse::{json_event, reject_stream},
    store::LatestTicketEvent,
};
use crate::{
    app::App,
    change_feed::{self, Activity, PresenceSignal, Viewer},
    staff::PassiveStaff,
    tickets::{self, TicketReference},
    web::{AppError, Form, QueryForm},
};

pub(super) async fn stream_ticket(
    State(app): State<App>,
    State(hub): State<Arc<LiveHub>>,
    staff: Result<PassiveStaff, Response>,
    Path(reference): Path<String>,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let staff = match staff {
        Ok(PassiveStaff(staff)) => staff,
        Err(rejection) => return Ok(reject_stream(rejection)),
    };
    let version = match query.has("version") {
        true => query.raw("version").parse().map_err(|_| AppError::BadRequest)?,
        false => 0,
    };
    let reference: TicketReference = reference.parse().map_err(|_| AppError::NotFound)?;
    let connection = LiveConnection::open(&app, staff)?;
    let mut db = app.db.acquire().await?;
    let ticket = tickets::find_by_reference(&mut db, &reference).await?.ok_or(AppError::NotFound)?;
    drop(db);
    // a new subscription is loaded at once, since the ticket may have changed after its page was rendered
    let latest_event = hub.subscribe_ticket(&app, ticket.id);
    let signal = PresenceSignal {
        reference: reference.to_string(),
        page_id: Uuid::new_v4(),
        staff_id: connection.staff.id,
        name: connection.staff.name.clone(),
        activity: Activity::Left,
    };
    let page = LiveTicketPage {
        presence_changes: app.change_feed.presence.subscribe(),
        presence_guard: PresenceGuard { app, signal },
        latest_event,
        page_version: version,
        sent_viewers: None,
    };
    Ok(stream_page(page, connection))
}

struct LiveTicketPage {
    presence_guard: PresenceGuard,
    latest_event: watch::Receiver<Option<Arc<LatestTicketEvent>>>,
    /// The version that the page shows or that was sent.
    page_version: i32,
    presence_changes: watch::Receiver<u64>,
    sent_viewers: Option<Vec<Viewer>>,
}

#[derive(Serialize)]
struct ViewerLabel {
    text: String,
    writing: bool,
}

#[derive(Serialize)]
struct TicketChangedEvent {
    version: i32,
    text: String,
}

impl LivePage for LiveTicketPage {
    const PRESENCE_CHECK_INTERVAL: Duration = Duration::from_secs(3);

    /// The page sends this id with its presence.
    fn hello_data(&self) -> String {
        self.presence_guard.signal.page_id.to_string()
    }

    fn pending_event(&mut self, connection: &LiveConnection) -> Option<Event> {
        self.viewers_event(connection).or_else(|| self.change_event(connection))
    }

    async fn wait_for_change(&mut self) {
        tokio::select! {
            _ = self.presence_changes.changed() => {}
            _ = self.latest_event.changed() => {}
        }
    }
}

impl LiveTicketPage {
    fn viewers_event(&mut self, connection: &LiveConnection) -> Option<Event> {
        let staff = &connection.staff;
        let viewers = connection.app.change_feed.presence.viewers(&self.presence_guard.signal.reference, staff.id);
        if self.sent_viewers.as_ref() == Some(&viewers) {
            return None;
        }
        let label = |viewer: &Viewer| {
            let id = if viewer.is_writing { "presence-writing" } else { "presence-viewing" };
            ViewerLabel { text: staff.lang.t_with(id, "name", viewer.name.as_str()), writing: viewer.is_writing }
        };
        let event = json_event("viewers", &viewers.iter().map(label).collect::<Vec<_>>());
        self.sent_viewers = Some(viewers);
        Some(event)
    }

    /// The latest change, if the page does not show it yet.
    fn change_event(&mut self, connection: &LiveConnection) -> Option<Event> {
        let latest = self.latest_event.borrow_and_update().clone()?;
        if latest.version <= self.page_version {
            return None;
        }
        self.page_version = latest.version;
        let text = connection.staff.lang.format(&latest.event.description());
        Some(json_event("changed", &TicketChangedEvent { version: latest.version, text }))
    }
}

/// Reports that the viewer has left, however the connection ended.
struct PresenceGuard {
    app: App,
    signal: PresenceSignal,
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        let (app, signal) = (self.app.clone(), self.signal.clone());
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            // if this fails, the viewer is removed when the heartbeats stop
            if let Ok(mut db) = app.db.acquire().await {
                let _ = change_feed::notify_presence(&mut db, &signal).await;
            }
        });
    }
}

/// Receives the heartbeat of a page, every few seconds.
pub(super) async fn update_presence(
    State(app): State<App>,
    PassiveStaff(staff): PassiveStaff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<StatusCode, AppError> {
    let reference: TicketReference = reference.parse().map_err(|_| AppError::NotFound)?;
    let page_id = Uuid::parse_str(form.raw("page")).map_err(|_| AppError::BadRequest)?;
    let activity = match form.raw("state") {
        "viewing" => Activity::Viewing,
        "writing" => Activity::Writing,
        _ => return Err(AppError::BadRequest),
    };
    let signal =
        PresenceSignal { reference: reference.to_string(), page_id, staff_id: staff.id, name: staff.name, activity };
    let mut db = app.db.acquire().await?;
    change_feed::notify_presence(&mut db, &signal).await?;
    Ok(StatusCode::NO_CONTENT)
}
