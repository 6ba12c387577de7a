//! From bytes to an [`Incoming`]. The parser does its best with anything; what comes out is bounded and clean.

use std::borrow::Cow;

use mail_parser::{Address, DateTime, Header, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use time::OffsetDateTime;

use super::{
    AutomationHeaders, Bounce, MAX_TEXT_LEN, ParsedMessage, Sender,
    address::{extract_addresses, extract_message_ids, is_message_id, normalize_address},
    attachments::list_attachments,
    format_flowed, html_to_text, parse_limits, quotation,
};
use crate::web::form::{multi_line, single_line};

/// How much of a subject, a name and a header is read, in characters.
const MAX_SUBJECT_LEN: usize = 500;
pub(crate) const MAX_NAME_LEN: usize = 200;
const MAX_HEADER_LEN: usize = 20_000;
/// How much of a report is looked through for the Message-IDs of our letters.
const MAX_REPORT_LEN: usize = 200_000;

/// Reads a message. `None` when it has no header at all: then it is no message.
pub fn parse(raw: &[u8]) -> Option<ParsedMessage> {
    let is_mail = |root: &&MessagePart<'_>| root.headers.iter().any(|header| !header.name.is_other());
    with_parsed_mime(raw, |message| message.parts.first().filter(is_mail).map(|root| to_parsed_message(message, root)))?
}

/// Parses a message, as far as it does no harm, and lets somebody look at it.
pub(crate) fn with_parsed_mime<T>(raw: &[u8], look: impl FnOnce(&Message<'_>) -> T) -> Option<T> {
    let (raw, _) = parse_limits::truncate_structure(raw);
    // mbox files begin so, and some pipes put it before the first header
    let raw = match raw.strip_prefix(b"From ") {
        Some(rest) => &rest[rest.iter().position(|byte| *byte == b'\n')? + 1..],
        None => raw,
    };
    // a last line without an end would be lost
    let ended = if raw.ends_with(b"\n") { Cow::Borrowed(raw) } else { Cow::Owned([raw, b"\r\n"].concat()) };
    let message = MessageParser::default().parse(&*ended)?;
    let seen = look(&message);
    parse_limits::drop_iteratively(message);
    Some(seen)
}

fn to_parsed_message(message: &Message<'_>, root: &MessagePart<'_>) -> ParsedMessage {
    let headers = RawHeaders { raw: &message.raw_message, headers: &root.headers };
    let (body, quoted) = body_and_quotation(message);
    let ids = |name| headers.values(name).iter().rev().flat_map(|value| lenient_message_ids(value)).collect::<Vec<_>>();
    let mut references = ids("In-Reply-To");
    references.extend(ids("References").into_iter().rev());
    let from = message.from().and_then(first_sender).or_else(|| {
        headers
            .values("From")
            .iter()
            .flat_map(|value| extract_addresses(value))
            .next()
            .map(|address| Sender { address, ..Sender::default() })
    });
    let delivered = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To"];
    // what our own server wrote comes first: others may name as many as they like
    let mut recipients: Vec<String> = delivered
        .iter()
        .chain(&["To", "Cc", "Bcc"])
        .flat_map(|name| headers.values(name))
        .flat_map(|value| extract_addresses(&value))
        .take(200)
        .collect();
    recipients.dedup();
    ParsedMessage {
        message_id: headers
            .values("Message-ID")
            .first()
            .and_then(|value| lenient_message_ids(value).into_iter().next()),
        reply_to: message.reply_to().and_then(first_sender).map(|sender| sender.address),
        from,
        recipients,
        references,
        subject: truncate(&single_line(message.subject().unwrap_or_default()), MAX_SUBJECT_LEN),
        date: message.date().and_then(to_offset_date_time),
        body,
        quoted,
        attachments: list_attachments(message),
        automation: parse_automation_headers(message, &headers),
    }
}

/// The first usable address of a header.
fn first_sender(address: &Address<'_>) -> Option<Sender> {
    address.iter().find_map(|one| {
        let address = normalize_address(one.address.as_deref()?)?;
        let name = truncate(&single_line(one.name.as_deref().unwrap_or_default()), MAX_NAME_LEN);
        Some(Sender { address, name })
    })
}

fn to_offset_date_time(date: &DateTime) -> Option<OffsetDateTime> {
    if !date.is_valid() {
        return None;
    }
    OffsetDateTime::from_unix_timestamp(date.to_timestamp()).ok()
}

/// Message-IDs as they should be, or the whole value where somebody forgot the brackets.
fn lenient_message_ids(value: &str) -> Vec<String> {
    let ids = extract_message_ids(value);
    if !ids.is_empty() {
        return ids;
    }
    value.split_whitespace().filter(|id| is_message_id(id)).map(str::to_owned).collect()
}

/// A message's headers as they came.
struct RawHeaders<'a> {
    raw: &'a [u8],
    headers: &'a [Header<'a>],
}

impl RawHeaders<'_> {
    /// All values under a name, unfolded.
    fn values(&self, name: &str) -> Vec<String> {
        let wanted = self.headers.iter().filter(|header| header.name.as_str().eq_ignore_ascii_case(name));
        wanted.map(|header| self.decode_value(header)).collect()
    }

    fn decode_value(&self, header: &Header<'_>) -> String {
        let bytes = self.raw.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default();
        let bytes = &bytes[..bytes.len().min(4 * MAX_HEADER_LEN)];
        truncate(&single_line(&String::from_utf8_lossy(bytes)), MAX_HEADER_LEN)
    }

    fn first_lowercase(&self, name: &str) -> Option<String> {
        self.values(name).into_iter().next().map(|value| value.to_lowercase())
    }
}

fn parse_automation_headers(message: &Message<'_>, headers: &RawHeaders<'_>) -> AutomationHeaders {
    let has = |name: &str| !headers.values(name).is_empty();
    let report = message.parts.first().and_then(|root| root.content_type()).filter(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("report"))
    });
    let report = report.map(|kind| kind.attribute("report-type").unwrap_or("unknown").to_lowercase());
    AutomationHeaders {
        auto_submitted: headers.first_lowercase("Auto-Submitted"),
        precedence: headers.first_lowercase("Precedence"),
        auto_response_suppress: headers.first_lowercase("X-Auto-Response-Suppress"),
        has_auto_reply_header: ["X-Autoreply", "X-Autorespond", "X-Autoreply-From", "X-Mail-Autoreply"]
            .iter()
            .any(|name| has(name)),
        has_null_return_path: headers
            .values("Return-Path")
            .first()
            .is_some_and(|path| path.replace(['<', '>', ' '], "").is_empty()),
        hop_count: headers.values("Received").len(),
        is_spam: headers.first_lowercase("X-Spam-Flag").is_some_and(|flag| flag.starts_with("yes")),
        bounce: parse_bounce(message),
        report_type: report,
    }
}

/// What a delivery report says. Reports of servers that know no such form have only the ids in them.
fn parse_bounce(message: &Message<'_>) -> Option<Bounce> {
    let is_status = |part: &&MessagePart<'_>| part.is_content_type("message", "delivery-status");
    let status = message.parts.iter().find(is_status).map(|part| String::from_utf8_lossy(part.contents()).into_owned());
    let mut bounce = Bounce::default();
    for field in status.as_deref().unwrap_or_default().lines() {
        let Some((name, value)) = field.split_once(':') else { continue };
        let value = truncate(&single_line(value), MAX_SUBJECT_LEN);
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "action" => &mut bounce.action,
            "status" => &mut bounce.status,
            "diagnostic-code" => &mut bounce.diagnostic,
            _ => continue,
        };
        if place.is_empty() {
            *place = value;
        }
    }
    bounce.action.make_ascii_lowercase();
    for part in message.parts.iter().skip(1).filter(|part| !matches!(part.body, PartType::Multipart(_))) {
        let text = match &part.body {
            PartType::Message(inner) => inner.message_id().map(|id| format!("<{id}>")).unwrap_or_default(),
            _ => String::from_utf8_lossy(&part.contents()[..part.len().min(MAX_REPORT_LEN)]).into_owned(),
        };
        bounce.message_ids.extend(extract_message_ids(&text).into_iter().take(100));
    }
    if message.parts.len() == 1 {
        bounce.message_ids =
            message.body_text(0).map(|text| extract_message_ids(&truncate(&text, MAX_REPORT_LEN))).unwrap_or_default();
    }
    (status.is_some() || !bounce.message_ids.is_empty()).then_some(bounce)
}

/// What the sender wrote, and what was quoted.
fn body_and_quotation(message: &Message<'_>) -> (String, String) {
    let text = body_text(message);
    let (own, mut quoted) = quotation::split_quotation(&text);
    // a message that is passed on as an attachment
    for inner in message.parts.iter().filter_map(MessagePart::message).take(3) {
        let head = [inner.from().and_then(first_sender).map(|from| from.address), inner.subject().map(single_line)];
        let head = head.into_iter().flatten().collect::<Vec<_>>().join("\n");
        let inner = [quoted.as_str(), &head, &body_text(inner)]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n");
        quoted = truncate(&inner, MAX_TEXT_LEN);
    }
    (truncate(&own, MAX_TEXT_LEN), truncate(&quoted, MAX_TEXT_LEN))
}

/// All that a reader of the message would see as its text.
fn body_text(message: &Message<'_>) -> String {
    let of = |ids: &[u32]| -> String {
        let parts = ids.iter().filter_map(|id| message.parts.get(*id as usize));
        let texts = parts.filter_map(part_text).filter(|text| !text.is_empty());
        truncate(&texts.collect::<Vec<_>>().join("\n\n"), MAX_TEXT_LEN)
    };
    // some programs send an empty plain part beside the HTML
    let found = [&message.text_body, &message.html_body].into_iter().map(|ids| of(ids)).find(|text| !text.is_empty());
    found.unwrap_or_else(|| of(&stray_text_parts(message)))
}

/// Texts that stand in no place for texts, such as those of a message that was cut off: nameless, and no attachments.
pub(crate) fn stray_text_parts(message: &Message<'_>) -> Vec<u32> {
    let is_loose = |part: &MessagePart<'_>| {
        let is_attached = part.content_disposition().is_some_and(|place| place.is_attachment());
        part.is_text() && part.attachment_name().is_none() && !is_attached && !is_calendar_part(part)
    };
    let ids = message.attachments.iter().copied();
    ids.filter(|id| message.parts.get(*id as usize).is_some_and(is_loose)).collect()
}

/// An invitation, which is text to machines alone.
pub(crate) fn is_calendar_part(part: &MessagePart<'_>) -> bool {
    part.is_content_type("text", "calendar")
}

pub(crate) fn part_text(part: &MessagePart<'_>) -> Option<String> {
    if is_calendar_part(part) {
        return None;
    }
    match &part.body {
        PartType::Text(text) => {
            // bytes that are no text can be four times as long
            let text = &text[..text.floor_char_boundary(5 * MAX_TEXT_LEN)];
            let kind = part.content_type();
            let is = |name: &str, wanted: &str| {
                kind.and_then(|kind| kind.attribute(name)).is_some_and(|value| value.eq_ignore_ascii_case(wanted))
            };
            let unfolded = if is("format", "flowed") {
                format_flowed::unwrap_paragraphs(text, is("delsp", "yes"))
            } else {
                text.to_owned()
            };
            Some(multi_line(&unfolded))
        }
        PartType::Html(page) => Some(multi_line(&html_to_text::to_text(page))),
        PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => None,
    }
}

/// The beginning of a text, in characters.
pub(crate) fn truncate(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => text[..end].to_owned(),
        None => text.to_owned(),
    }
}

/// The content that makes two messages the same one, whatever way they came.
pub fn content_hash(incoming: &ParsedMessage) -> [u8; 32] {
    let from = incoming.from.as_ref().map(|from| from.address.as_str());
    crate::token::sha256(format!(
        "{:?}",
        (from, &incoming.subject, &incoming.body, &incoming.quoted, &incoming.attachments)
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::inbound_mail::parse::*;

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }

        #[test]
        fn nothing_that_looks_like_mail_is_too_strange(
            mail in "(From: |To: |Subject: |Content-Type: |multipart/mixed; boundary=b|text/html|message/rfc822|--b--|--b|\
                Content-Transfer-Encoding: |base64|quoted-printable|=\\?utf-8\\?[bq]\\?|\\?=|<a@b.pl>|[a-zA-Z0-9=+/]{1,9}|\r\n|\n| |\0|ż){0,60}",
        ) {
            if let Some(mail) = parse(mail.as_bytes()) {
                let texts = [&mail.subject, &mail.body, &mail.quoted];
                prop_assert!(texts.iter().all(|text| !text.contains('\0')));
            }
        }
    }

    #[test]
    fn messages_within_messages_have_a_floor() {
        for piece in
            ["Content-Type: message/rfc822\r\n\r\n", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"]
        {
            let mail = format!("From: a@b.pl\r\n{}Subject: x\r\n\r\nTekst", piece.repeat(100_000));
            assert_eq!(
                parse(mail.as_bytes()).and_then(|mail| mail.from).map(|from| from.address).as_deref(),
                Some("a@b.pl")
            );
        }
    }
}
