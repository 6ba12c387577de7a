//! Everything that can be done to a ticket. A verb leaves exactly one event, in the same statement as its change.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Actor, NewTicket, Reference, Status, Ticket, What,
    key::Key,
    store::{self, Change, Hashes},
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
    let hashes = Hashes {
        submission: hash(&new.submission.to_string()),
        form: hash(&format!("{:?}", new.typed)),
        key: key.hash(),
    };
    loop {
        let reference = Reference::random();
        if store::insert(db, new, &reference, &hashes, now).await? {
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
    text: Option<String>,
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

/// Adds a note that only staff see. The same form (`submission`) again adds nothing.
///
/// # Errors
/// When the database is away.
pub async fn note(
    db: &mut PgConnection,
    ticket: &Ticket,
    text: String,
    submission: Uuid,
    actor: Actor,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    store::say(db, ticket.id, actor, &What::Noted { text }, submission, now).await
}

/// Adds an answer that the customer sees. The same form (`submission`) again adds nothing.
///
/// # Errors
/// When the database is away.
pub async fn reply(
    db: &mut PgConnection,
    ticket: &Ticket,
    text: String,
    submission: Uuid,
    actor: Actor,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    store::say(db, ticket.id, actor, &What::Replied { text }, submission, now).await
}

fn made(changed: bool) -> Result<Outcome, sqlx::Error> {
    Ok(if changed { Outcome::Done } else { Outcome::Stale })
}
