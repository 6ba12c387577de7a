//! The number check: what to dial for a number as the visitor wrote it.

use serde::{Deserialize, Serialize};

use super::describe::Describe;
use crate::{
    i18n::{MessageArg, UiMessage},
    phone::{DialingAdvice, DialingVerdict, advise_dialing, normalize::truncate_for_echo},
};

/// Maximum length of the stored text, in characters.
const MAX_RAW_NUMBER_LEN: usize = 200;

/// A number and the dialing advice about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberResult {
    #[serde(rename = "typed")]
    pub raw_number: String,
    pub verdict: DialingVerdict,
    /// The digits to dial.
    pub dial: Option<String>,
}

impl NumberResult {
    pub fn new(raw_number: &str, advice: &DialingAdvice) -> NumberResult {
        NumberResult {
            raw_number: raw_number.chars().take(MAX_RAW_NUMBER_LEN).collect(),
            verdict: advice.verdict,
            dial: advice.dial_string.clone(),
        }
    }
}

impl Describe for NumberResult {
    fn verdict(&self) -> &str {
        self.verdict.into_str()
    }

    fn summary(&self) -> UiMessage {
        let message_id = match self.verdict {
            DialingVerdict::Correct => "number-result-correct",
            DialingVerdict::DialDifferently => "number-result-rewritten",
            DialingVerdict::Unassigned => "number-result-unknown",
            DialingVerdict::Invalid => "number-result-invalid",
        };
        let dial = self.dial.clone().unwrap_or_default();
        UiMessage::new(message_id).with("dial", dial).with("typed", truncate_for_echo(&self.raw_number))
    }

    fn details(&self) -> Vec<(UiMessage, MessageArg)> {
        let raw_number = [(UiMessage::new("number-typed"), self.raw_number.clone().into())];
        // for an unassigned number the summary asks to check the digits instead
        let dial = self
            .dial
            .clone()
            .filter(|_| matches!(self.verdict, DialingVerdict::Correct | DialingVerdict::DialDifferently));
        let dial = dial.map(|dial| (UiMessage::new("number-to-dial"), dial.into()));
        // without the operator's short codes: they may have changed since the check
        let kind = self.dial.as_deref().and_then(|dial| advise_dialing(dial, &[]).description);
        let kind = kind.map(|kind| (UiMessage::new("number-kind"), kind.into()));
        raw_number.into_iter().chain(dial).chain(kind).collect()
    }
}
