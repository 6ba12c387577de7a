//! What an e-mail is about, as far as it can be guessed: who called whom, when, what was said, which of the problems it is.
//! Each guess is marked until staff confirm it; where nothing can be read nothing is put in its place.

mod category;
mod error_text;
mod parties;
mod call_time;

use std::net::IpAddr;

use time::OffsetDateTime;

use super::{ParsedMessage, quotation::split_off_quote_headers};
use crate::{
    i18n::Lang,
    phone::normalize::fold_diacritics,
    tickets::{BillingPresence, CallTimePrecision, InferredField, PartialReport, TicketCategory},
};

/// The most of a text that is looked through, in characters: whoever writes more has told it by then.
const MAX_SCANNED_LEN: usize = 6_000;

/// What was read, and which of it are guesses.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    pub category: TicketCategory,
    pub partial_report: PartialReport,
    pub error_text: Option<String>,
    /// Where the sender can be called, in E.164.
    pub contact_phone: Option<String>,
    pub lang: Lang,
    pub inferred_fields: Vec<InferredField>,
}

/// Guesses. What the sender wrote counts before what was quoted or passed on. `kept_days` is how long calls can be traced.
pub fn extract(mail: &ParsedMessage, now: OffsetDateTime, kept_days: u16) -> Extraction {
    // a clock that is wrong by days tells nothing
    let sent = mail.date.filter(|date| *date <= now && now - *date < time::Duration::days(7)).unwrap_or(now);
    let (body, signature) = split_signature(&mail.body);
    let (own, _) = split_off_quote_headers(&rejoin_wrapped_lines(&format!("{}\n{body}", mail.subject)));
    let first = extract_from_text(&own, sent, now, kept_days);
    let told_something = first.partial_report.caller.is_some()
        || first.partial_report.callee.is_some()
        || first.partial_report.account.is_some();
    let guessed = match (told_something, mail.quoted.is_empty()) {
        (false, false) => {
            let (quoted, heads) = split_off_quote_headers(&rejoin_wrapped_lines(&mail.quoted));
            // "today" is the day on which that was sent
            let sent = call_time::extract_call_time(&heads, sent, now, kept_days).map_or(sent, |when| when.at);
            first.or_missing_from(extract_from_text(&quoted, sent, now, kept_days))
        }
        _ => first,
    };
    Extraction { contact_phone: parties::extract_contact_number(&mail.body, &signature), ..guessed }
        .with_inferred_fields()
}

fn extract_from_text(text: &str, sent: OffsetDateTime, now: OffsetDateTime, kept_days: u16) -> Extraction {
    let folded = fold_diacritics(text);
    let category = category::detect_category(&folded);
    let sides = parties::extract_call_parties(text, category);
    let is_call = category != TicketCategory::LoggedOut;
    let when = call_time::extract_call_time(text, sent, now, kept_days).filter(|_| is_call);
    let told = PartialReport {
        in_billing: is_call.then_some(BillingPresence::Unknown),
        symptom: (category == TicketCategory::Audio).then(|| category::detect_symptom(&folded)).flatten(),
        call_at: when.map(|when| when.at),
        precision: when.map(|when| when.precision.max(CallTimePrecision::FiveMinutes)),
        public_ip: (!is_call).then(|| find_public_ip(text)).flatten(),
        caller: sides.caller,
        callee: sides.callee,
        account: sides.account,
    };
    let lang = detect_language(&folded, text);
    Extraction {
        category,
        partial_report: told,
        error_text: error_text::extract_error_text(text),
        contact_phone: None,
        lang,
        inferred_fields: Vec::new(),
    }
}

impl Extraction {
    /// What is missing, from elsewhere.
    fn or_missing_from(self, other: Extraction) -> Extraction {
        let category = if self.category == TicketCategory::Unknown { other.category } else { self.category };
        let is_same = category == other.category;
        let told = PartialReport {
            caller: other.partial_report.caller.filter(|_| is_same),
            callee: other.partial_report.callee.filter(|_| is_same),
            account: other.partial_report.account.filter(|_| is_same),
            call_at: self.partial_report.call_at.or(other.partial_report.call_at),
            precision: self.partial_report.precision.or(other.partial_report.precision),
            symptom: self.partial_report.symptom.or(other.partial_report.symptom.filter(|_| is_same)),
            public_ip: self.partial_report.public_ip.or(other.partial_report.public_ip),
            in_billing: (category != TicketCategory::LoggedOut).then_some(BillingPresence::Unknown),
        };
        Extraction { category, partial_report: told, error_text: self.error_text.or(other.error_text), ..self }
    }

    fn with_inferred_fields(self) -> Extraction {
        let told = &self.partial_report;
        let guesses = [
            (InferredField::Category, self.category != TicketCategory::Unknown),
            (InferredField::Caller, told.caller.is_some()),
            (InferredField::Callee, told.callee.is_some()),
            (InferredField::CallTime, told.call_at.is_some()),
            (InferredField::ErrorText, self.error_text.is_some()),
            (InferredField::Symptom, told.symptom.is_some()),
            (InferredField::Account, told.account.is_some()),
        ];
        let marks = guesses.into_iter().filter(|(_, is)| *is).map(|(guess, _)| guess).collect();
        Extraction { inferred_fields: marks, ..self }
    }
}

/// The text, and the signature below it, which begins with "-- " (RFC 3676, 4.3) or with how people take their leave.
fn split_signature(text: &str) -> (String, String) {
    const CLOSING_PHRASES: [&str; 8] =
        ["pozdraw", "pozdr.", "z powazaniem", "z wyrazami", "lacze pozdrow", "regards", "kind regards", "best regards"];
    let lines: Vec<_> = text.lines().collect();
    let begins = |line: &str| {
        let is_leave = || {
            CLOSING_PHRASES.iter().any(|leave| fold_diacritics(line).starts_with(leave)) && line.chars().count() <= 40
        };
        line == "-- " || line == "--" || is_leave()
    };
    match lines.iter().position(|line| begins(line)) {
        Some(at) if lines[..at].iter().any(|line| !line.trim().is_empty()) => {
            (lines[..at].join("\n"), lines[at..].join("\n"))
        }
        _ => (text.to_owned(), String::new()),
    }
}

/// The beginning of a text, with the lines put together again that a mail program broke at its own width.
fn rejoin_wrapped_lines(text: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for line in super::parse::truncate(text, MAX_SCANNED_LEN).lines() {
        let goes_on = line.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || "„(+".contains(c));
        let is_number = |c: char| c.is_ascii_digit() || c == '+';
        let parts = line.starts_with(is_number) && out.ends_with(is_number);
        let joins = (56..=80).contains(&width) && goes_on && !parts;
        if width > 0 || !out.is_empty() {
            out.push(if joins { ' ' } else { '\n' });
        }
        out.push_str(line);
        width = line.chars().count();
    }
    out
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

/// Polish, unless it is English.
fn detect_language(folded: &str, text: &str) -> Lang {
    const ENGLISH_WORDS: [&str; 16] = [
        "the", "is", "are", "not", "from", "please", "hello", "we", "can", "my", "our", "have", "regards", "call",
        "calls", "you",
    ];
    const POLISH_WORDS: [&str; 18] = [
        "nie",
        "sie",
        "jest",
        "na",
        "do",
        "prosze",
        "dzien",
        "dobry",
        "witam",
        "od",
        "mam",
        "pozdrawiam",
        "moge",
        "numer",
        "czy",
        "ze",
        "mi",
        "polaczenia",
    ];
    let count =
        |known: &[&str]| folded.split(|c: char| !c.is_alphanumeric()).filter(|word| known.contains(word)).count();
    let polish = count(&POLISH_WORDS) + text.chars().filter(|c| "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ".contains(*c)).count();
    if count(&ENGLISH_WORDS) > polish { Lang::En } else { Lang::Pl }
}

/// A side as it is shown in tests.
#[cfg(test)]
fn format_party(side: Option<&crate::tickets::CallParty>) -> String {
    side.map(
        |side| if side.party == crate::phone::Party::Withheld { "withheld".into() } else { side.party.canonical() },
    )
    .unwrap_or_default()
}

#[cfg(test)]
mod tests;
