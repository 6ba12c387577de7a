//! Turns a valid form into a ticket.

use uuid::Uuid;

use super::{
    form::{ReportForm, non_empty},
    validation::ParsedReport,
};
use crate::{
    i18n::Lang,
    phone::Party,
    tickets::{CallParty, GuideHistory, NewTicket, ReportedFailure, Service, TicketCategory, TicketChannel},
    token::uuid_from_hash,
    web::Client,
};

impl ReportForm {
    /// Returns `None` if `parsed` has errors.
    pub fn to_new_ticket(
        &self,
        parsed: ParsedReport,
        lang: Lang,
        client: &Client,
        guide_history: GuideHistory,
    ) -> Option<NewTicket> {
        if !parsed.errors.is_empty() {
            return None;
        }
        let category = parsed.category?;
        let call_party = |text: &str, party: Party| CallParty { raw_text: text.to_owned(), party };
        let failure = if category == TicketCategory::LoggedOut {
            ReportedFailure::LoggedOut {
                account: parsed.account?,
                device: non_empty(&self.device),
                public_ip: parsed.public_ip,
            }
        } else {
            let call_time = parsed.call_time?;
            ReportedFailure::Call {
                caller: call_party(&self.caller, parsed.caller?),
                callee: call_party(&self.callee, parsed.callee?),
                call_at: call_time.at,
                precision: call_time.precision,
                in_billing: parsed.in_billing?,
                symptom: parsed.symptom,
            }
        };
        Some(NewTicket {
            category,
            channel: TicketChannel::Web,
            lang,
            service: self.service.parse().unwrap_or(Service::Unknown),
            failure,
            error_text: self.error_answer(lang),
            description: non_empty(&self.description),
            email: parsed.email,
            phone: parsed.phone.map(|phone| phone.canonical()),
            client_ip: client.ip,
            user_agent: client.user_agent.clone(),
            guide_history,
            submission_id: self.submission_id(),
            raw_fields: self.raw_fields(),
            is_bot: !self.honeypot.is_empty(),
        })
    }

    /// Identifies what was sent: the form's own id together with its content. The same form is one ticket, however often
    /// it is sent. With other content it is another one, and whoever knows only the form's id does not get the key of its
    /// ticket. An id that did not come from us (empty, nil, malformed) may be shared by several visitors, so it is replaced
    /// by a new one.
    fn submission_id(&self) -> Uuid {
        match Uuid::parse_str(&self.submission) {
            Ok(id) if matches!(id.get_version_num(), 4 | 7) => uuid_from_hash(format!("{id} {:?}", self.raw_fields())),
            _ => Uuid::new_v4(),
        }
    }
}
