//! The view on screen as a table for a spreadsheet: the same tickets in the same order, from its first page to its last.
//! It is written lot by lot, as fast as it is read, so that a million rows cost no more memory than fifty.

use std::{borrow::Cow, collections::HashMap, mem};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::Uri,
    response::Response,
    routing::get,
};
use futures_util::stream;
use uuid::Uuid;

use super::{
    listing::{self, ListRequest, Listing},
    query::QueueQuery,
    row::short_category_label,
    search,
    store::{FullTexts, PagePosition, QueueRow, list_full_texts},
};
use crate::{
    app::{App, Now},
    i18n::Lang,
    local_time,
    phone::PartyKind,
    staff::Staff,
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

pub fn routes() -> Router<App> {
    Router::new().route("/staff.csv", get(export))
}

async fn export(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, AppError> {
    let asked = QueueQuery { position: PagePosition::First, ..QueueQuery::parse(uri.query().unwrap_or_default()) };
    let today = local_time::to_local(now).date();
    let wanted = asked.to_list_request(&search::parse(&asked.search, today), staff.id, today);
    let mut csv = Csv::new();
    csv.write_row(COLUMN_LABELS.map(|id| staff.lang.t(id)));
    // what can't be read at all is an error page, not a broken file
    let lot = load_batch(&app, &wanted).await?;
    let export = CsvExport { app, lang: staff.lang, request: wanted, batch: Some(lot), csv };
    let body = Body::from_stream(stream::try_unfold(export, CsvExport::next_chunk));
    Ok(csv::csv_download(body, asked.view.as_str(), now))
}

/// A table that is being written.
struct CsvExport {
    app: App,
    lang: Lang,
    request: ListRequest,
    /// What was read last, as long as there is something.
    batch: Option<ExportBatch>,
    csv: Csv,
}

/// A page of the view, and what a table holds beside it: the queue shows texts only as far as its columns reach.
struct ExportBatch {
    listing: Listing,
    full_texts: HashMap<Uuid, FullTexts>,
}

impl CsvExport {
    /// Writes a lot and reads the one after it. An error breaks the download off: it must not look whole.
    async fn next_chunk(mut self) -> Result<Option<(Bytes, CsvExport)>, sqlx::Error> {
        let Some(ExportBatch { listing, full_texts: wholes }) = self.batch.take() else { return Ok(None) };
        for row in &listing.rows {
            self.csv.write_row(to_cells(row, wholes.get(&row.id), self.lang));
        }
        if let Some(cursor) = listing.next_cursor {
            self.request =
                mem::replace(&mut self.request, ListRequest::Empty).with_position(PagePosition::After(cursor));
            let next = load_batch(&self.app, &self.request).await;
            self.batch = Some(next.inspect_err(|error| tracing::warn!(%error, "an export was broken off"))?);
        }
        Ok(Some((self.csv.take_bytes(), self)))
    }
}

/// Each lot has a transaction of its own: a slow reader holds no connection.
async fn load_batch(app: &App, wanted: &ListRequest) -> Result<ExportBatch, sqlx::Error> {
    let mut tx = app.db.begin().await?;
    let listing = listing::load(&mut tx, wanted).await?;
    let ids: Vec<_> = listing.rows.iter().map(|row| row.id).collect();
    let wholes = list_full_texts(&mut tx, &ids).await?.into_iter().map(|whole| (whole.id, whole)).collect();
    tx.commit().await?;
    Ok(ExportBatch { listing, full_texts: wholes })
}

/// A ticket as cells, in the order of [`HEADS`]: numbers as E.164 and as they were typed, times as ISO 8601.
fn to_cells<'a>(row: &'a QueueRow, whole: Option<&'a FullTexts>, lang: Lang) -> [Cow<'a, str>; 19] {
    let text = |of: fn(&FullTexts) -> &Option<String>| {
        Cow::from(whole.and_then(|whole| of(whole).as_deref()).unwrap_or_default())
    };
    let side = |kind: Option<PartyKind>, canonical: &Option<String>| match kind {
        Some(PartyKind::Withheld) => lang.t("queue-withheld"),
        None | Some(PartyKind::Number | PartyKind::Short | PartyKind::Account) => {
            canonical.clone().unwrap_or_default().into()
        }
    };
    let local = |at| Cow::from(local_time::iso_local(at));
    let yes = |is: bool| lang.t(if is { "csv-yes" } else { "csv-no" });
    [
        row.reference.to_string().into(),
        lang.t(row.status.label()),
        lang.t(short_category_label(row.category)),
        row.assignee_name.as_deref().unwrap_or_default().into(),
        local(row.created_at),
        if row.status.is_active() { local(row.awaiting_staff_since) } else { "".into() },
        side(row.caller_kind, &row.caller),
        text(|whole| &whole.caller_raw),
        side(row.callee_kind, &row.callee),
        text(|whole| &whole.callee_raw),
        row.account.as_deref().unwrap_or_default().into(),
        row.call_at.map(local).unwrap_or_default(),
        row.call_at.map(|at| local_time::iso(&at).into()).unwrap_or_default(),
        row.call_precision.map(|precision| precision.tolerance_minutes().to_string()).unwrap_or_default().into(),
        row.sip_code.map(|code| code.to_string()).unwrap_or_default().into(),
        match (&row.error_text, row.symptom) {
            (Some(_), _) => text(|whole| &whole.error_text),
            (None, Some(symptom)) => lang.t(symptom.label()),
            (None, None) => "".into(),
        },
        row.in_billing.map(|billing| lang.t(billing.label())).unwrap_or_default(),
        yes(row.has_guide_path),
        yes(row.has_checks),
    ]
}
