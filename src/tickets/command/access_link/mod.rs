//! The link to a ticket's page: its current key, the rotation of the key, and the email to a customer who lost the link.

mod store;

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub use crate::tickets::access_key::ACCESS_LINK_TTL_AFTER_RESOLUTION;

use super::context::CommandContext;
use crate::{
    signing::SigningSecret,
    tickets::{AccessKey, TicketReference, event::actor::Actor, store::find_by_reference, ticket::Ticket},
    token,
};

/// The minimum time between two emails with the same link: nobody must be able to fill another person's mailbox.
const MIN_REQUEST_INTERVAL: Duration = Duration::minutes(10);
/// The maximum number of emails with the same link per day.
const MAX_REQUESTS_PER_DAY: i64 = 5;

/// The key that opens a ticket's page, for links in emails and on pages. `None` for a ticket whose key was created at
/// random, by an early version; it has to be rotated ([`rotate`]).
pub async fn current_key(
    db: &mut PgConnection,
    secret: &SigningSecret,
    ticket_id: Uuid,
) -> Result<Option<AccessKey>, sqlx::Error> {
    let material = store::load_key_material(db, ticket_id).await?;
    let key = material.derive_access_key(secret, material.generation);
    Ok(material.matches(&key).then_some(key))
}

/// Rotates the key: older links no longer work. `None` if another request has rotated it since the ticket was loaded. The
/// same form again changes nothing; see [`rotated_by_form`].
pub async fn rotate(
    db: &mut PgConnection,
    secret: &SigningSecret,
    ticket: &Ticket,
    form_id: Option<Uuid>,
    context: CommandContext,
) -> Result<Option<AccessKey>, sqlx::Error> {
    let generation = ticket.access_key_generation + 1;
    let key = store::load_key_material(db, ticket.id).await?.derive_access_key(secret, generation);
    let submission_id = form_id.map(|form_id| rotation_submission_id(form_id, &ticket.reference));
    let is_rotated = store::rotate(db, ticket.id, generation, &key, submission_id, context).await?;
    Ok(is_rotated.then_some(key))
}

/// The new key, if this form has rotated `old_key`: a button that is pressed twice must not lock its user out. Nobody but
/// the reader of the page knows the form's id.
pub async fn rotated_by_form(
    db: &mut PgConnection,
    secret: &SigningSecret,
    reference: &TicketReference,
    old_key: &AccessKey,
    form_id: Uuid,
) -> Result<Option<AccessKey>, sqlx::Error> {
    let submission_id = rotation_submission_id(form_id, reference);
    let Some(ticket_id) = store::find_rotated_by_form(db, reference, submission_id).await? else { return Ok(None) };
    let material = store::load_key_material(db, ticket_id).await?;
    let key = material.derive_access_key(secret, material.generation);
    let previous_key = material.derive_access_key(secret, material.generation - 1);
    Ok((previous_key == *old_key && material.matches(&key)).then_some(key))
}

fn rotation_submission_id(form_id: Uuid, reference: &TicketReference) -> Uuid {
    token::uuid_from_hash(format!("{form_id} {} rekeyed", reference.as_str()))
}

/// Queues an email with a ticket's link, if the address is its customer's and the rate limit allows it. Returns whether it
/// did. Needs a transaction.
pub async fn request_link(
    db: &mut PgConnection,
    secret: &SigningSecret,
    reference: &TicketReference,
    email: &str,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    // locked first: of two concurrent requests the second sees the first
    let resolved_after = now - ACCESS_LINK_TTL_AFTER_RESOLUTION;
    let Some(ticket_id) = store::lock_by_reference_and_email(db, reference, email, resolved_after).await? else {
        return Ok(false);
    };
    if !store::insert_link_request(db, ticket_id, now, now - MIN_REQUEST_INTERVAL, MAX_REQUESTS_PER_DAY).await? {
        return Ok(false);
    }
    if current_key(db, secret, ticket_id).await?.is_none()
        && let Some(ticket) = find_by_reference(db, reference).await?
    {
        // a random key cannot be sent, because only its hash is stored
        rotate(db, secret, &ticket, None, CommandContext::new(Actor::System, now)).await?;
    }
    Ok(true)
}
