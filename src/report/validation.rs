//! What was understood of the form, and what was not: everything that is wrong with it at once, each beside its field.

use std::net::IpAddr;

use time::OffsetDateTime;

use super::{
    ReportForm,
    call_time::{self, CallTime, CallTimeInput},
};
pub(super) use crate::causes::MAX_TEXT_LEN as MAX_ERROR_TEXT_LEN;
use crate::{
    email_address::is_email_address,
    i18n::UiMessage,
    local_time,
    phone::Party,
    tickets::{AudioSymptom, BillingPresence, TicketCategory},
};

/// The most that fields take, in characters: what the table allows, and far more than any honest answer.
const MAX_LINE_LEN: usize = 200;
const MAX_DESCRIPTION_LEN: usize = 5000;

/// What was understood, and what was not.
#[derive(Debug, Default)]
pub struct ParsedReport {
    pub category: Option<TicketCategory>,
    pub caller: Option<Party>,
    pub callee: Option<Party>,
    pub call_time: Option<CallTime>,
    pub symptom: Option<AudioSymptom>,
    pub in_billing: Option<BillingPresence>,
    pub account: Option<Party>,
    pub public_ip: Option<IpAddr>,
    pub phone: Option<Party>,
    pub errors: FieldErrors,
}

/// Complaints by field, in the order of the page.
#[derive(Debug, Default)]
pub struct FieldErrors {
    entries: Vec<(&'static str, UiMessage)>,
    /// The two moments to choose from, in the night when clocks go back.
    pub ambiguous_times: Option<(OffsetDateTime, OffsetDateTime)>,
}

impl FieldErrors {
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn as_slice(&self) -> &[(&'static str, UiMessage)] {
        &self.entries
    }

    pub fn get(&self, field: &str) -> Option<&UiMessage> {
        self.entries.iter().find(|(name, _)| *name == field).map(|(_, say)| say)
    }

    pub(super) fn add(&mut self, field: &'static str, say: UiMessage) {
        self.entries.push((field, say));
    }

    pub(super) fn remove(&mut self, field: &str) {
        self.entries.retain(|(name, _)| *name != field);
    }

    pub(super) fn collect<T>(&mut self, field: &'static str, read: Result<T, UiMessage>) -> Option<T> {
        read.map_err(|say| self.add(field, say)).ok()
    }

    pub(super) fn parse_choice<T: std::str::FromStr>(
        &mut self,
        field: &'static str,
        value: &str,
        missing: &'static str,
    ) -> Option<T> {
        self.collect(field, value.parse().map_err(|_| UiMessage::new(missing)))
    }

    pub(super) fn check_max_len(&mut self, field: &'static str, text: &str, most: usize) {
        let count = text.chars().count();
        if count > most {
            self.add(field, UiMessage::new("report-too-long").with("count", count).with("most", most));
        }
    }
}

impl ReportForm {
    /// Reads every field; nothing stops at the first mistake.
    pub fn validate(&self, now: OffsetDateTime, kept_days: u16) -> ParsedReport {
        let mut reading = ParsedReport { category: self.category(), ..ParsedReport::default() };
        let wrong = &mut reading.errors;
        if reading.category.is_none() {
            wrong.add("category", UiMessage::new("report-category-missing"));
        }
        let is_call = reading.category != Some(TicketCategory::LoggedOut);
        if is_call {
            reading.caller = wrong.collect("caller", Party::parse_caller(&self.caller));
            reading.callee = wrong.collect("callee", Party::parse_callee(&self.callee));
            reading.call_time = self.validate_call_time(wrong, now, kept_days);
            if reading.category == Some(TicketCategory::Audio) {
                reading.symptom = wrong.parse_choice("symptom", &self.symptom, "report-symptom-missing");
            }
            wrong.check_max_len("error_text", &self.error_text, MAX_ERROR_TEXT_LEN);
            reading.in_billing = wrong.parse_choice("in_billing", &self.in_billing, "report-billing-missing");
        } else {
            reading.account = wrong.collect("account", Party::parse_account(&self.account));
            wrong.check_max_len("device", &self.device, MAX_LINE_LEN);
            reading.public_ip = self.validate_public_ip(wrong);
            wrong.check_max_len("error_text", &self.error_text, MAX_ERROR_TEXT_LEN);
        }
        wrong.check_max_len("description", &self.description, MAX_DESCRIPTION_LEN);
        self.validate_contact(&mut reading);
        reading
    }

    pub(super) fn validate_call_time(
        &self,
        wrong: &mut FieldErrors,
        now: OffsetDateTime,
        kept_days: u16,
    ) -> Option<CallTime> {
        let raw = CallTimeInput {
            day: &self.day,
            date: &self.date,
            time: &self.time,
            precision: &self.precision,
            fold: &self.fold,
        };
        match call_time::parse(raw, now, kept_days) {
            Ok(when) => Some(when),
            Err(found) => {
                let all =
                    [("day", found.day), ("date", found.date), ("time", found.time), ("precision", found.precision)];
                for (field, say) in all {
                    if let Some(say) = say {
                        wrong.add(field, say);
                    }
                }
                if let Some(both) = found.ambiguous_times {
                    let time = local_time::format_clock(local_time::to_local(both.0));
                    wrong.add("fold", UiMessage::new("call-time-fold-question").with("time", time));
                    wrong.ambiguous_times = Some(both);
                }
                None
            }
        }
    }

    fn validate_public_ip(&self, wrong: &mut FieldErrors) -> Option<IpAddr> {
        if self.public_ip.is_empty() {
            return None;
        }
        let ip = self.public_ip.parse::<IpAddr>().map(|ip| ip.to_canonical());
        wrong.collect("public_ip", ip.map_err(|_| UiMessage::new("report-ip-invalid")))
    }

    /// Staff take reports down: of people who may leave no address, and who have told what they could.
    pub fn validate_phone_report(&self, now: OffsetDateTime, kept_days: u16) -> ParsedReport {
        let mut reading = self.validate(now, kept_days);
        if self.email.is_empty() && self.phone.is_empty() {
            reading.errors.remove("email");
        }
        reading
    }

    fn validate_contact(&self, reading: &mut ParsedReport) {
        let wrong = &mut reading.errors;
        if self.email.is_empty() && self.phone.is_empty() {
            wrong.add("email", UiMessage::new("report-contact-missing"));
            return;
        }
        if !self.email.is_empty() && !is_email_address(&self.email) {
            wrong.add("email", UiMessage::new("report-email-invalid"));
        }
        if !self.phone.is_empty() {
            match Party::parse_callee(&self.phone) {
                Ok(Party::Number(number)) => reading.phone = Some(Party::Number(number)),
                Ok(_) => wrong.add("phone", UiMessage::new("report-phone-invalid")),
                Err(say) => wrong.add("phone", say),
            }
        }
    }
}
