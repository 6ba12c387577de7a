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

use super::{Line, Page, board::Board, event, refused, store::Latest, tell};
use crate::{
    app::App,
    live::{self, Doing, Here, Signal},
    staff::Unattended,
    tickets::{self, Reference},
    web::{Error, Form},
    words::Say,
};

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The version that the page shows.
    #[serde(default)]
    version: i32,
}

/// Tells a page who is in its ticket, and that it changed.
pub(super) async fn live(
    State(app): State<App>,
    Extension(board): Extension<Arc<Board>>,
    staff: Result<Unattended, Response>,
    Path(reference): Path<String>,
    Query(Asked { version }): Query<Asked>,
) -> Result<Response, Error> {
    let staff = match staff {
        Ok(Unattended(staff)) => staff,
        Err(answer) => return Ok(refused(answer)),
    };
    let reference: Reference = reference.parse().map_err(|_| Error::NotFound)?;
    let line = Line::open(&app, staff)?;
    let mut db = app.db.read().await?;
    let ticket = tickets::by_reference(&mut db, &reference).await?.ok_or(Error::NotFound)?;
    drop(db);
    // it is read at once: it may have changed after its page was drawn, and before anybody listened
    let latest = board.ticket(&app, ticket.id);
    let signal = Signal {
        ticket: reference.to_string(),
        page: Uuid::new_v4(),
        who: line.staff.id,
        name: line.staff.name.clone(),
        doing: Doing::Gone,
    };
    let open = OpenTicket {
        presence: app.live.presence.changes(),
        leaving: Leaving { app, signal },
        latest,
        version,
        here: None,
    };
    Ok(tell(open, line))
}

struct OpenTicket {
    leaving: Leaving,
    latest: watch::Receiver<Option<Arc<Latest>>>,
    /// The version that the page shows, or was told of.
    version: i32,
    presence: watch::Receiver<u64>,
    /// Who the page was told is there.
    here: Option<Vec<Here>>,
}

/// Somebody, as the page shows it.
#[derive(Serialize)]
struct Shown {
    text: String,
    writing: bool,
}

#[derive(Serialize)]
struct Changed {
    version: i32,
    text: String,
}

impl Page for OpenTicket {
    const LOOK: Duration = Duration::from_secs(3);

    /// The page tells under this name what is done in it.
    fn hello(&self) -> String {
        self.leaving.signal.page.to_string()
    }

    fn news(&mut self, line: &Line) -> Option<Event> {
        self.people(line).or_else(|| self.change(line))
    }

    async fn changed(&mut self) {
        tokio::select! {
            _ = self.presence.changed() => {}
            _ = self.latest.changed() => {}
        }
    }
}

impl OpenTicket {
    /// Who is there, if the page doesn't know yet.
    fn people(&mut self, line: &Line) -> Option<Event> {
        let staff = &line.staff;
        let here = line.app.live.presence.at(&self.leaving.signal.ticket, staff.id);
        if self.here.as_ref() == Some(&here) {
            return None;
        }
        let shown = |one: &Here| {
            let id = if one.writing { "here-writing" } else { "here-viewing" };
            Shown { text: staff.lang.say(&Say::new(id).with("name", one.name.as_str())), writing: one.writing }
        };
        let event = event("here", &here.iter().map(shown).collect::<Vec<_>>());
        self.here = Some(here);
        Some(event)
    }

    /// What happened last, if that was after what the page shows.
    fn change(&mut self, line: &Line) -> Option<Event> {
        let latest = self.latest.borrow_and_update().clone()?;
        if latest.version <= self.version {
            return None;
        }
        self.version = latest.version;
        let text = line.staff.lang.say(&latest.event.sentence());
        Some(event("changed", &Changed { version: latest.version, text }))
    }
}

/// Tells that somebody left, however the page was closed.
struct Leaving {
    app: App,
    signal: Signal,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        let (app, signal) = (self.app.clone(), self.signal.clone());
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            // should it get lost, heartbeats end as well
            if let Ok(mut db) = app.db.read().await {
                let _ = live::tell(&mut db, &signal).await;
            }
        });
    }
}

/// A page tells what is done in it, every few seconds.
pub(super) async fn presence(
    State(app): State<App>,
    Unattended(staff): Unattended,
    Path(reference): Path<String>,
    form: Form,
) -> Result<StatusCode, Error> {
    let reference: Reference = reference.parse().map_err(|_| Error::NotFound)?;
    let page = Uuid::parse_str(form.raw("page")).map_err(|_| Error::BadRequest)?;
    let doing = match form.raw("state") {
        "viewing" => Doing::Viewing,
        "writing" => Doing::Writing,
        _ => return Err(Error::BadRequest),
    };
    let signal = Signal { ticket: reference.to_string(), page, who: staff.id, name: staff.name, doing };
    let mut db = app.db.read().await?;
    live::tell(&mut db, &signal).await?;
    Ok(StatusCode::NO_CONTENT)
}
