//! A letter that is due, put together: what it says to whom, as bytes that can be handed over.

use super::{
    mime::{EmailParts, parse_recipient},
    reply_address,
    store::{ClaimedEmail, Recipient, RecipientTicket},
    subscriber_email::SubscriberEmail,
    ticket_email::TicketEmail,
};
use crate::{
    app::App,
    mail_settings::OutboundMail,
    tickets::{AccessKey, SigningSecret},
};

/// A letter, ready to be handed over.
pub(crate) struct OutgoingEmail {
    pub to: lettre::Address,
    pub message_id: String,
    pub bytes: Vec<u8>,
}

impl OutgoingEmail {
    /// `None` when it can't be put together, or its address is none.
    pub fn compose(due: &ClaimedEmail, app: &App, way: &OutboundMail, seal: &SigningSecret) -> Option<OutgoingEmail> {
        let domain = way.from.email.domain();
        let named = |id: i64, known: &Option<String>| {
            known.clone().unwrap_or_else(|| reply_address::build_message_id(seal, id, domain))
        };
        let to = parse_recipient(due.recipient_address.as_deref()?)?;
        let message_id = named(due.id, &due.message_id);
        let first = named(due.thread_email_id, &due.thread_message_id);
        let said = EmailContent::for_recipient(due, app, seal)?;
        let parts = EmailParts {
            from: &way.from,
            to: &to,
            reply_to: said.reply_to,
            subject: said.subject,
            text: said.text,
            lang: due.lang,
            message_id: &message_id,
            thread_message_id: Some(first.as_str()).filter(|_| due.thread_email_id != due.id),
            in_reply_to: due.in_reply_to.as_deref(),
            unsubscribe_url: said.unsubscribe_url,
            date: app.clock.now(),
        };
        let bytes = parts.into_bytes()?;
        Some(OutgoingEmail { to, message_id, bytes })
    }
}

/// What a letter says, and where its reader can turn.
struct EmailContent {
    subject: String,
    text: String,
    reply_to: Option<lettre::Address>,
    unsubscribe_url: Option<String>,
}

impl EmailContent {
    fn for_recipient(due: &ClaimedEmail, app: &App, seal: &SigningSecret) -> Option<EmailContent> {
        match &due.recipient {
            Recipient::Customer(ticket) => {
                let key = seal.access_key(&ticket.submission_hash, ticket.access_key_generation);
                let content = TicketEmail::from_claimed(due, ticket, app, key_is_current(&key, ticket).then_some(&key));
                let mailbox = app.mail.reply_mailbox.as_ref();
                let reply_to =
                    mailbox.and_then(|mailbox| reply_address::build_reply_address(seal, mailbox, &ticket.reference));
                Some(EmailContent {
                    subject: content.subject(),
                    text: content.render_text()?,
                    reply_to,
                    unsubscribe_url: None,
                })
            }
            Recipient::Subscriber(follower) => {
                let letter = SubscriberEmail::from_claimed(due, *follower, seal, app)?;
                let (subject, text) = (letter.subject(), letter.render_text()?);
                Some(EmailContent { subject, text, reply_to: None, unsubscribe_url: Some(letter.unsubscribe_url) })
            }
        }
    }
}

/// Whether the key is the one that the ticket's page asks for: keys of tickets from before letters were made otherwise.
fn key_is_current(key: &AccessKey, ticket: &RecipientTicket) -> bool {
    key.hash().as_slice() == ticket.key_hash
}
