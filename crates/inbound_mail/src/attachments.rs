//! The files of a message: the list of them, and the content of each.

use clean_text::{single_line, truncate_chars};
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use crate::{
    message::{Attachment, MAX_NAME_LEN},
    mime::{is_calendar_part, part_text, stray_text_parts, with_parsed_mime},
};

/// Maximum number of listed attachments. The rest stay in the stored message.
const MAX_ATTACHMENTS: usize = 50;
/// Maximum length of a content type, in characters.
const MAX_CONTENT_TYPE_LEN: usize = 100;

pub(crate) fn list_attachments(message: &Message<'_>) -> Vec<Attachment> {
    attachment_parts(message).into_iter().map(describe).collect()
}

/// Returns the attachment at an index of [`ParsedMessage::attachments`](crate::ParsedMessage::attachments), and its
/// content.
pub fn extract_attachment(raw: &[u8], index: usize) -> Option<(Attachment, Vec<u8>)> {
    with_parsed_mime(raw, |message| {
        let part = attachment_parts(message).into_iter().nth(index)?;
        let bytes = match &part.body {
            PartType::Message(_) => message.raw_message.get(part.offset_body as usize..part.offset_end as usize)?,
            _ => part.contents(),
        };
        Some((describe(part), bytes.to_vec()))
    })?
}

fn attachment_parts<'a, 'b>(message: &'b Message<'a>) -> Vec<&'b MessagePart<'a>> {
    let body_ids = [&message.text_body, &message.html_body].into_iter().flatten();
    let has_body = body_ids.filter_map(|id| part_text(message.parts.get(*id as usize)?)).any(|text| !text.is_empty());
    let shown_as_body = if has_body { Vec::new() } else { stray_text_parts(message) };
    let attached = message
        .attachments
        .iter()
        .filter(|id| !shown_as_body.contains(id))
        .filter_map(|id| message.parts.get(*id as usize))
        .filter(|part| !part.is_content_type("message", "delivery-status"));
    // the message may be nothing but an invitation
    let invitation =
        message.parts.iter().take(1).filter(|part| is_calendar_part(part) && message.attachments.is_empty());
    invitation.chain(attached).take(MAX_ATTACHMENTS).collect()
}

fn describe(part: &MessagePart<'_>) -> Attachment {
    let content_type = part.content_type().map(|content_type| match content_type.subtype() {
        Some(subtype) => format!("{}/{subtype}", content_type.ctype()),
        None => content_type.ctype().to_owned(),
    });
    let content_type = content_type.unwrap_or_else(|| "text/plain".into()).to_lowercase();
    let subject = || part.message().and_then(|forwarded| forwarded.subject().map(str::to_owned));
    let name = part.attachment_name().map(str::to_owned).or_else(subject).unwrap_or_default();
    let size = match &part.body {
        PartType::Message(_) => part.offset_end.saturating_sub(part.offset_body) as usize,
        _ => part.len(),
    };
    Attachment {
        name: truncate_chars(&single_line(&name), MAX_NAME_LEN),
        content_type: truncate_chars(&single_line(&content_type), MAX_CONTENT_TYPE_LEN),
        size,
    }
}
