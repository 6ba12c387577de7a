//! What was understood of the form, and what was not: everything that is wrong with it at once, each beside its field.

use std::net::IpAddr;

use time::OffsetDateTime;

use super::{
    ReportForm,
    when::{self, RawWhen, When},
};
pub(super) use crate::causes::LONGEST as MOST_IN_ERROR;
use crate::{
    email::is_email,
    phone::Party,
    tickets::{Billing, Category, Symptom},
    words::Say,
    zone,
};

/// The most that fields take, in characters: what the table allows, and far more than any honest answer.
const MOST_IN_LINE: usize = 200;
const MOST_IN_DESCRIPTION: usize = 5000;

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

    pub(super) fn add(&mut self, field: &'static str, say: Say) {
        self.list.push((field, say));
    }

    pub(super) fn forget(&mut self, field: &str) {
        self.list.retain(|(name, _)| *name != field);
    }

    pub(super) fn keep<T>(&mut self, field: &'static str, read: Result<T, Say>) -> Option<T> {
        read.map_err(|say| self.add(field, say)).ok()
    }

    pub(super) fn chosen<T: std::str::FromStr>(
        &mut self,
        field: &'static str,
        value: &str,
        missing: &'static str,
    ) -> Option<T> {
        self.keep(field, value.parse().map_err(|_| Say::new(missing)))
    }

    pub(super) fn not_over(&mut self, field: &'static str, text: &str, most: usize) {
        let count = text.chars().count();
        if count > most {
            self.add(field, Say::new("report-too-long").with("count", count).with("most", most));
        }
    }
}

impl ReportForm {
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

    pub(super) fn check_when(&self, wrong: &mut Complaints, now: OffsetDateTime, kept_days: u16) -> Option<When> {
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
}
