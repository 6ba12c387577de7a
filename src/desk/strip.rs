//! The technician's strip: what identifies a call in a switch's records, on top of the page and as text to paste.

use std::{fmt::Write, net::IpAddr};

use time::{Duration, OffsetDateTime};

use crate::{
    causes::sip_meaning,
    phone::Party,
    tickets::{Channel, Example, Failure, Guess, Side, Symptom, Ticket},
    words::{Lang, Say, plain},
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
    /// Read out of an e-mail, and nobody has confirmed it.
    pub guessed: bool,
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
    pub guessed: bool,
}

impl Fact {
    fn new(label: String, value: Option<String>) -> Fact {
        Fact { label, value, at: None, ip: None, is_code: false, guessed: false }
    }

    /// An announcement that somebody wrote down to its end needs a line of its own.
    pub fn is_long(&self) -> bool {
        self.value.as_ref().is_some_and(|value| value.chars().count() > 60)
    }
}

impl Strip {
    pub fn of(ticket: &Ticket, examples: &[Example], lang: Lang) -> Strip {
        let writer = Writer { lang, guessed: &ticket.guessed };
        let ends = match &ticket.failure {
            Failure::Call { caller, callee, .. } => {
                vec![writer.end("A", Guess::Caller, Some(caller)), writer.end("B", Guess::Callee, Some(callee))]
            }
            Failure::LoggedOut { account, .. } => vec![writer.account(account)],
            Failure::Told(told) => match (&told.caller, &told.callee, &told.account) {
                (None, None, Some(account)) => vec![writer.account(account)],
                (caller, callee, _) => vec![
                    writer.end("A", Guess::Caller, caller.as_ref()),
                    writer.end("B", Guess::Callee, callee.as_ref()),
                ],
            },
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
            if end.guessed {
                let _ = write!(text, " ({})", lang.t("guessed"));
            }
            text.push('\n');
        }
        for fact in &self.facts {
            let value = fact.value.clone().unwrap_or_else(|| lang.t("strip-missing").into_owned());
            let guessed = if fact.guessed { format!(" ({})", lang.t("guessed")) } else { String::new() };
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(text, "{}: {value}{guessed}", fact.label);
        }
        for example in &self.examples {
            let _ = writeln!(text, "{}: {example}", lang.t("strip-example"));
        }
        // pasted elsewhere
        plain(&text) + address
    }
}

struct Writer<'a> {
    lang: Lang,
    guessed: &'a [Guess],
}

impl Writer<'_> {
    fn is_guessed(&self, what: Guess) -> bool {
        self.guessed.contains(&what)
    }

    fn account(&self, account: &Party) -> End {
        let guessed = self.is_guessed(Guess::Account);
        End { name: "SIP", shown: account.display(), international: None, typed: None, guessed }
    }

    fn end(&self, name: &'static str, what: Guess, side: Option<&Side>) -> End {
        let Some(side) = side else {
            return End { name, shown: "?".into(), international: None, typed: None, guessed: false };
        };
        let guessed = self.is_guessed(what);
        let shown = party(&side.party, self.lang);
        let international = match &side.party {
            Party::Number(number) => Some(number.e164().to_owned()),
            Party::Short(_) | Party::Account(_) | Party::Withheld => None,
        };
        End { name, international, typed: Some(side.typed.clone()).filter(|typed| *typed != shown), shown, guessed }
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
        let when = match &ticket.failure {
            Failure::Call { at, precision, .. } => Some((*at, *precision)),
            Failure::LoggedOut { .. } => None,
            Failure::Told(told) => told.at.zip(told.precision),
        };
        match when {
            Some((at, precision)) => {
                let about = Duration::minutes(precision.minutes().into());
                let times = self.times("strip-local", at, at - about, at + about);
                facts.extend(times.map(|fact| self.guess(fact, Guess::When)));
            }
            None => {
                let at = ticket.created_at;
                facts.extend(self.times("strip-reported", at, at, at));
            }
        }
        if let Some(code) = ticket.sip_code {
            facts.push(self.guess(self.fact("strip-code", Some(self.code(code))), Guess::Error));
        }
        facts.push(self.guess(self.fact("strip-error", ticket.error_text.clone()), Guess::Error));
        match &ticket.failure {
            Failure::Call { caller, callee, symptom, in_billing, .. } => {
                if let Some(symptom) = symptom {
                    facts.push(self.symptom(*symptom));
                }
                let accounts = [caller, callee].map(|side| account(&side.party)).into_iter().flatten();
                let accounts = accounts.collect::<Vec<_>>().join(", ");
                if !accounts.is_empty() {
                    facts.push(self.fact("strip-account", Some(accounts)));
                }
                facts.push(self.fact("strip-billing", Some(self.t(in_billing.label()))));
            }
            Failure::Told(told) => {
                if let Some(symptom) = told.symptom {
                    facts.push(self.symptom(symptom));
                }
                if let Some(account) = &told.account {
                    facts.push(self.fact("strip-account", Some(account.display())));
                }
                if let Some(ip) = told.public_ip {
                    facts.push(self.address("strip-address", ip));
                }
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
            Failure::Told(told) => told.public_ip,
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
            Fact { at: Some(zone::iso(&at)), ..Fact::new(label, local) },
            Fact { at: Some(zone::iso(&at)), ..self.fact("strip-utc", utc) },
        ]
    }

    fn symptom(&self, symptom: Symptom) -> Fact {
        self.guess(self.fact("strip-symptom", Some(self.t(symptom.label()))), Guess::Symptom)
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
        Fact::new(self.t(label), value)
    }

    /// The same, marked if it was guessed.
    fn guess(&self, fact: Fact, what: Guess) -> Fact {
        Fact { guessed: fact.value.is_some() && self.is_guessed(what), ..fact }
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
