//! Mail in: one message as a mail server hands it over becomes a customer's message on its ticket, or a new ticket, or is
//! dropped and counted. Whatever becomes of it, it is kept where staff can see it.
//!
//! The way of a message: [`read`] makes an [`Incoming`] of bytes, [`judge`] says what kind it is, [`guess`] reads a call out
//! of it; all three are pure. [`Postbox::receive`] does the rest in one transaction.

mod address;
mod parse_limits;
pub mod receive_command;
mod routing;
mod attachments;
mod format_flowed;
pub mod extract;
mod html_to_text;
pub mod classify;
pub mod maildir;
pub mod pages;
mod quotation;
pub mod parse;
mod ingest;
mod store;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

pub use ingest::{Inbox, IngestOutcome, RawMessage};
pub use store::{InboundMail, list_for_ticket, purge_expired};

/// The longest message that is taken whole: what fits into the largest mailboxes people have, with room for base64. Of a
/// longer one the beginning is read and kept, where the text stands.
pub const MAX_MESSAGE_BYTES: usize = 36 << 20;
/// How much is kept of a message that is dropped: enough to see what it was.
const MAX_DROPPED_BYTES: usize = 64 << 10;
/// The longest text that is kept of one message, in characters.
const MAX_TEXT_LEN: usize = 200_000;
/// How long messages are kept as they came, with their attachments. Their texts stay with the ticket.
pub const RAW_RETENTION: Duration = Duration::days(30);
/// How long it is known that a message was dropped.
pub const DROPPED_RETENTION: Duration = Duration::days(90);
/// Messages that one sender may send in an hour; a machine that has gone mad sends thousands.
pub const MAX_MESSAGES_PER_HOUR: i64 = 30;
/// The same where they answer our letters, which a stranger's messages can't.
pub const MAX_REPLIES_PER_HOUR: i64 = 300;

/// A message as it was read. All texts are clean: no control characters, no marks that turn text around.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParsedMessage {
    /// Without the angle brackets.
    pub message_id: Option<String>,
    /// Nobody knows who sent it if the address can't be one.
    pub from: Option<Sender>,
    /// Where an answer goes, if that is not the sender.
    pub reply_to: Option<String>,
    /// All addresses that it was sent to or delivered at.
    pub recipients: Vec<String>,
    /// The messages that it answers, without angle brackets, the nearest first.
    pub references: Vec<String>,
    pub subject: String,
    pub date: Option<OffsetDateTime>,
    /// What the sender wrote, and what was quoted.
    pub body: String,
    pub quoted: String,
    pub attachments: Vec<Attachment>,
    pub automation: AutomationHeaders,
}

/// Who a message is from, as it says itself: nobody has checked that.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sender {
    /// In lower case.
    pub address: String,
    pub name: String,
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    pub name: String,
    /// Such as `image/png`.
    #[serde(rename = "kind")]
    pub content_type: String,
    /// In bytes.
    pub size: usize,
}

/// What tells machines from people.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AutomationHeaders {
    /// Values of headers, in lower case.
    pub auto_submitted: Option<String>,
    pub precedence: Option<String>,
    pub auto_response_suppress: Option<String>,
    /// A header that only answering machines write.
    pub has_auto_reply_header: bool,
    /// There is a return path and it is empty: nobody is to be told of failures.
    pub has_null_return_path: bool,
    /// How many servers it passed.
    pub hop_count: usize,
    /// A spam filter said so.
    pub is_spam: bool,
    /// It is a report (RFC 6522) of this type, such as `delivery-status`.
    pub report_type: Option<String>,
    /// What a report about a letter tells.
    pub bounce: Option<Bounce>,
}

/// What a mail server says of a message that it could not deliver (RFC 3464).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bounce {
    /// `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
    pub action: String,
    /// Such as `5.1.1`.
    pub status: String,
    /// What the other server said.
    pub diagnostic: String,
    /// The Message-IDs that stand in it, without angle brackets.
    pub message_ids: Vec<String>,
}

impl Bounce {
    /// Whether the letter will never arrive.
    pub fn is_permanent(&self) -> bool {
        self.action == "failed" || (self.action.is_empty() && self.status.starts_with('5'))
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "mail_disposition", rename_all = "lowercase")]
pub enum Disposition {
    /// It opened a ticket.
    #[sqlx(rename = "ticket")]
    TicketOpened,
    /// It is a message on one.
    #[sqlx(rename = "message")]
    AddedToTicket,
    /// A letter of ours came back.
    Bounce,
    /// A machine wrote it.
    Automatic,
    /// It is our own, or goes round in circles.
    Loop,
    /// Its sender sends too many.
    Flood,
    /// Nobody can make a ticket of it; staff look at it.
    Unreadable,
}

impl Disposition {
    pub const ALL: [Disposition; 7] = [
        Disposition::TicketOpened,
        Disposition::AddedToTicket,
        Disposition::Unreadable,
        Disposition::Bounce,
        Disposition::Automatic,
        Disposition::Loop,
        Disposition::Flood,
    ];

    /// The name in addresses and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Disposition::TicketOpened => "ticket",
            Disposition::AddedToTicket => "message",
            Disposition::Bounce => "bounce",
            Disposition::Automatic => "automatic",
            Disposition::Loop => "loop",
            Disposition::Flood => "flood",
            Disposition::Unreadable => "unreadable",
        }
    }

    /// The message that names it to staff.
    pub const fn label(self) -> &'static str {
        match self {
            Disposition::TicketOpened => "inbound-mail-disposition-ticket",
            Disposition::AddedToTicket => "inbound-mail-disposition-message",
            Disposition::Bounce => "inbound-mail-disposition-bounce",
            Disposition::Automatic => "inbound-mail-disposition-automatic",
            Disposition::Loop => "inbound-mail-disposition-loop",
            Disposition::Flood => "inbound-mail-disposition-flood",
            Disposition::Unreadable => "inbound-mail-disposition-unreadable",
        }
    }

    pub fn from_name(name: &str) -> Option<Disposition> {
        Disposition::ALL.into_iter().find(|fate| fate.as_str() == name)
    }

    /// Nobody need look at it.
    pub const fn is_dropped(self) -> bool {
        match self {
            Disposition::Bounce | Disposition::Automatic | Disposition::Loop | Disposition::Flood => true,
            Disposition::TicketOpened | Disposition::AddedToTicket | Disposition::Unreadable => false,
        }
    }
}
