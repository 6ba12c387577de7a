//! Merging: a ticket that tells of the same trouble as another becomes its duplicate.
//!
//! The tree is one deep. Everybody who changes it holds the rows of both ends, and a main ticket's version goes up when
//! a duplicate comes or goes, so a family that was seen at some version is whole. Two people who merge both ways at once
//! therefore come one after the other, and the second finds that the ticket has changed.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Reference, Status,
    change::{self, merge_into},
    plan::Plan,
    store,
    verbs::{By, Outcome, Seen},
};

/// What became of tickets that were to be merged.
#[derive(Debug, PartialEq)]
#[must_use]
pub struct Merged {
    /// The ticket that the others are duplicates of now.
    pub main: Reference,
    pub outcomes: Vec<Outcome>,
}

/// Why nothing could be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotMerged {
    /// The ticket to merge into is the same one, or a duplicate of it.
    Itself,
    /// Customers must not wait for what nobody looks at.
    IntoSpam,
    /// There is no such ticket.
    Gone,
    /// The ticket to merge into became a duplicate at this very moment.
    Stale,
}

/// Makes tickets duplicates of `into`, or of the ticket that this one is a duplicate of itself. Their own duplicates
/// come along.
///
/// # Errors
/// When the database is away; then nothing has changed.
pub async fn merge(
    db: &mut PgConnection,
    seen: &[Seen],
    into: Uuid,
    by: By,
) -> Result<Result<Merged, NotMerged>, sqlx::Error> {
    let Some(main) = store::main_of(db, into).await? else { return Ok(Err(NotMerged::Gone)) };
    let ids: Vec<_> = seen.iter().map(|seen| seen.id).chain([main]).collect();
    let mut plan = Plan::of(change::store::lock(db, &ids, true).await?);
    let Some(main) = plan.at(main).cloned() else { return Ok(Err(NotMerged::Gone)) };
    if main.merged_into.is_some() {
        return Ok(Err(NotMerged::Stale));
    }
    if main.status == Status::Spam {
        return Ok(Err(NotMerged::IntoSpam));
    }
    if seen.iter().all(|seen| seen.id == main.id) {
        return Ok(Err(NotMerged::Itself));
    }
    let mut outcomes = Vec::with_capacity(seen.len());
    for seen in seen {
        let outcome = match plan.at(seen.id).cloned() {
            None => Outcome::Gone,
            Some(at) if at.id == main.id || at.merged_into == Some(main.id) => Outcome::Already,
            Some(at) if at.version != seen.version => Outcome::Stale,
            Some(at) => {
                plan.want(merge_into(&at, &main, by.now));
                for duplicate in plan.duplicates(at.id) {
                    plan.add(merge_into(&duplicate, &main, by.now));
                }
                Outcome::Done
            }
        };
        outcomes.push(outcome);
    }
    plan.follow_up(by.now);
    let done = change::store::take(db, &plan.steps(), by).await?;
    change::store::tell_merged(db, &done, by).await?;
    for (outcome, seen) in outcomes.iter_mut().zip(seen) {
        if seen.id != main.id && done.contains(&seen.id) {
            *outcome = Outcome::Done;
        }
    }
    Ok(Ok(Merged { main: main.reference, outcomes }))
}
