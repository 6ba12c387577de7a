//! The saved reply, its form, and the values of its placeholders.

use time::OffsetDateTime;
use uuid::Uuid;

use super::template::{Placeholder, fill_placeholders, find_unknown_placeholder};
use crate::{
    app::App,
    desk::call_summary,
    i18n::{Lang, UiMessage},
    local_time,
    phone::{Party, PartyKind},
    staff::Staff,
    tickets::{ReportedFailure, Ticket},
    web::Form,
};

// in characters
const MAX_TITLE_LEN: usize = 80;
const MAX_BODY_LEN: usize = 5000;
const MAX_PREVIEW_LEN: usize = 140;

pub(crate) struct SavedReply {
    pub id: Uuid,
    pub title: String,
    pub body: String,
    pub lang: Lang,
    pub version: i32,
    pub updated_at: OffsetDateTime,
    pub updated_by: Option<String>,
}

/// An entry of the list to choose from.
pub(crate) struct SavedReplyOption {
    pub id: Uuid,
    pub title: String,
    pub lang: Lang,
}

/// The fields of the form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SavedReplyDraft {
    pub title: String,
    pub body: String,
    pub lang: Lang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SavedReplyOutcome {
    Saved,
    /// Another staff member has changed or deleted it in the meantime. For a new reply: its id exists.
    Stale,
    /// There is a reply with this title in the same language.
    TitleTaken,
}

impl SavedReplyDraft {
    pub(super) fn from_form(form: &Form, default_lang: Lang) -> SavedReplyDraft {
        SavedReplyDraft {
            title: form.single_line("title"),
            body: form.multi_line("body"),
            lang: Lang::from_code(form.raw("lang")).unwrap_or(default_lang),
        }
    }

    /// Returns all errors, each with the name of its field.
    pub(super) fn validate(&self) -> Vec<(&'static str, UiMessage)> {
        let mut errors = Vec::new();
        match self.title.chars().count() {
            0 => errors.push(("title", UiMessage::new("replies-title-missing"))),
            1..=MAX_TITLE_LEN => {}
            count => errors.push(("title", too_long_error(count, MAX_TITLE_LEN))),
        }
        match (self.body.chars().count(), find_unknown_placeholder(&self.body)) {
            (0, _) => errors.push(("body", UiMessage::new("replies-body-missing"))),
            (1..=MAX_BODY_LEN, None) => {}
            (1..=MAX_BODY_LEN, Some(name)) => {
                errors.push(("body", UiMessage::new("replies-placeholder-unknown").with("name", name)));
            }
            (count, _) => errors.push(("body", too_long_error(count, MAX_BODY_LEN))),
        }
        errors
    }
}

fn too_long_error(count: usize, max: usize) -> UiMessage {
    UiMessage::new("report-too-long").with("count", count).with("most", max)
}

impl SavedReply {
    /// Fills in the placeholders, in the language of the reply. A placeholder without a value becomes a gap to fill in by hand.
    pub(crate) fn fill_from_ticket(&self, app: &App, ticket: &Ticket, staff: &Staff) -> String {
        fill_placeholders(&self.body, self.lang, |placeholder| {
            placeholder_value(placeholder, self.lang, app, ticket, staff)
        })
    }

    /// The start of the body, on one line.
    pub(super) fn preview(&self) -> String {
        let line = self.body.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(MAX_PREVIEW_LEN) {
            Some((end, _)) => format!("{}…", line[..end].trim_end()),
            None => line,
        }
    }
}

fn placeholder_value(
    placeholder: Placeholder,
    lang: Lang,
    app: &App,
    ticket: &Ticket,
    staff: &Staff,
) -> Option<String> {
    let (caller, callee, call_at, account, public_ip) = match &ticket.failure {
        ReportedFailure::Call { caller, callee, call_at, .. } => {
            (Some(&caller.party), Some(&callee.party), Some(*call_at), None, None)
        }
        ReportedFailure::LoggedOut { account, public_ip, .. } => (None, None, None, Some(account), *public_ip),
        ReportedFailure::Partial(report) => {
            let [caller, callee] = [&report.caller, &report.callee]
                .map(|call_party| call_party.as_ref().map(|call_party| &call_party.party));
            (caller, callee, report.call_at, report.account.as_ref(), report.public_ip)
        }
    };
    // a withheld number has an empty canonical form, and no value to fill in
    let format_party = |party: Option<&Party>| {
        party.filter(|party| !party.canonical().is_empty()).map(|party| call_summary::format_party(party, lang))
    };
    match placeholder {
        Placeholder::Reference => Some(ticket.reference.to_string()),
        Placeholder::Caller => format_party(caller),
        Placeholder::Callee => format_party(callee),
        Placeholder::Account => {
            let mut parties = [account, caller, callee].into_iter().flatten();
            parties.find(|party| party.kind() == PartyKind::Account).map(Party::display)
        }
        Placeholder::Date => call_at.map(local_time::format_date),
        Placeholder::Time => call_at.map(|at| local_time::format_clock(local_time::to_local(at))),
        Placeholder::SipCode => ticket.sip_code.map(|code| code.to_string()),
        Placeholder::ErrorText => ticket.error_text.clone(),
        Placeholder::IpAddress => public_ip.or_else(|| call_summary::reporter_ip(ticket)).map(|ip| ip.to_string()),
        Placeholder::StaffName => staff.name.split_whitespace().next().map(str::to_owned),
        Placeholder::Operator => Some(app.operator.name.clone()),
        Placeholder::OperatorPhone => app.operator.phone_text().map(str::to_owned),
    }
}
