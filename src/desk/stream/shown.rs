//! A page of the queue as open desks show it: who asks the same is shown the same, drawn once for each language.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{
    desk::{
        listing::{self, Listing},
        row::RowView,
        store::{Place, QueueRow, Sort, Walk},
    },
    ready::Ready,
    words::Lang,
};

/// What a desk asks for, with "me" understood: two people with the same question share the answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    pub walk: Walk,
    pub sort: Sort,
    pub place: Place,
}

impl Question {
    pub async fn read(&self, db: &mut PgConnection) -> Result<Listing, sqlx::Error> {
        listing::of_walk(db, &self.walk, self.sort, self.place).await
    }
}

/// A page that is shown.
#[derive(Debug)]
pub struct Shown {
    pub rows: Vec<Arc<Row>>,
    /// Whether there are further pages.
    pub full: bool,
    /// Tells two states apart: which tickets in which order, each in which version.
    pub mark: String,
}

/// A row that is shown.
#[derive(Debug)]
pub struct Row {
    pub row: QueueRow,
    in_incident: bool,
    read_at: OffsetDateTime,
    drawn: [OnceLock<String>; Lang::ALL.len()],
}

impl Shown {
    /// What was read, with the rows of `known` that are still so: they are drawn already.
    pub fn of(listing: Listing, known: Option<&Shown>, now: OffsetDateTime) -> Shown {
        let mark = mark(&listing.rows);
        let full = listing.after.is_some();
        let known: HashMap<_, _> = known.iter().flat_map(|known| &known.rows).map(|row| (row.key(), row)).collect();
        let in_incident = listing.in_incident;
        let rows = listing.rows.into_iter().map(|row| match known.get(&(row.id, row.version)) {
            Some(same) => Arc::clone(same),
            None => {
                let in_incident = in_incident.contains(&row.id);
                Arc::new(Row { row, in_incident, read_at: now, drawn: Default::default() })
            }
        });
        Shown { rows: rows.collect(), full, mark }
    }
}

impl Row {
    fn key(&self) -> (uuid::Uuid, i32) {
        (self.row.id, self.row.version)
    }

    /// The row's HTML. Times in it are of when it was read; the page makes them grow.
    pub fn html(&self, lang: Lang) -> &str {
        self.drawn[lang as usize].get_or_init(|| {
            let view = RowView { row: &self.row, in_incident: self.in_incident, lang, now: self.read_at };
            askama::Template::render(&view).unwrap_or_default()
        })
    }
}

/// The mark of a page: the same for the same tickets in the same order and versions, in every process.
pub fn mark(rows: &[QueueRow]) -> String {
    let parts = rows.iter().flat_map(|row| row.id.into_bytes().into_iter().chain(row.version.to_le_bytes()));
    Ready::fingerprint(&parts.collect::<Vec<_>>())
}
