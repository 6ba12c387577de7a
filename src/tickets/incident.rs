//! Tickets and incidents: a ticket joins one that is known, leaves it, and is resolved with it.
//!
//! A ticket has at most one open incident; who joins it to one first wins, and the second is told. The tickets of an
//! incident that is over are resolved lot by lot: each lot is a transaction, so that nobody waits for ten thousand, and a
//! program that ends in the middle leaves whole lots behind it, which nobody does again.

mod store;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) use self::store::take_back;
pub use self::store::{Held, held};
use super::{
    Actor, Reference, Reply, Status, Verb, What,
    change::{self, Decision, Standing, Step, decide},
    plan::Plan,
    verbs::By,
};
use crate::words::Lang;

/// How a ticket came to an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "incident_how", rename_all = "snake_case")]
pub enum How {
    /// Its customer said so.
    Customer,
    Staff,
    /// It was in a proposal that a person confirmed.
    Matched,
}

/// What became of the wish that a ticket joins an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Joined {
    Done,
    /// It had joined this one before.
    Already,
    /// It belongs to another one, by its number.
    Other(i64),
    /// There is nothing left to be done about it.
    Closed,
    /// It is a duplicate, which ends with its main ticket.
    Duplicate,
    /// There is no such ticket, or the incident is over.
    Gone,
}

/// Makes tickets part of an incident, whatever has happened to them since they were seen. Gives the outcomes in the order
/// of `ids`.
///
/// # Errors
/// When the database is away; then nothing has changed.
pub async fn join(
    db: &mut PgConnection,
    ids: &[Uuid],
    incident: i64,
    how: How,
    by: By,
) -> Result<Vec<Joined>, sqlx::Error> {
    let standing: BTreeMap<_, _> =
        change::store::lock(db, ids, false).await?.into_iter().map(|at| (at.id, at)).collect();
    let done = store::join(db, ids, None, incident, how, by).await?;
    let held: BTreeMap<_, _> = held(db, ids).await?.into_iter().map(|held| (held.ticket, held.incident)).collect();
    let told = |id: &Uuid| match (standing.get(id), held.get(id)) {
        _ if done.contains(id) => Joined::Done,
        (None, _) => Joined::Gone,
        (Some(_), Some(other)) if *other == incident => Joined::Already,
        (Some(_), Some(other)) => Joined::Other(*other),
        (Some(at), None) => why_not(at),
    };
    Ok(ids.iter().map(told).collect())
}

fn why_not(at: &Standing) -> Joined {
    match at.status {
        Status::Duplicate => Joined::Duplicate,
        Status::Resolved | Status::Spam => Joined::Closed,
        // nothing stood in the way but the incident itself
        Status::New | Status::Open | Status::Waiting => Joined::Gone,
    }
}

/// Makes a ticket that was just opened part of the incident that its customer chose: one statement, no transaction. True
/// when it was not before.
///
/// # Errors
/// When the database is away.
pub async fn join_reported(
    db: &mut PgConnection,
    reference: &Reference,
    incident: i64,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let by = By::new(Actor::Customer, now);
    Ok(!store::join(db, &[], Some(reference), incident, How::Customer, by).await?.is_empty())
}

/// Takes tickets out of an incident; those that were not in it stay as they are. Gives those that left.
///
/// # Errors
/// When the database is away.
pub async fn leave(db: &mut PgConnection, ids: &[Uuid], incident: i64, by: By) -> Result<Vec<Uuid>, sqlx::Error> {
    let _locked = change::store::lock(db, ids, false).await?;
    store::leave(db, ids, incident, by).await
}

/// An incident that is over.
#[derive(Debug, Clone)]
pub struct Over {
    pub incident: i64,
    /// What staff wrote about its end, for the letters.
    pub update: i64,
    /// The same in each language, for the tickets.
    pub text: [Reply; 2],
}

/// A lot of its tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lot {
    /// The last ticket that was looked at: the next lot begins behind it.
    pub last: Uuid,
    /// How many were resolved with the incident.
    pub resolved: usize,
    /// How many were passed over, because somebody is changing them at this moment.
    pub passed: usize,
}

/// Resolves the next of an incident's tickets, at most `most`, and writes to their customers: one letter to each address,
/// however many lots there are. Nothing here waits for a ticket that somebody else holds. `None` when there are no more.
///
/// # Errors
/// When the database is away; then nothing of the lot has changed.
pub async fn resolve_lot(
    db: &mut PgConnection,
    over: &Over,
    after: Uuid,
    most: i64,
    now: OffsetDateTime,
) -> Result<Option<Lot>, sqlx::Error> {
    let asked = store::next(db, over.incident, after, most).await?;
    let Some(last) = asked.last().copied() else { return Ok(None) };
    let free = store::lock_free(db, &asked).await?;
    let langs: BTreeMap<Uuid, Lang> = free.iter().map(|free| (free.id, free.lang)).collect();
    // a ticket is resolved with all its duplicates, or later
    let whole: Vec<_> = asked
        .iter()
        .filter(|id| {
            let duplicates = free.iter().filter(|free| free.merged_into == Some(**id)).count();
            free.iter().any(|free| free.id == **id && usize::try_from(free.duplicates) == Ok(duplicates))
        })
        .copied()
        .collect();
    let mut plan = Plan::of(change::store::lock(db, &whole, true).await?);
    let (mut resolved, mut ended) = (Vec::new(), Vec::new());
    for id in &whole {
        let Some(at) = plan.at(*id).cloned() else { continue };
        ended.push(at.id);
        if at.status.is_active() {
            resolved.push(at.id);
            let text = over.text[langs.get(id).copied().unwrap_or_default() as usize].clone();
            // the letter is written below: one to each address, whatever that address reported
            if let Decision::Change(step) = decide(&Verb::Resolve { text: None }, &at, Actor::System, now) {
                plan.want(Step {
                    what: What::ResolvedInIncident { incident: over.incident, text },
                    letter: None,
                    ..*step
                });
            }
        }
    }
    plan.follow_up(now);
    change::store::take(db, &plan.steps(), By::new(Actor::System, now)).await?;
    store::end(db, over, &ended, &resolved, now).await?;
    Ok(Some(Lot { last, resolved: resolved.len(), passed: asked.len() - ended.len() }))
}
