//! The text of a message: what the sender wrote, and what the sender quoted.

use clean_text::{single_line, truncate_chars};
use mail_parser::{Message, MessagePart};

use crate::{
    header::first_sender,
    message::MAX_TEXT_LEN,
    mime::{part_text, stray_text_parts},
    quotation::split_quotation,
};

/// Maximum number of forwarded messages whose text is read.
const MAX_FORWARDED_MESSAGES: usize = 3;

/// Returns the body and the quotation. Messages forwarded as attachments belong to the quotation.
pub(crate) fn body_and_quotation(message: &Message<'_>) -> (String, String) {
    let (body, mut quoted) = split_quotation(&body_text(message));
    for forwarded in message.parts.iter().filter_map(MessagePart::message).take(MAX_FORWARDED_MESSAGES) {
        let sender = forwarded.from().and_then(first_sender).map(|from| from.address);
        let subject = forwarded.subject().map(single_line);
        let headers = [sender, subject].into_iter().flatten().collect::<Vec<_>>().join("\n");
        let sections = [quoted.as_str(), &headers, &body_text(forwarded)];
        let joined = sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n\n");
        quoted = truncate_chars(&joined, MAX_TEXT_LEN);
    }
    (truncate_chars(&body, MAX_TEXT_LEN), truncate_chars(&quoted, MAX_TEXT_LEN))
}

/// Returns all text that a mail program would show as the message.
fn body_text(message: &Message<'_>) -> String {
    let text_of = |ids: &[u32]| -> String {
        let parts = ids.iter().filter_map(|id| message.parts.get(*id as usize));
        let texts = parts.filter_map(part_text).filter(|text| !text.is_empty());
        truncate_chars(&texts.collect::<Vec<_>>().join("\n\n"), MAX_TEXT_LEN)
    };
    // some programs send an empty plain part beside the HTML
    let candidates = [&message.text_body, &message.html_body].into_iter().map(|ids| text_of(ids));
    let text = candidates.into_iter().find(|text| !text.is_empty());
    text.unwrap_or_else(|| text_of(&stray_text_parts(message)))
}
