//! Files that came with a message: listed, and each given out by itself from the message as it came.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::{
    Attachment,
    parse::{MAX_NAME_LEN, is_calendar_part, part_text, stray_text_parts, truncate, with_parsed_mime},
};
use crate::web::form::{percent_encode, single_line};

/// Attachments that are listed; the rest stay in the message as it came.
const MAX_ATTACHMENTS: usize = 50;

/// The files that came with a message.
pub(crate) fn list_attachments(message: &Message<'_>) -> Vec<Attachment> {
    attachment_parts(message).into_iter().map(describe).collect()
}

/// The file of this place in the list, and what is in it.
pub(crate) fn extract_attachment(raw: &[u8], number: usize) -> Option<(Attachment, Vec<u8>)> {
    with_parsed_mime(raw, |message| {
        let part = attachment_parts(message).into_iter().nth(number)?;
        let bytes = match &part.body {
            PartType::Message(_) => message.raw_message.get(part.offset_body as usize..part.offset_end as usize)?,
            _ => part.contents(),
        };
        Some((describe(part), bytes.to_vec()))
    })?
}

fn attachment_parts<'a, 'b>(message: &'b Message<'a>) -> Vec<&'b MessagePart<'a>> {
    let bodies = [&message.text_body, &message.html_body].into_iter().flatten();
    let has_body = bodies.filter_map(|id| part_text(message.parts.get(*id as usize)?)).any(|text| !text.is_empty());
    let as_body = if has_body { Vec::new() } else { stray_text_parts(message) };
    let attached = message.attachments.iter().filter(|id| !as_body.contains(id));
    let attached = attached
        .filter_map(|id| message.parts.get(*id as usize))
        .filter(|part| !part.is_content_type("message", "delivery-status"));
    // the message may be nothing but an invitation
    let alone = message.parts.iter().take(1).filter(|part| is_calendar_part(part) && message.attachments.is_empty());
    alone.chain(attached).take(MAX_ATTACHMENTS).collect()
}

fn describe(part: &MessagePart<'_>) -> Attachment {
    let kind = part.content_type().map(|kind| match kind.subtype() {
        Some(sub) => format!("{}/{sub}", kind.ctype()),
        None => kind.ctype().to_owned(),
    });
    let kind = truncate(&single_line(&kind.unwrap_or_else(|| "text/plain".into()).to_lowercase()), 100);
    let subject = || part.message().and_then(|inner| inner.subject().map(str::to_owned));
    let name = part.attachment_name().map(str::to_owned).or_else(subject).unwrap_or_default();
    let size = match &part.body {
        PartType::Message(_) => part.offset_end.saturating_sub(part.offset_body) as usize,
        _ => part.len(),
    };
    Attachment { name: truncate(&single_line(&name), MAX_NAME_LEN), content_type: kind, size }
}

/// Kinds that are given out under their own name: pictures, recordings and texts that nothing runs in. Whatever else a
/// message says of a file, a browser is told nothing of it.
const SAFE_CONTENT_TYPES: [&str; 20] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/heic",
    "application/pdf",
    "text/plain",
    "text/csv",
    "audio/wav",
    "audio/x-wav",
    "audio/mpeg",
    "audio/mp4",
    "audio/aac",
    "audio/ogg",
    "audio/amr",
    "audio/flac",
    "video/mp4",
    "video/webm",
    "video/quicktime",
    "video/3gpp",
];

impl Attachment {
    /// The kind to give it out under.
    pub(crate) fn safe_content_type(&self) -> &'static str {
        SAFE_CONTENT_TYPES.into_iter().find(|kind| *kind == self.content_type).unwrap_or("application/octet-stream")
    }

    /// How it is to be saved (RFC 6266): its name in ASCII for old programs, and whole for all others. Names of folders
    /// and what would end the header are no part of it.
    pub(crate) fn content_disposition(&self, number: usize) -> String {
        let name: String = self.name.chars().map(|c| if "/\\:\"".contains(c) { '_' } else { c }).collect();
        let name = name.trim_start_matches('.');
        let name = if name.is_empty() { format!("{}.bin", number + 1) } else { name.to_owned() };
        let is_plain = |c: char| c == ' ' || c.is_ascii_graphic();
        let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
        format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent_encode(&name))
    }
}

#[cfg(test)]
mod tests {
    use crate::inbound_mail::attachments::*;

    #[test]
    fn names_stay_names_and_kinds_that_run_are_none() {
        let file = |name: &str, kind: &str| Attachment { name: name.into(), content_type: kind.into(), size: 1 };
        for (name, told) in [
            ("zrzut ekranu.png", "attachment; filename=\"zrzut ekranu.png\"; filename*=UTF-8''zrzut%20ekranu.png"),
            ("żółw.png", "attachment; filename=\"___w.png\"; filename*=UTF-8''%C5%BC%C3%B3%C5%82w.png"),
            ("../../etc/passwd", "attachment; filename=\"_.._etc_passwd\"; filename*=UTF-8''_.._etc_passwd"),
            ("a\"; x=\"b", "attachment; filename=\"a_; x=_b\"; filename*=UTF-8''a_%3B%20x%3D_b"),
            ("", "attachment; filename=\"3.bin\"; filename*=UTF-8''3.bin"),
        ] {
            assert_eq!(file(name, "").content_disposition(2), told);
        }
        for (kind, given) in [
            ("image/png", "image/png"),
            ("application/pdf", "application/pdf"),
            ("text/html", "application/octet-stream"),
            ("image/svg+xml", "application/octet-stream"),
            ("application/javascript", "application/octet-stream"),
            ("", "application/octet-stream"),
        ] {
            assert_eq!(file("x", kind).safe_content_type(), given);
        }
    }
}
