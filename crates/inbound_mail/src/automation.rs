//! Headers that distinguish automatic messages from messages of persons, and the content of bounces.

use clean_text::{single_line, truncate_chars};
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use crate::{
    address::extract_message_ids,
    header::RawHeaders,
    message::{AutomationHeaders, Bounce, MAX_SUBJECT_LEN},
};

/// How much of a report is searched for Message-IDs: bytes of a part, or characters of a report in one part.
const MAX_REPORT_LEN: usize = 200_000;
/// Maximum number of Message-IDs read from one part of a report.
const MAX_IDS_PER_PART: usize = 100;

pub(crate) fn parse_automation_headers(message: &Message<'_>, headers: &RawHeaders<'_>) -> AutomationHeaders {
    let has = |name: &str| !headers.values(name).is_empty();
    let content_type = message.parts.first().and_then(|root| root.content_type());
    let report = content_type.filter(|content_type| {
        content_type.ctype().eq_ignore_ascii_case("multipart")
            && content_type.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
    });
    let report_type = report.map(|report| report.attribute("report-type").unwrap_or("unknown").to_lowercase());
    AutomationHeaders {
        auto_submitted: headers.first_lowercase("Auto-Submitted"),
        precedence: headers.first_lowercase("Precedence"),
        auto_response_suppress: headers.first_lowercase("X-Auto-Response-Suppress"),
        has_auto_reply_header: ["X-Autoreply", "X-Autorespond", "X-Autoreply-From", "X-Mail-Autoreply"]
            .iter()
            .any(|name| has(name)),
        has_null_return_path: headers
            .first("Return-Path")
            .is_some_and(|path| path.replace(['<', '>', ' '], "").is_empty()),
        hop_count: headers.values("Received").len(),
        is_spam: headers.first_lowercase("X-Spam-Flag").is_some_and(|flag| flag.starts_with("yes")),
        bounce: parse_bounce(message),
        report_type,
    }
}

/// Reads a delivery report. Reports of servers that do not follow RFC 3464 yield only Message-IDs.
fn parse_bounce(message: &Message<'_>) -> Option<Bounce> {
    let is_status = |part: &&MessagePart<'_>| part.is_content_type("message", "delivery-status");
    let status = message.parts.iter().find(is_status).map(|part| String::from_utf8_lossy(part.contents()).into_owned());
    let mut bounce = Bounce::default();
    for line in status.as_deref().unwrap_or_default().lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let field = match name.trim().to_ascii_lowercase().as_str() {
            "action" => &mut bounce.action,
            "status" => &mut bounce.status,
            "diagnostic-code" => &mut bounce.diagnostic,
            _ => continue,
        };
        if field.is_empty() {
            *field = truncate_chars(&single_line(value), MAX_SUBJECT_LEN);
        }
    }
    bounce.action.make_ascii_lowercase();
    for part in message.parts.iter().skip(1).filter(|part| !matches!(part.body, PartType::Multipart(_))) {
        let text = match &part.body {
            PartType::Message(returned) => returned.message_id().map(|id| format!("<{id}>")).unwrap_or_default(),
            _ => String::from_utf8_lossy(&part.contents()[..part.len().min(MAX_REPORT_LEN)]).into_owned(),
        };
        bounce.message_ids.extend(extract_message_ids(&text).into_iter().take(MAX_IDS_PER_PART));
    }
    if message.parts.len() == 1 {
        bounce.message_ids = message
            .body_text(0)
            .map(|text| extract_message_ids(&truncate_chars(&text, MAX_REPORT_LEN)))
            .unwrap_or_default();
    }
    (status.is_some() || !bounce.message_ids.is_empty()).then_some(bounce)
}
