//! Turns a claimed email into the bytes that are sent.

use lettre::Address;

use super::{
    mime::EmailParts,
    reply_address,
    store::{ClaimedEmail, Recipient, RecipientTicket},
    subscriber_email::SubscriberEmail,
    ticket_email::TicketEmail,
};
use crate::{
    app::App, email_address::EmailAddress, mail_settings::OutboundMail, signing::SigningSecret, tickets::AccessKey,
};

/// An email that is ready to be sent.
pub(crate) struct OutgoingEmail {
    pub to: Address,
    pub message_id: String,
    pub bytes: Vec<u8>,
}

impl OutgoingEmail {
    /// `None` when something that the email needs is missing, or its recipient's address is not valid.
    pub(super) fn compose(
        claimed: &ClaimedEmail,
        app: &App,
        outbound: &OutboundMail,
        secret: &SigningSecret,
    ) -> Option<OutgoingEmail> {
        let domain = outbound.from.email.domain();
        let message_id = |email_id: i64, stored: &Option<String>| {
            stored.clone().unwrap_or_else(|| reply_address::build_message_id(secret, email_id, domain))
        };
        let to = claimed.recipient_address.as_deref()?.parse::<EmailAddress>().ok()?.into_smtp_address();
        let thread_message_id = message_id(claimed.thread_email_id, &claimed.thread_message_id);
        let message_id = message_id(claimed.id, &claimed.message_id);
        let content = EmailContent::for_recipient(claimed, app, secret)?;
        let parts = EmailParts {
            from: &outbound.from,
            to: &to,
            reply_to: content.reply_to,
            subject: content.subject,
            text: content.text,
            lang: claimed.lang,
            message_id: &message_id,
            thread_message_id: Some(thread_message_id.as_str()).filter(|_| claimed.thread_email_id != claimed.id),
            in_reply_to: claimed.in_reply_to.as_deref(),
            unsubscribe_url: content.unsubscribe_url,
            date: app.clock.now(),
        };
        let bytes = parts.into_bytes()?;
        Some(OutgoingEmail { to, message_id, bytes })
    }
}

/// What depends on the kind of recipient.
struct EmailContent {
    subject: String,
    text: String,
    reply_to: Option<Address>,
    unsubscribe_url: Option<String>,
}

impl EmailContent {
    fn for_recipient(claimed: &ClaimedEmail, app: &App, secret: &SigningSecret) -> Option<EmailContent> {
        match &claimed.recipient {
            Recipient::Customer(ticket) => {
                let key = AccessKey::for_ticket(secret, &ticket.submission_hash, ticket.access_key_generation);
                let current_key = key_is_current(&key, ticket).then_some(&key);
                let email = TicketEmail::from_claimed(claimed, ticket, app, current_key);
                let mailbox = app.mail.reply_mailbox.as_ref();
                let reply_to =
                    mailbox.and_then(|mailbox| reply_address::build_reply_address(secret, mailbox, &ticket.reference));
                Some(EmailContent {
                    subject: email.subject(),
                    text: email.render_text()?,
                    reply_to,
                    unsubscribe_url: None,
                })
            }
            Recipient::Subscriber(subscriber_id) => {
                let email = SubscriberEmail::from_claimed(claimed, *subscriber_id, secret, app)?;
                let (subject, text) = (email.subject(), email.render_text()?);
                Some(EmailContent { subject, text, reply_to: None, unsubscribe_url: Some(email.unsubscribe_url) })
            }
        }
    }
}

/// Whether the key opens the ticket's page. Tickets from before emails existed have keys that were made in another way.
fn key_is_current(key: &AccessKey, ticket: &RecipientTicket) -> bool {
    key.hash().as_slice() == ticket.key_hash
}
