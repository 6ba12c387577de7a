//! The checks: what a visitor can find out here and now. Each says its result in one sentence before any figure, is kept
//! for thirty days under a random id, and travels with a report.

mod address;
mod result_store;
mod lamps;
mod message;
mod line_test;
mod number;
pub mod pages;
mod sound;
mod store;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

pub use address::{AddressBlockStatus, AddressResult};
pub use lamps::{Lamp, LampResult};
pub use line_test::{ConnectionType, LineTestResult, round_to_integer, round_to_tenths};
pub use message::{MessageResult, causes_without_step, find_guide_step};
pub use number::NumberResult;
pub use result_store::CheckResultStore;
pub use sound::{AudibleSpeakers, MicrophoneStatus, SoundResult};
pub use store::{attach_to_tickets, delete_expired, find_by_ids, find_or_insert, list_for_ticket};

use crate::{
    i18n::{Lang, MessageArg, UiMessage, nbsp_digit_groups},
    local_time,
};

/// How long a result is kept that nobody attached to a report.
pub const RESULT_RETENTION: Duration = Duration::days(30);

/// What a check found. Each kind has its own figures, which are stored under its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "figures", rename_all = "lowercase")]
pub enum CheckOutcome {
    Lamps(LampResult),
    Message(MessageResult),
    #[serde(rename = "link")]
    LineTest(Box<LineTestResult>),
    Sound(SoundResult),
    Number(NumberResult),
    Address(AddressResult),
}

/// How a finding is told, in the same words on its page, in the form, to the customer and at the desk.
pub trait Describe {
    /// In one word, for the database: lower case, digits and dashes.
    fn verdict(&self) -> &str;
    /// In one plain sentence.
    fn summary(&self) -> UiMessage;
    /// What staff may want to know behind it: name and value.
    fn details(&self) -> Vec<(UiMessage, MessageArg)>;
}

/// A finding as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredCheckResult {
    pub id: String,
    pub at: OffsetDateTime,
    pub outcome: CheckOutcome,
}

impl StoredCheckResult {
    /// The sentence, for a reader of a page.
    pub fn summary(&self, lang: &Lang) -> String {
        nbsp_digit_groups(lang.format(&self.outcome.summary()))
    }

    /// The figures, for a reader.
    pub fn detail_rows(&self, lang: &Lang) -> Vec<(String, String)> {
        self.outcome.details().iter().map(|(name, value)| (lang.format(name), lang.format_arg(value))).collect()
    }

    pub fn format_time(&self, lang: &Lang) -> String {
        lang.format(&local_time::format_long(self.at))
    }

    /// The same for somebody who looks at it `now`.
    pub fn format_relative_time(&self, lang: &Lang, now: OffsetDateTime) -> String {
        lang.format(&local_time::format_relative_day(self.at, now))
    }

    /// The check's name, for a reader.
    pub fn name(&self, lang: &Lang) -> String {
        lang.t(self.outcome.label()).into_owned()
    }
}

impl CheckOutcome {
    /// The kind's name in the database and in the check's address.
    pub const fn kind(&self) -> &'static str {
        match self {
            CheckOutcome::Lamps(_) => "lamps",
            CheckOutcome::Message(_) => "message",
            CheckOutcome::LineTest(_) => "link",
            CheckOutcome::Sound(_) => "sound",
            CheckOutcome::Number(_) => "number",
            CheckOutcome::Address(_) => "address",
        }
    }

    /// The message that names the check.
    pub const fn label(&self) -> &'static str {
        match self {
            CheckOutcome::Lamps(_) => "check-lamps",
            CheckOutcome::Message(_) => "check-message",
            CheckOutcome::LineTest(_) => "check-line-test",
            CheckOutcome::Sound(_) => "check-sound",
            CheckOutcome::Number(_) => "check-number",
            CheckOutcome::Address(_) => "check-address",
        }
    }

    fn as_describe(&self) -> &dyn Describe {
        match self {
            CheckOutcome::Lamps(seen) => seen,
            CheckOutcome::Message(read) => read,
            CheckOutcome::LineTest(tested) => tested.as_ref(),
            CheckOutcome::Sound(checked) => checked,
            CheckOutcome::Number(read) => read,
            CheckOutcome::Address(checked) => checked,
        }
    }
}

impl Describe for CheckOutcome {
    fn verdict(&self) -> &str {
        self.as_describe().verdict()
    }

    fn summary(&self) -> UiMessage {
        self.as_describe().summary()
    }

    fn details(&self) -> Vec<(UiMessage, MessageArg)> {
        self.as_describe().details()
    }
}
