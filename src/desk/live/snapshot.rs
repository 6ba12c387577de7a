//! A page of the queue at one point in time, shared by all open pages that show it. A row is rendered once per language.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    desk::queue::{
        filter::{PagePosition, QueueFilter, QueueSort},
        listing::{self, Listing},
        row::QueueRowView,
        store::QueueRow,
    },
    i18n::Lang,
};

/// Which page of the queue. "Me" is resolved, so that equal pages of several staff members have the same key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct QueueSnapshotKey {
    pub filter: QueueFilter,
    pub sort: QueueSort,
    pub position: PagePosition,
}

impl QueueSnapshotKey {
    pub(super) async fn load(&self, db: &mut PgConnection) -> Result<Listing, sqlx::Error> {
        listing::browse(db, &self.filter, self.sort, self.position).await
    }
}

#[derive(Debug)]
pub(crate) struct QueueSnapshot {
    pub rows: Vec<Arc<SnapshotRow>>,
    pub has_next_page: bool,
    /// See [`Listing::fingerprint`].
    pub fingerprint: String,
}

#[derive(Debug)]
pub(crate) struct SnapshotRow {
    pub row: QueueRow,
    is_in_incident: bool,
    loaded_at: OffsetDateTime,
    html_by_lang: [OnceLock<String>; Lang::ALL.len()],
}

impl QueueSnapshot {
    /// Reuses the rows of `previous` that are unchanged, since they are already rendered.
    pub(super) fn from_listing(
        listing: Listing,
        previous: Option<&QueueSnapshot>,
        now: OffsetDateTime,
    ) -> QueueSnapshot {
        let fingerprint = listing.fingerprint();
        let has_next_page = listing.next_cursor.is_some();
        let previous_rows: HashMap<_, _> =
            previous.iter().flat_map(|snapshot| &snapshot.rows).map(|row| (row.id_and_version(), row)).collect();
        let ids_in_incident = listing.ids_in_incident;
        let rows = listing.rows.into_iter().map(|row| match previous_rows.get(&(row.id, row.version)) {
            Some(unchanged) => Arc::clone(unchanged),
            None => Arc::new(SnapshotRow {
                is_in_incident: ids_in_incident.contains(&row.id),
                row,
                loaded_at: now,
                html_by_lang: Default::default(),
            }),
        });
        QueueSnapshot { rows: rows.collect(), has_next_page, fingerprint }
    }
}

impl SnapshotRow {
    fn id_and_version(&self) -> (Uuid, i32) {
        (self.row.id, self.row.version)
    }

    /// Elapsed times in it are those of the time when the row was loaded. A script on the page keeps them up to date.
    pub(super) fn html(&self, lang: Lang) -> &str {
        self.html_by_lang[lang as usize].get_or_init(|| {
            let view = QueueRowView { row: &self.row, is_in_incident: self.is_in_incident, lang, now: self.loaded_at };
            askama::Template::render(&view).unwrap_or_default()
        })
    }
}
