//! Everything that can be done to a ticket. A verb leaves exactly one event, in the same statement as its change.

use std::collections::BTreeSet;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub use super::merge::{Merged, NotMerged, merge};
use super::{
    Actor, Category, Guess, NewTicket, Note, Reference, Ticket, Verb, What, change,
    key::{Key, submission_hash},
    plan::Plan,
    row::{Hashes, NewRow},
    settle, store,
};
use crate::{staff::Person, token::hash};

/// What became of a report.
#[derive(Debug, PartialEq)]
pub enum Opened {
    New(Reference),
    /// The same form was here before.
    Already(Reference),
}

/// What came of a verb on one ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    Done,
    /// It was so before.
    Already,
    /// Somebody else changed the ticket since it was read.
    Stale,
    /// Somebody else has it: taking it over needs a reason.
    Held,
    /// It is a duplicate, which ends with its main ticket.
    Duplicate,
    /// It is over, for good as far as this goes.
    Closed,
    /// There is no such ticket.
    Gone,
}

/// A ticket as somebody saw it: a change is made only if it still is as it was then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub id: Uuid,
    pub version: i32,
}

/// Who does it and when, and which change of many tickets at once it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct By {
    pub actor: Actor,
    pub now: OffsetDateTime,
    pub part: Part,
}

/// Whether a change stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Alone,
    /// It can be taken back together with others.
    Of(Uuid),
    /// It takes that back.
    UndoOf(Uuid),
}

impl By {
    pub fn new(actor: Actor, now: OffsetDateTime) -> By {
        By { actor, now, part: Part::Alone }
    }
}

impl Part {
    pub(super) fn bulk(self) -> Option<Uuid> {
        match self {
            Part::Alone => None,
            Part::Of(id) | Part::UndoOf(id) => Some(id),
        }
    }
}

/// Opens a ticket from a report. The same form (`submission`) again gives the same ticket, however often and however
/// many at once; what it says differently is kept as an event.
///
/// # Errors
/// When the database is away.
pub async fn open(
    db: &mut PgConnection,
    new: &NewTicket,
    key: &Key,
    now: OffsetDateTime,
) -> Result<Opened, sqlx::Error> {
    open_by(db, new, key, None, now).await
}

/// The same for a report that staff take down for somebody.
///
/// # Errors
/// When the database is away.
pub async fn take_down(
    db: &mut PgConnection,
    new: &NewTicket,
    key: &Key,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<Opened, sqlx::Error> {
    open_by(db, new, key, Some(staff), now).await
}

async fn open_by(
    db: &mut PgConnection,
    new: &NewTicket,
    key: &Key,
    staff: Option<Uuid>,
    now: OffsetDateTime,
) -> Result<Opened, sqlx::Error> {
    let hashes = hashes(new, key);
    loop {
        let reference = Reference::random();
        if !store::insert(db, &[NewRow::of(new, &reference, &hashes, now)], staff).await?.is_empty() {
            return Ok(Opened::New(reference));
        }
        if let Some(earlier) = store::by_submission(db, &hashes.submission).await? {
            if earlier.form_hash != hashes.form {
                let what = What::SentAgain { typed: new.typed.clone() };
                store::sent_again(db, earlier.id, &hashes.form, &what, staff, now).await?;
            }
            return Ok(Opened::Already(earlier.reference));
        }
        // neither new nor the same form: the reference was taken, one time in 2⁴⁵ for each ticket there is
    }
}

/// Opens a ticket from an e-mail, with marks on what was guessed. The same message again (`submission`) gives the same
/// ticket.
///
/// # Errors
/// When the database is away.
pub async fn open_guessed(
    db: &mut PgConnection,
    new: &NewTicket,
    guessed: &[Guess],
    key: &Key,
    now: OffsetDateTime,
) -> Result<Opened, sqlx::Error> {
    let opened = open(db, new, key, now).await?;
    if let Opened::New(reference) = &opened {
        settle::mark(db, reference, guessed).await?;
    }
    Ok(opened)
}

/// Opens tickets from reports that came at the same moment, in the time that one takes: one statement, which needs no
/// transaction around it. `None` for a report whose form was here before: [`open`] knows what to do with it.
///
/// # Errors
/// When the database is away; then none is open.
pub async fn open_all(
    db: &mut PgConnection,
    reports: &[(&NewTicket, &Key, OffsetDateTime)],
) -> Result<Vec<Option<Reference>>, sqlx::Error> {
    let references: Vec<_> = reports.iter().map(|_| Reference::random()).collect();
    let rows = reports.iter().zip(&references);
    let mut rows: Vec<_> =
        rows.map(|((new, key, now), reference)| NewRow::of(new, reference, &hashes(new, key), *now)).collect();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    // two programs that are sent the same forms at once lock them in the same order, or they would wait for each other
    rows.sort_by_key(|row| row.submission_hash);
    let inserted = store::insert(db, &rows, None).await?;
    let opened = references.into_iter().zip(ids);
    Ok(opened.map(|(reference, id)| inserted.contains(&id).then_some(reference)).collect())
}

fn hashes(new: &NewTicket, key: &Key) -> Hashes {
    Hashes { submission: submission_hash(new.submission), form: hash(format!("{:?}", new.typed)), key: key.hash() }
}

/// Does `verb` to each of the tickets, and what follows from it to their duplicates, in one statement. Gives the outcomes
/// in the order of `seen`. A text counts once for each form (`form`) that it is written in.
///
/// # Errors
/// When the database is away; then nothing has changed.
pub async fn act(
    db: &mut PgConnection,
    seen: &[Seen],
    verb: &Verb,
    form: Option<Uuid>,
    by: By,
) -> Result<Vec<Outcome>, sqlx::Error> {
    let ids: Vec<_> = seen.iter().map(|seen| seen.id).collect();
    let mut plan = Plan::of(change::store::lock(db, &ids, verb.moves_duplicates()).await?);
    let outcomes = plan.decide_all(seen, verb, form, by);
    plan.follow_up(by.now);
    let done = change::store::take(db, &plan.steps(), by).await?;
    if let Verb::TakeBack { piece } = verb {
        change::store::drop_questions(db, &done, *piece).await?;
    }
    let done: BTreeSet<_> = done.into_iter().collect();
    let made = |(seen, outcome): (&Seen, Outcome)| match outcome {
        _ if done.contains(&seen.id) => Outcome::Done,
        // the form was here before
        Outcome::Done => Outcome::Already,
        outcome => outcome,
    };
    Ok(seen.iter().zip(outcomes).map(made).collect())
}

/// Does `verb` to one ticket.
///
/// # Errors
/// When the database is away.
pub async fn act_on(
    db: &mut PgConnection,
    seen: Seen,
    verb: &Verb,
    form: Option<Uuid>,
    by: By,
) -> Result<Outcome, sqlx::Error> {
    Ok(act(db, &[seen], verb, form, by).await?.pop().unwrap_or(Outcome::Gone))
}

/// Adds a note that only staff see, whatever has happened meanwhile. The same form (`submission`) with the same text
/// again adds nothing.
///
/// # Errors
/// When the database is away.
pub async fn note(
    db: &mut PgConnection,
    ticket: &Ticket,
    text: Note,
    submission: Uuid,
    actor: Actor,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let _ = act_on(db, ticket.seen(), &Verb::Note { text }, Some(submission), By::new(actor, now)).await?;
    Ok(())
}

/// Gives a person the new ticket that has waited longest, however many ask for it at once. `None` when none is new.
///
/// # Errors
/// When the database is away.
pub async fn take_next(
    db: &mut PgConnection,
    category: Option<Category>,
    to: &Person,
    now: OffsetDateTime,
) -> Result<Option<Reference>, sqlx::Error> {
    let Some(id) = change::store::next(db, category).await? else { return Ok(None) };
    let standing = change::store::lock(db, &[id], false).await?;
    let seen: Vec<_> = standing.iter().map(|at| Seen { id: at.id, version: at.version }).collect();
    let verb = Verb::Give { to: to.clone(), reason: None };
    let _ = act(db, &seen, &verb, None, By::new(Actor::Staff(to.id), now)).await?;
    Ok(standing.into_iter().next().map(|at| at.reference))
}

/// Brings tickets back that have waited until their day, at most `most` at a time. Gives how many came.
///
/// # Errors
/// When the database is away.
pub async fn bring_back(db: &mut PgConnection, most: i64, now: OffsetDateTime) -> Result<usize, sqlx::Error> {
    let due = change::store::due(db, now, most).await?;
    let standing = change::store::lock(db, &due, false).await?;
    let steps: Vec<_> = standing.iter().map(|at| change::come_back(at, now)).collect();
    Ok(change::store::take(db, &steps, By::new(Actor::System, now)).await?.len())
}
