//! Answers that staff give often, kept under a title, with placeholders that a ticket fills in.

mod template;
pub mod pages;
mod store;

use time::OffsetDateTime;
use uuid::Uuid;

pub(super) use store::{find, list_options};
pub(super) use template::unfilled_placeholder_error;
use template::{Placeholder, fill_placeholders, find_unknown_placeholder};

use super::call_summary;
use crate::{
    app::App,
    i18n::{Lang, UiMessage},
    local_time,
    staff::Staff,
    tickets::{ReportedFailure, Ticket},
    web::Form,
};

const MAX_TITLE_LEN: usize = 80;
const MAX_BODY_LEN: usize = 5000;

/// A saved reply.
pub struct SavedReply {
    pub id: Uuid,
    pub title: String,
    pub body: String,
    pub lang: Lang,
    pub version: i32,
    pub updated_at: OffsetDateTime,
    pub updated_by: Option<String>,
}

/// One to choose from.
pub struct SavedReplyOption {
    pub id: Uuid,
    pub title: String,
    pub lang: Lang,
}

/// What a saved reply is to be.
#[derive(Debug, Clone, PartialEq)]
struct SavedReplyDraft {
    title: String,
    body: String,
    lang: Lang,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SavedReplyOutcome {
    Saved,
    /// Somebody changed or deleted it meanwhile.
    Stale,
    TitleTaken,
}

impl SavedReplyDraft {
    fn from_form(form: &Form, otherwise: Lang) -> SavedReplyDraft {
        SavedReplyDraft {
            title: form.single_line("title"),
            body: form.multi_line("body"),
            lang: Lang::from_code(form.raw("lang")).unwrap_or(otherwise),
        }
    }

    /// Everything that is wrong with it, field by field.
    fn validate(&self) -> Vec<(&'static str, UiMessage)> {
        let mut wrong = Vec::new();
        match self.title.chars().count() {
            0 => wrong.push(("title", UiMessage::new("replies-title-missing"))),
            1..=MAX_TITLE_LEN => {}
            count => wrong.push(("title", too_long_error(count, MAX_TITLE_LEN))),
        }
        match (self.body.chars().count(), find_unknown_placeholder(&self.body)) {
            (0, _) => wrong.push(("body", UiMessage::new("replies-body-missing"))),
            (1..=MAX_BODY_LEN, None) => {}
            (1..=MAX_BODY_LEN, Some(name)) => {
                wrong.push(("body", UiMessage::new("replies-placeholder-unknown").with("name", name)));
            }
            (count, _) => wrong.push(("body", too_long_error(count, MAX_BODY_LEN))),
        }
        wrong
    }
}

fn too_long_error(count: usize, most: usize) -> UiMessage {
    UiMessage::new("report-too-long").with("count", count).with("most", most)
}

impl SavedReply {
    /// The reply for a ticket, in its own language, with everything filled in that the ticket has.
    pub fn fill_from_ticket(&self, app: &App, ticket: &Ticket, staff: &Staff) -> String {
        fill_placeholders(&self.body, self.lang, |placeholder| {
            placeholder_value(placeholder, self.lang, app, ticket, staff)
        })
    }

    /// The beginning, on one line.
    fn preview(&self) -> String {
        let line = self.body.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(140) {
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
    let (caller, callee, at, account, ip) = match &ticket.failure {
        ReportedFailure::Call { caller, callee, call_at: at, .. } => {
            (Some(&caller.party), Some(&callee.party), Some(*at), None, None)
        }
        ReportedFailure::LoggedOut { account, public_ip, .. } => (None, None, None, Some(account), *public_ip),
        ReportedFailure::Partial(told) => {
            let [caller, callee] = [&told.caller, &told.callee].map(|side| side.as_ref().map(|side| &side.party));
            (caller, callee, told.call_at, told.account.as_ref(), told.public_ip)
        }
    };
    // a withheld number is not one to tell
    let side = |party: Option<&crate::phone::Party>| {
        party.filter(|party| !party.canonical().is_empty()).map(|party| call_summary::format_party(party, lang))
    };
    match placeholder {
        Placeholder::Reference => Some(ticket.reference.to_string()),
        Placeholder::Caller => side(caller),
        Placeholder::Callee => side(callee),
        Placeholder::Account => {
            let accounts = [account, caller, callee].into_iter().flatten();
            accounts
                .into_iter()
                .find(|party| party.kind() == crate::phone::PartyKind::Account)
                .map(|party| party.display())
        }
        Placeholder::Date => at.map(local_time::format_date),
        Placeholder::Time => at.map(|at| local_time::format_clock(local_time::to_local(at))),
        Placeholder::SipCode => ticket.sip_code.map(|code| code.to_string()),
        Placeholder::ErrorText => ticket.error_text.clone(),
        Placeholder::IpAddress => ip.or_else(|| call_summary::reporter_ip(ticket)).map(|ip| ip.to_string()),
        Placeholder::StaffName => staff.name.split_whitespace().next().map(str::to_owned),
        Placeholder::Operator => Some(app.operator.name.clone()),
        Placeholder::OperatorPhone => app.operator.phone_text().map(str::to_owned),
    }
}
