//! Validates the whole form: typed values, or all errors at once, each beside its field.

use std::net::IpAddr;

use time::OffsetDateTime;

use super::form::ReportForm;
pub(super) use crate::causes::MAX_TEXT_LEN as MAX_ERROR_TEXT_LEN;
use crate::{
    call_time::{self, CallTime, CallTimeInput},
    email_address::EmailAddress,
    i18n::UiMessage,
    local_time,
    phone::Party,
    tickets::{AudioSymptom, BillingPresence, TicketCategory},
};

/// Maximum length of a one-line field, in characters: a constraint of the `ticket` table.
const MAX_LINE_LEN: usize = 200;
/// Maximum length of the description, in characters: a constraint of the `ticket` table.
const MAX_DESCRIPTION_LEN: usize = 5000;

/// The valid fields, and the errors of the others.
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
    pub email: Option<EmailAddress>,
    pub phone: Option<Party>,
    pub errors: FieldErrors,
}

/// Errors by field, in the order of the page.
#[derive(Debug, Default)]
pub struct FieldErrors {
    entries: Vec<(&'static str, UiMessage)>,
    /// Two instants with the same local time, in the night when clocks go back. The page asks which one is meant.
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
        self.entries.iter().find(|(name, _)| *name == field).map(|(_, error)| error)
    }

    pub(super) fn add(&mut self, field: &'static str, error: UiMessage) {
        self.entries.push((field, error));
    }

    fn remove(&mut self, field: &str) {
        self.entries.retain(|(name, _)| *name != field);
    }

    /// Returns the value, or adds the error.
    pub(super) fn collect<T>(&mut self, field: &'static str, parsed: Result<T, UiMessage>) -> Option<T> {
        parsed.map_err(|error| self.add(field, error)).ok()
    }

    fn parse_choice<T: std::str::FromStr>(
        &mut self,
        field: &'static str,
        value: &str,
        error_id: &'static str,
    ) -> Option<T> {
        self.collect(field, value.parse().map_err(|_| UiMessage::new(error_id)))
    }

    pub(super) fn check_max_len(&mut self, field: &'static str, text: &str, max_len: usize) {
        let count = text.chars().count();
        if count > max_len {
            self.add(field, UiMessage::new("report-too-long").with("count", count).with("most", max_len));
        }
    }
}

impl ReportForm {
    /// Validates every field. `retention_days` is how long the network keeps its call records.
    pub fn validate(&self, now: OffsetDateTime, retention_days: u16) -> ParsedReport {
        let mut parsed = ParsedReport { category: self.category(), ..ParsedReport::default() };
        let errors = &mut parsed.errors;
        if parsed.category.is_none() {
            errors.add("category", UiMessage::new("report-category-missing"));
        }
        let is_call = parsed.category != Some(TicketCategory::LoggedOut);
        if is_call {
            parsed.caller = errors.collect("caller", Party::parse_caller(&self.caller));
            parsed.callee = errors.collect("callee", Party::parse_callee(&self.callee));
            parsed.call_time = self.validate_call_time(errors, now, retention_days);
            if parsed.category == Some(TicketCategory::Audio) {
                parsed.symptom = errors.parse_choice("symptom", &self.symptom, "report-symptom-missing");
            }
            errors.check_max_len("error_text", &self.error_text, MAX_ERROR_TEXT_LEN);
            parsed.in_billing = errors.parse_choice("in_billing", &self.in_billing, "report-billing-missing");
        } else {
            parsed.account = errors.collect("account", Party::parse_account(&self.account));
            errors.check_max_len("device", &self.device, MAX_LINE_LEN);
            parsed.public_ip = self.validate_public_ip(errors);
            errors.check_max_len("error_text", &self.error_text, MAX_ERROR_TEXT_LEN);
        }
        errors.check_max_len("description", &self.description, MAX_DESCRIPTION_LEN);
        self.validate_contact(&mut parsed);
        parsed
    }

    pub(super) fn validate_call_time(
        &self,
        errors: &mut FieldErrors,
        now: OffsetDateTime,
        retention_days: u16,
    ) -> Option<CallTime> {
        let input = CallTimeInput {
            day: &self.day,
            date: &self.date,
            time: &self.time,
            precision: &self.precision,
            fold: &self.fold,
        };
        match call_time::parse(input, now, retention_days) {
            Ok(call_time) => Some(call_time),
            Err(found) => {
                let by_field =
                    [("day", found.day), ("date", found.date), ("time", found.time), ("precision", found.precision)];
                for (field, error) in by_field {
                    if let Some(error) = error {
                        errors.add(field, error);
                    }
                }
                if let Some(instants) = found.ambiguous_times {
                    let time = local_time::format_clock(local_time::to_local(instants.0));
                    errors.add("fold", UiMessage::new("call-time-fold-question").with("time", time));
                    errors.ambiguous_times = Some(instants);
                }
                None
            }
        }
    }

    fn validate_public_ip(&self, errors: &mut FieldErrors) -> Option<IpAddr> {
        if self.public_ip.is_empty() {
            return None;
        }
        let ip = self.public_ip.parse::<IpAddr>().map(|ip| ip.to_canonical());
        errors.collect("public_ip", ip.map_err(|_| UiMessage::new("report-ip-invalid")))
    }

    /// Validates a report that staff enter for a caller. Contact details are optional in it.
    pub fn validate_phone_report(&self, now: OffsetDateTime, retention_days: u16) -> ParsedReport {
        let mut parsed = self.validate(now, retention_days);
        if self.email.is_empty() && self.phone.is_empty() {
            parsed.errors.remove("email");
        }
        parsed
    }

    fn validate_contact(&self, parsed: &mut ParsedReport) {
        let errors = &mut parsed.errors;
        if self.email.is_empty() && self.phone.is_empty() {
            errors.add("email", UiMessage::new("report-contact-missing"));
            return;
        }
        if !self.email.is_empty() {
            let email = self.email.parse().map_err(|_| UiMessage::new("report-email-invalid"));
            parsed.email = errors.collect("email", email);
        }
        if !self.phone.is_empty() {
            match Party::parse_callee(&self.phone) {
                Ok(Party::Number(number)) => parsed.phone = Some(Party::Number(number)),
                Ok(_) => errors.add("phone", UiMessage::new("report-phone-invalid")),
                Err(error) => errors.add("phone", error),
            }
        }
    }
}
