//! The open ticket: who else is in it, and what happened to it meanwhile.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Response, sse::Event},
};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::watch,
    time::{Interval, MissedTickBehavior, interval},
};
use uuid::Uuid;

use super::{Line, Told, board::Board, event, heard, line::Turn, over, refused, store::Latest};
use crate::{
    app::App,
    live::{self, Doing, Here, Signal},
    staff::Unattended,
    tickets::{self, Reference},
    web::{Error, Form},
    words::Say,
};

/// How often to look for those who closed their laptops.
const LOOK: Duration = Duration::from_secs(3);

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
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
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
        line,
        latest,
        version,
        look,
        here: None,
        greeted: false,
        over: false,
    };
    Ok(open.stream())
}

struct OpenTicket {
    line: Line,
    leaving: Leaving,
    latest: watch::Receiver<Option<Arc<Latest>>>,
    /// The version that the page shows, or was told of.
    version: i32,
    presence: watch::Receiver<u64>,
    look: Interval,
    /// Who the page was told is there.
    here: Option<Vec<Here>>,
    greeted: bool,
    over: bool,
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

impl Told for OpenTicket {
    async fn next(&mut self) -> Option<Event> {
        if self.over {
            return None;
        }
        if !self.greeted {
            self.greeted = true;
            // the page tells under this name what is done in it
            return Some(Event::default().event("hello").data(self.leaving.signal.page.to_string()));
        }
        loop {
            if let Some(event) = self.people().or_else(|| self.change()) {
                return Some(event);
            }
            tokio::select! {
                turn = self.line.turn() => match turn {
                    Turn::Ended => return None,
                    Turn::Heard(connected) => return Some(heard(connected)),
                    Turn::SignedOut => {
                        self.over = true;
                        return Some(over());
                    }
                },
                _ = self.presence.changed() => {}
                _ = self.latest.changed() => {}
                _ = self.look.tick() => {}
            }
        }
    }
}

impl OpenTicket {
    /// Who is there, if the page doesn't know yet.
    fn people(&mut self) -> Option<Event> {
        let staff = &self.line.staff;
        let here = self.line.app.live.presence.at(&self.leaving.signal.ticket, staff.id);
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
    fn change(&mut self) -> Option<Event> {
        let latest = self.latest.borrow_and_update().clone()?;
        if latest.version <= self.version {
            return None;
        }
        self.version = latest.version;
        let text = self.line.staff.lang.say(&latest.event.sentence());
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
