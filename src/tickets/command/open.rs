//! Opens tickets from reports.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::confirm_details;
use crate::{
    tickets::{
        AccessKey, TicketReference,
        access_key::hash_submission_id,
        event::kind::EventKind,
        fields::InferredField,
        row::{InsertTicketRow, TicketHashes},
        store,
        ticket::NewTicket,
    },
    token::sha256,
};

/// The result of opening a ticket.
#[derive(Debug, PartialEq)]
pub enum OpenOutcome {
    Created(TicketReference),
    /// The same submission opened this ticket before.
    Existing(TicketReference),
}

/// Opens a ticket. The same submission (`submission_id`) again returns the same ticket, also when both are sent at the same
/// time. If its content differs, as that of an email can, the content is recorded as an event.
pub async fn open_from_report(
    db: &mut PgConnection,
    new: &NewTicket,
    key: &AccessKey,
    now: OffsetDateTime,
) -> Result<OpenOutcome, sqlx::Error> {
    open_or_find_existing(db, new, key, None, now).await
}

/// The same for a report that a staff member enters for a customer.
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
        if let Some(previous) = store::lock_by_submission(db, &hashes.submission).await? {
            if previous.form_hash != hashes.form {
                let event = EventKind::Resubmitted { raw_fields: new.raw_fields.clone() };
                store::record_resubmission(db, previous.ticket_id, &hashes.form, &event, staff, now).await?;
            }
            return Ok(OpenOutcome::Existing(previous.reference));
        }
        // The reference was taken. The probability is one in 2⁴⁵ for each existing ticket.
    }
}

/// Opens a ticket from an email, and marks the inferred fields. The same email again (`submission_id`) returns the same
/// ticket.
pub async fn open_from_email(
    db: &mut PgConnection,
    new: &NewTicket,
    inferred: &[InferredField],
    key: &AccessKey,
    now: OffsetDateTime,
) -> Result<OpenOutcome, sqlx::Error> {
    let outcome = open_from_report(db, new, key, now).await?;
    if let OpenOutcome::Created(reference) = &outcome {
        confirm_details::store::mark_unconfirmed(db, reference, inferred).await?;
    }
    Ok(outcome)
}

/// Opens tickets from reports that were received at the same time, in the time of one: a single statement, which needs no
/// transaction. Returns `None` for a report whose form was sent before; [`open_from_report`] handles it.
pub async fn open_batch(
    db: &mut PgConnection,
    reports: &[(&NewTicket, &AccessKey, OffsetDateTime)],
) -> Result<Vec<Option<TicketReference>>, sqlx::Error> {
    let references: Vec<_> = reports.iter().map(|_| TicketReference::random()).collect();
    let mut rows: Vec<_> = reports
        .iter()
        .zip(&references)
        .map(|((new, key, now), reference)| InsertTicketRow::new(new, reference, &compute_hashes(new, key), *now))
        .collect();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    // two programs that receive the same forms at the same time must lock them in the same order, or they deadlock
    rows.sort_by_key(|row| row.submission_hash);
    let inserted = store::insert(db, &rows, None).await?;
    let opened = references.into_iter().zip(ids);
    Ok(opened.map(|(reference, id)| inserted.contains(&id).then_some(reference)).collect())
}

fn compute_hashes(new: &NewTicket, key: &AccessKey) -> TicketHashes {
    TicketHashes {
        submission: hash_submission_id(new.submission_id),
        form: sha256(format!("{:?}", new.raw_fields)),
        access_key: key.hash(),
    }
}
