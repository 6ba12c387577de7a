//! A parsed message. All texts are clean: no control characters, no direction marks.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Maximum length of a person's or file's name, in characters.
pub(crate) const MAX_NAME_LEN: usize = 200;
/// Maximum length of the subject and of each field of a bounce, in characters.
pub(crate) const MAX_SUBJECT_LEN: usize = 500;
/// Maximum length of one message's text, in characters.
pub(crate) const MAX_TEXT_LEN: usize = 200_000;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParsedMessage {
    /// Without the angle brackets.
    pub message_id: Option<String>,
    /// `None` if the header has no valid address.
    pub from: Option<Sender>,
    /// Where a reply goes, if not to the sender.
    pub reply_to: Option<String>,
    /// All addresses that it was sent to or delivered at.
    pub recipients: Vec<String>,
    /// The Message-IDs that it replies to, without angle brackets, the nearest first.
    pub references: Vec<String>,
    pub subject: String,
    pub date: Option<OffsetDateTime>,
    /// What the sender wrote.
    pub body: String,
    /// What the sender quoted or forwarded.
    pub quoted: String,
    pub attachments: Vec<Attachment>,
    pub automation: AutomationHeaders,
}

/// The sender as the message states it. It is not verified.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sender {
    /// In lower case.
    pub address: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    pub name: String,
    /// Such as `image/png`.
    #[serde(rename = "kind")]
    pub content_type: String,
    /// In bytes.
    pub size: usize,
}

/// The headers that distinguish automatic messages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AutomationHeaders {
    /// In lower case, like the next two.
    pub auto_submitted: Option<String>,
    pub precedence: Option<String>,
    pub auto_response_suppress: Option<String>,
    /// One of the headers that only autoresponders write.
    pub has_auto_reply_header: bool,
    /// The return path is empty: the sender accepts no bounces.
    pub has_null_return_path: bool,
    /// The number of servers that the message passed.
    pub hop_count: usize,
    /// A spam filter marked it.
    pub is_spam: bool,
    /// The type of a report (RFC 6522), such as `delivery-status`.
    pub report_type: Option<String>,
    pub bounce: Option<Bounce>,
}

/// A mail server's report about a message that it could not deliver (RFC 3464).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bounce {
    /// `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
    pub action: String,
    /// Such as `5.1.1`.
    pub status: String,
    /// The remote server's reply.
    pub diagnostic: String,
    /// All Message-IDs found in the report, without angle brackets.
    pub message_ids: Vec<String>,
}

impl Bounce {
    /// Whether the server has given up.
    pub fn is_permanent(&self) -> bool {
        self.action == "failed" || (self.action.is_empty() && self.status.starts_with('5'))
    }
}
