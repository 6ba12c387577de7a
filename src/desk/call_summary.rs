//! The call summary for technicians: what identifies a call in a switch's records. Shown at the top of the ticket's page and
//! as plain text.

use std::{fmt::Write, net::IpAddr};

use time::{Duration, OffsetDateTime};

use crate::{
    causes::sip_code_label,
    i18n::{Label, Lang, UiMessage, strip_typography},
    local_time,
    phone::Party,
    tickets::{AudioSymptom, CallExample, CallParty, InferredField, ReportedFailure, Ticket, TicketChannel},
};

/// All values are formatted in the staff member's language.
pub(super) struct CallSummary {
    /// A and B, or only the account.
    pub endpoints: Vec<CallEndpoint>,
    pub facts: Vec<Fact>,
    /// Further examples of the failed call, one line each.
    pub examples: Vec<String>,
}

/// One party of the call.
pub(super) struct CallEndpoint {
    pub label: &'static str,
    pub display: String,
    /// The number in E.164.
    e164: Option<String>,
    /// The text that the customer typed, if it differs from `display`.
    as_typed: Option<String>,
    /// Inferred from an email and not confirmed.
    pub is_inferred: bool,
}

pub(super) struct Fact {
    pub label: String,
    /// `None` if it is not known.
    pub value: Option<String>,
    /// ISO 8601, for a `time` element.
    pub datetime: Option<String>,
    pub ip: Option<IpAddr>,
    pub is_code: bool,
    pub is_inferred: bool,
}

impl Fact {
    fn new(label: String, value: Option<String>) -> Fact {
        Fact { label, value, datetime: None, ip: None, is_code: false, is_inferred: false }
    }

    /// A long value, such as the text of an announcement, needs a line of its own.
    pub(crate) fn is_long(&self) -> bool {
        self.value.as_ref().is_some_and(|value| value.chars().count() > 60)
    }
}

impl CallSummary {
    pub(crate) fn new(ticket: &Ticket, examples: &[CallExample], lang: Lang) -> CallSummary {
        let builder = SummaryBuilder { lang, inferred: &ticket.inferred_fields };
        let endpoints = match &ticket.failure {
            ReportedFailure::Call { caller, callee, .. } => {
                vec![
                    builder.endpoint("A", InferredField::Caller, Some(caller)),
                    builder.endpoint("B", InferredField::Callee, Some(callee)),
                ]
            }
            ReportedFailure::LoggedOut { account, .. } => vec![builder.account_endpoint(account)],
            ReportedFailure::Partial(report) => match (&report.caller, &report.callee, &report.account) {
                (None, None, Some(account)) => vec![builder.account_endpoint(account)],
                (caller, callee, _) => vec![
                    builder.endpoint("A", InferredField::Caller, caller.as_ref()),
                    builder.endpoint("B", InferredField::Callee, callee.as_ref()),
                ],
            },
        };
        let examples = examples.iter().map(|example| builder.format_example(example)).collect();
        CallSummary { endpoints, facts: builder.build_facts(ticket), examples }
    }

    /// The summary as lines of "label: value", for a carrier's form or a chat. Ends with the ticket's `url`.
    pub(crate) fn to_text(&self, ticket: &Ticket, lang: Lang, url: &str) -> String {
        let mut text = format!("{}, {}\n", ticket.reference, lang.t(ticket.category.label()));
        for endpoint in &self.endpoints {
            let _ = write!(text, "{}: {}", endpoint.label, endpoint.display);
            if let Some(e164) = &endpoint.e164 {
                let _ = write!(text, " ({e164})");
            }
            if let Some(typed) = &endpoint.as_typed {
                let _ = write!(text, ", {}", lang.t_with("call-summary-typed", "text", typed.as_str()));
            }
            if endpoint.is_inferred {
                let _ = write!(text, " ({})", lang.t("inferred"));
            }
            text.push('\n');
        }
        for fact in &self.facts {
            let value = fact.value.clone().unwrap_or_else(|| lang.t("call-summary-missing").into_owned());
            let inferred = if fact.is_inferred { format!(" ({})", lang.t("inferred")) } else { String::new() };
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(text, "{}: {value}{inferred}", fact.label);
        }
        for example in &self.examples {
            let _ = writeln!(text, "{}: {example}", lang.t("call-summary-example"));
        }
        // plain spaces and hyphens survive in every form
        strip_typography(&text) + url
    }
}

struct SummaryBuilder<'a> {
    lang: Lang,
    inferred: &'a [InferredField],
}

impl SummaryBuilder<'_> {
    fn is_inferred(&self, field: InferredField) -> bool {
        self.inferred.contains(&field)
    }

    fn account_endpoint(&self, account: &Party) -> CallEndpoint {
        CallEndpoint {
            label: "SIP",
            display: account.display(),
            e164: None,
            as_typed: None,
            is_inferred: self.is_inferred(InferredField::Account),
        }
    }

    fn endpoint(&self, label: &'static str, field: InferredField, party: Option<&CallParty>) -> CallEndpoint {
        let Some(CallParty { raw_text, party }) = party else {
            return CallEndpoint { label, display: "?".into(), e164: None, as_typed: None, is_inferred: false };
        };
        let display = format_party(party, self.lang);
        let e164 = match party {
            Party::Number(number) => Some(number.e164().to_owned()),
            Party::Short(_) | Party::Account(_) | Party::Withheld => None,
        };
        CallEndpoint {
            label,
            e164,
            as_typed: Some(raw_text.clone()).filter(|typed| *typed != display),
            display,
            is_inferred: self.is_inferred(field),
        }
    }

    /// "22 555 01 20 → 0044 20 8190 0322, pt. 20.11.2026, 14:04–14:06, 503".
    fn format_example(&self, example: &CallExample) -> String {
        let parties = [&example.caller, &example.callee].map(|party| format_party(&party.party, self.lang)).join(" → ");
        let (at, tolerance) = (example.call_at, Duration::minutes(example.precision.tolerance_minutes().into()));
        let range = self.lang.format(&local_time::format_range(at - tolerance, at + tolerance, false));
        let error_text = example.error_text.as_ref().map(|text| format!(", {text}")).unwrap_or_default();
        format!("{parties}, {range}{error_text}")
    }

    fn build_facts(&self, ticket: &Ticket) -> Vec<Fact> {
        let mut facts = Vec::new();
        let call_time = match &ticket.failure {
            ReportedFailure::Call { call_at, precision, .. } => Some((*call_at, *precision)),
            ReportedFailure::LoggedOut { .. } => None,
            ReportedFailure::Partial(report) => report.call_at.zip(report.precision),
        };
        match call_time {
            Some((at, precision)) => {
                let tolerance = Duration::minutes(precision.tolerance_minutes().into());
                let times = self.time_facts("call-summary-local", at, at - tolerance, at + tolerance);
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
                let accounts = [caller, callee].map(|party| sip_account(&party.party)).into_iter().flatten();
                let accounts = accounts.collect::<Vec<_>>().join(", ");
                if !accounts.is_empty() {
                    facts.push(self.new_fact("call-summary-account", Some(accounts)));
                }
                facts.push(self.new_fact("call-summary-billing", Some(self.t(in_billing.label()))));
            }
            ReportedFailure::Partial(report) => {
                if let Some(symptom) = report.symptom {
                    facts.push(self.symptom_fact(symptom));
                }
                if let Some(account) = &report.account {
                    facts.push(self.new_fact("call-summary-account", Some(account.display())));
                }
                if let Some(ip) = report.public_ip {
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
        // without a reported IP address, the reporter's is taken for the account's
        let reported_ip = match &ticket.failure {
            ReportedFailure::Call { .. } => None,
            ReportedFailure::LoggedOut { public_ip, .. } => *public_ip,
            ReportedFailure::Partial(report) => report.public_ip,
        };
        if let Some(ip) = reporter_ip(ticket).filter(|ip| Some(*ip) != reported_ip) {
            let label = if reported_ip.is_some() { "call-summary-reporter" } else { "call-summary-address" };
            facts.push(self.ip_fact(label, ip));
        }
        facts.push(self.new_fact("call-summary-service", Some(self.t(ticket.service.label()))));
        facts
    }

    /// The same time range in local time and in UTC.
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

    /// The code with its meaning, if it is known.
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

    fn mark_inferred(&self, fact: Fact, field: InferredField) -> Fact {
        Fact { is_inferred: fact.value.is_some() && self.is_inferred(field), ..fact }
    }

    fn t(&self, id: impl AsRef<str>) -> String {
        self.lang.t(id).into_owned()
    }
}

/// A party as it is dialled, with its extension.
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

/// The IP address that the report was sent from. `None` for a report that staff entered, which came from their own address.
pub(super) fn reporter_ip(ticket: &Ticket) -> Option<IpAddr> {
    match ticket.channel {
        TicketChannel::Web => Some(ticket.client_ip),
        TicketChannel::Phone | TicketChannel::Chat | TicketChannel::Email => None,
    }
}
