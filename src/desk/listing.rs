//! A page of the queue: its rows, and where it goes on to both sides.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
};

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    search::{Candidate, Criteria, Found, find},
    store::{Cursor, PAGE, Place, QueueRow, Sort, Walk, rows_of},
};
use crate::tickets::incident::held;

/// What is to be listed. Equal wishes list the same, whoever has them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// The conditions exclude each other, or can't be read.
    Nothing,
    /// Some piles, page by page without an end.
    Walk { walk: Walk, sort: Sort, place: Place },
    /// What a search finds.
    Search { criteria: Criteria, sort: Sort, place: Place },
}

impl Wanted {
    /// The same from another place on.
    pub fn from(self, place: Place) -> Wanted {
        match self {
            Wanted::Nothing => Wanted::Nothing,
            Wanted::Walk { walk, sort, .. } => Wanted::Walk { walk, sort, place },
            Wanted::Search { criteria, sort, .. } => Wanted::Search { criteria, sort, place },
        }
    }
}

/// What a page lists.
#[derive(Debug, Default)]
pub struct Listing {
    pub rows: Vec<QueueRow>,
    /// Those of them that are part of an incident.
    pub in_incident: BTreeSet<Uuid>,
    /// The page before ends before this.
    pub before: Option<Cursor>,
    /// The page after begins after this.
    pub after: Option<Cursor>,
    pub found: Option<Count>,
}

/// How many tickets a search has found, on all pages together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub found: usize,
    /// There are others, or there may be.
    pub more: bool,
}

impl Listing {
    /// The only ticket that a search has found.
    pub fn only(&self) -> Option<&QueueRow> {
        let is_only = self.found == Some(Count { found: 1, more: false });
        self.rows.first().filter(|_| is_only)
    }
}

/// Reads a page. To be called in a transaction, as its last: a search sets how statements are planned.
///
/// # Errors
/// When the database is away.
pub async fn read(db: &mut PgConnection, wanted: &Wanted) -> Result<Listing, sqlx::Error> {
    match wanted {
        Wanted::Nothing => Ok(Listing::default()),
        Wanted::Walk { walk, sort, place } => of_walk(db, walk, *sort, *place).await,
        Wanted::Search { criteria, sort, place } => {
            let found = find(&mut *db, criteria).await?;
            of_search(db, found, *sort, *place).await
        }
    }
}

/// Reads a page of some piles, which takes no transaction.
///
/// # Errors
/// When the database is away.
pub async fn of_walk(db: &mut PgConnection, walk: &Walk, sort: Sort, place: Place) -> Result<Listing, sqlx::Error> {
    let mut rows = walk.rows(&mut *db, sort, place).await?;
    let further = rows.len() > PAGE;
    rows.truncate(PAGE);
    let in_incident = in_incident(&mut *db, &rows).await?;
    match place {
        Place::First | Place::After(_) => {
            let before = rows.first().filter(|_| place != Place::First).map(|row| row.cursor(sort));
            let after = rows.last().filter(|_| further).map(|row| row.cursor(sort));
            Ok(Listing { rows, in_incident, before, after, found: None })
        }
        // the way back has come to the beginning, where the first page is as full as it can be
        Place::Before(_) if !further => Box::pin(of_walk(db, walk, sort, Place::First)).await,
        Place::Before(_) => {
            rows.reverse();
            let (before, after) = (rows.first().map(|row| row.cursor(sort)), rows.last().map(|row| row.cursor(sort)));
            Ok(Listing { rows, in_incident, before, after, found: None })
        }
    }
}

/// The same from what was found, which is never much.
async fn of_search(db: &mut PgConnection, found: Found, sort: Sort, place: Place) -> Result<Listing, sqlx::Error> {
    let count = Count { found: found.tickets.len(), more: found.more };
    let mut places: Vec<Cursor> = found.tickets.iter().map(|ticket| cursor(ticket, sort)).collect();
    places.sort_unstable_by(|one, other| order(sort, one, other));
    let begin = match place {
        Place::First => 0,
        Place::After(cursor) => places.partition_point(|place| order(sort, place, &cursor).is_le()),
        Place::Before(cursor) => {
            places.partition_point(|place| order(sort, place, &cursor).is_lt()).saturating_sub(PAGE)
        }
    };
    let page = &places[begin..places.len().min(begin + PAGE)];
    let ids: Vec<_> = page.iter().map(|cursor| cursor.id).collect();
    let mut rows: HashMap<_, _> = rows_of(&mut *db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let rows: Vec<_> = ids.iter().filter_map(|id| rows.remove(id)).collect();
    Ok(Listing {
        in_incident: in_incident(db, &rows).await?,
        rows,
        before: page.first().filter(|_| begin > 0).copied(),
        after: page.last().filter(|_| begin + PAGE < places.len()).copied(),
        found: Some(count),
    })
}

/// A statement of its own, which reads one small index, so that the walk through the queue stays what it is.
async fn in_incident(db: &mut PgConnection, rows: &[QueueRow]) -> Result<BTreeSet<Uuid>, sqlx::Error> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    Ok(held(db, &ids).await?.into_iter().map(|held| held.ticket).collect())
}

fn cursor(ticket: &Candidate, sort: Sort) -> Cursor {
    let at = match sort {
        Sort::Waiting => ticket.waiting_since,
        Sort::Newest | Sort::Call => ticket.at,
    };
    Cursor { at, id: ticket.id }
}

/// The orders of [`Walk::rows`].
fn order(sort: Sort, one: &Cursor, other: &Cursor) -> Ordering {
    match sort {
        Sort::Waiting => (one.at, one.id).cmp(&(other.at, other.id)),
        Sort::Newest => other.id.cmp(&one.id),
        Sort::Call => (other.at, other.id).cmp(&(one.at, one.id)),
    }
}
