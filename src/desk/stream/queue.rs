//! The open queue: rows that came, changed and left, the views' counts, and who looks at which ticket.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::Uri,
    response::{Response, sse::Event},
};
use serde::Serialize;
use tokio::sync::watch;

use super::{
    Line, NOTHING, Page,
    board::Board,
    event, refused,
    shown::{Question, Shown},
    tell,
};
use crate::{
    app::App,
    desk::{
        asked::{Asked, View},
        listing::Wanted,
        queue::at_most_many,
        search,
        store::Counts,
    },
    staff::Unattended,
    web::{Error, Form},
    zone,
};

/// Tells a desk what becomes of the page that it shows. The query is that of `/staff`, and `mark` what it shows now.
pub(super) async fn live(
    State(app): State<App>,
    Extension(board): Extension<Arc<Board>>,
    staff: Result<Unattended, Response>,
    uri: Uri,
) -> Result<Response, Error> {
    let staff = match staff {
        Ok(Unattended(staff)) => staff,
        Err(answer) => return Ok(refused(answer)),
    };
    let query = uri.query().unwrap_or_default();
    let asked = Asked::read(query);
    let today = zone::to_local(app.clock.now()).date();
    // a search is read once
    let Wanted::Walk { walk, sort, place } = asked.wanted(&search::read(&asked.search, today), staff.id, today) else {
        return Err(Error::NotFound);
    };
    let line = Line::open(&app, staff)?;
    let question = Question { walk, sort, place };
    let open = OpenQueue {
        shown: board.queue(&app, question),
        counts: board.counts(&app, line.staff.id),
        presence: app.live.presence.changes(),
        mark: Form::parse(query.as_bytes()).raw("mark").to_owned(),
        told: None,
        counted: None,
        looking: BTreeMap::new(),
    };
    Ok(tell(open, line))
}

struct OpenQueue {
    shown: watch::Receiver<Option<Arc<Shown>>>,
    counts: watch::Receiver<Option<Counts>>,
    presence: watch::Receiver<u64>,
    /// What the page shows.
    mark: String,
    /// The same, if it was told here.
    told: Option<Arc<Shown>>,
    counted: Option<Counts>,
    /// Who looks at which ticket, as the page was told.
    looking: BTreeMap<String, String>,
}

/// What a desk is told of its rows: all in order, and how those look that are new or changed.
#[derive(Serialize)]
struct Rows<'a> {
    order: Vec<&'a str>,
    rows: BTreeMap<&'a str, &'a str>,
    full: bool,
}

impl Page for OpenQueue {
    const LOOK: Duration = Duration::from_secs(5);

    fn hello(&self) -> String {
        NOTHING.to_owned()
    }

    fn news(&mut self, line: &Line) -> Option<Event> {
        self.rows(line).or_else(|| self.count()).or_else(|| self.people(line))
    }

    async fn changed(&mut self) {
        tokio::select! {
            _ = self.shown.changed() => {}
            _ = self.counts.changed() => {}
            _ = self.presence.changed() => {}
        }
    }
}

impl OpenQueue {
    /// The rows, unless the page shows them so.
    fn rows(&mut self, line: &Line) -> Option<Event> {
        let shown = self.shown.borrow_and_update().clone()?;
        if shown.mark == self.mark {
            self.told = Some(shown);
            return None;
        }
        let lang = line.staff.lang;
        let references: Vec<_> = shown.rows.iter().map(|row| row.row.reference.to_string()).collect();
        let known = |row| self.told.as_ref().is_some_and(|told| told.rows.iter().any(|known| Arc::ptr_eq(known, row)));
        let news = shown.rows.iter().zip(&references).filter(|(row, _)| !known(row));
        let rows = Rows {
            order: references.iter().map(String::as_str).collect(),
            rows: news.map(|(row, reference)| (reference.as_str(), row.html(lang))).collect(),
            full: shown.full,
        };
        let event = event("rows", &rows).id(&shown.mark);
        self.mark.clone_from(&shown.mark);
        self.told = Some(shown);
        Some(event)
    }

    /// The views' counts, unless the page was told.
    fn count(&mut self) -> Option<Event> {
        let counts = (*self.counts.borrow_and_update())?;
        if self.counted == Some(counts) {
            return None;
        }
        self.counted = Some(counts);
        let shown = View::RAIL.map(|view| (view.as_str(), at_most_many(view.count(&counts))));
        Some(event("counts", &BTreeMap::from(shown)))
    }

    /// Who looks at tickets of this page, unless the page was told.
    fn people(&mut self, line: &Line) -> Option<Event> {
        let (app, staff) = (&line.app, &line.staff);
        let shown = self.told.as_ref()?;
        let mut looking = BTreeMap::new();
        for row in &shown.rows {
            let reference = row.row.reference.to_string();
            let here = app.live.presence.at(&reference, staff.id);
            if here.is_empty() {
                continue;
            }
            let names: Vec<_> = here.iter().map(|one| one.name.as_str()).collect();
            let writing = here.iter().any(|one| one.writing);
            let id = if writing { "looking-writing" } else { "looking-viewing" };
            looking.insert(reference, staff.lang.t1(id, "names", names.join(", ")));
        }
        if looking == self.looking {
            return None;
        }
        let event = event("looking", &looking);
        self.looking = looking;
        Some(event)
    }
}
