//! The link to a ticket's page: which key it carries, how it is replaced, and when it is sent to somebody who lost it.

mod store;

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::update::CommandContext;
use crate::tickets::{AccessKey, Actor, SigningSecret, Ticket, TicketReference, store::find_by_reference};
use crate::token;

/// How long a link opens the page of a ticket that is over: while somebody may still want to read what was answered. One
/// that lies in an old mailbox must not open it for ever.
pub const ACCESS_LINK_TTL_AFTER_RESOLUTION: Duration = Duration::weeks(8);

/// How long nobody is sent the same link again, so that nobody fills another's mailbox,
const MIN_REQUEST_INTERVAL: Duration = Duration::minutes(10);
/// and how many a day at most.
const MAX_REQUESTS_PER_DAY: i64 = 5;

/// The key that opens a ticket's page now: letters, pages and staff build their links from this one. `None` for a ticket
/// from before keys could be made again; it needs a new one ([`replace`]).
///
/// # Errors
/// When the database is away.
pub async fn current_key(db: &mut PgConnection, ticket: Uuid) -> Result<Option<AccessKey>, sqlx::Error> {
    let made_of = store::load_key_material(db, ticket).await?;
    let key = made_of.derive_access_key(&SigningSecret::load(db).await?, made_of.generation);
    Ok(made_of.matches(&key).then_some(key))
}

/// Replaces the key: older links lead nowhere from now on. `None` when somebody else was first. The same form again
/// changes nothing; see [`replaced_by`].
///
/// # Errors
/// When the database is away.
pub async fn rotate(
    db: &mut PgConnection,
    ticket: &Ticket,
    form: Option<Uuid>,
    by: CommandContext,
) -> Result<Option<AccessKey>, sqlx::Error> {
    let generation = ticket.access_key_generation + 1;
    let key =
        store::load_key_material(db, ticket.id).await?.derive_access_key(&SigningSecret::load(db).await?, generation);
    let form = form.map(|form| rotation_submission_id(form, &ticket.reference));
    let is_replaced = store::rotate(db, ticket.id, generation, &key, form, by).await?;
    Ok(is_replaced.then_some(key))
}

/// The new key for who replaced the old one by this very form: a button that is pressed twice must not lock its presser
/// out. Nobody but the page's reader knows the form's id.
///
/// # Errors
/// When the database is away.
pub async fn rotated_by_form(
    db: &mut PgConnection,
    reference: &TicketReference,
    old: &AccessKey,
    form: Uuid,
) -> Result<Option<AccessKey>, sqlx::Error> {
    let Some(ticket) = store::find_rotated_by_form(db, reference, rotation_submission_id(form, reference)).await?
    else {
        return Ok(None);
    };
    let made_of = store::load_key_material(db, ticket).await?;
    let seal = SigningSecret::load(db).await?;
    let key = made_of.derive_access_key(&seal, made_of.generation);
    let was = made_of.derive_access_key(&seal, made_of.generation - 1);
    Ok((was == *old && made_of.matches(&key)).then_some(key))
}

fn rotation_submission_id(form: Uuid, reference: &TicketReference) -> Uuid {
    token::uuid_from_hash(format!("{form} {} rekeyed", reference.as_str()))
}

/// Has a ticket's link sent, if that is its customer's e-mail address and the link was not sent just now. Says whether it
/// is. To be called in a transaction.
///
/// # Errors
/// When the database is away.
pub async fn request_link(
    db: &mut PgConnection,
    reference: &TicketReference,
    email: &str,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    // locked first, so that of two who ask at once the second sees the first
    let Some(ticket) =
        store::lock_by_reference_and_email(db, reference, email, now - ACCESS_LINK_TTL_AFTER_RESOLUTION).await?
    else {
        return Ok(false);
    };
    if !store::insert_link_request(db, ticket, now, now - MIN_REQUEST_INTERVAL, MAX_REQUESTS_PER_DAY).await? {
        return Ok(false);
    }
    if current_key(db, ticket).await?.is_none()
        && let Some(ticket) = find_by_reference(db, reference).await?
    {
        // from before keys could be made again: there is no other link that could be sent
        rotate(db, &ticket, None, CommandContext::new(Actor::System, now)).await?;
    }
    Ok(true)
}
