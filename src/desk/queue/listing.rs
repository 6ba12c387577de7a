//! A page of the queue: its rows, and where it goes on to both sides.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
};

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    search::{SearchCandidate, SearchCriteria, SearchHits, execute},
    store::{PAGE_SIZE, PagePosition, QueueCursor, QueueFilter, QueueRow, QueueSort, list_rows_by_ids},
};
use crate::tickets::command::incident::list_memberships;

/// What is to be listed. Equal wishes list the same, whoever has them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListRequest {
    /// The conditions exclude each other, or can't be read.
    Empty,
    /// Some piles, page by page without an end.
    Browse { filter: QueueFilter, sort: QueueSort, position: PagePosition },
    /// What a search finds.
    Search { criteria: SearchCriteria, sort: QueueSort, position: PagePosition },
}

impl ListRequest {
    /// The same from another place on.
    pub fn with_position(self, place: PagePosition) -> ListRequest {
        match self {
            ListRequest::Empty => ListRequest::Empty,
            ListRequest::Browse { filter: walk, sort, .. } => {
                ListRequest::Browse { filter: walk, sort, position: place }
            }
            ListRequest::Search { criteria, sort, .. } => ListRequest::Search { criteria, sort, position: place },
        }
    }
}

/// What a page lists.
#[derive(Debug, Default)]
pub struct Listing {
    pub rows: Vec<QueueRow>,
    /// Those of them that are part of an incident.
    pub ids_in_incident: BTreeSet<Uuid>,
    /// The page before ends before this.
    pub previous_cursor: Option<QueueCursor>,
    /// The page after begins after this.
    pub next_cursor: Option<QueueCursor>,
    pub hit_count: Option<HitCount>,
}

/// How many tickets a search has found, on all pages together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HitCount {
    pub hits: usize,
    /// There are others, or there may be.
    pub has_more: bool,
}

impl Listing {
    /// The only ticket that a search has found.
    pub fn single_hit(&self) -> Option<&QueueRow> {
        let is_only = self.hit_count == Some(HitCount { hits: 1, has_more: false });
        self.rows.first().filter(|_| is_only)
    }
}

/// Reads a page. To be called in a transaction, as its last: a search sets how statements are planned.
///
/// # Errors
/// When the database is away.
pub async fn load(db: &mut PgConnection, wanted: &ListRequest) -> Result<Listing, sqlx::Error> {
    match wanted {
        ListRequest::Empty => Ok(Listing::default()),
        ListRequest::Browse { filter: walk, sort, position: place } => browse(db, walk, *sort, *place).await,
        ListRequest::Search { criteria, sort, position: place } => {
            let found = execute(&mut *db, criteria).await?;
            from_hits(db, found, *sort, *place).await
        }
    }
}

/// Reads a page of some piles, which takes no transaction.
///
/// # Errors
/// When the database is away.
pub async fn browse(
    db: &mut PgConnection,
    walk: &QueueFilter,
    sort: QueueSort,
    place: PagePosition,
) -> Result<Listing, sqlx::Error> {
    let mut rows = walk.list_rows(&mut *db, sort, place).await?;
    let further = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let in_incident = list_ids_in_incident(&mut *db, &rows).await?;
    match place {
        PagePosition::First | PagePosition::After(_) => {
            let before = rows.first().filter(|_| place != PagePosition::First).map(|row| row.cursor(sort));
            let after = rows.last().filter(|_| further).map(|row| row.cursor(sort));
            Ok(Listing {
                rows,
                ids_in_incident: in_incident,
                previous_cursor: before,
                next_cursor: after,
                hit_count: None,
            })
        }
        // the way back has come to the beginning, where the first page is as full as it can be
        PagePosition::Before(_) if !further => Box::pin(browse(db, walk, sort, PagePosition::First)).await,
        PagePosition::Before(_) => {
            rows.reverse();
            let (before, after) = (rows.first().map(|row| row.cursor(sort)), rows.last().map(|row| row.cursor(sort)));
            Ok(Listing {
                rows,
                ids_in_incident: in_incident,
                previous_cursor: before,
                next_cursor: after,
                hit_count: None,
            })
        }
    }
}

/// The same from what was found, which is never much.
async fn from_hits(
    db: &mut PgConnection,
    found: SearchHits,
    sort: QueueSort,
    place: PagePosition,
) -> Result<Listing, sqlx::Error> {
    let count = HitCount { hits: found.tickets.len(), has_more: found.has_more };
    let mut places: Vec<QueueCursor> = found.tickets.iter().map(|ticket| candidate_cursor(ticket, sort)).collect();
    places.sort_unstable_by(|one, other| compare_cursors(sort, one, other));
    let begin = match place {
        PagePosition::First => 0,
        PagePosition::After(cursor) => places.partition_point(|place| compare_cursors(sort, place, &cursor).is_le()),
        PagePosition::Before(cursor) => {
            places.partition_point(|place| compare_cursors(sort, place, &cursor).is_lt()).saturating_sub(PAGE_SIZE)
        }
    };
    let page = &places[begin..places.len().min(begin + PAGE_SIZE)];
    let ids: Vec<_> = page.iter().map(|cursor| cursor.id).collect();
    let mut rows: HashMap<_, _> =
        list_rows_by_ids(&mut *db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let rows: Vec<_> = ids.iter().filter_map(|id| rows.remove(id)).collect();
    Ok(Listing {
        ids_in_incident: list_ids_in_incident(db, &rows).await?,
        rows,
        previous_cursor: page.first().filter(|_| begin > 0).copied(),
        next_cursor: page.last().filter(|_| begin + PAGE_SIZE < places.len()).copied(),
        hit_count: Some(count),
    })
}

/// A statement of its own, which reads one small index, so that the walk through the queue stays what it is.
async fn list_ids_in_incident(db: &mut PgConnection, rows: &[QueueRow]) -> Result<BTreeSet<Uuid>, sqlx::Error> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    Ok(list_memberships(db, &ids).await?.into_iter().map(|held| held.ticket_id).collect())
}

fn candidate_cursor(ticket: &SearchCandidate, sort: QueueSort) -> QueueCursor {
    let at = match sort {
        QueueSort::LongestWaiting => ticket.awaiting_staff_since,
        QueueSort::Newest | QueueSort::LatestCall => ticket.occurred_at,
    };
    QueueCursor { at, id: ticket.id }
}

/// The orders of [`Walk::rows`].
fn compare_cursors(sort: QueueSort, one: &QueueCursor, other: &QueueCursor) -> Ordering {
    match sort {
        QueueSort::LongestWaiting => (one.at, one.id).cmp(&(other.at, other.id)),
        QueueSort::Newest => other.id.cmp(&one.id),
        QueueSort::LatestCall => (other.at, other.id).cmp(&(one.at, one.id)),
    }
}
