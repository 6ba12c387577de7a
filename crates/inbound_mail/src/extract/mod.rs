//! Extracts a report from a message, as far as it can be inferred: the kind of problem, the parties and the time of the call,
//! the error text. Where nothing is found nothing is invented.

mod extraction;
mod call_time;
mod category;
mod error_text;
mod language;
mod parties;
mod sections;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use ::call_time::CallTimePrecision;
use clean_text::truncate_chars;
use phone::normalize::fold_diacritics;
use time::{Duration, OffsetDateTime};

use crate::{message::ParsedMessage, quotation::split_off_quote_headers};
pub use extraction::{ExtractedCategory, ExtractedParty, ExtractedSymptom, Extraction};
use sections::{rejoin_wrapped_lines, split_signature};

/// How much of a text is scanned, in characters.
const MAX_SCANNED_LEN: usize = 6_000;
/// A date that is farther in the past shows that the sender's clock is wrong.
const MAX_DELIVERY_TIME: Duration = Duration::days(7);

/// Extracts the report. What the sender wrote takes precedence over what was quoted or forwarded. `retention_days` is how
/// long the network keeps its call records.
pub fn extract(mail: &ParsedMessage, now: OffsetDateTime, retention_days: u16) -> Extraction {
    let sent_at = mail.date.filter(|date| *date <= now && now - *date < MAX_DELIVERY_TIME).unwrap_or(now);
    let (body, signature) = split_signature(&mail.body);
    let own_text = scanned_text(&format!("{}\n{body}", mail.subject));
    let (own_text, _) = split_off_quote_headers(&own_text);
    let own = extract_from_text(&own_text, sent_at, now, retention_days);
    let extraction = if own.has_party() || mail.quoted.is_empty() {
        own
    } else {
        let (quoted, headers) = split_off_quote_headers(&scanned_text(&mail.quoted));
        // "today" is the day on which the quoted message was sent
        let quoted_sent_at = call_time::extract_call_time(&headers, sent_at, now, retention_days);
        let quoted_sent_at = quoted_sent_at.map_or(sent_at, |sent| sent.at);
        own.or_missing_from(extract_from_text(&quoted, quoted_sent_at, now, retention_days))
    };
    let contact_phone = parties::extract_contact_number(
        &truncate_chars(&mail.body, MAX_SCANNED_LEN),
        &truncate_chars(&signature, MAX_SCANNED_LEN),
    );
    Extraction { contact_phone, ..extraction }
}

fn scanned_text(text: &str) -> String {
    rejoin_wrapped_lines(&truncate_chars(text, MAX_SCANNED_LEN))
}

fn extract_from_text(text: &str, sent_at: OffsetDateTime, now: OffsetDateTime, retention_days: u16) -> Extraction {
    let folded = fold_diacritics(text);
    let category = category::detect_category(&folded);
    let is_logged_out = category == Some(ExtractedCategory::LoggedOut);
    let is_audio = category == Some(ExtractedCategory::Audio);
    let parties = parties::extract_call_parties(text, category);
    let call_time = call_time::extract_call_time(text, sent_at, now, retention_days).filter(|_| !is_logged_out);
    Extraction {
        category,
        caller: parties.caller,
        callee: parties.callee,
        account: parties.account,
        // no sender states how exact the time is
        call_time: call_time.map(|time| (time.at, time.precision.max(CallTimePrecision::FiveMinutes))),
        symptom: is_audio.then(|| category::detect_symptom(&folded)).flatten(),
        public_ip: is_logged_out.then(|| find_public_ip(text)).flatten(),
        error_text: error_text::extract_error_text(text),
        contact_phone: None,
        lang: language::detect_language(&folded, text),
    }
}

fn find_public_ip(text: &str) -> Option<IpAddr> {
    let mut words = text.split(|c: char| c.is_whitespace() || ",;()[]".contains(c));
    words.find_map(|word| {
        let ip: IpAddr = word.trim_matches(['.', ':']).parse().ok()?;
        let is_public = match ip {
            IpAddr::V4(ip) => !ip.is_private() && !ip.is_loopback() && !ip.is_link_local() && !ip.is_unspecified(),
            IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unspecified() && word.len() > 6,
        };
        is_public.then_some(ip)
    })
}
