//! Answers that staff give often, kept under a title, with placeholders that a ticket fills in.

mod fill;
pub mod pages;
mod store;

use time::OffsetDateTime;
use uuid::Uuid;

pub(super) use fill::left_over;
use fill::{Placeholder, fill, unknown};
pub(super) use store::{one, titles};

use super::strip;
use crate::{
    app::App,
    staff::Staff,
    tickets::{Failure, Ticket},
    web::Form,
    words::{Lang, Say},
    zone,
};

const MOST_IN_TITLE: usize = 80;
const MOST_IN_BODY: usize = 5000;

/// A saved reply.
pub struct Saved {
    pub id: Uuid,
    pub title: String,
    pub body: String,
    pub lang: Lang,
    pub version: i32,
    pub changed_at: OffsetDateTime,
    pub changed_by: Option<String>,
}

/// One to choose from.
pub struct Titled {
    pub id: Uuid,
    pub title: String,
    pub lang: Lang,
}

/// What a saved reply is to be.
#[derive(Debug, Clone, PartialEq)]
struct Draft {
    title: String,
    body: String,
    lang: Lang,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saving {
    Done,
    /// Somebody changed or deleted it meanwhile.
    Stale,
    TitleTaken,
}

impl Draft {
    fn read(form: &Form, otherwise: Lang) -> Draft {
        Draft {
            title: form.line("title"),
            body: form.block("body"),
            lang: Lang::from_code(form.raw("lang")).unwrap_or(otherwise),
        }
    }

    /// Everything that is wrong with it, field by field.
    fn complaints(&self) -> Vec<(&'static str, Say)> {
        let mut wrong = Vec::new();
        match self.title.chars().count() {
            0 => wrong.push(("title", Say::new("saved-title-missing"))),
            1..=MOST_IN_TITLE => {}
            count => wrong.push(("title", too_long(count, MOST_IN_TITLE))),
        }
        match (self.body.chars().count(), unknown(&self.body)) {
            (0, _) => wrong.push(("body", Say::new("saved-body-missing"))),
            (1..=MOST_IN_BODY, None) => {}
            (1..=MOST_IN_BODY, Some(name)) => {
                wrong.push(("body", Say::new("saved-placeholder-unknown").with("name", name)));
            }
            (count, _) => wrong.push(("body", too_long(count, MOST_IN_BODY))),
        }
        wrong
    }
}

fn too_long(count: usize, most: usize) -> Say {
    Say::new("report-too-long").with("count", count).with("most", most)
}

impl Saved {
    /// The reply for a ticket, in its own language, with everything filled in that the ticket has.
    pub fn filled(&self, app: &App, ticket: &Ticket, staff: &Staff) -> String {
        fill(&self.body, self.lang, |placeholder| value(placeholder, self.lang, app, ticket, staff))
    }

    /// The beginning, on one line.
    fn beginning(&self) -> String {
        let line = self.body.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(140) {
            Some((end, _)) => format!("{}…", line[..end].trim_end()),
            None => line,
        }
    }
}

fn value(placeholder: Placeholder, lang: Lang, app: &App, ticket: &Ticket, staff: &Staff) -> Option<String> {
    let (caller, callee, at, account, ip) = match &ticket.failure {
        Failure::Call { caller, callee, at, .. } => (Some(&caller.party), Some(&callee.party), Some(*at), None, None),
        Failure::LoggedOut { account, public_ip, .. } => (None, None, None, Some(account), *public_ip),
        Failure::Told(told) => {
            let [caller, callee] = [&told.caller, &told.callee].map(|side| side.as_ref().map(|side| &side.party));
            (caller, callee, told.at, told.account.as_ref(), told.public_ip)
        }
    };
    // a withheld number is not one to tell
    let side = |party: Option<&crate::phone::Party>| {
        party.filter(|party| !party.canonical().is_empty()).map(|party| strip::party(party, lang))
    };
    match placeholder {
        Placeholder::Reference => Some(ticket.reference.to_string()),
        Placeholder::Caller => side(caller),
        Placeholder::Callee => side(callee),
        Placeholder::Account => {
            let accounts = [account, caller, callee].into_iter().flatten();
            accounts.into_iter().find(|party| party.kind() == crate::phone::Kind::Account).map(|party| party.display())
        }
        Placeholder::Date => at.map(zone::date),
        Placeholder::Time => at.map(|at| zone::clock(zone::to_local(at))),
        Placeholder::Code => ticket.sip_code.map(|code| code.to_string()),
        Placeholder::ErrorText => ticket.error_text.clone(),
        Placeholder::Address => ip.or_else(|| strip::reporter(ticket)).map(|ip| ip.to_string()),
        Placeholder::StaffName => staff.name.split_whitespace().next().map(str::to_owned),
        Placeholder::Operator => Some(app.operator.name.clone()),
        Placeholder::OperatorPhone => app.operator.phone_text().map(str::to_owned),
    }
}
