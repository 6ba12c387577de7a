//! The technician's strip: what identifies a call in a switch's records, on top of the page and as text to paste.

use std::{fmt::Write, net::IpAddr};

use time::{Duration, OffsetDateTime};

use crate::{
    causes::sip_meaning,
    phone::Party,
    tickets::{Channel, Example, Failure, Side, Ticket},
    words::{Lang, Say},
    zone,
};

/// Everything that stands in the strip, in the reader's words.
pub(super) struct Strip {
    /// A and B, or the account alone.
    pub ends: Vec<End>,
    pub facts: Vec<Fact>,
    /// Other calls of the same trouble, a line each.
    pub examples: Vec<String>,
}

/// One end of the line.
pub(super) struct End {
    pub name: &'static str,
    pub shown: String,
    /// E.164, where it differs from how it is dialled.
    international: Option<String>,
    /// What the customer typed, where that differs.
    typed: Option<String>,
}

/// A label and what is known.
pub(super) struct Fact {
    pub label: String,
    pub value: Option<String>,
    /// The moment for machines.
    pub at: Option<String>,
    /// The address, where it is one.
    pub ip: Option<IpAddr>,
    pub is_code: bool,
}

impl Fact {
    /// An announcement that somebody wrote down to its end needs a line of its own.
    pub fn is_long(&self) -> bool {
        self.value.as_ref().is_some_and(|value| value.chars().count() > 60)
    }
}

impl Strip {
    pub fn of(ticket: &Ticket, examples: &[Example], lang: Lang) -> Strip {
        let writer = Writer { lang };
        let ends = match &ticket.failure {
            Failure::Call { caller, callee, .. } => vec![writer.end("A", caller), writer.end("B", callee)],
            Failure::LoggedOut { account, .. } => {
                vec![End { name: "SIP", shown: account.display(), international: None, typed: None }]
            }
        };
        let examples = examples.iter().map(|one| writer.example(one)).collect();
        Strip { ends, facts: writer.facts(ticket), examples }
    }

    /// The strip as lines of "label: value", for a carrier's form or a colleague's chat.
    pub fn text(&self, ticket: &Ticket, lang: Lang, address: &str) -> String {
        let mut text = format!("{}, {}\n", ticket.reference, lang.t(ticket.category.label()));
        for end in &self.ends {
            let _ = write!(text, "{}: {}", end.name, end.shown);
            if let Some(international) = &end.international {
                let _ = write!(text, " ({international})");
            }
            if let Some(typed) = &end.typed {
                let _ = write!(text, ", {}", lang.t1("strip-typed", "text", typed.as_str()));
            }
            text.push('\n');
        }
        for fact in &self.facts {
            let value = fact.value.clone().unwrap_or_else(|| lang.t("strip-missing").into_owned());
            let _ = writeln!(text, "{}: {}", fact.label, value.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        for example in &self.examples {
            let _ = writeln!(text, "{}: {example}", lang.t("strip-example"));
        }
        text + address
    }
}

struct Writer {
    lang: Lang,
}

impl Writer {
    fn end(&self, name: &'static str, side: &Side) -> End {
        let shown = party(&side.party, self.lang);
        let international = match &side.party {
            Party::Number(number) => Some(number.e164().to_owned()),
            Party::Short(_) | Party::Account(_) | Party::Withheld => None,
        };
        End { name, international, typed: Some(side.typed.clone()).filter(|typed| *typed != shown), shown }
    }

    /// "22 555 01 20 → 0044 20 8190 0322, pt. 20.11.2026, 14:04–14:06, 503".
    fn example(&self, example: &Example) -> String {
        let ends = [&example.caller, &example.callee].map(|side| party(&side.party, self.lang)).join(" → ");
        let about = Duration::minutes(example.precision.minutes().into());
        let window = self.lang.say(&zone::window(example.at - about, example.at + about, false));
        let said = example.error_text.as_ref().map(|text| format!(", {text}")).unwrap_or_default();
        format!("{ends}, {window}{said}")
    }

    fn facts(&self, ticket: &Ticket) -> Vec<Fact> {
        let mut facts = Vec::new();
        match &ticket.failure {
            Failure::Call { at, precision, .. } => {
                let about = Duration::minutes(precision.minutes().into());
                facts.extend(self.times("strip-local", *at, *at - about, *at + about));
            }
            Failure::LoggedOut { .. } => {
                let at = ticket.created_at;
                facts.extend(self.times("strip-reported", at, at, at));
            }
        }
        if let Some(code) = ticket.sip_code {
            facts.push(self.fact("strip-code", Some(self.code(code))));
        }
        facts.push(self.fact("strip-error", ticket.error_text.clone()));
        match &ticket.failure {
            Failure::Call { caller, callee, symptom, in_billing, .. } => {
                if let Some(symptom) = symptom {
                    facts.push(self.fact("strip-symptom", Some(self.t(symptom.label()))));
                }
                let accounts = [caller, callee].map(|side| account(&side.party)).into_iter().flatten();
                let accounts = accounts.collect::<Vec<_>>().join(", ");
                if !accounts.is_empty() {
                    facts.push(self.fact("strip-account", Some(accounts)));
                }
                facts.push(self.fact("strip-billing", Some(self.t(in_billing.label()))));
            }
            Failure::LoggedOut { account, device, public_ip } => {
                facts.push(self.fact("strip-account", Some(account.display())));
                facts.push(self.fact("strip-device", device.clone()));
                if let Some(ip) = public_ip {
                    facts.push(self.address("strip-address", *ip));
                }
            }
        }
        // it is the account's own address unless another was given
        let given = match &ticket.failure {
            Failure::Call { .. } => None,
            Failure::LoggedOut { public_ip, .. } => *public_ip,
        };
        if let Some(ip) = reporter(ticket).filter(|ip| Some(*ip) != given) {
            facts.push(self.address(if given.is_some() { "strip-reporter" } else { "strip-address" }, ip));
        }
        facts.push(self.fact("strip-service", Some(self.t(ticket.service.label()))));
        facts
    }

    /// The same window on both clocks.
    fn times(&self, label: &str, at: OffsetDateTime, from: OffsetDateTime, to: OffsetDateTime) -> [Fact; 2] {
        let [local, utc] = [false, true].map(|utc| Some(self.lang.say(&zone::window(from, to, utc))));
        let label = self.lang.t1(label, "zone", zone::abbreviation(at));
        [
            Fact { label, value: local, at: Some(zone::iso(&at)), ip: None, is_code: false },
            Fact { at: Some(zone::iso(&at)), ..self.fact("strip-utc", utc) },
        ]
    }

    /// The code with its plain words, where we know them.
    fn code(&self, code: i16) -> String {
        match sip_meaning(code) {
            Some(meaning) => self
                .lang
                .say(&Say::new("strip-code-meant").with("code", code.to_string()).with("meaning", Say::new(meaning))),
            None => code.to_string(),
        }
    }

    fn address(&self, label: &str, ip: IpAddr) -> Fact {
        Fact { is_code: true, ip: Some(ip), ..self.fact(label, Some(ip.to_string())) }
    }

    fn fact(&self, label: &str, value: Option<String>) -> Fact {
        Fact { label: self.t(label), value, at: None, ip: None, is_code: false }
    }

    fn t(&self, id: &str) -> String {
        self.lang.t(id).into_owned()
    }
}

/// One side as it is dialled, with its extension.
pub(super) fn party(party: &Party, lang: Lang) -> String {
    match (party, party.extension()) {
        (Party::Withheld, _) => lang.t("queue-withheld").into_owned(),
        (_, Some(extension)) => {
            lang.say(&Say::new("strip-extension").with("number", party.display()).with("extension", extension))
        }
        (_, None) => party.display(),
    }
}

fn account(party: &Party) -> Option<&str> {
    match party {
        Party::Account(account) => Some(account),
        Party::Number(_) | Party::Short(_) | Party::Withheld => None,
    }
}

/// The address that the report came from, where that is the customer's: what staff typed for somebody came from ours.
pub(super) fn reporter(ticket: &Ticket) -> Option<IpAddr> {
    match ticket.channel {
        Channel::Web => Some(ticket.client_ip),
        Channel::Phone | Channel::Chat | Channel::Email => None,
    }
}
