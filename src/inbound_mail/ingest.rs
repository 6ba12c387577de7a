//! Ingests a message in one transaction: either it is stored and its ticket is changed, or neither.

use std::sync::Arc;

use ::inbound_mail::ParsedMessage;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    analysis::{AnalyzedMessage, analyze, analyze_as_person, content_hash},
    disposition::{Disposition, IngestOutcome, RoutingResult},
    limits::MAX_DISCARDED_BYTES,
    raw_message::RawMessage,
    routing::MailRouter,
    store::{self, NewInboundMail},
};
use crate::{
    app::App,
    db::{Db, is_unavailable},
    signing::{CachedSecret, SigningSecret},
    tickets::TicketReference,
    token::sha256,
};

/// Ingests messages, from the command and from the maildir.
pub struct Inbox {
    db: Db,
    /// How long the network keeps its call records, in days.
    retention_days: u16,
    /// The portal's addresses.
    own_addresses: Arc<[String]>,
    signing_secret: CachedSecret,
}

impl Inbox {
    /// `own_addresses` are the portal's addresses. `retention_days` is how long the network keeps its call records.
    pub fn new(db: Db, own_addresses: Vec<String>, retention_days: u16) -> Inbox {
        Inbox { db, retention_days, own_addresses: own_addresses.into(), signing_secret: CachedSecret::default() }
    }

    pub fn from_app(app: &App) -> Inbox {
        let inbox = Inbox::new(app.db.clone(), app.mail.own_addresses.clone(), app.operator.records_days);
        Inbox { signing_secret: app.signing_secret.clone(), ..inbox }
    }

    /// Ingests a message. Whatever it is, it is stored when this returns. After an error the message must be handed over
    /// again.
    pub async fn ingest(&self, raw: RawMessage, now: OffsetDateTime) -> Result<IngestOutcome, sqlx::Error> {
        let secret = self.signing_secret.get(&mut *self.db.acquire().await?).await?;
        let raw = Arc::new(raw);
        // a hostile message may take seconds, and a panic must not end the program
        let analysis = tokio::task::spawn_blocking({
            let (raw, secret, own_addresses) = (raw.clone(), secret.clone(), self.own_addresses.clone());
            let retention_days = self.retention_days;
            move || analyze(&raw.bytes, &own_addresses, &secret, now, retention_days)
        });
        let analyzed = match analysis.await {
            Ok(Some(analyzed)) => analyzed,
            Ok(None) => return self.store_unreadable(&raw, "no-header", now).await,
            Err(_) => return self.store_unreadable(&raw, "broken", now).await,
        };
        match self.route_and_store(&raw, &analyzed, secret, now).await {
            Err(error) if !is_unavailable(&error) => {
                tracing::error!(%error, "routing a message failed; it is stored as unreadable");
                self.store_unreadable(&raw, "not-stored", now).await
            }
            result => result,
        }
    }

    fn router<'a>(&'a self, secret: &'a SigningSecret) -> MailRouter<'a> {
        MailRouter { own_addresses: &self.own_addresses, secret }
    }

    /// Stores a message that can't be processed, for staff to look at.
    async fn store_unreadable(
        &self,
        raw: &RawMessage,
        reason: &'static str,
        now: OffsetDateTime,
    ) -> Result<IngestOutcome, sqlx::Error> {
        let message = ParsedMessage::default();
        let hash = sha256(&raw.bytes);
        let result = RoutingResult::without_ticket(Disposition::Unreadable, reason);
        let mut tx = self.db.begin().await?;
        if store::insert(&mut tx, &new_inbound_mail(raw, &message, hash, hash, &result), now).await?.is_none() {
            store::increment_redelivery_count(&mut tx, &hash).await?;
        }
        tx.commit().await?;
        Ok(result.outcome)
    }

    async fn route_and_store(
        &self,
        raw: &RawMessage,
        analyzed: &AnalyzedMessage,
        secret: &SigningSecret,
        now: OffsetDateTime,
    ) -> Result<IngestOutcome, sqlx::Error> {
        let message = &analyzed.message;
        let content = content_hash(message);
        let id_hash = match &message.message_id {
            Some(id) => sha256(format!("id {id}")),
            None => sha256(&raw.bytes),
        };
        // identifies another message with the same Message-ID
        let id_and_content_hash = sha256([id_hash, content].concat());
        loop {
            let mut tx = self.db.begin().await?;
            let (identity, previous) = match store::find_previous_delivery(&mut tx, &id_hash).await? {
                Some(other) if other.content_hash != content => {
                    (id_and_content_hash, store::find_previous_delivery(&mut tx, &id_and_content_hash).await?)
                }
                previous => (id_hash, previous),
            };
            if let Some(previous) = previous {
                store::increment_redelivery_count(&mut tx, &identity).await?;
                tx.commit().await?;
                return Ok(IngestOutcome { disposition: previous.disposition, reason: "again" });
            }
            let result = if identity == id_hash {
                self.router(secret).route(&mut tx, analyzed, &identity, now).await?
            } else {
                // the message is forged, or its sender's program is broken
                RoutingResult::without_ticket(Disposition::Unreadable, "same-id")
            };
            let new = new_inbound_mail(raw, message, identity, content, &result);
            if store::insert(&mut tx, &new, now).await?.is_some() {
                tx.commit().await?;
                return Ok(result.outcome);
            }
            // another program has stored the same message at the same moment
            tx.rollback().await?;
        }
    }

    /// Opens a ticket from a stored message that was not recognized as a person's. Returns `None` if the message has a ticket,
    /// no sender, or is no longer stored.
    pub(crate) async fn open_ticket_by_staff(
        &self,
        id: Uuid,
        staff: Uuid,
        now: OffsetDateTime,
    ) -> Result<Option<TicketReference>, sqlx::Error> {
        let mut tx = self.db.begin().await?;
        let Some(stored) = store::lock_without_ticket(&mut tx, id).await? else { return Ok(None) };
        let analyzed =
            stored.raw.as_deref().and_then(|raw| analyze_as_person(raw, stored.received_at, self.retention_days));
        let Some(analyzed) = analyzed else { return Ok(None) };
        let Some(from) = &analyzed.message.from else { return Ok(None) };
        let identity = stored.identity_hash.first_chunk().copied().unwrap_or_default();
        let secret = self.signing_secret.get(&mut tx).await?;
        let ticket = self.router(secret).open_ticket(&mut tx, &analyzed, &from.address, &identity, now).await?;
        store::set_ticket(&mut tx, id, ticket, staff, now).await?;
        tx.commit().await?;
        let mut db = self.db.acquire().await?;
        store::find(&mut db, id).await.map(|mail| mail.and_then(|mail| mail.reference))
    }
}

fn new_inbound_mail<'a>(
    raw: &'a RawMessage,
    message: &'a ParsedMessage,
    identity_hash: [u8; 32],
    content_hash: [u8; 32],
    result: &RoutingResult,
) -> NewInboundMail<'a> {
    let max_bytes = if result.outcome.disposition.is_discarded() { MAX_DISCARDED_BYTES } else { raw.bytes.len() };
    NewInboundMail {
        identity_hash,
        content_hash,
        disposition: result.outcome.disposition,
        reason: result.outcome.reason,
        ticket_id: result.ticket_id,
        is_trusted: result.is_trusted,
        message,
        size: raw.size,
        raw: &raw.bytes[..max_bytes.min(raw.bytes.len())],
    }
}
