//! Decides the disposition of a message: it is added to the ticket that it answers, opens a ticket, or is discarded.

use std::net::{IpAddr, Ipv4Addr};

use ::inbound_mail::{Bounce, MessageClass, ParsedMessage, is_own_address};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    analysis::AnalyzedMessage,
    disposition::{Disposition, IngestOutcome, RoutingResult},
    limits::{MAX_MESSAGES_PER_HOUR, MAX_REPLIES_PER_HOUR},
    partial_report::{inferred_fields, partial_report, ticket_category},
    store,
};
use crate::{
    clean_text::truncate_chars,
    emails::{
        self,
        reply_address::{parse_message_id, parse_reply_address},
    },
    i18n::UiMessage,
    incidents,
    signing::SigningSecret,
    tickets::{
        self, AccessKey, Actor, CustomerMessage, GuideHistory, NewTicket, Note, ReportedFailure, Service, Ticket,
        TicketChannel, TicketCommand, TicketReference, TicketStatus,
        command::{self, CommandContext, CommandOutcome, OpenOutcome},
    },
};

/// Maximum length of a text on a ticket, in characters. The whole text stays with the message.
const MAX_TICKET_TEXT_LEN: usize = 5000;
/// Maximum length of a server's reply that is stored with a failed email, in characters.
const MAX_DIAGNOSTIC_LEN: usize = 500;

pub(crate) struct MailRouter<'a> {
    /// The portal's addresses.
    pub own_addresses: &'a [String],
    pub secret: &'a SigningSecret,
}

/// The ticket that a message answers.
struct AnsweredTicket {
    ticket: Ticket,
    /// How the ticket was found.
    reason: &'static str,
    /// The sender knows the signed address or is the ticket's customer.
    is_trusted: bool,
}

impl MailRouter<'_> {
    /// Does what a message asks for. `identity` is the hash that identifies the message; it makes the changes idempotent.
    pub(crate) async fn route(
        &self,
        db: &mut PgConnection,
        analyzed: &AnalyzedMessage,
        identity: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<RoutingResult, sqlx::Error> {
        match &analyzed.class {
            MessageClass::Loop(reason) => Ok(RoutingResult::without_ticket(Disposition::Loop, reason)),
            MessageClass::Automatic(reason) => Ok(RoutingResult::without_ticket(Disposition::Automatic, reason)),
            MessageClass::Bounce(bounce) => mark_bounced(db, bounce, self.secret).await,
            MessageClass::Person => self.route_persons_message(db, analyzed, identity, now).await,
        }
    }

    async fn route_persons_message(
        &self,
        db: &mut PgConnection,
        analyzed: &AnalyzedMessage,
        identity: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<RoutingResult, sqlx::Error> {
        let message = &analyzed.message;
        let Some(from) = &message.from else {
            return Ok(RoutingResult::without_ticket(Disposition::Unreadable, "no-sender"));
        };
        let answered = find_answered_ticket(db, message, &from.address, self.secret).await?;
        let max_per_hour = if answered.is_some() { MAX_REPLIES_PER_HOUR } else { MAX_MESSAGES_PER_HOUR };
        if store::count_from_sender(db, &from.address, now - Duration::HOUR).await? >= max_per_hour {
            return Ok(RoutingResult::without_ticket(Disposition::Flood, "too-many"));
        }
        if let Some(AnsweredTicket { ticket, reason, is_trusted }) = &answered {
            let submission = Uuid::from_slice(&identity[..16]).ok();
            if append_to_ticket(db, message, &from.address, ticket, *is_trusted, submission, now).await? {
                return Ok(RoutingResult {
                    outcome: IngestOutcome { disposition: Disposition::AddedToTicket, reason },
                    ticket_id: Some(ticket.id),
                    is_trusted: *is_trusted,
                });
            }
        }
        let ticket_id = self.open_ticket(db, analyzed, &from.address, identity, now).await?;
        let lang = analyzed.extraction.lang;
        let (reason, note) = if let Some(AnsweredTicket { ticket, .. }) = answered {
            let note = UiMessage::new("inbound-mail-reply-to-ticket").with("reference", ticket.reference.to_string());
            ("closed-ticket", Some(note))
        } else if let Some(incident) = find_answered_incident(db, message, self.secret).await? {
            incidents::propose_ticket(db, incident, ticket_id, now).await?;
            let title = incidents::find_title(db, incident, &lang).await?;
            ("subscriber", Some(UiMessage::new("inbound-mail-reply-to-incident").with("title", title)))
        } else {
            ("new", None)
        };
        if let Some(note) = note {
            // in the language in which staff will reply
            add_note(db, ticket_id, lang.format(&note), now).await?;
        }
        Ok(RoutingResult {
            outcome: IngestOutcome { disposition: Disposition::TicketOpened, reason },
            ticket_id: Some(ticket_id),
            is_trusted: true,
        })
    }

    /// Opens a ticket with what was extracted from the message. Returns its id.
    pub(crate) async fn open_ticket(
        &self,
        db: &mut PgConnection,
        analyzed: &AnalyzedMessage,
        from: &str,
        identity: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Uuid, sqlx::Error> {
        let AnalyzedMessage { message, extraction, .. } = analyzed;
        let reply_to = message.reply_to.as_deref().filter(|address| !is_own_address(self.own_addresses, address));
        let text = [message.subject.as_str(), &message.body].into_iter().filter(|text| !text.is_empty());
        let text = truncate_for_ticket(&text.collect::<Vec<_>>().join("\n\n"));
        let submission_id = uuid::Builder::from_custom_bytes(identity.first_chunk().copied().unwrap_or_default());
        let submission_id = submission_id.into_uuid();
        let new = NewTicket {
            category: ticket_category(extraction),
            channel: TicketChannel::Email,
            lang: extraction.lang,
            service: Service::Unknown,
            failure: ReportedFailure::Partial(Box::new(partial_report(extraction))),
            error_text: extraction.error_text.clone(),
            description: Some(text).filter(|text| !text.is_empty()),
            email: reply_to.unwrap_or(from).parse().ok(),
            phone: extraction.contact_phone.clone(),
            // the address that mail servers report for the sender can't be trusted
            client_ip: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            user_agent: String::new(),
            guide_history: GuideHistory::default(),
            submission_id,
            raw_fields: vec![("subject".into(), message.subject.clone()), ("body".into(), message.body.clone())],
            is_bot: message.automation.is_spam,
        };
        let key = AccessKey::initial(self.secret, submission_id);
        let (OpenOutcome::Created(reference) | OpenOutcome::Existing(reference)) =
            command::open_from_email(db, &new, &inferred_fields(extraction), &key, now).await?;
        let ticket = tickets::find_by_reference(db, &reference).await?.ok_or(sqlx::Error::RowNotFound)?;
        if let Some(id) = &message.message_id {
            emails::set_in_reply_to(db, ticket.id, &format!("<{id}>")).await?;
        }
        Ok(ticket.id)
    }
}

/// Marks the emails that a bounce names, if they will never be delivered.
async fn mark_bounced(
    db: &mut PgConnection,
    bounce: &Bounce,
    secret: &SigningSecret,
) -> Result<RoutingResult, sqlx::Error> {
    let mut reason = "delayed";
    for email in bounce.message_ids.iter().filter_map(|id| parse_message_id(secret, id)) {
        if bounce.is_permanent() {
            reason = "failed";
            emails::mark_bounced(db, email, &truncate_chars(&bounce.diagnostic, MAX_DIAGNOSTIC_LEN)).await?;
        }
    }
    Ok(RoutingResult::without_ticket(Disposition::Bounce, reason))
}

/// Finds the ticket that a message answers. A reference in the subject proves nothing and is ignored.
async fn find_answered_ticket(
    db: &mut PgConnection,
    message: &ParsedMessage,
    from: &str,
    secret: &SigningSecret,
) -> Result<Option<AnsweredTicket>, sqlx::Error> {
    let signed: Option<TicketReference> =
        message.recipients.iter().find_map(|address| parse_reply_address(secret, address));
    if let Some(reference) = signed
        && let Some(ticket) = tickets::find_by_reference(db, &reference).await?
    {
        return Ok(Some(AnsweredTicket { ticket, reason: "signed-address", is_trusted: true }));
    }
    for email in message.references.iter().filter_map(|id| parse_message_id(secret, id)) {
        if let Some(id) = emails::find_ticket_of_email(db, email).await?
            && let Some(ticket) = tickets::find_by_id(db, id).await?
        {
            let is_trusted = ticket.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(from));
            return Ok(Some(AnsweredTicket { ticket, reason: "email", is_trusted }));
        }
    }
    Ok(None)
}

/// Finds the incident whose notification to a subscriber a message answers.
async fn find_answered_incident(
    db: &mut PgConnection,
    message: &ParsedMessage,
    secret: &SigningSecret,
) -> Result<Option<i64>, sqlx::Error> {
    for email in message.references.iter().filter_map(|id| parse_message_id(secret, id)) {
        if let Some(incident) = emails::find_incident_of_email(db, email).await? {
            return Ok(Some(incident));
        }
    }
    Ok(None)
}

/// Adds a message to its ticket: as the customer's message if trusted, otherwise as a note. Returns false if the ticket can't
/// be reopened any more, or not by this sender.
async fn append_to_ticket(
    db: &mut PgConnection,
    message: &ParsedMessage,
    from: &str,
    ticket: &Ticket,
    is_trusted: bool,
    submission: Option<Uuid>,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let text = text_for_ticket(message);
    let (command, actor) = if is_trusted {
        let Ok(text) = CustomerMessage::parse(truncate_for_ticket(&text)) else { return Ok(false) };
        (TicketCommand::AddCustomerMessage { text }, Actor::Customer)
    } else {
        match ticket.status {
            TicketStatus::Resolved | TicketStatus::Spam => return Ok(false),
            TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting | TicketStatus::Duplicate => {}
        }
        let Ok(text) = Note::parse(truncate_for_ticket(&format!("{from}:\n\n{text}"))) else { return Ok(false) };
        (TicketCommand::AddNote { text }, Actor::System)
    };
    let context = CommandContext::new(actor, now);
    match command::apply(db, ticket.expected_version(), &command, submission, context).await? {
        CommandOutcome::Done | CommandOutcome::NoChange => Ok(true),
        CommandOutcome::Closed
        | CommandOutcome::NotFound
        | CommandOutcome::VersionConflict
        | CommandOutcome::AssignedToOther
        | CommandOutcome::IsDuplicate => Ok(false),
    }
}

async fn add_note(
    db: &mut PgConnection,
    ticket_id: Uuid,
    text: String,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    if let Ok(text) = Note::parse(text)
        && let Some(ticket) = tickets::find_by_id(db, ticket_id).await?
    {
        let context = CommandContext::new(Actor::System, now);
        // a ticket that was marked as spam accepts no note, and needs none
        let _ = command::apply(db, ticket.expected_version(), &TicketCommand::AddNote { text }, None, context).await?;
    }
    Ok(())
}

/// Returns the body, or the names of the attachments if there is none.
fn text_for_ticket(message: &ParsedMessage) -> String {
    let names: Vec<_> =
        message.attachments.iter().map(|file| file.name.as_str()).filter(|name| !name.is_empty()).collect();
    match (message.body.is_empty(), names.is_empty()) {
        (false, _) => message.body.clone(),
        (true, false) => format!("[{}]", names.join(", ")),
        (true, true) => "–".to_owned(),
    }
}

fn truncate_for_ticket(text: &str) -> String {
    let truncated = truncate_chars(text, MAX_TICKET_TEXT_LEN - 1);
    if truncated.len() < text.len() { format!("{truncated}…") } else { truncated }
}
