//! The report: a form as people fill it in becomes a ticket, or all complaints at once, each beside its field.

mod check;
pub mod fields;
mod intake;
pub mod pages;
mod pieces;
pub mod when;

use uuid::Uuid;

use crate::{
    guides::{Carried, Guides},
    phone::Party,
    tickets::{Billing, Category, Channel, Failure, NewTicket, Service, Side, Trail},
    web::{Client, Form, form::escape},
    words::Lang,
};
pub use check::{Complaints, Reading};

/// The longest walk that is kept, in characters: what the table allows.
const MOST_IN_TRAIL: usize = 500;

/// The form as it was typed.
#[derive(Debug, Clone, Default)]
pub struct ReportForm {
    pub submission: String,
    pub category: String,
    pub service: String,
    pub caller: String,
    pub callee: String,
    pub day: String,
    pub date: String,
    pub time: String,
    /// Which of the two hours, in the night when clocks go back: `earlier` or `later`.
    pub fold: String,
    pub precision: String,
    pub error_text: String,
    pub in_billing: String,
    pub description: String,
    pub email: String,
    pub phone: String,
    pub account: String,
    pub device: String,
    pub public_ip: String,
    pub symptom: String,
    pub trail: String,
    /// Ids of the checks to attach.
    pub checks: Carried,
    /// The number of the incident that it may be an example of.
    pub incident: String,
    /// The honeypot: people don't see it.
    pub website: String,
}

impl ReportForm {
    pub fn read(form: &Form) -> ReportForm {
        ReportForm {
            submission: form.line("submission"),
            category: form.line("category"),
            service: form.line("service"),
            caller: form.line("caller"),
            callee: form.line("callee"),
            day: form.line("day"),
            date: form.line("date"),
            time: form.line("time"),
            fold: form.line("fold"),
            precision: form.line("precision"),
            error_text: form.line("error_text"),
            in_billing: form.line("in_billing"),
            description: form.block("description"),
            email: form.line("email"),
            phone: form.line("phone"),
            account: form.line("account"),
            device: form.line("device"),
            public_ip: form.line("public_ip"),
            symptom: form.line("symptom"),
            trail: form.line("trail"),
            checks: Carried::read(form.raw("checks")),
            incident: form.line("incident"),
            website: form.line("website"),
        }
    }

    /// A new form, filled in with what an address carries and with what the walk through the guide has told already.
    pub fn prefilled(form: &Form, guides: &Guides, lang: Lang) -> ReportForm {
        let mut new = ReportForm { submission: Uuid::new_v4().to_string(), ..ReportForm::read(form) };
        new.website.clear();
        if new.day.is_empty() {
            new.day = "today".into();
        }
        let walk = guides.walk(lang, &new.trail);
        if walk.is_none() {
            new.trail.clear();
        }
        for taken in walk.iter().flat_map(|walk| &walk.taken) {
            let answer = taken.answer.id.as_str();
            match taken.step.id.as_str() {
                "symptom" => new.symptom = if answer == "silence" { "none" } else { answer }.to_owned(),
                "history" | "test-call" | "ready" if answer.parse::<Billing>().is_ok() => {
                    new.in_billing = answer.to_owned();
                }
                _ => {}
            }
        }
        new
    }

    pub fn incident(&self) -> Option<i64> {
        self.incident.parse().ok()
    }

    pub fn category(&self) -> Option<Category> {
        self.category.parse().ok().filter(|category| Category::KNOWN.contains(category))
    }

    /// The same form, in an address: for the language switch and for another category.
    pub fn address(&self, lang: Lang, category: Option<Category>) -> String {
        let category = category.map_or(self.category.as_str(), |category| category.as_str());
        let kept = [
            ("category", category),
            ("trail", &self.trail),
            ("error_text", &self.error_text),
            ("incident", &self.incident),
        ];
        let query: Vec<_> = kept
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", escape(value)))
            .collect();
        self.checks.onto(&format!("/{lang}/report?{}", query.join("&")))
    }

    /// What was typed into fields that the form of this category does not have: it travels along hidden, for those who
    /// chose the wrong category first.
    fn out_of_sight(&self) -> Vec<(&'static str, &str)> {
        let call = [
            ("caller", &self.caller),
            ("callee", &self.callee),
            ("day", &self.day),
            ("date", &self.date),
            ("time", &self.time),
            ("fold", &self.fold),
            ("precision", &self.precision),
            ("in_billing", &self.in_billing),
        ];
        let account = [("account", &self.account), ("device", &self.device), ("public_ip", &self.public_ip)];
        let symptom = [("symptom", &self.symptom)];
        let unseen: Vec<&[_]> = match self.category() {
            Some(Category::LoggedOut) => vec![&call, &symptom],
            Some(Category::Audio) => vec![&account],
            Some(Category::Incoming | Category::Outgoing | Category::Unknown) | None => vec![&account, &symptom],
        };
        let all = unseen.into_iter().flatten();
        all.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// Everything that was typed, to notice a second form that differs from the first.
    fn typed(&self) -> Vec<(String, String)> {
        let all = [
            ("category", &self.category),
            ("service", &self.service),
            ("caller", &self.caller),
            ("callee", &self.callee),
            ("day", &self.day),
            ("date", &self.date),
            ("time", &self.time),
            ("precision", &self.precision),
            ("error_text", &self.error_text),
            ("in_billing", &self.in_billing),
            ("description", &self.description),
            ("email", &self.email),
            ("phone", &self.phone),
            ("account", &self.account),
            ("device", &self.device),
            ("public_ip", &self.public_ip),
            ("symptom", &self.symptom),
        ];
        all.iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| ((*name).into(), (*value).clone()))
            .collect()
    }

    /// The ticket, when nothing is wrong.
    pub fn ticket(&self, reading: Reading, lang: Lang, client: &Client, trail: Trail) -> Option<NewTicket> {
        if !reading.wrong.is_empty() {
            return None;
        }
        let category = reading.category?;
        let side = |typed: &str, party: Party| Side { typed: typed.to_owned(), party };
        let failure = if category == Category::LoggedOut {
            Failure::LoggedOut { account: reading.account?, device: filled(&self.device), public_ip: reading.public_ip }
        } else {
            let when = reading.when?;
            Failure::Call {
                caller: side(&self.caller, reading.caller?),
                callee: side(&self.callee, reading.callee?),
                at: when.at,
                precision: when.precision,
                in_billing: reading.in_billing?,
                symptom: reading.symptom,
            }
        };
        Some(NewTicket {
            category,
            channel: Channel::Web,
            lang,
            service: self.service.parse().unwrap_or(Service::Unknown),
            failure,
            error_text: filled(&self.error_text),
            description: filled(&self.description),
            email: filled(&self.email),
            phone: reading.phone.map(|phone| phone.canonical()),
            client_ip: client.ip,
            client_agent: client.agent.clone(),
            trail,
            submission: self.submission_id(),
            typed: self.typed(),
            by_robot: !self.website.is_empty(),
        })
    }

    /// The form's own id. One that a person's browser did not get from us (empty, nil, broken) could be anybody's, so it
    /// makes a new ticket.
    fn submission_id(&self) -> Uuid {
        match Uuid::parse_str(&self.submission) {
            Ok(id) if id.get_version_num() == 4 || id.get_version_num() == 7 => id,
            _ => Uuid::new_v4(),
        }
    }

    /// The walk through the guide, if there was one and it can be walked.
    pub fn trail(&self, guides: &Guides, lang: Lang) -> Trail {
        if self.trail.len() > MOST_IN_TRAIL {
            return Trail::default();
        }
        match guides.walk(lang, &self.trail) {
            Some(walk) => Trail { path: Some(walk.path.clone()), answers: walk.answers() },
            None => Trail::default(),
        }
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
