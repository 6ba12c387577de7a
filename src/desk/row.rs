//! A row of the queue: the same template draws it in the page and when it is sent alone.

use askama::Template;
use time::OffsetDateTime;

use super::store::QueueRow;
use crate::{
    causes::sip_meaning,
    phone::{Kind, Party},
    staff::initials,
    tickets::{Billing, Category, Known, Precision},
    words::Lang,
    zone,
};

/// A row and what it is read with: whose language, and when.
#[derive(Template)]
#[template(path = "desk/row.html")]
pub struct RowView<'a> {
    pub row: &'a QueueRow,
    pub in_incident: bool,
    pub lang: Lang,
    pub now: OffsetDateTime,
}

/// What the network or the telephone said.
enum Said {
    /// A SIP code and what it means, and the whole of what was typed.
    Code(i16, Option<&'static str>, String),
    /// An announcement or a message without a code.
    Text(String),
    Symptom(&'static str),
    Nothing,
}

impl RowView<'_> {
    fn t(&self, id: &str) -> String {
        self.lang.t(id).into_owned()
    }

    /// How long the ticket has waited for staff; nothing when it waits no more.
    fn waits(&self) -> Option<String> {
        self.row.status.is_active().then(|| self.lang.say(&zone::span(self.row.waiting_since, self.now)))
    }

    /// Since when it has waited, for machines.
    fn since(&self) -> String {
        zone::iso(&self.row.waiting_since)
    }

    /// The time of the call and how sure it is: "14:05 ±5".
    fn called(&self) -> Option<String> {
        let moment = self.lang.say(&zone::moment(self.row.call_at?, self.now));
        Some(match self.row.call_precision {
            None | Some(Precision::Exact) => moment,
            Some(about @ (Precision::FiveMinutes | Precision::HalfHour)) => format!("{moment} ±{}", about.minutes()),
        })
    }

    fn caller(&self) -> String {
        self.side(self.row.caller_kind, self.row.caller.as_deref())
    }

    fn callee(&self) -> String {
        self.side(self.row.callee_kind, self.row.callee.as_deref())
    }

    fn side(&self, kind: Option<Kind>, canonical: Option<&str>) -> String {
        match kind {
            None => "?".into(),
            Some(Kind::Withheld) => self.t("queue-withheld"),
            Some(kind @ (Kind::Number | Kind::Short | Kind::Account)) => {
                Party::stored(kind, canonical.unwrap_or_default(), None).display()
            }
        }
    }

    fn said(&self) -> Said {
        match (self.row.sip_code, &self.row.error_text, self.row.symptom) {
            (Some(code), text, _) => Said::Code(code, sip_meaning(code), text.clone().unwrap_or_default()),
            (None, Some(text), _) => Said::Text(text.clone()),
            (None, None, Some(symptom)) => Said::Symptom(symptom.label()),
            (None, None, None) => Said::Nothing,
        }
    }

    fn category(&self) -> String {
        self.t(short(self.row.category))
    }

    fn tone(&self) -> &'static str {
        self.row.status.tone()
    }

    /// What is missing to find the call, in words; nothing when it can be found.
    fn missing(&self) -> Option<String> {
        if self.row.account.is_some() {
            return None;
        }
        let known = Known {
            caller: self.row.caller_kind,
            callee: self.row.callee_kind,
            precision: self.row.call_precision,
            said: self.row.error_text.is_some() || self.row.symptom.is_some(),
        };
        let names: Vec<_> = known.missing().iter().map(|piece| self.t(piece.label())).collect();
        (!names.is_empty()).then(|| self.lang.t1("findable-missing", "missing", names.join(", ")))
    }

    fn in_billing(&self) -> bool {
        self.row.in_billing == Some(Billing::Yes)
    }

    fn badge(&self, name: &str) -> String {
        initials(name)
    }
}

/// The category in a word, for a narrow column.
pub(super) const fn short(category: Category) -> &'static str {
    match category {
        Category::LoggedOut => "queue-category-logged-out",
        Category::Audio => "queue-category-audio",
        Category::Incoming => "queue-category-incoming",
        Category::Outgoing => "queue-category-outgoing",
        Category::Unknown => "queue-category-unknown",
    }
}
