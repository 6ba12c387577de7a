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
    EMPTY_DATA, LiveConnection, LivePage,
    hub::LiveHub,
    json_event, reject_stream,
    snapshot::{QueueSnapshot, QueueSnapshotKey},
    stream_page,
};
use crate::{
    app::App,
    desk::queue::{
        listing::ListRequest,
        page::format_capped_count,
        query::{QueueQuery, QueueView},
        search,
        store::ViewCounts,
    },
    local_time,
    staff::PassiveStaff,
    web::{AppError, Form},
};

/// Tells a desk what becomes of the page that it shows. The query is that of `/staff`, and `mark` what it shows now.
pub(crate) async fn stream_queue(
    State(app): State<App>,
    Extension(board): Extension<Arc<LiveHub>>,
    staff: Result<PassiveStaff, Response>,
    uri: Uri,
) -> Result<Response, AppError> {
    let staff = match staff {
        Ok(PassiveStaff(staff)) => staff,
        Err(answer) => return Ok(reject_stream(answer)),
    };
    let query = uri.query().unwrap_or_default();
    let asked = QueueQuery::parse(query);
    let today = local_time::to_local(app.clock.now()).date();
    // a search is read once
    let ListRequest::Browse { filter: walk, sort, position: place } =
        asked.to_list_request(&search::parse(&asked.search, today), staff.id, today)
    else {
        return Err(AppError::NotFound);
    };
    let line = LiveConnection::open(&app, staff)?;
    let question = QueueSnapshotKey { filter: walk, sort, position: place };
    let open = LiveQueuePage {
        snapshot: board.subscribe_queue(&app, question),
        counts: board.subscribe_counts(&app, line.staff.id),
        presence_changes: app.change_feed.presence.subscribe(),
        page_fingerprint: Form::parse(query.as_bytes()).raw("mark").to_owned(),
        sent_snapshot: None,
        sent_counts: None,
        sent_viewers: BTreeMap::new(),
    };
    Ok(stream_page(open, line))
}

struct LiveQueuePage {
    snapshot: watch::Receiver<Option<Arc<QueueSnapshot>>>,
    counts: watch::Receiver<Option<ViewCounts>>,
    presence_changes: watch::Receiver<u64>,
    /// What the page shows.
    page_fingerprint: String,
    /// The same, if it was told here.
    sent_snapshot: Option<Arc<QueueSnapshot>>,
    sent_counts: Option<ViewCounts>,
    /// Who looks at which ticket, as the page was told.
    sent_viewers: BTreeMap<String, String>,
}

/// What a desk is told of its rows: all in order, and how those look that are new or changed.
#[derive(Serialize)]
struct RowsEvent<'a> {
    order: Vec<&'a str>,
    rows: BTreeMap<&'a str, &'a str>,
    #[serde(rename = "full")]
    has_next_page: bool,
}

impl LivePage for LiveQueuePage {
    const PRESENCE_CHECK_INTERVAL: Duration = Duration::from_secs(5);

    fn hello_data(&self) -> String {
        EMPTY_DATA.to_owned()
    }

    fn pending_event(&mut self, line: &LiveConnection) -> Option<Event> {
        self.rows_event(line).or_else(|| self.counts_event()).or_else(|| self.viewers_event(line))
    }

    async fn wait_for_change(&mut self) {
        tokio::select! {
            _ = self.snapshot.changed() => {}
            _ = self.counts.changed() => {}
            _ = self.presence_changes.changed() => {}
        }
    }
}

impl LiveQueuePage {
    /// The rows, unless the page shows them so.
    fn rows_event(&mut self, line: &LiveConnection) -> Option<Event> {
        let shown = self.snapshot.borrow_and_update().clone()?;
        if shown.fingerprint == self.page_fingerprint {
            self.sent_snapshot = Some(shown);
            return None;
        }
        let lang = line.staff.lang;
        let references: Vec<_> = shown.rows.iter().map(|row| row.row.reference.to_string()).collect();
        let known =
            |row| self.sent_snapshot.as_ref().is_some_and(|told| told.rows.iter().any(|known| Arc::ptr_eq(known, row)));
        let news = shown.rows.iter().zip(&references).filter(|(row, _)| !known(row));
        let rows = RowsEvent {
            order: references.iter().map(String::as_str).collect(),
            rows: news.map(|(row, reference)| (reference.as_str(), row.html(lang))).collect(),
            has_next_page: shown.has_next_page,
        };
        let event = json_event("rows", &rows).id(&shown.fingerprint);
        self.page_fingerprint.clone_from(&shown.fingerprint);
        self.sent_snapshot = Some(shown);
        Some(event)
    }

    /// The views' counts, unless the page was told.
    fn counts_event(&mut self) -> Option<Event> {
        let counts = (*self.counts.borrow_and_update())?;
        if self.sent_counts == Some(counts) {
            return None;
        }
        self.sent_counts = Some(counts);
        let shown = QueueView::ALL.map(|view| (view.as_str(), format_capped_count(view.count(&counts))));
        Some(json_event("counts", &BTreeMap::from(shown)))
    }

    /// Who looks at tickets of this page, unless the page was told.
    fn viewers_event(&mut self, line: &LiveConnection) -> Option<Event> {
        let (app, staff) = (&line.app, &line.staff);
        let shown = self.sent_snapshot.as_ref()?;
        let mut looking = BTreeMap::new();
        for row in &shown.rows {
            let reference = row.row.reference.to_string();
            let here = app.change_feed.presence.viewers(&reference, staff.id);
            if here.is_empty() {
                continue;
            }
            let names: Vec<_> = here.iter().map(|one| one.name.as_str()).collect();
            let writing = here.iter().any(|one| one.is_writing);
            let id = if writing { "viewers-writing" } else { "viewers-viewing" };
            looking.insert(reference, staff.lang.t_with(id, "names", names.join(", ")));
        }
        if looking == self.sent_viewers {
            return None;
        }
        let event = json_event("looking", &looking);
        self.sent_viewers = looking;
        Some(event)
    }
}
