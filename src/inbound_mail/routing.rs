//! Where a message goes: to the ticket that it answers, or into one of its own; or nowhere, and why.

use std::net::{IpAddr, Ipv4Addr};

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    Disposition, Inbox, IngestOutcome, MAX_MESSAGES_PER_HOUR, MAX_REPLIES_PER_HOUR, ParsedMessage,
    address::is_own_address,
    classify::MessageClass,
    ingest::{AnalyzedMessage, RoutingResult},
    parse::truncate,
    store,
};
use crate::{
    emails::{
        self,
        reply_address::{parse_message_id, parse_reply_address},
    },
    i18n::UiMessage,
    incidents,
    tickets::{
        self, Actor, CustomerMessage, GuideHistory, NewTicket, Note, ReportedFailure, Service, SigningSecret, Ticket,
        TicketChannel, TicketCommand, TicketReference, TicketStatus,
        command::update::{self, CommandContext, CommandOutcome, OpenOutcome},
    },
};

/// The longest text on a ticket, in characters; the whole text stays with the message.
const MAX_TICKET_TEXT_LEN: usize = 5000;

impl Inbox {
    /// Does what a message asks for, and says what that was.
    pub(crate) async fn route(
        &self,
        db: &mut PgConnection,
        known: &AnalyzedMessage,
        seal: &SigningSecret,
        identity: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<RoutingResult, sqlx::Error> {
        let mail = &known.message;
        match &known.class {
            MessageClass::Loop(why) => return Ok(RoutingResult::without_ticket(Disposition::Loop, why)),
            MessageClass::Automatic(why) => return Ok(RoutingResult::without_ticket(Disposition::Automatic, why)),
            MessageClass::Bounce(bounce) => {
                let mut why = "delayed";
                for letter in bounce.message_ids.iter().filter_map(|id| parse_message_id(seal, id)) {
                    if bounce.is_permanent() {
                        why = "failed";
                        emails::mark_bounced(db, letter, &truncate(&bounce.diagnostic, 500)).await?;
                    }
                }
                return Ok(RoutingResult::without_ticket(Disposition::Bounce, why));
            }
            MessageClass::Person => {}
        }
        let Some(from) = &mail.from else {
            return Ok(RoutingResult::without_ticket(Disposition::Unreadable, "no-sender"));
        };
        let answered = find_answered_ticket(db, mail, seal).await?;
        // who forges a customer's address must not shut the customer's own answers out
        let most = if answered.is_some() { MAX_REPLIES_PER_HOUR } else { MAX_MESSAGES_PER_HOUR };
        if store::count_from_sender(db, &from.address, now - Duration::HOUR).await? >= most {
            return Ok(RoutingResult::without_ticket(Disposition::Flood, "too-many"));
        }
        let form = Uuid::from_slice(&identity[..16]).ok();
        if let Some((ticket, why)) = &answered {
            let is_customer = ticket.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(&from.address));
            let trusted = *why == "signed-address" || is_customer;
            if append_to_ticket(db, mail, &from.address, ticket, trusted, form, now).await? {
                return Ok(RoutingResult {
                    outcome: IngestOutcome { disposition: Disposition::AddedToTicket, reason: why },
                    ticket_id: Some(ticket.id),
                    is_trusted: trusted,
                });
            }
        }
        let id = self.open_ticket(db, known, &from.address, identity, now).await?;
        let lang = known.extraction.lang;
        let (why, said) = if let Some((ticket, _)) = answered {
            (
                "over",
                Some(UiMessage::new("inbound-mail-reply-to-ticket").with("reference", ticket.reference.to_string())),
            )
        } else if let Some(incident) = find_answered_incident(db, mail, seal).await? {
            incidents::propose_ticket(db, incident, id, now).await?;
            let title = incidents::find_title(db, incident, &lang).await?;
            ("follower", Some(UiMessage::new("inbound-mail-reply-to-incident").with("title", title)))
        } else {
            ("new", None)
        };
        // in the language in which staff will answer
        if let Some(text) = said.and_then(|said| Note::parse(lang.format(&said)).ok())
            && let Some(ticket) = tickets::find_by_id(db, id).await?
        {
            // spam takes no note, and needs none
            let _ = update::apply(
                db,
                ticket.expected_version(),
                &TicketCommand::AddNote { text },
                None,
                CommandContext::new(Actor::System, now),
            )
            .await?;
        }
        Ok(RoutingResult {
            outcome: IngestOutcome { disposition: Disposition::TicketOpened, reason: why },
            ticket_id: Some(id),
            is_trusted: true,
        })
    }

    /// Opens a ticket with what could be read.
    pub(crate) async fn open_ticket(
        &self,
        db: &mut PgConnection,
        known: &AnalyzedMessage,
        from: &str,
        identity: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Uuid, sqlx::Error> {
        let AnalyzedMessage { message: mail, extraction: guessed, .. } = known;
        let answer_to =
            mail.reply_to.as_deref().filter(|address| !is_own_address(&self.own_addresses, address)).unwrap_or(from);
        let text = [mail.subject.as_str(), &mail.body].into_iter().filter(|text| !text.is_empty());
        let text = truncate_for_ticket(&text.collect::<Vec<_>>().join("\n\n"));
        let first = identity.first_chunk().copied().unwrap_or_default();
        let submission = uuid::Builder::from_custom_bytes(first).into_uuid();
        let new = NewTicket {
            category: guessed.category,
            channel: TicketChannel::Email,
            lang: guessed.lang,
            service: Service::Unknown,
            failure: ReportedFailure::Partial(Box::new(guessed.partial_report.clone())),
            error_text: guessed.error_text.clone(),
            description: Some(text).filter(|text| !text.is_empty()),
            email: Some(answer_to.to_owned()),
            phone: guessed.contact_phone.clone(),
            // mail servers stand between, and what they say of the sender's address is anybody's
            client_ip: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            user_agent: String::new(),
            guide_history: GuideHistory::default(),
            submission_id: submission,
            raw_fields: vec![("subject".into(), mail.subject.clone()), ("body".into(), mail.body.clone())],
            is_bot: mail.automation.is_spam,
        };
        let key = self.access_keys.initial_access_key(db, submission).await?;
        let (OpenOutcome::Created(reference) | OpenOutcome::Existing(reference)) =
            update::open_from_email(db, &new, &guessed.inferred_fields, &key, now).await?;
        let ticket = tickets::find_by_reference(db, &reference).await?.ok_or(sqlx::Error::RowNotFound)?;
        if let Some(id) = &mail.message_id {
            emails::set_in_reply_to(db, ticket.id, &format!("<{id}>")).await?;
        }
        Ok(ticket.id)
    }
}

/// The ticket that a message answers, and how that is known. A reference in the subject proves nothing.
async fn find_answered_ticket(
    db: &mut PgConnection,
    mail: &ParsedMessage,
    seal: &SigningSecret,
) -> Result<Option<(Ticket, &'static str)>, sqlx::Error> {
    let signed: Option<TicketReference> = mail.recipients.iter().find_map(|address| parse_reply_address(seal, address));
    if let Some(reference) = signed
        && let Some(ticket) = tickets::find_by_reference(db, &reference).await?
    {
        return Ok(Some((ticket, "signed-address")));
    }
    for letter in mail.references.iter().filter_map(|id| parse_message_id(seal, id)) {
        if let Some(id) = emails::find_ticket_of_email(db, letter).await?
            && let Some(ticket) = tickets::find_by_id(db, id).await?
        {
            return Ok(Some((ticket, "letter")));
        }
    }
    Ok(None)
}

/// The incident whose follower's letter a message answers: there is no ticket that it could be put on.
async fn find_answered_incident(
    db: &mut PgConnection,
    mail: &ParsedMessage,
    seal: &SigningSecret,
) -> Result<Option<i64>, sqlx::Error> {
    for letter in mail.references.iter().filter_map(|id| parse_message_id(seal, id)) {
        if let Some(incident) = emails::find_incident_of_email(db, letter).await? {
            return Ok(Some(incident));
        }
    }
    Ok(None)
}

/// Puts a message on its ticket: as the customer's, or as a note from somebody who knows a letter of ours. False when the
/// ticket is over for good, or over and the sender nobody whom it can be opened again for.
async fn append_to_ticket(
    db: &mut PgConnection,
    mail: &ParsedMessage,
    from: &str,
    ticket: &Ticket,
    trusted: bool,
    form: Option<Uuid>,
    now: OffsetDateTime,
) -> Result<bool, sqlx::Error> {
    let names: Vec<_> =
        mail.attachments.iter().map(|file| file.name.as_str()).filter(|name| !name.is_empty()).collect();
    let text = match (mail.body.is_empty(), names.is_empty()) {
        (false, _) => mail.body.clone(),
        (true, false) => format!("[{}]", names.join(", ")),
        (true, true) => "–".to_owned(),
    };
    let (verb, actor) = if trusted {
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
    match update::apply(db, ticket.expected_version(), &verb, form, CommandContext::new(actor, now)).await? {
        CommandOutcome::Done | CommandOutcome::NoChange => Ok(true),
        CommandOutcome::Closed
        | CommandOutcome::NotFound
        | CommandOutcome::VersionConflict
        | CommandOutcome::AssignedToOther
        | CommandOutcome::IsDuplicate => Ok(false),
    }
}

fn truncate_for_ticket(text: &str) -> String {
    let short = truncate(text, MAX_TICKET_TEXT_LEN - 1);
    if short.len() < text.len() { format!("{short}…") } else { short }
}
