//! Everything about a message that is known without the database.

use ::inbound_mail::{
    AutomationHeaders, Extraction, MessageClass, ParsedMessage, classify, extract, is_own_address, parse,
};
use time::OffsetDateTime;

use crate::{
    emails::reply_address::{parse_message_id, parse_reply_address},
    signing::SigningSecret,
    token::sha256,
};

pub(crate) struct AnalyzedMessage {
    pub message: ParsedMessage,
    pub class: MessageClass,
    pub extraction: Extraction,
}

/// Parses and classifies a message. Returns `None` if the bytes are not a message. `retention_days` is how long the network
/// keeps its call records.
pub(crate) fn analyze(
    raw: &[u8],
    own_addresses: &[String],
    secret: &SigningSecret,
    now: OffsetDateTime,
    retention_days: u16,
) -> Option<AnalyzedMessage> {
    let message = parse(raw)?;
    let is_ours =
        |address: &str| is_own_address(own_addresses, address) || parse_reply_address(secret, address).is_some();
    let is_our_message_id = |id: &str| parse_message_id(secret, id).is_some();
    let class = classify(&message, is_ours, is_our_message_id);
    let is_reply_to_us = message.references.iter().any(|id| is_our_message_id(id));
    let extraction = if is_reply_to_us {
        extract(&without_quotations(&message), now, retention_days)
    } else {
        extract(&message, now, retention_days)
    };
    Some(AnalyzedMessage { message, class, extraction })
}

/// Analyzes a message that a staff member has read and found to be a person's.
pub(crate) fn analyze_as_person(
    raw: &[u8],
    received_at: OffsetDateTime,
    retention_days: u16,
) -> Option<AnalyzedMessage> {
    let message = parse(raw)?;
    let extraction = extract(&message, received_at, retention_days);
    // the spam filter was wrong too
    let message = ParsedMessage { automation: AutomationHeaders::default(), ..message };
    Some(AnalyzedMessage { message, class: MessageClass::Person, extraction })
}

/// Returns a message without what it quotes: the quoted email is ours and reports no call.
fn without_quotations(message: &ParsedMessage) -> ParsedMessage {
    let own_lines = message.body.lines().filter(|line| !line.trim_start().starts_with('>'));
    ParsedMessage { body: own_lines.collect::<Vec<_>>().join("\n"), quoted: String::new(), ..message.clone() }
}

/// Returns a hash of what makes two messages the same, whatever servers they passed.
pub(crate) fn content_hash(message: &ParsedMessage) -> [u8; 32] {
    let from = message.from.as_ref().map(|from| from.address.as_str());
    sha256(format!("{:?}", (from, &message.subject, &message.body, &message.quoted, &message.attachments)))
}
