//! Everything that can be done to a ticket. A verb leaves exactly one event, in the same statement as its change.

use std::collections::BTreeSet;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::confirm_details;
pub use super::merge::{MergeRejection, MergeResult, merge};
use crate::tickets::{
    Actor, EventKind, InferredField, NewTicket, Note, Ticket, TicketCategory, TicketCommand, TicketReference,
    access_key::{AccessKey, hash_submission_id},
    row::{InsertTicketRow, TicketHashes},
    store,
    transition::{decide, plan::TransitionPlan},
};
use crate::{staff::StaffMember, token::sha256};

/// What became of a report.
#[derive(Debug, PartialEq)]
pub enum OpenOutcome {
    Created(TicketReference),
    /// The same form was here before.
    Existing(TicketReference),
}

/// What came of a verb on one ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum CommandOutcome {
    Done,
    /// It was so before.
    NoChange,
    /// Somebody else changed the ticket since it was read.
    VersionConflict,
    /// Somebody else has it: taking it over needs a reason.
    AssignedToOther,
    /// It is a duplicate, which ends with its main ticket.
    IsDuplicate,
    /// It is over, for good as far as this goes.
    Closed,
    /// There is no such ticket.
    NotFound,
}

/// A ticket as somebody saw it: a change is made only if it still is as it was then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedVersion {
    pub id: Uuid,
    pub version: i32,
}

/// Who does it and when, and which change of many tickets at once it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct CommandContext {
    pub actor: Actor,
    pub now: OffsetDateTime,
    pub bulk_role: BulkRole,
}

/// Whether a change stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkRole {
    None,
    /// It can be taken back together with others.
    Member(Uuid),
    /// It takes that back.
    Undo(Uuid),
}

impl CommandContext {
    pub fn new(actor: Actor, now: OffsetDateTime) -> CommandContext {
        CommandContext { actor, now, bulk_role: BulkRole::None }
    }
}

impl BulkRole {
    pub(crate) fn bulk_id(self) -> Option<Uuid> {
        match self {
            BulkRole::None => None,
            BulkRole::Member(id) | BulkRole::Undo(id) => Some(id),
        }
    }
}

/// Opens a ticket from a report. The same form (`submission`) again gives the same ticket, however often and however
/// many at once; what it says differently is kept as an event.
///
/// # Errors
/// When the database is away.
pub async fn open_from_report(
    db: &mut PgConnection,
    new: &NewTicket,
    key: &AccessKey,
    now: OffsetDateTime,
) -> Result<OpenOutcome, sqlx::Error> {
    open_or_find_existing(db, new, key, None, now).await
}

/// The same for a report that staff take down for somebody.
///
/// # Errors
/// When the database is away.
pub async fn open_by_staff(
    db: &mut PgConnection,
    new: &NewTicket,
    key: &AccessKey,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<OpenOutcome, sqlx::Error> {
    open_or_find_existing(db, new, key, Some(staff), now).await
}

async fn open_or_find_existing(
    db: &mut PgConnection,
    new: &NewTicket,
    key: &AccessKey,
    staff: Option<Uuid>,
    now: OffsetDateTime,
) -> Result<OpenOutcome, sqlx::Error> {
    let hashes = compute_hashes(new, key);
    loop {
        let reference = TicketReference::random();
        if !store::insert(db, &[InsertTicketRow::new(new, &reference, &hashes, now)], staff).await?.is_empty() {
            return Ok(OpenOutcome::Created(reference));
        }
        if let Some(earlier) = store::lock_by_submission(db, &hashes.submission).await? {
            if earlier.form_hash != hashes.form {
                let what = EventKind::Resubmitted { raw_fields: new.raw_fields.clone() };
                store::record_resubmission(db, earlier.ticket_id, &hashes.form, &what, staff, now).await?;
            }
            return Ok(OpenOutcome::Existing(earlier.reference));
        }
        // neither new nor the same form: the reference was taken, one time in 2⁴⁵ for each ticket there is
    }
}

/// Opens a ticket from an e-mail, with marks on what was guessed. The same message again (`submission`) gives the same
/// ticket.
///
/// # Errors
/// When the database is away.
pub async fn open_from_email(
    db: &mut PgConnection,
    new: &NewTicket,
    guessed: &[InferredField],
    key: &AccessKey,
    now: OffsetDateTime,
) -> Result<OpenOutcome, sqlx::Error> {
    let opened = open_from_report(db, new, key, now).await?;
    if let OpenOutcome::Created(reference) = &opened {
        confirm_details::mark_unconfirmed(db, reference, guessed).await?;
    }
    Ok(opened)
}

/// Opens tickets from reports that came at the same moment, in the time that one takes: one statement, which needs no
/// transaction around it. `None` for a report whose form was here before: [`open`] knows what to do with it.
///
/// # Errors
/// When the database is away; then none is open.
pub async fn open_batch(
    db: &mut PgConnection,
    reports: &[(&NewTicket, &AccessKey, OffsetDateTime)],
) -> Result<Vec<Option<TicketReference>>, sqlx::Error> {
    let references: Vec<_> = reports.iter().map(|_| TicketReference::random()).collect();
    let rows = reports.iter().zip(&references);
    let mut rows: Vec<_> = rows
        .map(|((new, key, now), reference)| InsertTicketRow::new(new, reference, &compute_hashes(new, key), *now))
        .collect();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    // two programs that are sent the same forms at once lock them in the same order, or they would wait for each other
    rows.sort_by_key(|row| row.submission_hash);
    let inserted = store::insert(db, &rows, None).await?;
    let opened = references.into_iter().zip(ids);
    Ok(opened.map(|(reference, id)| inserted.contains(&id).then_some(reference)).collect())
}

fn compute_hashes(new: &NewTicket, key: &AccessKey) -> TicketHashes {
    TicketHashes {
        submission: hash_submission_id(new.submission_id),
        form: sha256(format!("{:?}", new.raw_fields)),
        key: key.hash(),
    }
}

/// Does `verb` to each of the tickets, and what follows from it to their duplicates, in one statement. Gives the outcomes
/// in the order of `seen`. A text counts once for each form (`form`) that it is written in.
///
/// # Errors
/// When the database is away; then nothing has changed.
pub async fn apply_to_many(
    db: &mut PgConnection,
    seen: &[ExpectedVersion],
    verb: &TicketCommand,
    form: Option<Uuid>,
    by: CommandContext,
) -> Result<Vec<CommandOutcome>, sqlx::Error> {
    let ids: Vec<_> = seen.iter().map(|seen| seen.id).collect();
    let mut plan =
        TransitionPlan::new(crate::tickets::transition::store::lock_states(db, &ids, verb.affects_duplicates()).await?);
    let outcomes = plan.decide_all(seen, verb, form, by);
    plan.propagate_to_duplicates(by.now);
    let done = crate::tickets::transition::store::apply_transitions(db, &plan.transitions(), by).await?;
    if let TicketCommand::WithdrawDetailRequest { detail: piece } = verb {
        crate::tickets::transition::store::cancel_detail_request_emails(db, &done, *piece).await?;
    }
    let done: BTreeSet<_> = done.into_iter().collect();
    let made = |(seen, outcome): (&ExpectedVersion, CommandOutcome)| match outcome {
        _ if done.contains(&seen.id) => CommandOutcome::Done,
        // the form was here before
        CommandOutcome::Done => CommandOutcome::NoChange,
        outcome => outcome,
    };
    Ok(seen.iter().zip(outcomes).map(made).collect())
}

/// Does `verb` to one ticket.
///
/// # Errors
/// When the database is away.
pub async fn apply(
    db: &mut PgConnection,
    seen: ExpectedVersion,
    verb: &TicketCommand,
    form: Option<Uuid>,
    by: CommandContext,
) -> Result<CommandOutcome, sqlx::Error> {
    Ok(apply_to_many(db, &[seen], verb, form, by).await?.pop().unwrap_or(CommandOutcome::NotFound))
}

/// Adds a note that only staff see, whatever has happened meanwhile. The same form (`submission`) with the same text
/// again adds nothing.
///
/// # Errors
/// When the database is away.
pub async fn add_note(
    db: &mut PgConnection,
    ticket: &Ticket,
    text: Note,
    submission: Uuid,
    actor: Actor,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let _ = apply(
        db,
        ticket.expected_version(),
        &TicketCommand::AddNote { text },
        Some(submission),
        CommandContext::new(actor, now),
    )
    .await?;
    Ok(())
}

/// Gives a person the new ticket that has waited longest, however many ask for it at once. `None` when none is new.
///
/// # Errors
/// When the database is away.
pub async fn claim_next(
    db: &mut PgConnection,
    category: Option<TicketCategory>,
    to: &StaffMember,
    now: OffsetDateTime,
) -> Result<Option<TicketReference>, sqlx::Error> {
    let Some(id) = crate::tickets::transition::store::lock_next_new(db, category).await? else { return Ok(None) };
    let standing = crate::tickets::transition::store::lock_states(db, &[id], false).await?;
    let seen: Vec<_> = standing.iter().map(|at| ExpectedVersion { id: at.id, version: at.version }).collect();
    let verb = TicketCommand::Assign { assignee: to.clone(), reason: None };
    let _ = apply_to_many(db, &seen, &verb, None, CommandContext::new(Actor::Staff(to.id), now)).await?;
    Ok(standing.into_iter().next().map(|at| at.reference))
}

/// Brings tickets back that have waited until their day, at most `most` at a time. Gives how many came.
///
/// # Errors
/// When the database is away.
pub async fn end_due_snoozes(db: &mut PgConnection, most: i64, now: OffsetDateTime) -> Result<usize, sqlx::Error> {
    let due = crate::tickets::transition::store::lock_due_snoozes(db, now, most).await?;
    let standing = crate::tickets::transition::store::lock_states(db, &due, false).await?;
    let steps: Vec<_> = standing.iter().map(|at| decide::end_snooze(at, now)).collect();
    Ok(crate::tickets::transition::store::apply_transitions(db, &steps, CommandContext::new(Actor::System, now))
        .await?
        .len())
}
