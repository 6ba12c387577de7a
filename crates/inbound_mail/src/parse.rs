//! Turns bytes into a [`ParsedMessage`].

use clean_text::{single_line, truncate_chars};
use mail_parser::{DateTime, Message, MessagePart};
use time::OffsetDateTime;

use crate::{
    address::{extract_addresses, extract_message_ids_leniently},
    attachments::list_attachments,
    automation::parse_automation_headers,
    body::body_and_quotation,
    header::{RawHeaders, first_sender},
    message::{MAX_SUBJECT_LEN, ParsedMessage, Sender},
    mime::with_parsed_mime,
};

/// Maximum number of recipients read from all headers together.
const MAX_RECIPIENTS: usize = 200;

/// Parses a message. Returns `None` if it has no known header: then it is not a message.
pub fn parse(raw: &[u8]) -> Option<ParsedMessage> {
    let has_known_header = |root: &&MessagePart<'_>| root.headers.iter().any(|header| !header.name.is_other());
    with_parsed_mime(raw, |message| {
        message.parts.first().filter(has_known_header).map(|root| to_parsed_message(message, root))
    })?
}

fn to_parsed_message(message: &Message<'_>, root: &MessagePart<'_>) -> ParsedMessage {
    let headers = RawHeaders::new(message, root);
    let (body, quoted) = body_and_quotation(message);
    ParsedMessage {
        message_id: headers
            .first("Message-ID")
            .and_then(|value| extract_message_ids_leniently(&value).into_iter().next()),
        from: message.from().and_then(first_sender).or_else(|| sender_of_malformed_field(&headers)),
        reply_to: message.reply_to().and_then(first_sender).map(|sender| sender.address),
        recipients: recipients(&headers),
        references: references(&headers),
        subject: truncate_chars(&single_line(message.subject().unwrap_or_default()), MAX_SUBJECT_LEN),
        date: message.date().and_then(to_offset_date_time),
        body,
        quoted,
        attachments: list_attachments(message),
        automation: parse_automation_headers(message, &headers),
    }
}

/// Returns the sender where the parser finds none.
fn sender_of_malformed_field(headers: &RawHeaders<'_>) -> Option<Sender> {
    let address = headers.values("From").iter().flat_map(|value| extract_addresses(value)).next()?;
    Some(Sender { address, ..Sender::default() })
}

fn recipients(headers: &RawHeaders<'_>) -> Vec<String> {
    // the headers of our own server come first: a sender may list as many recipients as it likes
    const RECIPIENT_HEADERS: [&str; 8] =
        ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "To", "Cc", "Bcc"];
    let mut recipients: Vec<String> = RECIPIENT_HEADERS
        .iter()
        .flat_map(|name| headers.values(name))
        .flat_map(|value| extract_addresses(&value))
        .take(MAX_RECIPIENTS)
        .collect();
    recipients.dedup();
    recipients
}

/// Returns the Message-IDs of `In-Reply-To`, then those of `References` from the last to the first.
fn references(headers: &RawHeaders<'_>) -> Vec<String> {
    let ids = |name| {
        headers.values(name).iter().rev().flat_map(|value| extract_message_ids_leniently(value)).collect::<Vec<_>>()
    };
    let mut references = ids("In-Reply-To");
    references.extend(ids("References").into_iter().rev());
    references
}

fn to_offset_date_time(date: &DateTime) -> Option<OffsetDateTime> {
    if !date.is_valid() {
        return None;
    }
    OffsetDateTime::from_unix_timestamp(date.to_timestamp()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::parse::*;

    proptest! {
        #[test]
        fn any_bytes_are_parsed_without_a_panic(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }

        #[test]
        fn text_that_resembles_a_message_is_parsed_without_a_panic(
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
    fn a_hundred_thousand_nested_messages_are_parsed() {
        for nesting in
            ["Content-Type: message/rfc822\r\n\r\n", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"]
        {
            let mail = format!("From: a@b.pl\r\n{}Subject: x\r\n\r\nTekst", nesting.repeat(100_000));
            assert_eq!(
                parse(mail.as_bytes()).and_then(|mail| mail.from).map(|from| from.address).as_deref(),
                Some("a@b.pl")
            );
        }
    }
}
