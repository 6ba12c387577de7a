//! A letter that is due, put together: what it says to whom, as bytes that can be handed over.

use super::{
    address,
    follower::ToFollower,
    message::{Parts, recipient},
    store::{Due, OfTicket, Reader},
    text::Content,
};
use crate::{
    app::App,
    mail::Way,
    tickets::{Key, Seal},
};

/// A letter, ready to be handed over.
pub(super) struct Letter {
    pub to: lettre::Address,
    pub message_id: String,
    pub bytes: Vec<u8>,
}

impl Letter {
    /// `None` when it can't be put together, or its address is none.
    pub fn of(due: &Due, app: &App, way: &Way, seal: &Seal) -> Option<Letter> {
        let domain = way.from.email.domain();
        let named =
            |id: i64, known: &Option<String>| known.clone().unwrap_or_else(|| address::message_id(seal, id, domain));
        let to = recipient(due.email.as_deref()?)?;
        let message_id = named(due.id, &due.message_id);
        let first = named(due.first, &due.first_message_id);
        let said = Said::of(due, app, seal)?;
        let parts = Parts {
            from: &way.from,
            to: &to,
            reply_to: said.reply_to,
            subject: said.subject,
            text: said.text,
            lang: due.lang,
            message_id: &message_id,
            thread: Some(first.as_str()).filter(|_| due.first != due.id),
            answered: due.in_reply_to.as_deref(),
            end: said.end,
            at: app.clock.now(),
        };
        let bytes = parts.written()?;
        Some(Letter { to, message_id, bytes })
    }
}

/// What a letter says, and where its reader can turn.
struct Said {
    subject: String,
    text: String,
    reply_to: Option<lettre::Address>,
    end: Option<String>,
}

impl Said {
    fn of(due: &Due, app: &App, seal: &Seal) -> Option<Said> {
        match &due.reader {
            Reader::Customer(ticket) => {
                let key = seal.key(&ticket.submission_hash, ticket.key_generation);
                let content = Content::of(due, ticket, app, opens(&key, ticket).then_some(&key));
                let mailbox = app.mail.reply.as_ref();
                let reply_to = mailbox.and_then(|mailbox| address::reply_to(seal, mailbox, &ticket.reference));
                Some(Said { subject: content.subject(), text: content.text()?, reply_to, end: None })
            }
            Reader::Follower(follower) => {
                let letter = ToFollower::of(due, *follower, seal, app)?;
                let (subject, text) = (letter.subject(), letter.text()?);
                Some(Said { subject, text, reply_to: None, end: Some(letter.end) })
            }
        }
    }
}

/// Whether the key is the one that the ticket's page asks for: keys of tickets from before letters were made otherwise.
fn opens(key: &Key, ticket: &OfTicket) -> bool {
    key.hash().as_slice() == ticket.key_hash
}
