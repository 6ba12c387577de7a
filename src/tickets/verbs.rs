//! Everything that can be done to a ticket. A verb leaves exactly one event, in the same statement as its change.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Actor, NewTicket, Note, Reference, Reply, Status, Ticket, What,
    key::Key,
    row::{Hashes, NewRow},
    store::{self, Change},
};
use crate::{staff::Person, token::hash};

/// What became of a report.
#[derive(Debug, PartialEq)]
pub enum Opened {
    New(Reference),
    /// The same form was here before.
    Already(Reference),
}

/// Whether a change was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    Done,
    /// Somebody else changed the ticket since it was read.
    Stale,
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
    let hashes = hashes(new, key);
    loop {
        let reference = Reference::random();
        if !store::insert(db, &[NewRow::of(new, &reference, &hashes, now)]).await?.is_empty() {
            return Ok(Opened::New(reference));
        }
        if let Some(earlier) = store::by_submission(db, &hashes.submission).await? {
            if earlier.form_hash != hashes.form {
                let what = What::SentAgain { typed: new.typed.clone() };
                store::sent_again(db, earlier.id, &hashes.form, &what, now).await?;
            }
            return Ok(Opened::Already(earlier.reference));
        }
        // neither new nor the same form: the reference was taken, one time in 2⁴⁵ for each ticket there is
    }
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
    let inserted = store::insert(db, &rows).await?;
    let opened = references.into_iter().zip(ids);
    Ok(opened.map(|(reference, id)| inserted.contains(&id).then_some(reference)).collect())
}

fn hashes(new: &NewTicket, key: &Key) -> Hashes {
    Hashes { submission: hash(new.submission.to_string()), form: hash(format!("{:?}", new.typed)), key: key.hash() }
}

/// Gives the ticket to a person, or to nobody. A new ticket that somebody takes is open.
///
/// # Errors
/// When the database is away.
pub async fn assign(
    db: &mut PgConnection,
    ticket: &Ticket,
    to: Option<&Person>,
    actor: Actor,
    now: OffsetDateTime,
) -> Result<Outcome, sqlx::Error> {
    let was = ticket.assignee_name.clone();
    let what = match (to, was) {
        (Some(to), was) => What::Assigned { to: to.id, name: to.name.clone(), was },
        (None, Some(was)) => What::Released { was },
        (None, None) => return Ok(Outcome::Done),
    };
    let status = match (to, ticket.status) {
        (Some(_), Status::New) => Status::Open,
        (None, Status::Open) => Status::New,
        (_, status) => status,
    };
    let change = Change { status, assignee: to.map(|to| to.id), waiting_since: ticket.waiting_since };
    made(store::change(db, ticket, change, actor, &what, now).await?)
}

/// Moves the ticket to another status: resolving, reopening and marking as spam have their own sentences.
///
/// # Errors
/// When the database is away.
pub async fn set_status(
    db: &mut PgConnection,
    ticket: &Ticket,
    to: Status,
    text: Option<Reply>,
    actor: Actor,
    now: OffsetDateTime,
) -> Result<Outcome, sqlx::Error> {
    let what = match (ticket.status, to) {
        (from, to) if from == to => return Ok(Outcome::Done),
        (_, Status::Resolved) => What::Resolved { text },
        (_, Status::Spam) => What::MarkedSpam,
        (from, Status::New | Status::Open | Status::Waiting) if !from.is_active() => What::Reopened { from },
        (from, to) => What::StatusChanged { from, to },
    };
    let waiting_since = match what {
        What::Reopened { .. } => now,
        _ => ticket.waiting_since,
    };
    let change = Change { status: to, assignee: ticket.assignee, waiting_since };
    made(store::change(db, ticket, change, actor, &what, now).await?)
}

/// Adds a note that only staff see. The same form (`submission`) with the same text again adds nothing.
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
    say(db, ticket, actor, &What::Noted { text }, submission, now).await
}

/// Adds an answer that the customer sees. The same form (`submission`) with the same text again adds nothing.
///
/// # Errors
/// When the database is away.
pub async fn reply(
    db: &mut PgConnection,
    ticket: &Ticket,
    text: Reply,
    submission: Uuid,
    actor: Actor,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    say(db, ticket, actor, &What::Replied { text }, submission, now).await
}

/// A form that was sent, gone back to and sent with another text says that too: each of its texts once.
async fn say(
    db: &mut PgConnection,
    ticket: &Ticket,
    actor: Actor,
    what: &What,
    submission: Uuid,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let is_new = store::say(db, ticket.id, actor, what, submission, now).await?;
    if !is_new && store::said(db, ticket.id, submission).await?.as_ref() != Some(what) {
        let id = hash(format!("{submission} {} {what:?}", ticket.id));
        let id = id.first_chunk().map_or(submission, |start| uuid::Builder::from_custom_bytes(*start).into_uuid());
        store::say(db, ticket.id, actor, what, id, now).await?;
    }
    Ok(())
}

fn made(changed: bool) -> Result<Outcome, sqlx::Error> {
    Ok(if changed { Outcome::Done } else { Outcome::Stale })
}
