//! What is done with a message: one transaction, so that it is on its ticket and known to have come, or neither.

use std::sync::Arc;

use time::OffsetDateTime;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{
    Fate, Incoming, MOST_OF_DROPPED, Marks,
    address::is_own,
    guess::{Guessed, guess},
    judge::{Verdict, judge},
    read::{content, read},
    store::{self, NewMail},
};
use crate::{
    app::App,
    db::{Db, is_away},
    letters::address::{letter_of, ticket_of},
    tickets::{KeyMaker, Reference, Seal},
    token::hash,
};

/// Where mail comes in: the same for the command and for the folder.
pub struct Postbox {
    db: Db,
    /// The portal's own addresses.
    pub(super) own: Arc<[String]>,
    /// How long calls can be traced, in days.
    kept_days: u16,
    seal: OnceCell<Arc<Seal>>,
    pub(super) keys: KeyMaker,
}

/// A message as it was handed over.
#[derive(Debug)]
pub struct Raw {
    /// All of it, or the beginning if it was too long.
    pub bytes: Vec<u8>,
    /// How long it was.
    pub size: u64,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    pub fate: Fate,
    /// The rule that decided, in one word.
    pub why: &'static str,
}

/// A message with everything that can be told of it without the database.
pub(super) struct Known {
    pub mail: Incoming,
    pub verdict: Verdict,
    pub guessed: Guessed,
}

/// What is to be written down about a message, beside itself.
pub(super) struct Done {
    pub received: Received,
    pub ticket: Option<Uuid>,
    /// It is from the ticket's own customer, as far as anybody can tell.
    pub trusted: bool,
}

impl Done {
    pub fn without_ticket(fate: Fate, why: &'static str) -> Done {
        Done { received: Received { fate, why }, ticket: None, trusted: false }
    }
}

impl Postbox {
    /// `own` are the portal's own addresses, `kept_days` is how long calls can be traced.
    pub fn new(db: Db, own: Vec<String>, kept_days: u16) -> Postbox {
        Postbox { db, own: own.into(), kept_days, seal: OnceCell::new(), keys: KeyMaker::default() }
    }

    pub fn of(app: &App) -> Postbox {
        Postbox::new(app.db.clone(), app.mail.own.clone(), app.operator.records_days)
    }

    /// Takes a message. Whatever it is, it is stored when this returns.
    ///
    /// # Errors
    /// When the database is away: the message must be handed over again later.
    pub async fn receive(&self, raw: Raw, now: OffsetDateTime) -> Result<Received, sqlx::Error> {
        let seal = self.seal().await?;
        let raw = Arc::new(raw);
        let (bytes, own, kept_days, known_seal) = (raw.clone(), self.own.clone(), self.kept_days, seal.clone());
        // a message that is made to hurt may take its time, and does not take the program with it
        let known = tokio::task::spawn_blocking(move || know(&bytes.bytes, &own, &known_seal, now, kept_days)).await;
        let (known, broken) = match known {
            Ok(Some(known)) => (Some(known), "not-stored"),
            Ok(None) => (None, "no-header"),
            Err(_) => (None, "broken"),
        };
        let stored = match &known {
            Some(known) => self.store(&raw, known, &seal, now).await,
            None => return self.keep(&raw, broken, now).await,
        };
        match stored {
            Err(error) if !is_away(&error) => {
                tracing::error!(%error, "a message could not be stored as what it is");
                self.keep(&raw, broken, now).await
            }
            stored => stored,
        }
    }

    async fn seal(&self) -> Result<Arc<Seal>, sqlx::Error> {
        let read = || async {
            let mut db = self.db.read().await?;
            Ok(Arc::new(Seal::read(&mut db).await?))
        };
        self.seal.get_or_try_init(read).await.cloned()
    }

    /// Keeps a message of which nothing can be made, for staff to look at.
    async fn keep(&self, raw: &Raw, why: &'static str, now: OffsetDateTime) -> Result<Received, sqlx::Error> {
        let mail = Incoming::default();
        let identity = hash(&raw.bytes);
        let done = Done::without_ticket(Fate::Unreadable, why);
        let mut tx = self.db.begin().await?;
        if store::insert(&mut tx, &new_mail(raw, &mail, identity, identity, &done), now).await?.is_none() {
            store::again(&mut tx, &identity).await?;
        }
        tx.commit().await?;
        Ok(done.received)
    }

    async fn store(&self, raw: &Raw, known: &Known, seal: &Seal, now: OffsetDateTime) -> Result<Received, sqlx::Error> {
        let mail = &known.mail;
        let content = content(mail);
        let named = match &mail.message_id {
            Some(id) => hash(format!("id {id}")),
            None => hash(&raw.bytes),
        };
        let renamed = hash([named, content].concat());
        loop {
            let mut tx = self.db.begin().await?;
            let first = store::earlier(&mut tx, &named).await?;
            let (identity, earlier) = match first {
                Some(earlier) if earlier.content != content => (renamed, store::earlier(&mut tx, &renamed).await?),
                first => (named, first),
            };
            if let Some(earlier) = earlier {
                store::again(&mut tx, &identity).await?;
                tx.commit().await?;
                return Ok(Received { fate: earlier.fate, why: "again" });
            }
            let done = match identity == named {
                true => self.decide(&mut tx, known, seal, &identity, now).await?,
                // another message under a name that is taken: forged, or its sender's program is broken
                false => Done::without_ticket(Fate::Unreadable, "same-id"),
            };
            if store::insert(&mut tx, &new_mail(raw, mail, identity, content, &done), now).await?.is_some() {
                tx.commit().await?;
                return Ok(done.received);
            }
            // another program took the same message at the same moment, and was first
            tx.rollback().await?;
        }
    }

    /// Makes a ticket of a message that was kept, because a person says so. `None` if it has one, or nobody to answer.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn take_by_hand(
        &self,
        id: Uuid,
        staff: Uuid,
        now: OffsetDateTime,
    ) -> Result<Option<Reference>, sqlx::Error> {
        let mut tx = self.db.begin().await?;
        let Some(kept) = store::without_ticket(&mut tx, id).await? else { return Ok(None) };
        let Some(mail) = kept.raw.as_deref().and_then(read) else { return Ok(None) };
        let Some(from) = mail.from.as_ref().map(|from| from.address.clone()) else { return Ok(None) };
        let guessed = guess(&mail, kept.at, self.kept_days);
        let identity = kept.identity.first_chunk().copied().unwrap_or_default();
        // a person has looked at it: it is no spam, whatever a filter said
        let mail = Incoming { marks: Marks::default(), ..mail };
        let known = Known { mail, verdict: Verdict::Person, guessed };
        let ticket = self.open(&mut tx, &known, &from, &identity, now).await?;
        store::made_ticket(&mut tx, id, ticket, staff, now).await?;
        tx.commit().await?;
        let mut db = self.db.read().await?;
        store::one(&mut db, id).await.map(|mail| mail.and_then(|mail| mail.reference))
    }
}

fn know(raw: &[u8], own: &[String], seal: &Seal, now: OffsetDateTime, kept_days: u16) -> Option<Known> {
    let mail = read(raw)?;
    let is_ours = |address: &str| is_own(own, address) || ticket_of(seal, address).is_some();
    let verdict = judge(&mail, is_ours, |id| letter_of(seal, id).is_some());
    let answers_us = mail.references.iter().any(|id| letter_of(seal, id).is_some());
    let guessed = if answers_us { guess(&own_words(&mail), now, kept_days) } else { guess(&mail, now, kept_days) };
    Some(Known { mail, verdict, guessed })
}

/// A message without what it quotes: our own letter tells of no call.
fn own_words(mail: &Incoming) -> Incoming {
    let own = mail.body.lines().filter(|line| !line.trim_start().starts_with('>'));
    Incoming { body: own.collect::<Vec<_>>().join("\n"), quoted: String::new(), ..mail.clone() }
}

fn new_mail<'a>(raw: &'a Raw, mail: &'a Incoming, identity: [u8; 32], content: [u8; 32], done: &Done) -> NewMail<'a> {
    let kept = if done.received.fate.is_dropped() { MOST_OF_DROPPED } else { raw.bytes.len() };
    NewMail {
        identity,
        content,
        fate: done.received.fate,
        why: done.received.why,
        ticket: done.ticket,
        trusted: done.trusted,
        mail,
        size: raw.size,
        raw: &raw.bytes[..kept.min(raw.bytes.len())],
    }
}
