//! Loads a page of the queue: its rows, and the cursors of the pages before and after it.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
};

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    filter::{PagePosition, QueueCursor, QueueFilter, QueueSort},
    search::{SearchCandidate, SearchCriteria, SearchHits, execute},
    store::{PAGE_SIZE, QueueRow, list_rows_by_ids},
};
use crate::{precompressed::PrecompressedBody, tickets::command::incident::list_memberships};

/// Which page to load. Equal requests list the same tickets for every staff member.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ListRequest {
    /// The conditions exclude each other or are invalid.
    Empty,
    /// All tickets that pass the filter.
    Browse {
        filter: QueueFilter,
        sort: QueueSort,
        position: PagePosition,
    },
    Search {
        criteria: SearchCriteria,
        sort: QueueSort,
        position: PagePosition,
    },
}

impl ListRequest {
    pub(super) fn with_position(self, position: PagePosition) -> ListRequest {
        match self {
            ListRequest::Empty => ListRequest::Empty,
            ListRequest::Browse { filter, sort, .. } => ListRequest::Browse { filter, sort, position },
            ListRequest::Search { criteria, sort, .. } => ListRequest::Search { criteria, sort, position },
        }
    }
}

/// A page of tickets.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub rows: Vec<QueueRow>,
    /// The rows that are part of an incident.
    pub ids_in_incident: BTreeSet<Uuid>,
    /// The previous page ends before this cursor.
    pub previous_cursor: Option<QueueCursor>,
    /// The next page starts after this cursor.
    pub next_cursor: Option<QueueCursor>,
    pub hit_count: Option<HitCount>,
}

/// Number of tickets that a search has found, on all pages together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HitCount {
    pub hits: usize,
    /// There are more hits, or there may be.
    pub has_more: bool,
}

impl Listing {
    /// Changes whenever a row is added, removed, moved or updated. The same in every process.
    pub(crate) fn fingerprint(&self) -> String {
        let bytes = self.rows.iter().flat_map(|row| row.id.into_bytes().into_iter().chain(row.version.to_le_bytes()));
        PrecompressedBody::fingerprint(&bytes.collect::<Vec<_>>())
    }

    /// The ticket that a search has found, if there is exactly one.
    pub(super) fn single_hit(&self) -> Option<&QueueRow> {
        let is_only = self.hit_count == Some(HitCount { hits: 1, has_more: false });
        self.rows.first().filter(|_| is_only)
    }
}

/// Loads a page. Call it in a transaction, as its last statement: a search changes the planner settings of the transaction.
pub(super) async fn load(db: &mut PgConnection, request: &ListRequest) -> Result<Listing, sqlx::Error> {
    match request {
        ListRequest::Empty => Ok(Listing::default()),
        ListRequest::Browse { filter, sort, position } => browse(db, filter, *sort, *position).await,
        ListRequest::Search { criteria, sort, position } => {
            let hits = execute(&mut *db, criteria).await?;
            from_hits(db, hits, *sort, *position).await
        }
    }
}

/// Loads a page of the tickets that pass the filter. It needs no transaction.
pub(crate) async fn browse(
    db: &mut PgConnection,
    filter: &QueueFilter,
    sort: QueueSort,
    position: PagePosition,
) -> Result<Listing, sqlx::Error> {
    let mut rows = filter.list_rows(&mut *db, sort, position).await?;
    let has_more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    if let PagePosition::Before(_) = position {
        if !has_more {
            // the start of the list is reached: the first page is a full one
            return Box::pin(browse(db, filter, sort, PagePosition::First)).await;
        }
        rows.reverse();
    }
    let (has_previous, has_next) = match position {
        PagePosition::First => (false, has_more),
        PagePosition::After(_) => (true, has_more),
        PagePosition::Before(_) => (true, true),
    };
    Ok(Listing {
        ids_in_incident: list_ids_in_incident(&mut *db, &rows).await?,
        previous_cursor: rows.first().filter(|_| has_previous).map(|row| row.cursor(sort)),
        next_cursor: rows.last().filter(|_| has_next).map(|row| row.cursor(sort)),
        rows,
        hit_count: None,
    })
}

/// Sorts the hits in memory, since a search returns a limited number of them.
async fn from_hits(
    db: &mut PgConnection,
    hits: SearchHits,
    sort: QueueSort,
    position: PagePosition,
) -> Result<Listing, sqlx::Error> {
    let hit_count = HitCount { hits: hits.tickets.len(), has_more: hits.has_more };
    let mut cursors: Vec<QueueCursor> = hits.tickets.iter().map(|ticket| candidate_cursor(ticket, sort)).collect();
    cursors.sort_unstable_by(|left, right| compare_cursors(sort, left, right));
    let start = match position {
        PagePosition::First => 0,
        PagePosition::After(cursor) => cursors.partition_point(|other| compare_cursors(sort, other, &cursor).is_le()),
        PagePosition::Before(cursor) => {
            cursors.partition_point(|other| compare_cursors(sort, other, &cursor).is_lt()).saturating_sub(PAGE_SIZE)
        }
    };
    let page = &cursors[start..cursors.len().min(start + PAGE_SIZE)];
    let ids: Vec<_> = page.iter().map(|cursor| cursor.id).collect();
    let mut rows_by_id: HashMap<_, _> =
        list_rows_by_ids(&mut *db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let rows: Vec<_> = ids.iter().filter_map(|id| rows_by_id.remove(id)).collect();
    Ok(Listing {
        ids_in_incident: list_ids_in_incident(db, &rows).await?,
        rows,
        previous_cursor: page.first().filter(|_| start > 0).copied(),
        next_cursor: page.last().filter(|_| start + PAGE_SIZE < cursors.len()).copied(),
        hit_count: Some(hit_count),
    })
}

/// A statement of its own, on one small index: a join would change the plan of the page query.
async fn list_ids_in_incident(db: &mut PgConnection, rows: &[QueueRow]) -> Result<BTreeSet<Uuid>, sqlx::Error> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    Ok(list_memberships(db, &ids).await?.into_iter().map(|membership| membership.ticket_id).collect())
}

fn candidate_cursor(ticket: &SearchCandidate, sort: QueueSort) -> QueueCursor {
    let at = match sort {
        QueueSort::LongestWaiting => ticket.awaiting_staff_since,
        QueueSort::Newest | QueueSort::LatestCall => ticket.occurred_at,
    };
    QueueCursor { at, id: ticket.id }
}

/// The same order as that of [`QueueFilter::list_rows`].
fn compare_cursors(sort: QueueSort, left: &QueueCursor, right: &QueueCursor) -> Ordering {
    match sort {
        QueueSort::LongestWaiting => (left.at, left.id).cmp(&(right.at, right.id)),
        QueueSort::Newest => right.id.cmp(&left.id),
        QueueSort::LatestCall => (right.at, right.id).cmp(&(left.at, left.id)),
    }
}
