//! Live updates of the queue: added, changed and removed rows, the counts of the views, and who views which ticket.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::{Response, sse::Event},
};
use serde::Serialize;
use strum::VariantArray;
use tokio::sync::watch;

use super::{
    connection::LiveConnection,
    hub::LiveHub,
    page_stream::{LivePage, stream_page},
    snapshot::{QueueSnapshot, QueueSnapshotKey},
    sse::{EMPTY_DATA, json_event, reject_stream},
};
use crate::{
    app::App,
    desk::queue::{
        listing::ListRequest,
        query::{QueueQuery, QueueView},
        search,
        store::{ViewCounts, format_capped_count},
    },
    i18n::Lang,
    local_time,
    staff::PassiveStaff,
    web::AppError,
};

/// Streams the changes of a page of the queue. The query is that of the page.
pub(super) async fn stream_queue(
    State(app): State<App>,
    State(hub): State<Arc<LiveHub>>,
    staff: Result<PassiveStaff, Response>,
    query: QueueQuery,
) -> Result<Response, AppError> {
    let staff = match staff {
        Ok(PassiveStaff(staff)) => staff,
        Err(rejection) => return Ok(reject_stream(rejection)),
    };
    let today = local_time::to_local(app.clock.now()).date();
    // search results are not updated
    let ListRequest::Browse { filter, sort, position } =
        query.to_list_request(&search::parse(&query.search, today), staff.id, today)
    else {
        return Err(AppError::NotFound);
    };
    let connection = LiveConnection::open(&app, staff)?;
    let page = LiveQueuePage {
        snapshot: hub.subscribe_queue(&app, QueueSnapshotKey { filter, sort, position }),
        counts: hub.subscribe_counts(&app, connection.staff.id),
        presence_changes: app.change_feed.presence.subscribe(),
        page_fingerprint: query.page_fingerprint,
        sent_snapshot: None,
        sent_counts: None,
        sent_viewers: BTreeMap::new(),
    };
    Ok(stream_page(page, connection))
}

struct LiveQueuePage {
    snapshot: watch::Receiver<Option<Arc<QueueSnapshot>>>,
    counts: watch::Receiver<Option<ViewCounts>>,
    presence_changes: watch::Receiver<u64>,
    /// Of the rows that the page shows.
    page_fingerprint: String,
    /// The rows that the page shows. Unknown at first, if they were rendered before the latest change.
    sent_snapshot: Option<Arc<QueueSnapshot>>,
    sent_counts: Option<ViewCounts>,
    /// By reference: a text that names the viewers.
    sent_viewers: BTreeMap<String, String>,
}

/// All references in their order, and the HTML of the rows that are new or changed.
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

    fn pending_event(&mut self, connection: &LiveConnection) -> Option<Event> {
        self.rows_event(connection.staff.lang)
            .or_else(|| self.counts_event())
            .or_else(|| self.viewers_event(connection))
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
    fn rows_event(&mut self, lang: Lang) -> Option<Event> {
        let snapshot = self.snapshot.borrow_and_update().clone()?;
        if snapshot.fingerprint == self.page_fingerprint {
            self.sent_snapshot = Some(snapshot);
            return None;
        }
        let references: Vec<_> = snapshot.rows.iter().map(|row| row.row.reference.to_string()).collect();
        let is_sent = |row| {
            self.sent_snapshot.as_ref().is_some_and(|sent| sent.rows.iter().any(|sent_row| Arc::ptr_eq(sent_row, row)))
        };
        let unsent = snapshot.rows.iter().zip(&references).filter(|(row, _)| !is_sent(row));
        let rows = RowsEvent {
            order: references.iter().map(String::as_str).collect(),
            rows: unsent.map(|(row, reference)| (reference.as_str(), row.html(lang))).collect(),
            has_next_page: snapshot.has_next_page,
        };
        let event = json_event("rows", &rows).id(&snapshot.fingerprint);
        self.page_fingerprint.clone_from(&snapshot.fingerprint);
        self.sent_snapshot = Some(snapshot);
        Some(event)
    }

    fn counts_event(&mut self) -> Option<Event> {
        let counts = (*self.counts.borrow_and_update())?;
        if self.sent_counts == Some(counts) {
            return None;
        }
        self.sent_counts = Some(counts);
        let counts_by_view: BTreeMap<_, _> = QueueView::VARIANTS
            .iter()
            .map(|view| (view.into_str(), format_capped_count(view.count(&counts))))
            .collect();
        Some(json_event("counts", &counts_by_view))
    }

    fn viewers_event(&mut self, connection: &LiveConnection) -> Option<Event> {
        let (app, staff) = (&connection.app, &connection.staff);
        let snapshot = self.sent_snapshot.as_ref()?;
        let mut viewers_by_reference = BTreeMap::new();
        for row in &snapshot.rows {
            let reference = row.row.reference.to_string();
            let viewers = app.change_feed.presence.viewers(&reference, staff.id);
            if viewers.is_empty() {
                continue;
            }
            let names: Vec<_> = viewers.iter().map(|viewer| viewer.name.as_str()).collect();
            let is_writing = viewers.iter().any(|viewer| viewer.is_writing);
            let id = if is_writing { "viewers-writing" } else { "viewers-viewing" };
            viewers_by_reference.insert(reference, staff.lang.t_with(id, "names", names.join(", ")));
        }
        if viewers_by_reference == self.sent_viewers {
            return None;
        }
        let event = json_event("looking", &viewers_by_reference);
        self.sent_viewers = viewers_by_reference;
        Some(event)
    }
}
