//! Exports all pages of a view as CSV, with the same tickets in the same order. One page is loaded at a time, when the
//! client has read the one before, so that memory does not grow with the number of rows.

use std::{borrow::Cow, collections::HashMap, mem};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    response::Response,
    routing::get,
};
use futures_util::stream;
use uuid::Uuid;

use super::{
    filter::PagePosition,
    listing::{self, ListRequest, Listing},
    query::QueueQuery,
    row::short_category_label,
    search,
    store::{FullTexts, QueueRow, list_full_texts},
};
use crate::{
    app::{App, Now},
    i18n::{Label, Lang},
    local_time,
    phone::PartyKind,
    staff::Staff,
    urls,
    web::{
        AppError,
        csv::{self, Csv},
    },
};

const COLUMN_LABELS: [&str; 19] = [
    "col-reference",
    "col-status",
    "col-category",
    "col-assignee",
    "csv-reported",
    "csv-waiting",
    "csv-a",
    "csv-a-typed",
    "csv-b",
    "csv-b-typed",
    "csv-account",
    "csv-call-local",
    "csv-call-utc",
    "csv-precision",
    "csv-code",
    "csv-error",
    "csv-billing",
    "csv-guide",
    "csv-checks",
];

pub(crate) fn routes() -> Router<App> {
    Router::new().route(urls::staff::QUEUE_CSV, get(export))
}

async fn export(State(app): State<App>, staff: Staff, Now(now): Now, query: QueueQuery) -> Result<Response, AppError> {
    let query = QueueQuery { position: PagePosition::First, ..query };
    let today = local_time::to_local(now).date();
    let request = query.to_list_request(&search::parse(&query.search, today), staff.id, today);
    let mut csv = Csv::new();
    csv.write_row(COLUMN_LABELS.map(|id| staff.lang.t(id)));
    // an error in the first batch is answered with an error page, not with a broken file
    let batch = load_batch(&app, &request).await?;
    let export = CsvExport { app, lang: staff.lang, request, batch: Some(batch), csv };
    let body = Body::from_stream(stream::try_unfold(export, CsvExport::next_chunk));
    Ok(csv::csv_download(body, query.view.into_str(), now))
}

/// An export in progress.
struct CsvExport {
    app: App,
    lang: Lang,
    request: ListRequest,
    /// The batch to write next. None after the last one.
    batch: Option<ExportBatch>,
    csv: Csv,
}

/// A page of the view, with the texts that the queue shows shortened.
struct ExportBatch {
    listing: Listing,
    full_texts: HashMap<Uuid, FullTexts>,
}

impl CsvExport {
    /// Writes a batch and loads the next one. An error aborts the download, so that the file does not look complete.
    async fn next_chunk(mut self) -> Result<Option<(Bytes, CsvExport)>, sqlx::Error> {
        let Some(ExportBatch { listing, full_texts }) = self.batch.take() else { return Ok(None) };
        for row in &listing.rows {
            self.csv.write_row(to_cells(row, full_texts.get(&row.id), self.lang));
        }
        if let Some(cursor) = listing.next_cursor {
            self.request =
                mem::replace(&mut self.request, ListRequest::Empty).with_position(PagePosition::After(cursor));
            let next = load_batch(&self.app, &self.request).await;
            self.batch = Some(next.inspect_err(|error| tracing::warn!(%error, "CSV export aborted"))?);
        }
        Ok(Some((self.csv.take_bytes(), self)))
    }
}

/// Each batch has a transaction of its own, so that a slow client holds no connection.
async fn load_batch(app: &App, request: &ListRequest) -> Result<ExportBatch, sqlx::Error> {
    let mut tx = app.db.begin().await?;
    let listing = listing::load(&mut tx, request).await?;
    let ids: Vec<_> = listing.rows.iter().map(|row| row.id).collect();
    let full_texts = list_full_texts(&mut tx, &ids).await?.into_iter().map(|texts| (texts.id, texts)).collect();
    tx.commit().await?;
    Ok(ExportBatch { listing, full_texts })
}

/// The cells of a ticket, in the order of [`COLUMN_LABELS`]. Numbers are in E.164 and as typed, times in ISO 8601.
fn to_cells<'a>(
    row: &'a QueueRow,
    full_texts: Option<&'a FullTexts>,
    lang: Lang,
) -> [Cow<'a, str>; COLUMN_LABELS.len()] {
    let text = |field: fn(&FullTexts) -> &Option<String>| {
        Cow::from(full_texts.and_then(|texts| field(texts).as_deref()).unwrap_or_default())
    };
    let party = |kind: Option<PartyKind>, canonical: &Option<String>| match kind {
        Some(PartyKind::Withheld) => lang.t("queue-withheld"),
        None | Some(PartyKind::Number | PartyKind::Short | PartyKind::Account) => {
            canonical.clone().unwrap_or_default().into()
        }
    };
    let local = |at| Cow::from(local_time::iso_local(at));
    let yes_or_no = |value: bool| lang.t(if value { "csv-yes" } else { "csv-no" });
    [
        row.reference.to_string().into(),
        lang.t(row.status.label()),
        lang.t(short_category_label(row.category)),
        row.assignee_name.as_deref().unwrap_or_default().into(),
        local(row.created_at),
        if row.status.is_active() { local(row.awaiting_staff_since) } else { "".into() },
        party(row.caller_kind, &row.caller),
        text(|texts| &texts.caller_raw),
        party(row.callee_kind, &row.callee),
        text(|texts| &texts.callee_raw),
        row.account.as_deref().unwrap_or_default().into(),
        row.call_at.map(local).unwrap_or_default(),
        row.call_at.map(|at| local_time::iso(&at).into()).unwrap_or_default(),
        row.call_precision.map(|precision| precision.tolerance_minutes().to_string()).unwrap_or_default().into(),
        row.sip_code.map(|code| code.to_string()).unwrap_or_default().into(),
        match (&row.error_text, row.symptom) {
            (Some(_), _) => text(|texts| &texts.error_text),
            (None, Some(symptom)) => lang.t(symptom.label()),
            (None, None) => "".into(),
        },
        row.in_billing.map(|billing| lang.t(billing.label())).unwrap_or_default(),
        yes_or_no(row.has_guide_path),
        yes_or_no(row.has_checks),
    ]
}
