//! The technician's strip: what identifies a call in a switch's records, on top of the page and as text to paste.

use std::{fmt::Write, net::IpAddr};

use time::{Duration, OffsetDateTime};

use crate::{
    causes::sip_code_label,
    i18n::{Lang, UiMessage, strip_typography},
    local_time,
    phone::Party,
    tickets::{AudioSymptom, CallExample, CallParty, InferredField, ReportedFailure, Ticket, TicketChannel},
};

/// Everything that stands in the strip, in the reader's words.
pub(super) struct CallSummary {
    /// A and B, or the account alone.
    pub endpoints: Vec<CallEndpoint>,
    pub facts: Vec<Fact>,
    /// Other calls of the same trouble, a line each.
    pub examples: Vec<String>,
}

/// One end of the line.
pub(super) struct CallEndpoint {
    pub label: &'static str,
    pub display: String,
    /// E.164, where it differs from how it is dialled.
    e164: Option<String>,
    /// What the customer typed, where that differs.
    as_typed: Option<String>,
    /// Read out of an e-mail, and nobody has confirmed it.
    pub is_inferred: bool,
}

/// A label and what is known.
pub(super) struct Fact {
    pub label: String,
    pub value: Option<String>,
    /// The moment for machines.
    pub datetime: Option<String>,
    /// The address, where it is one.
    pub ip: Option<IpAddr>,
    pub is_code: bool,
    pub is_inferred: bool,
}

impl Fact {
    fn new(label: String, value: Option<String>) -> Fact {
        Fact { label, value, datetime: None, ip: None, is_code: false, is_inferred: false }
    }

    /// An announcement that somebody wrote down to its end needs a line of its own.
    pub fn is_long(&self) -> bool {
        self.value.as_ref().is_some_and(|value| value.chars().count() > 60)
    }
}

impl CallSummary {
    pub fn new(ticket: &Ticket, examples: &[CallExample], lang: Lang) -> CallSummary {
        let writer = SummaryBuilder { lang, inferred: &ticket.inferred_fields };
        let ends = match &ticket.failure {
            ReportedFailure::Call { caller, callee, .. } => {
                vec![
                    writer.endpoint("A", InferredField::Caller, Some(caller)),
                    writer.endpoint("B", InferredField::Callee, Some(callee)),
                ]
            }
            ReportedFailure::LoggedOut { account, .. } => vec![writer.account_endpoint(account)],
            ReportedFailure::Partial(told) => match (&told.caller, &told.callee, &told.account) {
                (None, None, Some(account)) => vec![writer.account_endpoint(account)],
                (caller, callee, _) => vec![
                    writer.endpoint("A", InferredField::Caller, caller.as_ref()),
                    writer.endpoint("B", InferredField::Callee, callee.as_ref()),
                ],
            },
        };
        let examples = examples.iter().map(|one| writer.format_example(one)).collect();
        CallSummary { endpoints: ends, facts: writer.build_facts(ticket), examples }
    }

    /// The strip as lines of "label: value", for a carrier's form or a colleague's chat.
    pub fn to_text(&self, ticket: &Ticket, lang: Lang, address: &str) -> String {
        let mut text = format!("{}, {}\n", ticket.reference, lang.t(ticket.category.label()));
        for end in &self.endpoints {
            let _ = write!(text, "{}: {}", end.label, end.display);
            if let Some(international) = &end.e164 {
                let _ = write!(text, " ({international})");
            }
            if let Some(typed) = &end.as_typed {
                let _ = write!(text, ", {}", lang.t_with("call-summary-typed", "text", typed.as_str()));
            }
            if end.is_inferred {
                let _ = write!(text, " ({})", lang.t("inferred"));
            }
            text.push('\n');
        }
        for fact in &self.facts {
            let value = fact.value.clone().unwrap_or_else(|| lang.t("call-summary-missing").into_owned());
            let guessed = if fact.is_inferred { format!(" ({})", lang.t("inferred")) } else { String::new() };
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(text, "{}: {value}{guessed}", fact.label);
        }
        for example in &self.examples {
            let _ = writeln!(text, "{}: {example}", lang.t("call-summary-example"));
        }
        // pasted elsewhere
        strip_typography(&text) + address
    }
}

struct SummaryBuilder<'a> {
    lang: Lang,
    inferred: &'a [InferredField],
}

impl SummaryBuilder<'_> {
    fn is_inferred(&self, what: InferredField) -> bool {
        self.inferred.contains(&what)
    }

    fn account_endpoint(&self, account: &Party) -> CallEndpoint {
        let guessed = self.is_inferred(InferredField::Account);
        CallEndpoint { label: "SIP", display: account.display(), e164: None, as_typed: None, is_inferred: guessed }
    }

    fn endpoint(&self, name: &'static str, what: InferredField, side: Option<&CallParty>) -> CallEndpoint {
        let Some(side) = side else {
            return CallEndpoint { label: name, display: "?".into(), e164: None, as_typed: None, is_inferred: false };
        };
        let guessed = self.is_inferred(what);
        let shown = format_party(&side.party, self.lang);
        let international = match &side.party {
            Party::Number(number) => Some(number.e164().to_owned()),
            Party::Short(_) | Party::Account(_) | Party::Withheld => None,
        };
        CallEndpoint {
            label: name,
            e164: international,
            as_typed: Some(side.raw_text.clone()).filter(|typed| *typed != shown),
            display: shown,
            is_inferred: guessed,
        }
    }

    /// "22 555 01 20 → 0044 20 8190 0322, pt. 20.11.2026, 14:04–14:06, 503".
    fn format_example(&self, example: &CallExample) -> String {
        let ends = [&example.caller, &example.callee].map(|side| format_party(&side.party, self.lang)).join(" → ");
        let about = Duration::minutes(example.precision.tolerance_minutes().into());
        let window =
            self.lang.format(&local_time::format_range(example.call_at - about, example.call_at + about, false));
        let said = example.error_text.as_ref().map(|text| format!(", {text}")).unwrap_or_default();
        format!("{ends}, {window}{said}")
    }

    fn build_facts(&self, ticket: &Ticket) -> Vec<Fact> {
        let mut facts = Vec::new();
        let when = match &ticket.failure {
            ReportedFailure::Call { call_at: at, precision, .. } => Some((*at, *precision)),
            ReportedFailure::LoggedOut { .. } => None,
            ReportedFailure::Partial(told) => told.call_at.zip(told.precision),
        };
        match when {
            Some((at, precision)) => {
                let about = Duration::minutes(precision.tolerance_minutes().into());
                let times = self.time_facts("call-summary-local", at, at - about, at + about);
                facts.extend(times.map(|fact| self.mark_inferred(fact, InferredField::CallTime)));
            }
            None => {
                let at = ticket.created_at;
                facts.extend(self.time_facts("call-summary-reported", at, at, at));
            }
        }
        if let Some(code) = ticket.sip_code {
            facts.push(self.mark_inferred(
                self.new_fact("call-summary-code", Some(self.describe_sip_code(code))),
                InferredField::ErrorText,
            ));
        }
        facts.push(
            self.mark_inferred(
                self.new_fact("call-summary-error", ticket.error_text.clone()),
                InferredField::ErrorText,
            ),
        );
        match &ticket.failure {
            ReportedFailure::Call { caller, callee, symptom, in_billing, .. } => {
                if let Some(symptom) = symptom {
                    facts.push(self.symptom_fact(*symptom));
                }
                let accounts = [caller, callee].map(|side| sip_account(&side.party)).into_iter().flatten();
                let accounts = accounts.collect::<Vec<_>>().join(", ");
                if !accounts.is_empty() {
                    facts.push(self.new_fact("call-summary-account", Some(accounts)));
                }
                facts.push(self.new_fact("call-summary-billing", Some(self.t(in_billing.label()))));
            }
            ReportedFailure::Partial(told) => {
                if let Some(symptom) = told.symptom {
                    facts.push(self.symptom_fact(symptom));
                }
                if let Some(account) = &told.account {
                    facts.push(self.new_fact("call-summary-account", Some(account.display())));
                }
                if let Some(ip) = told.public_ip {
                    facts.push(self.ip_fact("call-summary-address", ip));
                }
            }
            ReportedFailure::LoggedOut { account, device, public_ip } => {
                facts.push(self.new_fact("call-summary-account", Some(account.display())));
                facts.push(self.new_fact("call-summary-device", device.clone()));
                if let Some(ip) = public_ip {
                    facts.push(self.ip_fact("call-summary-address", *ip));
                }
            }
        }
        // it is the account's own address unless another was given
        let given = match &ticket.failure {
            ReportedFailure::Call { .. } => None,
            ReportedFailure::LoggedOut { public_ip, .. } => *public_ip,
            ReportedFailure::Partial(told) => told.public_ip,
        };
        if let Some(ip) = reporter_ip(ticket).filter(|ip| Some(*ip) != given) {
            facts
                .push(self.ip_fact(if given.is_some() { "call-summary-reporter" } else { "call-summary-address" }, ip));
        }
        facts.push(self.new_fact("call-summary-service", Some(self.t(ticket.service.label()))));
        facts
    }

    /// The same window on both clocks.
    fn time_facts(&self, label: &str, at: OffsetDateTime, from: OffsetDateTime, to: OffsetDateTime) -> [Fact; 2] {
        let [local, utc] = [false, true].map(|utc| Some(self.lang.format(&local_time::format_range(from, to, utc))));
        let label = self.lang.t_with(label, "zone", local_time::zone_abbreviation(at));
        [
            Fact { datetime: Some(local_time::iso(&at)), ..Fact::new(label, local) },
            Fact { datetime: Some(local_time::iso(&at)), ..self.new_fact("call-summary-utc", utc) },
        ]
    }

    fn symptom_fact(&self, symptom: AudioSymptom) -> Fact {
        self.mark_inferred(self.new_fact("call-summary-symptom", Some(self.t(symptom.label()))), InferredField::Symptom)
    }

    /// The code with its plain words, where we know them.
    fn describe_sip_code(&self, code: i16) -> String {
        match sip_code_label(code) {
            Some(meaning) => self.lang.format(
                &UiMessage::new("call-summary-code-meaning")
                    .with("code", code.to_string())
                    .with("meaning", UiMessage::new(meaning)),
            ),
            None => code.to_string(),
        }
    }

    fn ip_fact(&self, label: &str, ip: IpAddr) -> Fact {
        Fact { is_code: true, ip: Some(ip), ..self.new_fact(label, Some(ip.to_string())) }
    }

    fn new_fact(&self, label: &str, value: Option<String>) -> Fact {
        Fact::new(self.t(label), value)
    }

    /// The same, marked if it was guessed.
    fn mark_inferred(&self, fact: Fact, what: InferredField) -> Fact {
        Fact { is_inferred: fact.value.is_some() && self.is_inferred(what), ..fact }
    }

    fn t(&self, id: &str) -> String {
        self.lang.t(id).into_owned()
    }
}

/// One side as it is dialled, with its extension.
pub(super) fn format_party(party: &Party, lang: Lang) -> String {
    match (party, party.extension()) {
        (Party::Withheld, _) => lang.t("queue-withheld").into_owned(),
        (_, Some(extension)) => lang.format(
            &UiMessage::new("call-summary-extension").with("number", party.display()).with("extension", extension),
        ),
        (_, None) => party.display(),
    }
}

fn sip_account(party: &Party) -> Option<&str> {
    match party {
        Party::Account(account) => Some(account),
        Party::Number(_) | Party::Short(_) | Party::Withheld => None,
    }
}

/// The address that the report came from, where that is the customer's: what staff typed for somebody came from ours.
pub(super) fn reporter_ip(ticket: &Ticket) -> Option<IpAddr> {
    match ticket.channel {
        TicketChannel::Web => Some(ticket.client_ip),
        TicketChannel::Phone | TicketChannel::Chat | TicketChannel::Email => None,
    }
}
