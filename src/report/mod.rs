//! The report: a form as people fill it in becomes a ticket, or all complaints at once, each beside its field.

mod validation;
pub mod form_view;
mod batch_writer;
pub mod pages;
mod call_details;
pub mod call_time;

use uuid::Uuid;

use crate::{
    guides::{CheckIds, Guides},
    i18n::Lang,
    phone::Party,
    tickets::{
        BillingPresence, CallParty, GuideHistory, NewTicket, ReportedFailure, Service, TicketCategory, TicketChannel,
    },
    web::{Client, Form, form::percent_encode},
};
pub use validation::{FieldErrors, ParsedReport};

/// The longest walk that is kept, in characters: what the table allows.
const MAX_GUIDE_PATH_LEN: usize = 500;

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
    pub guide_path: String,
    /// Ids of the checks to attach.
    pub check_ids: CheckIds,
    /// The number of the incident that it may be an example of.
    pub incident: String,
    /// The honeypot: people don't see it.
    pub honeypot: String,
}

impl ReportForm {
    pub fn from_form(form: &Form) -> ReportForm {
        ReportForm {
            submission: form.single_line("submission"),
            category: form.single_line("category"),
            service: form.single_line("service"),
            caller: form.single_line("caller"),
            callee: form.single_line("callee"),
            day: form.single_line("day"),
            date: form.single_line("date"),
            time: form.single_line("time"),
            fold: form.single_line("fold"),
            precision: form.single_line("precision"),
            error_text: form.single_line("error_text"),
            in_billing: form.single_line("in_billing"),
            description: form.multi_line("description"),
            email: form.single_line("email"),
            phone: form.single_line("phone"),
            account: form.single_line("account"),
            device: form.single_line("device"),
            public_ip: form.single_line("public_ip"),
            symptom: form.single_line("symptom"),
            guide_path: form.single_line("trail"),
            check_ids: CheckIds::parse(form.raw("checks")),
            incident: form.single_line("incident"),
            honeypot: form.single_line("website"),
        }
    }

    /// A new form, filled in with what an address carries and with what the walk through the guide has told already.
    pub fn from_query(form: &Form, guides: &Guides, lang: Lang) -> ReportForm {
        let mut new = ReportForm { submission: Uuid::new_v4().to_string(), ..ReportForm::from_form(form) };
        new.honeypot.clear();
        if new.day.is_empty() {
            new.day = "today".into();
        }
        let walk = guides.resolve_path(lang, &new.guide_path);
        if walk.is_none() {
            new.guide_path.clear();
        }
        for taken in walk.iter().flat_map(|walk| &walk.answered_steps) {
            let answer = taken.answer.id.as_str();
            match taken.step.id.as_str() {
                "symptom" => new.symptom = if answer == "silence" { "none" } else { answer }.to_owned(),
                "history" | "test-call" | "ready" if answer.parse::<BillingPresence>().is_ok() => {
                    new.in_billing = answer.to_owned();
                }
                _ => {}
            }
        }
        new
    }

    pub fn incident_id(&self) -> Option<i64> {
        self.incident.parse().ok()
    }

    pub fn category(&self) -> Option<TicketCategory> {
        self.category.parse().ok().filter(|category| TicketCategory::WITH_GUIDE.contains(category))
    }

    /// The same form, in an address: for the language switch and for another category.
    pub fn to_url(&self, lang: Lang, category: Option<TicketCategory>) -> String {
        let category = category.map_or(self.category.as_str(), |category| category.as_str());
        let kept = [
            ("category", category),
            ("trail", &self.guide_path),
            ("error_text", &self.error_text),
            ("incident", &self.incident),
        ];
        let query: Vec<_> = kept
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", percent_encode(value)))
            .collect();
        self.check_ids.append_to_url(&format!("/{lang}/report?{}", query.join("&")))
    }

    /// What was typed into fields that the form of this category does not have: it travels along hidden, for those who
    /// chose the wrong category first.
    fn hidden_fields(&self) -> Vec<(&'static str, &str)> {
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
            Some(TicketCategory::LoggedOut) => vec![&call, &symptom],
            Some(TicketCategory::Audio) => vec![&account],
            Some(TicketCategory::Incoming | TicketCategory::Outgoing | TicketCategory::Unknown) | None => {
                vec![&account, &symptom]
            }
        };
        let all = unseen.into_iter().flatten();
        all.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// Everything that was typed, to notice a second form that differs from the first.
    fn raw_fields(&self) -> Vec<(String, String)> {
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
    pub fn to_new_ticket(
        &self,
        reading: ParsedReport,
        lang: Lang,
        client: &Client,
        trail: GuideHistory,
    ) -> Option<NewTicket> {
        if !reading.errors.is_empty() {
            return None;
        }
        let category = reading.category?;
        let side = |typed: &str, party: Party| CallParty { raw_text: typed.to_owned(), party };
        let failure = if category == TicketCategory::LoggedOut {
            ReportedFailure::LoggedOut {
                account: reading.account?,
                device: non_empty(&self.device),
                public_ip: reading.public_ip,
            }
        } else {
            let when = reading.call_time?;
            ReportedFailure::Call {
                caller: side(&self.caller, reading.caller?),
                callee: side(&self.callee, reading.callee?),
                call_at: when.at,
                precision: when.precision,
                in_billing: reading.in_billing?,
                symptom: reading.symptom,
            }
        };
        Some(NewTicket {
            category,
            channel: TicketChannel::Web,
            lang,
            service: self.service.parse().unwrap_or(Service::Unknown),
            failure,
            error_text: non_empty(&self.error_text),
            description: non_empty(&self.description),
            email: non_empty(&self.email),
            phone: reading.phone.map(|phone| phone.canonical()),
            client_ip: client.ip,
            user_agent: client.user_agent.clone(),
            guide_history: trail,
            submission_id: self.submission_id(),
            raw_fields: self.raw_fields(),
            is_bot: !self.honeypot.is_empty(),
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
    pub fn resolve_guide_path(&self, guides: &Guides, lang: Lang) -> GuideHistory {
        if self.guide_path.len() > MAX_GUIDE_PATH_LEN {
            return GuideHistory::default();
        }
        match guides.resolve_path(lang, &self.guide_path) {
            Some(walk) => GuideHistory { path: Some(walk.path.clone()), answers: walk.given_answers() },
            None => GuideHistory::default(),
        }
    }
}

fn non_empty(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
