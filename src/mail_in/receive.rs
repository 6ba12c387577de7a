//! What is done with a message: one transaction, so that it is on its ticket and known to have come, or neither.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{
    Fate, Incoming, MOST_ANSWERS_IN_AN_HOUR, MOST_IN_AN_HOUR,
    address::is_own,
    guess::{Guessed, guess},
    judge::{Verdict, judge},
    read::{content, cut, read},
    store::{self, NewMail},
};
use crate::{
    app::App,
    db::{Db, is_away},
    letters::{self, address::letter_of, address::ticket_of},
    tickets::{
        self, Actor, Channel, Failure, KeyMaker, Message, NewTicket, Note, Reference, Seal, Service, Status, Ticket, Trail,
        Verb,
        verbs::{self, By, Opened, Outcome},
    },
    token::hash,
};

/// The longest text on a ticket, in characters; the whole text stays with the message.
const MOST_ON_TICKET: usize = 5000;

/// Where mail comes in: the same for the command and for the folder.
pub struct Postbox {
    db: Db,
    /// The portal's own addresses.
    own: Arc<[String]>,
    /// How long calls can be traced, in days.
    kept_days: u16,
    seal: OnceCell<Arc<Seal>>,
    keys: KeyMaker,
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
struct Known {
    mail: Incoming,
    verdict: Verdict,
    guessed: Guessed,
}

/// What is to be written down about a message, beside itself.
struct Done {
    received: Received,
    ticket: Option<Uuid>,
    /// It is from the ticket's own customer, as far as anybody can tell.
    trusted: bool,
}

impl Done {
    fn without_ticket(fate: Fate, why: &'static str) -> Done {
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
        let known =
            tokio::task::spawn_blocking(move || know(&bytes.bytes, &own, &known_seal, now, kept_days)).await;
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

    async fn decide(
        &self,
        db: &mut PgConnection,
        known: &Known,
        seal: &Seal,
        identity: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Done, sqlx::Error> {
        let mail = &known.mail;
        match &known.verdict {
            Verdict::Loop(why) => return Ok(Done::without_ticket(Fate::Loop, why)),
            Verdict::Automatic(why) => return Ok(Done::without_ticket(Fate::Automatic, why)),
            Verdict::Bounce(bounce) => {
                let mut why = "delayed";
                for letter in bounce.ids.iter().filter_map(|id| letter_of(seal, id)) {
                    if bounce.is_final() {
                        why = "failed";
                        letters::came_back(db, letter, &cut(&bounce.diagnostic, 500)).await?;
                    }
                }
                return Ok(Done::without_ticket(Fate::Bounce, why));
            }
            Verdict::Person => {}
        }
        let Some(from) = &mail.from else { return Ok(Done::without_ticket(Fate::Unreadable, "no-sender")) };
        let answered = answered(db, mail, seal).await?;
        // who forges a customer's address must not shut the customer's own answers out
        let most = if answered.is_some() { MOST_ANSWERS_IN_AN_HOUR } else { MOST_IN_AN_HOUR };
        if store::count_from(db, &from.address, now - Duration::HOUR).await? >= most {
            return Ok(Done::without_ticket(Fate::Flood, "too-many"));
        }
        let form = Uuid::from_slice(&identity[..16]).ok();
        if let Some((ticket, why)) = answered {
            let is_customer = ticket.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(&from.address));
            let trusted = why == "signed-address" || is_customer;
            if take_down(db, mail, &from.address, &ticket, trusted, form, now).await? {
                return Ok(Done { received: Received { fate: Fate::Message, why }, ticket: Some(ticket.id), trusted });
            }
        }
        let id = self.open(db, known, &from.address, identity, now).await?;
        Ok(Done { received: Received { fate: Fate::Ticket, why: "new" }, ticket: Some(id), trusted: true })
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
        let mail = Incoming { marks: super::Marks::default(), ..mail };
        let known = Known { mail, verdict: Verdict::Person, guessed };
        let ticket = self.open(&mut tx, &known, &from, &identity, now).await?;
        store::made_ticket(&mut tx, id, ticket, staff, now).await?;
        tx.commit().await?;
        let mut db = self.db.read().await?;
        store::one(&mut db, id).await.map(|mail| mail.and_then(|mail| mail.reference))
    }

    /// Opens a ticket with what could be read.
    async fn open(
        &self,
        db: &mut PgConnection,
        known: &Known,
        from: &str,
        identity: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Uuid, sqlx::Error> {
        let Known { mail, guessed, .. } = known;
        let answer_to = mail.reply_to.as_deref().filter(|address| !is_own(&self.own, address)).unwrap_or(from);
        let text = [mail.subject.as_str(), &mail.body].into_iter().filter(|text| !text.is_empty());
        let text = shortened(&text.collect::<Vec<_>>().join("\n\n"));
        let first = identity.first_chunk().copied().unwrap_or_default();
        let submission = uuid::Builder::from_custom_bytes(first).into_uuid();
        let new = NewTicket {
            category: guessed.category,
            channel: Channel::Email,
            lang: guessed.lang,
            service: Service::Unknown,
            failure: Failure::Told(Box::new(guessed.told.clone())),
            error_text: guessed.error_text.clone(),
            description: Some(text).filter(|text| !text.is_empty()),
            email: Some(answer_to.to_owned()),
            phone: guessed.phone.clone(),
            // mail servers stand between, and what they say of the sender's address is anybody's
            client_ip: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            client_agent: String::new(),
            trail: Trail::default(),
            submission,
            typed: vec![("subject".into(), mail.subject.clone()), ("body".into(), mail.body.clone())],
            by_robot: mail.marks.spam,
        };
        let key = self.keys.key(db, submission).await?;
        let (Opened::New(reference) | Opened::Already(reference)) =
            verbs::open_guessed(db, &new, &guessed.marks, &key, now).await?;
        let ticket = tickets::by_reference(db, &reference).await?.ok_or(sqlx::Error::RowNotFound)?;
        if let Some(id) = &mail.message_id {
            letters::answers(db, ticket.id, &format!("<{id}>")).await?;
        }
        Ok(ticket.id)
    }
}

fn know(raw: &[u8], own: &[String], seal: &Seal, now: OffsetDateTime, kept_days: u16) -> Option<Known> {
    let mail = read(raw)?;
    let is_ours = |address: &str| is_own(own, address) || ticket_of(seal, address).is_some();
    let verdict = judge(&mail, is_ours, |id| letter_of(seal, id).is_some());
    let guessed = guess(&mail, now, kept_days);
    Some(Known { mail, verdict, guessed })
}

/// The ticket that a message answers, and how that is known. A reference in the subject proves nothing.
async fn answered(
    db: &mut PgConnection,
    mail: &Incoming,
    seal: &Seal,
) -> Result<Option<(Ticket, &'static str)>, sqlx::Error> {
    let signed: Option<Reference> = mail.recipients.iter().find_map(|address| ticket_of(seal, address));
    if let Some(reference) = signed
        && let Some(ticket) = tickets::by_reference(db, &reference).await?
    {
        return Ok(Some((ticket, "signed-address")));
    }
    for letter in mail.references.iter().filter_map(|id| letter_of(seal, id)) {
        if let Some(id) = letters::ticket_of_letter(db, letter).await?
            && let Some(ticket) = tickets::by_id(db, id).await?
        {
            return Ok(Some((ticket, "letter")));
        }
    }
    Ok(None)
}

/// Puts a message on its ticket: as the customer's, or as a note from somebody who knows a letter of ours. False when the
/// ticket is over for good, or over and the sender nobody whom it can be opened again for.
async fn take_down(
    db: &mut PgConnection,
    mail: &Incoming,
    from: &str,
    ticket: &Ticket,
    trusted: bool,
    form: Option<Uuid>,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let names: Vec<_> = mail.attachments.iter().map(|file| file.name.as_str()).filter(|name| !name.is_empty()).collect();
    let text = match (mail.body.is_empty(), names.is_empty()) {
        (false, _) => mail.body.clone(),
        (true, false) => format!("[{}]", names.join(", ")),
        (true, true) => "–".to_owned(),
    };
    let (verb, actor) = if trusted {
        let Ok(text) = Message::written(shortened(&text)) else { return Ok(false) };
        (Verb::Write { text }, Actor::Customer)
    } else {
        match ticket.status {
            Status::Resolved | Status::Spam => return Ok(false),
            Status::New | Status::Open | Status::Waiting | Status::Duplicate => {}
        }
        let Ok(text) = Note::written(shortened(&format!("{from}:\n\n{text}"))) else { return Ok(false) };
        (Verb::Note { text }, Actor::System)
    };
    match verbs::act_on(db, ticket.seen(), &verb, form, By::new(actor, now)).await? {
        Outcome::Done | Outcome::Already => Ok(true),
        Outcome::Closed | Outcome::Gone | Outcome::Stale | Outcome::Held | Outcome::Duplicate => Ok(false),
    }
}

fn shortened(text: &str) -> String {
    let short = cut(text, MOST_ON_TICKET - 1);
    if short.len() < text.len() { format!("{short}…") } else { short }
}

fn new_mail<'a>(raw: &'a Raw, mail: &'a Incoming, identity: [u8; 32], content: [u8; 32], done: &Done) -> NewMail<'a> {
    let kept = if done.received.fate.is_dropped() { super::MOST_OF_DROPPED } else { raw.bytes.len() };
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
