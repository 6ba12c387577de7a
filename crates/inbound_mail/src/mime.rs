//! The parsed MIME structure, and the text of its parts.

use std::borrow::Cow;

use clean_text::multi_line;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::{format_flowed, html_to_text, message::MAX_TEXT_LEN, parse_limits};

/// Parses a message within [`parse_limits`] and passes it to `read`.
pub(crate) fn with_parsed_mime<T>(raw: &[u8], read: impl FnOnce(&Message<'_>) -> T) -> Option<T> {
    let raw = parse_limits::truncate_structure(raw);
    // mbox files begin so, and some pipes put it before the first header
    let raw = match raw.strip_prefix(b"From ") {
        Some(rest) => &rest[rest.iter().position(|byte| *byte == b'\n')? + 1..],
        None => raw,
    };
    // the parser drops a last line without a line end
    let terminated = if raw.ends_with(b"\n") { Cow::Borrowed(raw) } else { Cow::Owned([raw, b"\r\n"].concat()) };
    let message = MessageParser::default().parse(&*terminated)?;
    let result = read(&message);
    parse_limits::drop_iteratively(message);
    Some(result)
}

/// Returns the text of a text part, or nothing for any other part.
pub(crate) fn part_text(part: &MessagePart<'_>) -> Option<String> {
    if is_calendar_part(part) {
        return None;
    }
    match &part.body {
        PartType::Text(text) => {
            // binary data takes up to four bytes a character
            let text = &text[..text.floor_char_boundary(5 * MAX_TEXT_LEN)];
            let content_type = part.content_type();
            let has_attribute = |name: &str, value: &str| {
                content_type
                    .and_then(|content_type| content_type.attribute(name))
                    .is_some_and(|actual| actual.eq_ignore_ascii_case(value))
            };
            let unwrapped = if has_attribute("format", "flowed") {
                format_flowed::unwrap_paragraphs(text, has_attribute("delsp", "yes"))
            } else {
                text.to_owned()
            };
            Some(multi_line(&unwrapped))
        }
        PartType::Html(html) => Some(multi_line(&html_to_text::to_text(html))),
        PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => None,
    }
}

/// Returns the unnamed text parts that the parser lists as attachments, as it does in a truncated message.
pub(crate) fn stray_text_parts(message: &Message<'_>) -> Vec<u32> {
    let is_stray = |part: &MessagePart<'_>| {
        let is_attachment = part.content_disposition().is_some_and(|disposition| disposition.is_attachment());
        part.is_text() && part.attachment_name().is_none() && !is_attachment && !is_calendar_part(part)
    };
    let ids = message.attachments.iter().copied();
    ids.filter(|id| message.parts.get(*id as usize).is_some_and(is_stray)).collect()
}

/// Whether a part is an invitation: text for machines only.
pub(crate) fn is_calendar_part(part: &MessagePart<'_>) -> bool {
    part.is_content_type("text", "calendar")
}
