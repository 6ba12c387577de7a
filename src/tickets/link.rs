//! The link to a ticket's page: which key it carries, how it is replaced, and when it is sent to somebody who lost it.

mod store;

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Actor, Key, Reference, Seal, Ticket, store::by_reference, verbs::By};
use crate::token;

/// How long a link opens the page of a ticket that is over: while somebody may still want to read what was answered. One
/// that lies in an old mailbox must not open it for ever.
pub const KEPT: Duration = Duration::weeks(8);

/// How long nobody is sent the same link again, so that nobody fills another's mailbox,
const PAUSE: Duration = Duration::minutes(10);
/// and how many a day at most.
const A_DAY: i64 = 5;

/// The key that opens a ticket's page now: letters, pages and staff build their links from this one. `None` for a ticket
/// from before keys could be made again; it needs a new one ([`replace`]).
///
/// # Errors
/// When the database is away.
pub async fn current(db: &mut PgConnection, ticket: Uuid) -> Result<Option<Key>, sqlx::Error> {
    let made_of = store::made_of(db, ticket).await?;
    let key = made_of.key(&Seal::read(db).await?, made_of.generation);
    Ok(made_of.is_its(&key).then_some(key))
}

/// Replaces the key: older links lead nowhere from now on. `None` when somebody else was first. The same form again
/// changes nothing; see [`replaced_by`].
///
/// # Errors
/// When the database is away.
pub async fn replace(
    db: &mut PgConnection,
    ticket: &Ticket,
    form: Option<Uuid>,
    by: By,
) -> Result<Option<Key>, sqlx::Error> {
    let generation = ticket.key_generation + 1;
    let key = store::made_of(db, ticket.id).await?.key(&Seal::read(db).await?, generation);
    let form = form.map(|form| form_id(form, &ticket.reference));
    let is_replaced = store::replace(db, ticket.id, generation, &key, form, by).await?;
    Ok(is_replaced.then_some(key))
}

/// The new key for who replaced the old one by this very form: a button that is pressed twice must not lock its presser
/// out. Nobody but the page's reader knows the form's id.
///
/// # Errors
/// When the database is away.
pub async fn replaced_by(
    db: &mut PgConnection,
    reference: &Reference,
    old: &Key,
    form: Uuid,
) -> Result<Option<Key>, sqlx::Error> {
    let Some(ticket) = store::replaced_by(db, reference, form_id(form, reference)).await? else { return Ok(None) };
    let made_of = store::made_of(db, ticket).await?;
    let seal = Seal::read(db).await?;
    let key = made_of.key(&seal, made_of.generation);
    let was = made_of.key(&seal, made_of.generation - 1);
    Ok((was == *old && made_of.is_its(&key)).then_some(key))
}

fn form_id(form: Uuid, reference: &Reference) -> Uuid {
    token::id(format!("{form} {} rekeyed", reference.as_str()))
}

/// Has a ticket's link sent, if that is its customer's e-mail address and the link was not sent just now. Says whether it
/// is. To be called in a transaction.
///
/// # Errors
/// When the database is away.
pub async fn send(
    db: &mut PgConnection,
    reference: &Reference,
    email: &str,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    // locked first, so that of two who ask at once the second sees the first
    let Some(ticket) = store::lock_for(db, reference, email, now - KEPT).await? else { return Ok(false) };
    if !store::send(db, ticket, now, now - PAUSE, A_DAY).await? {
        return Ok(false);
    }
    if current(db, ticket).await?.is_none()
        && let Some(ticket) = by_reference(db, reference).await?
    {
        // from before keys could be made again: there is no other link that could be sent
        replace(db, &ticket, None, By::new(Actor::System, now)).await?;
    }
    Ok(true)
}
