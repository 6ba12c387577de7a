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
    asked::Asked,
    listing::{self, Listing, Wanted},
    row::short,
    search,
    store::{Place, QueueRow, Whole, wholes},
};
use crate::{
    app::{App, Now},
    phone::Kind,
    staff::Staff,
    web::{Error, csv, csv::Csv},
    words::Lang,
    zone,
};

const HEADS: [&str; 19] = [
    "col-reference",
    "col-status",
    "col-category",
    "col-who",
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
    lot: Option<Lot>,
    csv: Csv,
}

/// A page of the view, and what a table holds beside it: the queue shows texts only as far as its columns reach.
struct Lot {
    listing: Listing,
    wholes: HashMap<Uuid, Whole>,
}

impl Export {
    /// Writes a lot and reads the one after it. An error breaks the download off: it must not look whole.
    async fn next(mut self) -> Result<Option<(Bytes, Export)>, sqlx::Error> {
        let Some(Lot { listing, wholes }) = self.lot.take() else { return Ok(None) };
        for row in &listing.rows {
            self.csv.row(cells(row, wholes.get(&row.id), self.lang));
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
async fn lot(app: &App, wanted: &Wanted) -> Result<Lot, sqlx::Error> {
    let mut tx = app.db.begin().await?;
    let listing = listing::read(&mut tx, wanted).await?;
    let ids: Vec<_> = listing.rows.iter().map(|row| row.id).collect();
    let wholes = wholes(&mut tx, &ids).await?.into_iter().map(|whole| (whole.id, whole)).collect();
    tx.commit().await?;
    Ok(Lot { listing, wholes })
}

/// A ticket as cells, in the order of [`HEADS`]: numbers as E.164 and as they were typed, times as ISO 8601.
fn cells<'a>(row: &'a QueueRow, whole: Option<&'a Whole>, lang: Lang) -> [Cow<'a, str>; 19] {
    let text =
        |of: fn(&Whole) -> &Option<String>| Cow::from(whole.and_then(|whole| of(whole).as_deref()).unwrap_or_default());
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
        text(|whole| &whole.caller_typed),
        side(row.callee_kind, &row.callee),
        text(|whole| &whole.callee_typed),
        row.account.as_deref().unwrap_or_default().into(),
        row.call_at.map(local).unwrap_or_default(),
        row.call_at.map(|at| zone::iso(&at).into()).unwrap_or_default(),
        row.call_precision.map(|precision| precision.minutes().to_string()).unwrap_or_default().into(),
        row.sip_code.map(|code| code.to_string()).unwrap_or_default().into(),
        match (&row.error_text, row.symptom) {
            (Some(_), _) => text(|whole| &whole.error_text),
            (None, Some(symptom)) => lang.t(symptom.label()),
            (None, None) => "".into(),
        },
        row.in_billing.map(|billing| lang.t(billing.label())).unwrap_or_default(),
        yes(row.walked),
        yes(row.checked),
    ]
}
