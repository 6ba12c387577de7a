//! The result of any check, and the same result as it is stored.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{
    address::AddressResult, describe::Describe, lamps::LampResult, line_test::LineTestResult, message::MessageResult,
    number::NumberResult, sound::SoundResult,
};
use crate::{
    guides::CheckKind,
    i18n::{Label, Lang, MessageArg, UiMessage, nbsp_digit_groups},
    local_time,
};

/// How long a result is stored that is not attached to a ticket.
pub const RESULT_RETENTION: Duration = Duration::days(30);

/// The result of a check. Each kind has its own data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "lowercase")]
pub enum CheckOutcome {
    Lamps(LampResult),
    Message(MessageResult),
    #[serde(rename = "link")]
    LineTest(Box<LineTestResult>),
    Sound(SoundResult),
    Number(NumberResult),
    Address(AddressResult),
}

/// A result as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredCheckResult {
    pub id: String,
    pub at: OffsetDateTime,
    pub outcome: CheckOutcome,
}

impl StoredCheckResult {
    /// The summary in a language.
    pub fn summary(&self, lang: &Lang) -> String {
        nbsp_digit_groups(lang.format(&self.outcome.summary()))
    }

    /// The details in a language.
    pub fn detail_rows(&self, lang: &Lang) -> Vec<(String, String)> {
        self.outcome.details().iter().map(|(name, value)| (lang.format(name), lang.format_arg(value))).collect()
    }

    pub fn format_time(&self, lang: &Lang) -> String {
        lang.format(&local_time::format_long(self.at))
    }

    /// The time relative to `now`.
    pub fn format_relative_time(&self, lang: &Lang, now: OffsetDateTime) -> String {
        lang.format(&local_time::format_relative_day(self.at, now))
    }

    /// The check's name in a language.
    pub fn name(&self, lang: &Lang) -> String {
        lang.t(self.outcome.kind().label()).into_owned()
    }
}

impl CheckOutcome {
    /// Its name is the tag in JSON, too.
    pub const fn kind(&self) -> CheckKind {
        match self {
            CheckOutcome::Lamps(_) => CheckKind::Lamps,
            CheckOutcome::Message(_) => CheckKind::Message,
            CheckOutcome::LineTest(_) => CheckKind::LineTest,
            CheckOutcome::Sound(_) => CheckKind::Sound,
            CheckOutcome::Number(_) => CheckKind::Number,
            CheckOutcome::Address(_) => CheckKind::Address,
        }
    }

    fn as_describe(&self) -> &dyn Describe {
        match self {
            CheckOutcome::Lamps(result) => result,
            CheckOutcome::Message(result) => result,
            CheckOutcome::LineTest(result) => result.as_ref(),
            CheckOutcome::Sound(result) => result,
            CheckOutcome::Number(result) => result,
            CheckOutcome::Address(result) => result,
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
