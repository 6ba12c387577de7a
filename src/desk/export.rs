//! The view on screen as a table for a spreadsheet: the same tickets in the same order, from its first page to its last.
//! It is written lot by lot, as fast as it is read, so that a million rows cost no more memory than fifty.

use std::{borrow::Cow, mem};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::Uri,
    response::Response,
    routing::get,
};
use futures_util::stream;

use super::{
    asked::Asked,
    listing::{self, Listing, Wanted},
    row::short,
    search,
    store::{Place, QueueRow},
};
use crate::{
    app::{App, Now},
    phone::Kind,
    staff::Staff,
    web::{Error, csv, csv::Csv},
    words::Lang,
    zone,
};

const HEADS: [&str; 16] = [
    "col-reference",
    "col-status",
    "col-category",
    "col-who",
    "csv-reported",
    "csv-waiting",
    "csv-a",
    "csv-b",
    "csv-account",
    "csv-call-local",
    "csv-call-utc",
    "csv-precision",
    "csv-code",
    "csv-error",
    "csv-billing",
    "csv-guide",
];

pub fn routes() -> Router<App> {
    Router::new().route("/staff.csv", get(export))
}

async fn export(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, Error> {
    let asked = Asked { place: Place::First, ..Asked::read(uri.query().unwrap_or_default()) };
    let today = zone::to_local(now).date();
    let wanted = asked.wanted(&search::read(&asked.search, today), staff.id, today);
    let mut csv = Csv::new();
    csv.row(HEADS.map(|id| staff.lang.t(id)));
    // what can't be read at all is an error page, not a broken file
    let lot = lot(&app, &wanted).await?;
    let export = Export { app, lang: staff.lang, wanted, lot: Some(lot), csv };
    let body = Body::from_stream(stream::try_unfold(export, Export::next));
    Ok(csv::download(body, asked.view.as_str(), now))
}

/// A table that is being written.
struct Export {
    app: App,
    lang: Lang,
    wanted: Wanted,
    /// What was read last, as long as there is something.
    lot: Option<Listing>,
    csv: Csv,
}

impl Export {
    /// Writes a lot and reads the one after it. An error breaks the download off: it must not look whole.
    async fn next(mut self) -> Result<Option<(Bytes, Export)>, sqlx::Error> {
        let Some(listing) = self.lot.take() else { return Ok(None) };
        for row in &listing.rows {
            self.csv.row(cells(row, self.lang));
        }
        if let Some(cursor) = listing.after {
            self.wanted = mem::replace(&mut self.wanted, Wanted::Nothing).from(Place::After(cursor));
            let next = lot(&self.app, &self.wanted).await;
            self.lot = Some(next.inspect_err(|error| tracing::warn!(%error, "an export was broken off"))?);
        }
        Ok(Some((self.csv.take(), self)))
    }
}

/// Each lot has a transaction of its own: a slow reader holds no connection.
async fn lot(app: &App, wanted: &Wanted) -> Result<Listing, sqlx::Error> {
    let mut tx = app.db.begin().await?;
    let listing = listing::read(&mut tx, wanted).await?;
    tx.commit().await?;
    Ok(listing)
}

/// A ticket as cells, in the order of [`HEADS`]: numbers as E.164, times as ISO 8601.
fn cells(row: &QueueRow, lang: Lang) -> [Cow<'_, str>; 16] {
    let side = |kind: Option<Kind>, canonical: &Option<String>| match kind {
        Some(Kind::Withheld) => lang.t("queue-withheld"),
        None | Some(Kind::Number | Kind::Short | Kind::Account) => canonical.clone().unwrap_or_default().into(),
    };
    let local = |at| Cow::from(zone::iso_local(at));
    let yes = |is: bool| lang.t(if is { "csv-yes" } else { "csv-no" });
    [
        row.reference.to_string().into(),
        lang.t(row.status.label()),
        lang.t(short(row.category)),
        row.assignee_name.as_deref().unwrap_or_default().into(),
        local(row.created_at),
        if row.status.is_active() { local(row.waiting_since) } else { "".into() },
        side(row.caller_kind, &row.caller),
        side(row.callee_kind, &row.callee),
        row.account.as_deref().unwrap_or_default().into(),
        row.call_at.map(local).unwrap_or_default(),
        row.call_at.map(|at| zone::iso(&at).into()).unwrap_or_default(),
        row.call_precision.map(|precision| precision.minutes().to_string()).unwrap_or_default().into(),
        row.sip_code.map(|code| code.to_string()).unwrap_or_default().into(),
        match (&row.error_text, row.symptom) {
            (Some(text), _) => text.as_str().into(),
            (None, Some(symptom)) => lang.t(symptom.label()),
            (None, None) => "".into(),
        },
        row.in_billing.map(|billing| lang.t(billing.label())).unwrap_or_default(),
        yes(row.walked),
    ]
}
