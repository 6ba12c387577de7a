//! A number as somebody dials it: what to dial instead.

use serde::{Deserialize, Serialize};

use super::Describe;
use crate::{
    i18n::{MessageArg, UiMessage},
    phone::{DialingAdvice, DialingVerdict, advise_dialing, normalize::truncate_for_echo},
};

/// The longest text that is kept, in characters.
const MAX_RAW_NUMBER_LEN: usize = 200;

/// A number and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberResult {
    #[serde(rename = "typed")]
    pub raw_number: String,
    pub verdict: DialingVerdict,
    /// The keys to press.
    pub dial: Option<String>,
}

impl NumberResult {
    pub fn new(typed: &str, advice: &DialingAdvice) -> NumberResult {
        NumberResult {
            raw_number: typed.chars().take(MAX_RAW_NUMBER_LEN).collect(),
            verdict: advice.verdict,
            dial: advice.dial_string.clone(),
        }
    }
}

impl Describe for NumberResult {
    fn verdict(&self) -> &str {
        self.verdict.as_str()
    }

    fn summary(&self) -> UiMessage {
        let said = match self.verdict {
            DialingVerdict::Correct => "number-result-correct",
            DialingVerdict::DialDifferently => "number-result-rewritten",
            DialingVerdict::Unassigned => "number-result-unknown",
            DialingVerdict::Invalid => "number-result-invalid",
        };
        let dial = self.dial.clone().unwrap_or_default();
        UiMessage::new(said).with("dial", dial).with("typed", truncate_for_echo(&self.raw_number))
    }

    fn details(&self) -> Vec<(UiMessage, MessageArg)> {
        let typed = [(UiMessage::new("number-typed"), self.raw_number.clone().into())];
        // of a number that nobody is known to have the sentence asks to check the digits first
        let dial = self
            .dial
            .clone()
            .filter(|_| matches!(self.verdict, DialingVerdict::Correct | DialingVerdict::DialDifferently));
        let dial = dial.map(|dial| (UiMessage::new("number-to-dial"), dial.into()));
        // the operator's own codes are in its file, which may have changed
        let kind = self.dial.as_deref().and_then(|dial| advise_dialing(dial, &[]).description);
        let kind = kind.map(|kind| (UiMessage::new("number-kind"), kind.into()));
        typed.into_iter().chain(dial).chain(kind).collect()
    }
}
