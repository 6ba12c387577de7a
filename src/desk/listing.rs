//! A page of the queue: its rows, and where it goes on to both sides.

use sqlx::PgConnection;

use super::store::{Cursor, PAGE, Place, QueueRow, Sort, Walk};

/// What a page lists.
#[derive(Debug, Default)]
pub struct Listing {
    pub rows: Vec<QueueRow>,
    /// The page before ends before this.
    pub before: Option<Cursor>,
    /// The page after begins after this.
    pub after: Option<Cursor>,
}

/// Reads a page of a walk.
pub async fn of_walk(db: &mut PgConnection, walk: &Walk, sort: Sort, place: Place) -> Result<Listing, sqlx::Error> {
    let mut rows = walk.rows(&mut *db, sort, place).await?;
    let further = rows.len() > PAGE;
    rows.truncate(PAGE);
    match place {
        Place::First | Place::After(_) => {
            let before = rows.first().filter(|_| place != Place::First).map(|row| row.cursor(sort));
            let after = rows.last().filter(|_| further).map(|row| row.cursor(sort));
            Ok(Listing { rows, before, after })
        }
        // the way back has come to the beginning, where the first page is as full as it can be
        Place::Before(_) if !further => Box::pin(of_walk(db, walk, sort, Place::First)).await,
        Place::Before(_) => {
            rows.reverse();
            let (before, after) = (rows.first().map(|row| row.cursor(sort)), rows.last().map(|row| row.cursor(sort)));
            Ok(Listing { rows, before, after })
        }
    }
}
