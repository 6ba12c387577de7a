//! A page of the queue as open desks show it: who asks the same is shown the same, drawn once for each language.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{
    desk::queue::{
        listing::{self, Listing},
        row::QueueRowView,
        store::{PagePosition, QueueFilter, QueueRow, QueueSort},
    },
    i18n::Lang,
    precompressed::PrecompressedBody,
};

/// What a desk asks for, with "me" understood: two people with the same question share the answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QueueSnapshotKey {
    pub filter: QueueFilter,
    pub sort: QueueSort,
    pub position: PagePosition,
}

impl QueueSnapshotKey {
    pub async fn load(&self, db: &mut PgConnection) -> Result<Listing, sqlx::Error> {
        listing::browse(db, &self.filter, self.sort, self.position).await
    }
}

/// A page that is shown.
#[derive(Debug)]
pub struct QueueSnapshot {
    pub rows: Vec<Arc<SnapshotRow>>,
    /// Whether there are further pages.
    pub has_next_page: bool,
    /// Tells two states apart: which tickets in which order, each in which version.
    pub fingerprint: String,
}

/// A row that is shown.
#[derive(Debug)]
pub struct SnapshotRow {
    pub row: QueueRow,
    is_in_incident: bool,
    loaded_at: OffsetDateTime,
    html_by_lang: [OnceLock<String>; Lang::ALL.len()],
}

impl QueueSnapshot {
    /// What was read, with the rows of `known` that are still so: they are drawn already.
    pub fn from_listing(listing: Listing, known: Option<&QueueSnapshot>, now: OffsetDateTime) -> QueueSnapshot {
        let mark = rows_fingerprint(&listing.rows);
        let full = listing.next_cursor.is_some();
        let known: HashMap<_, _> =
            known.iter().flat_map(|known| &known.rows).map(|row| (row.id_and_version(), row)).collect();
        let in_incident = listing.ids_in_incident;
        let rows = listing.rows.into_iter().map(|row| match known.get(&(row.id, row.version)) {
            Some(same) => Arc::clone(same),
            None => {
                let in_incident = in_incident.contains(&row.id);
                Arc::new(SnapshotRow {
                    row,
                    is_in_incident: in_incident,
                    loaded_at: now,
                    html_by_lang: Default::default(),
                })
            }
        });
        QueueSnapshot { rows: rows.collect(), has_next_page: full, fingerprint: mark }
    }
}

impl SnapshotRow {
    fn id_and_version(&self) -> (uuid::Uuid, i32) {
        (self.row.id, self.row.version)
    }

    /// The row's HTML. Times in it are of when it was read; the page makes them grow.
    pub fn html(&self, lang: Lang) -> &str {
        self.html_by_lang[lang as usize].get_or_init(|| {
            let view = QueueRowView { row: &self.row, is_in_incident: self.is_in_incident, lang, now: self.loaded_at };
            askama::Template::render(&view).unwrap_or_default()
        })
    }
}

/// The mark of a page: the same for the same tickets in the same order and versions, in every process.
pub fn rows_fingerprint(rows: &[QueueRow]) -> String {
    let parts = rows.iter().flat_map(|row| row.id.into_bytes().into_iter().chain(row.version.to_le_bytes()));
    PrecompressedBody::fingerprint(&parts.collect::<Vec<_>>())
}
