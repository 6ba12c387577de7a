//! What is done with a message: one transaction, so that it is on its ticket and known to have come, or neither.

use std::sync::Arc;

use time::OffsetDateTime;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{
    AutomationHeaders, Disposition, MAX_DROPPED_BYTES, ParsedMessage,
    address::is_own_address,
    classify::{MessageClass, classify},
    extract::{Extraction, extract},
    parse::{content_hash, parse},
    store::{self, NewInboundMail},
};
use crate::{
    app::App,
    db::{Db, is_unavailable},
    emails::reply_address::{parse_message_id, parse_reply_address},
    tickets::{CachedSecret, SigningSecret, TicketReference},
    token::sha256,
};

/// Where mail comes in: the same for the command and for the folder.
pub struct Inbox {
    db: Db,
    /// The portal's own addresses.
    pub(crate) own_addresses: Arc<[String]>,
    /// How long calls can be traced, in days.
    records_days: u16,
    signing_secret: OnceCell<Arc<SigningSecret>>,
    pub(crate) access_keys: CachedSecret,
}

/// A message as it was handed over.
#[derive(Debug)]
pub struct RawMessage {
    /// All of it, or the beginning if it was too long.
    pub bytes: Vec<u8>,
    /// How long it was.
    pub size: u64,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IngestOutcome {
    pub disposition: Disposition,
    /// The rule that decided, in one word.
    pub reason: &'static str,
}

/// A message with everything that can be told of it without the database.
pub(crate) struct AnalyzedMessage {
    pub message: ParsedMessage,
    pub class: MessageClass,
    pub extraction: Extraction,
}

/// What is to be written down about a message, beside itself.
pub(crate) struct RoutingResult {
    pub outcome: IngestOutcome,
    pub ticket_id: Option<Uuid>,
    /// It is from the ticket's own customer, as far as anybody can tell.
    pub is_trusted: bool,
}

impl RoutingResult {
    pub fn without_ticket(fate: Disposition, why: &'static str) -> RoutingResult {
        RoutingResult { outcome: IngestOutcome { disposition: fate, reason: why }, ticket_id: None, is_trusted: false }
    }
}

impl Inbox {
    /// `own` are the portal's own addresses, `kept_days` is how long calls can be traced.
    pub fn new(db: Db, own: Vec<String>, kept_days: u16) -> Inbox {
        Inbox {
            db,
            own_addresses: own.into(),
            records_days: kept_days,
            signing_secret: OnceCell::new(),
            access_keys: CachedSecret::default(),
        }
    }

    pub fn from_app(app: &App) -> Inbox {
        Inbox::new(app.db.clone(), app.mail.own_addresses.clone(), app.operator.records_days)
    }

    /// Takes a message. Whatever it is, it is stored when this returns.
    ///
    /// # Errors
    /// When the database is away: the message must be handed over again later.
    pub async fn ingest(&self, raw: RawMessage, now: OffsetDateTime) -> Result<IngestOutcome, sqlx::Error> {
        let seal = self.signing_secret().await?;
        let raw = Arc::new(raw);
        let (bytes, own, kept_days, known_seal) =
            (raw.clone(), self.own_addresses.clone(), self.records_days, seal.clone());
        // a message that is made to hurt may take its time, and does not take the program with it
        let known = tokio::task::spawn_blocking(move || analyze(&bytes.bytes, &own, &known_seal, now, kept_days)).await;
        let (known, broken) = match known {
            Ok(Some(known)) => (Some(known), "not-stored"),
            Ok(None) => (None, "no-header"),
            Err(_) => (None, "broken"),
        };
        let stored = match &known {
            Some(known) => self.route_and_store(&raw, known, &seal, now).await,
            None => return self.store_unreadable(&raw, broken, now).await,
        };
        match stored {
            Err(error) if !is_unavailable(&error) => {
                tracing::error!(%error, "a message could not be stored as what it is");
                self.store_unreadable(&raw, broken, now).await
            }
            stored => stored,
        }
    }

    async fn signing_secret(&self) -> Result<Arc<SigningSecret>, sqlx::Error> {
        let read = || async {
            let mut db = self.db.acquire().await?;
            Ok(Arc::new(SigningSecret::load(&mut db).await?))
        };
        self.signing_secret.get_or_try_init(read).await.cloned()
    }

    /// Keeps a message of which nothing can be made, for staff to look at.
    async fn store_unreadable(
        &self,
        raw: &RawMessage,
        why: &'static str,
        now: OffsetDateTime,
    ) -> Result<IngestOutcome, sqlx::Error> {
        let mail = ParsedMessage::default();
        let identity = sha256(&raw.bytes);
        let done = RoutingResult::without_ticket(Disposition::Unreadable, why);
        let mut tx = self.db.begin().await?;
        if store::insert(&mut tx, &to_new_inbound_mail(raw, &mail, identity, identity, &done), now).await?.is_none() {
            store::increment_redelivery_count(&mut tx, &identity).await?;
        }
        tx.commit().await?;
        Ok(done.outcome)
    }

    async fn route_and_store(
        &self,
        raw: &RawMessage,
        known: &AnalyzedMessage,
        seal: &SigningSecret,
        now: OffsetDateTime,
    ) -> Result<IngestOutcome, sqlx::Error> {
        let mail = &known.message;
        let content = content_hash(mail);
        let named = match &mail.message_id {
            Some(id) => sha256(format!("id {id}")),
            None => sha256(&raw.bytes),
        };
        let renamed = sha256([named, content].concat());
        loop {
            let mut tx = self.db.begin().await?;
            let first = store::find_previous_delivery(&mut tx, &named).await?;
            let (identity, earlier) = match first {
                Some(earlier) if earlier.content_hash != content => {
                    (renamed, store::find_previous_delivery(&mut tx, &renamed).await?)
                }
                first => (named, first),
            };
            if let Some(earlier) = earlier {
                store::increment_redelivery_count(&mut tx, &identity).await?;
                tx.commit().await?;
                return Ok(IngestOutcome { disposition: earlier.disposition, reason: "again" });
            }
            let done = match identity == named {
                true => self.route(&mut tx, known, seal, &identity, now).await?,
                // another message under a name that is taken: forged, or its sender's program is broken
                false => RoutingResult::without_ticket(Disposition::Unreadable, "same-id"),
            };
            if store::insert(&mut tx, &to_new_inbound_mail(raw, mail, identity, content, &done), now).await?.is_some() {
                tx.commit().await?;
                return Ok(done.outcome);
            }
            // another program took the same message at the same moment, and was first
            tx.rollback().await?;
        }
    }

    /// Makes a ticket of a message that was kept, because a person says so. `None` if it has one, or nobody to answer.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn open_ticket_by_staff(
        &self,
        id: Uuid,
        staff: Uuid,
        now: OffsetDateTime,
    ) -> Result<Option<TicketReference>, sqlx::Error> {
        let mut tx = self.db.begin().await?;
        let Some(kept) = store::lock_without_ticket(&mut tx, id).await? else { return Ok(None) };
        let Some(mail) = kept.raw.as_deref().and_then(parse) else { return Ok(None) };
        let Some(from) = mail.from.as_ref().map(|from| from.address.clone()) else { return Ok(None) };
        let guessed = extract(&mail, kept.received_at, self.records_days);
        let identity = kept.identity_hash.first_chunk().copied().unwrap_or_default();
        // a person has looked at it: it is no spam, whatever a filter said
        let mail = ParsedMessage { automation: AutomationHeaders::default(), ..mail };
        let known = AnalyzedMessage { message: mail, class: MessageClass::Person, extraction: guessed };
        let ticket = self.open_ticket(&mut tx, &known, &from, &identity, now).await?;
        store::set_ticket(&mut tx, id, ticket, staff, now).await?;
        tx.commit().await?;
        let mut db = self.db.acquire().await?;
        store::find(&mut db, id).await.map(|mail| mail.and_then(|mail| mail.reference))
    }
}

fn analyze(
    raw: &[u8],
    own: &[String],
    seal: &SigningSecret,
    now: OffsetDateTime,
    kept_days: u16,
) -> Option<AnalyzedMessage> {
    let mail = parse(raw)?;
    let is_ours = |address: &str| is_own_address(own, address) || parse_reply_address(seal, address).is_some();
    let verdict = classify(&mail, is_ours, |id| parse_message_id(seal, id).is_some());
    let answers_us = mail.references.iter().any(|id| parse_message_id(seal, id).is_some());
    let guessed =
        if answers_us { extract(&without_quotations(&mail), now, kept_days) } else { extract(&mail, now, kept_days) };
    Some(AnalyzedMessage { message: mail, class: verdict, extraction: guessed })
}

/// A message without what it quotes: our own letter tells of no call.
fn without_quotations(mail: &ParsedMessage) -> ParsedMessage {
    let own = mail.body.lines().filter(|line| !line.trim_start().starts_with('>'));
    ParsedMessage { body: own.collect::<Vec<_>>().join("\n"), quoted: String::new(), ..mail.clone() }
}

fn to_new_inbound_mail<'a>(
    raw: &'a RawMessage,
    mail: &'a ParsedMessage,
    identity: [u8; 32],
    content: [u8; 32],
    done: &RoutingResult,
) -> NewInboundMail<'a> {
    let kept = if done.outcome.disposition.is_dropped() { MAX_DROPPED_BYTES } else { raw.bytes.len() };
    NewInboundMail {
        identity_hash: identity,
        content_hash: content,
        disposition: done.outcome.disposition,
        reason: done.outcome.reason,
        ticket_id: done.ticket_id,
        is_trusted: done.is_trusted,
        message: mail,
        size: raw.size,
        raw: &raw.bytes[..kept.min(raw.bytes.len())],
    }
}
