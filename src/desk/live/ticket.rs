//! The open ticket: who else is in it, and what happened to it meanwhile.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Response, sse::Event},
};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use uuid::Uuid;

use super::{LiveConnection, LivePage, hub::LiveHub, json_event, reject_stream, store::LatestTicketEvent, stream_page};
use crate::{
    app::App,
    change_feed::{self, Activity, PresenceSignal, Viewer},
    i18n::UiMessage,
    staff::PassiveStaff,
    tickets::{self, TicketReference},
    web::{AppError, Form},
};

#[derive(Deserialize)]
pub(crate) struct TicketStreamQuery {
    /// The version that the page shows.
    #[serde(default)]
    version: i32,
}

/// Tells a page who is in its ticket, and that it changed.
pub(crate) async fn stream_ticket(
    State(app): State<App>,
    Extension(board): Extension<Arc<LiveHub>>,
    staff: Result<PassiveStaff, Response>,
    Path(reference): Path<String>,
    Query(TicketStreamQuery { version }): Query<TicketStreamQuery>,
) -> Result<Response, AppError> {
    let staff = match staff {
        Ok(PassiveStaff(staff)) => staff,
        Err(answer) => return Ok(reject_stream(answer)),
    };
    let reference: TicketReference = reference.parse().map_err(|_| AppError::NotFound)?;
    let line = LiveConnection::open(&app, staff)?;
    let mut db = app.db.acquire().await?;
    let ticket = tickets::find_by_reference(&mut db, &reference).await?.ok_or(AppError::NotFound)?;
    drop(db);
    // it is read at once: it may have changed after its page was drawn, and before anybody listened
    let latest = board.subscribe_ticket(&app, ticket.id);
    let signal = PresenceSignal {
        reference: reference.to_string(),
        page_id: Uuid::new_v4(),
        staff_id: line.staff.id,
        name: line.staff.name.clone(),
        activity: Activity::Left,
    };
    let open = LiveTicketPage {
        presence_changes: app.change_feed.presence.subscribe(),
        presence_guard: PresenceGuard { app, signal },
        latest_event: latest,
        page_version: version,
        sent_viewers: None,
    };
    Ok(stream_page(open, line))
}

struct LiveTicketPage {
    presence_guard: PresenceGuard,
    latest_event: watch::Receiver<Option<Arc<LatestTicketEvent>>>,
    /// The version that the page shows, or was told of.
    page_version: i32,
    presence_changes: watch::Receiver<u64>,
    /// Who the page was told is there.
    sent_viewers: Option<Vec<Viewer>>,
}

/// Somebody, as the page shows it.
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

    /// The page tells under this name what is done in it.
    fn hello_data(&self) -> String {
        self.presence_guard.signal.page_id.to_string()
    }

    fn pending_event(&mut self, line: &LiveConnection) -> Option<Event> {
        self.viewers_event(line).or_else(|| self.change_event(line))
    }

    async fn wait_for_change(&mut self) {
        tokio::select! {
            _ = self.presence_changes.changed() => {}
            _ = self.latest_event.changed() => {}
        }
    }
}

impl LiveTicketPage {
    /// Who is there, if the page doesn't know yet.
    fn viewers_event(&mut self, line: &LiveConnection) -> Option<Event> {
        let staff = &line.staff;
        let here = line.app.change_feed.presence.viewers(&self.presence_guard.signal.reference, staff.id);
        if self.sent_viewers.as_ref() == Some(&here) {
            return None;
        }
        let shown = |one: &Viewer| {
            let id = if one.is_writing { "presence-writing" } else { "presence-viewing" };
            ViewerLabel {
                text: staff.lang.format(&UiMessage::new(id).with("name", one.name.as_str())),
                writing: one.is_writing,
            }
        };
        let event = json_event("here", &here.iter().map(shown).collect::<Vec<_>>());
        self.sent_viewers = Some(here);
        Some(event)
    }

    /// What happened last, if that was after what the page shows.
    fn change_event(&mut self, line: &LiveConnection) -> Option<Event> {
        let latest = self.latest_event.borrow_and_update().clone()?;
        if latest.version <= self.page_version {
            return None;
        }
        self.page_version = latest.version;
        let text = line.staff.lang.format(&latest.event.description());
        Some(json_event("changed", &TicketChangedEvent { version: latest.version, text }))
    }
}

/// Tells that somebody left, however the page was closed.
struct PresenceGuard {
    app: App,
    signal: PresenceSignal,
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        let (app, signal) = (self.app.clone(), self.signal.clone());
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            // should it get lost, heartbeats end as well
            if let Ok(mut db) = app.db.acquire().await {
                let _ = change_feed::notify_presence(&mut db, &signal).await;
            }
        });
    }
}

/// A page tells what is done in it, every few seconds.
pub(crate) async fn update_presence(
    State(app): State<App>,
    PassiveStaff(staff): PassiveStaff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<StatusCode, AppError> {
    let reference: TicketReference = reference.parse().map_err(|_| AppError::NotFound)?;
    let page = Uuid::parse_str(form.raw("page")).map_err(|_| AppError::BadRequest)?;
    let doing = match form.raw("state") {
        "viewing" => Activity::Viewing,
        "writing" => Activity::Writing,
        _ => return Err(AppError::BadRequest),
    };
    let signal = PresenceSignal {
        reference: reference.to_string(),
        page_id: page,
        staff_id: staff.id,
        name: staff.name,
        activity: doing,
    };
    let mut db = app.db.acquire().await?;
    change_feed::notify_presence(&mut db, &signal).await?;
    Ok(StatusCode::NO_CONTENT)
}
