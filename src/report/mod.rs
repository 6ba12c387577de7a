//! The report: a form as people fill it in becomes a ticket, or all complaints at once, each beside its field.

pub mod fields;
mod intake;
pub mod pages;
mod pieces;
pub mod when;

use std::net::IpAddr;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    email::is_email,
    guides::{Carried, Guides},
    phone::Party,
    tickets::{Billing, Category, Channel, Failure, NewTicket, Service, Side, Symptom, Trail},
    web::{Client, Form, form::escape},
    words::{Lang, Say},
    zone,
};
use when::{RawWhen, When};

/// The most that fields take, in characters: what the table allows, and far more than any honest answer.
const MOST_IN_LINE: usize = 200;
const MOST_IN_ERROR: usize = 1000;
const MOST_IN_DESCRIPTION: usize = 5000;
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

    /// Reads every field; nothing stops at the first mistake.
    pub fn check(&self, now: OffsetDateTime, kept_days: u16) -> Reading {
        let mut reading = Reading { category: self.category(), ..Reading::default() };
        let wrong = &mut reading.wrong;
        if reading.category.is_none() {
            wrong.add("category", Say::new("report-category-missing"));
        }
        let is_call = reading.category != Some(Category::LoggedOut);
        if is_call {
            reading.caller = wrong.keep("caller", Party::caller(&self.caller));
            reading.callee = wrong.keep("callee", Party::callee(&self.callee));
            reading.when = self.check_when(wrong, now, kept_days);
            if reading.category == Some(Category::Audio) {
                reading.symptom = wrong.chosen("symptom", &self.symptom, "report-symptom-missing");
            }
            wrong.not_over("error_text", &self.error_text, MOST_IN_ERROR);
            reading.in_billing = wrong.chosen("in_billing", &self.in_billing, "report-billing-missing");
        } else {
            reading.account = wrong.keep("account", Party::account(&self.account));
            wrong.not_over("device", &self.device, MOST_IN_LINE);
            reading.public_ip = self.check_ip(wrong);
            wrong.not_over("error_text", &self.error_text, MOST_IN_ERROR);
        }
        wrong.not_over("description", &self.description, MOST_IN_DESCRIPTION);
        self.check_contact(&mut reading);
        reading
    }

    fn check_when(&self, wrong: &mut Complaints, now: OffsetDateTime, kept_days: u16) -> Option<When> {
        let raw = RawWhen {
            day: &self.day,
            date: &self.date,
            time: &self.time,
            precision: &self.precision,
            fold: &self.fold,
        };
        match when::read(raw, now, kept_days) {
            Ok(when) => Some(when),
            Err(found) => {
                let all =
                    [("day", found.day), ("date", found.date), ("time", found.time), ("precision", found.precision)];
                for (field, say) in all {
                    if let Some(say) = say {
                        wrong.add(field, say);
                    }
                }
                if let Some(both) = found.fold {
                    let time = zone::clock(zone::to_local(both.0));
                    wrong.add("fold", Say::new("when-fold-which").with("time", time));
                    wrong.fold = Some(both);
                }
                None
            }
        }
    }

    fn check_ip(&self, wrong: &mut Complaints) -> Option<IpAddr> {
        if self.public_ip.is_empty() {
            return None;
        }
        let ip = self.public_ip.parse::<IpAddr>().map(|ip| ip.to_canonical());
        wrong.keep("public_ip", ip.map_err(|_| Say::new("report-ip-wrong")))
    }

    /// Staff take reports down: of people who may leave no address, and who have told what they could.
    pub fn check_taken_down(&self, now: OffsetDateTime, kept_days: u16) -> Reading {
        let mut reading = self.check(now, kept_days);
        if self.email.is_empty() && self.phone.is_empty() {
            reading.wrong.forget("email");
        }
        reading
    }

    fn check_contact(&self, reading: &mut Reading) {
        let wrong = &mut reading.wrong;
        if self.email.is_empty() && self.phone.is_empty() {
            wrong.add("email", Say::new("report-contact-missing"));
            return;
        }
        if !self.email.is_empty() && !is_email(&self.email) {
            wrong.add("email", Say::new("report-email-wrong"));
        }
        if !self.phone.is_empty() {
            match Party::callee(&self.phone) {
                Ok(Party::Number(number)) => reading.phone = Some(Party::Number(number)),
                Ok(_) => wrong.add("phone", Say::new("report-phone-wrong")),
                Err(say) => wrong.add("phone", say),
            }
        }
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

/// What was understood, and what was not.
#[derive(Debug, Default)]
pub struct Reading {
    pub category: Option<Category>,
    pub caller: Option<Party>,
    pub callee: Option<Party>,
    pub when: Option<When>,
    pub symptom: Option<Symptom>,
    pub in_billing: Option<Billing>,
    pub account: Option<Party>,
    pub public_ip: Option<IpAddr>,
    pub phone: Option<Party>,
    pub wrong: Complaints,
}

/// Complaints by field, in the order of the page.
#[derive(Debug, Default)]
pub struct Complaints {
    list: Vec<(&'static str, Say)>,
    /// The two moments to choose from, in the night when clocks go back.
    pub fold: Option<(OffsetDateTime, OffsetDateTime)>,
}

impl Complaints {
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn all(&self) -> &[(&'static str, Say)] {
        &self.list
    }

    pub fn of(&self, field: &str) -> Option<&Say> {
        self.list.iter().find(|(name, _)| *name == field).map(|(_, say)| say)
    }

    fn add(&mut self, field: &'static str, say: Say) {
        self.list.push((field, say));
    }

    fn forget(&mut self, field: &str) {
        self.list.retain(|(name, _)| *name != field);
    }

    fn keep<T>(&mut self, field: &'static str, read: Result<T, Say>) -> Option<T> {
        read.map_err(|say| self.add(field, say)).ok()
    }

    fn chosen<T: std::str::FromStr>(&mut self, field: &'static str, value: &str, missing: &'static str) -> Option<T> {
        self.keep(field, value.parse().map_err(|_| Say::new(missing)))
    }

    fn not_over(&mut self, field: &'static str, text: &str, most: usize) {
        let count = text.chars().count();
        if count > most {
            self.add(field, Say::new("report-too-long").with("count", count).with("most", most));
        }
    }
}
