//! Where a message goes: to the ticket that it answers, or into one of its own; or nowhere, and why.

use std::net::{IpAddr, Ipv4Addr};

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    Fate, Incoming, MOST_ANSWERS_IN_AN_HOUR, MOST_IN_AN_HOUR, Postbox, Received,
    address::is_own,
    judge::Verdict,
    read::cut,
    receive::{Done, Known},
    store,
};
use crate::{
    incidents,
    letters::{
        self,
        address::{letter_of, ticket_of},
    },
    tickets::{
        self, Actor, Channel, Failure, Message, NewTicket, Note, Reference, Seal, Service, Status, Ticket, Trail, Verb,
        verbs::{self, By, Opened, Outcome},
    },
    words::Say,
};

/// The longest text on a ticket, in characters; the whole text stays with the message.
const MOST_ON_TICKET: usize = 5000;

impl Postbox {
    /// Does what a message asks for, and says what that was.
    pub(super) async fn decide(
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
        if let Some((ticket, why)) = &answered {
            let is_customer = ticket.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(&from.address));
            let trusted = *why == "signed-address" || is_customer;
            if take_down(db, mail, &from.address, ticket, trusted, form, now).await? {
                return Ok(Done { received: Received { fate: Fate::Message, why }, ticket: Some(ticket.id), trusted });
            }
        }
        let id = self.open(db, known, &from.address, identity, now).await?;
        let lang = known.guessed.lang;
        let (why, said) = if let Some((ticket, _)) = answered {
            ("over", Some(Say::new("mail-answers-ticket").with("reference", ticket.reference.to_string())))
        } else if let Some(incident) = followed(db, mail, seal).await? {
            incidents::suspect(db, incident, id, now).await?;
            let title = incidents::title(db, incident, &lang).await?;
            ("follower", Some(Say::new("mail-answers-incident").with("title", title)))
        } else {
            ("new", None)
        };
        // in the language in which staff will answer
        if let Some(text) = said.and_then(|said| Note::written(lang.say(&said)).ok())
            && let Some(ticket) = tickets::by_id(db, id).await?
        {
            // spam takes no note, and needs none
            let _ = verbs::act_on(db, ticket.seen(), &Verb::Note { text }, None, By::new(Actor::System, now)).await?;
        }
        Ok(Done { received: Received { fate: Fate::Ticket, why }, ticket: Some(id), trusted: true })
    }

    /// Opens a ticket with what could be read.
    pub(super) async fn open(
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

/// The incident whose follower's letter a message answers: there is no ticket that it could be put on.
async fn followed(db: &mut PgConnection, mail: &Incoming, seal: &Seal) -> Result<Option<i64>, sqlx::Error> {
    for letter in mail.references.iter().filter_map(|id| letter_of(seal, id)) {
        if let Some(incident) = letters::incident_of_letter(db, letter).await? {
            return Ok(Some(incident));
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
    let names: Vec<_> =
        mail.attachments.iter().map(|file| file.name.as_str()).filter(|name| !name.is_empty()).collect();
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
