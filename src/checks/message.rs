//! A message or code that a phone shows or plays: what it was taken for.

use serde::{Deserialize, Serialize};

use super::Describe;
pub(super) use crate::causes::MAX_TEXT_LEN;
use crate::{
    causes::{self, CauseMatch, FailureCause, MatchedBy},
    guides::{GuideStep, Guides},
    i18n::{Lang, MessageArg, UiMessage},
    tickets::TicketCategory,
};

/// The most of it that a sentence quotes.
const MAX_QUOTE_LEN: usize = 60;

/// A message, and the cause that it was taken for then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageResult {
    pub text: String,
    /// The row of the table, by its name.
    #[serde(rename = "cause")]
    pub cause_id: Option<String>,
    /// The code that decided, such as `SIP 503`.
    pub code: Option<String>,
}

impl MessageResult {
    pub fn new(text: &str, reading: Option<&CauseMatch>) -> MessageResult {
        MessageResult {
            text: text.chars().take(MAX_TEXT_LEN).collect(),
            cause_id: reading.map(|reading| reading.cause.id.clone()),
            code: reading.and_then(|reading| match reading.matched_by {
                MatchedBy::Sip(code) => Some(format!("SIP {code}")),
                MatchedBy::Q850(code) => Some(format!("Q.850 {code}")),
                MatchedBy::Words => None,
            }),
        }
    }

    /// The row that it was taken for; a row may have gone since.
    fn find_cause(&self) -> Option<&'static FailureCause> {
        causes::find_by_id(self.cause_id.as_deref()?)
    }

    /// The text as a sentence quotes it.
    fn quote(&self) -> String {
        match self.text.char_indices().nth(MAX_QUOTE_LEN) {
            Some((end, _)) => format!("{}…", self.text[..end].trim_end()),
            None => self.text.clone(),
        }
    }
}

impl Describe for MessageResult {
    fn verdict(&self) -> &str {
        self.cause_id.as_deref().unwrap_or("unknown")
    }

    fn summary(&self) -> UiMessage {
        match self.find_cause() {
            Some(cause) => {
                UiMessage::new("message-result").with("text", self.quote()).with("name", UiMessage::new(&cause.name))
            }
            None => UiMessage::new("message-result-unknown").with("text", self.quote()),
        }
    }

    fn details(&self) -> Vec<(UiMessage, MessageArg)> {
        let text = (UiMessage::new("message-text"), self.text.clone().into());
        let code = self.code.iter().map(|code| (UiMessage::new("message-code"), code.clone().into()));
        let side = self.find_cause().map(|cause| {
            (UiMessage::new("message-fault-location"), UiMessage::new(cause.fault_location.label()).into())
        });
        [text].into_iter().chain(code).chain(side).collect()
    }
}

/// The step of a guide that treats a cause: its address and its question. A step in the middle is shown where the whole
/// guide is: an address that walks there would hold answers that nobody gave.
pub fn find_guide_step<'a>(guides: &'a Guides, lang: Lang, cause: &FailureCause) -> Option<(String, &'a GuideStep)> {
    let (guide, id) = cause.guide_step.as_ref()?;
    let category: TicketCategory = guide.parse().ok()?;
    let steps = &guides.get(lang, category)?.steps;
    let at = steps.iter().position(|step| step.id == *id)?;
    let step = steps.get(at)?;
    let address = if at == 0 { format!("/{lang}/guide/{guide}") } else { format!("/{lang}/guide/{guide}?all#{id}") };
    Some((address, step))
}

/// Causes whose steps these guides don't have: an operator's own guides may lack some.
pub fn causes_without_step(guides: &Guides) -> Vec<&'static FailureCause> {
    let has = |cause: &FailureCause| Lang::ALL.iter().all(|lang| find_guide_step(guides, *lang, cause).is_some());
    causes::all().iter().filter(|cause| cause.guide_step.is_some() && !has(cause)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_that_the_causes_name_is_in_the_guides() {
        let guides = crate::guides::load_built_in().unwrap();
        let missing: Vec<_> = causes_without_step(&guides).iter().map(|cause| &cause.id).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn long_messages_are_quoted_short() {
        let read = MessageResult::new(&"ż".repeat(5000), None);
        assert_eq!(read.text.chars().count(), MAX_TEXT_LEN);
        assert!(Lang::Pl.format(&read.summary()).chars().count() < 200);
    }
}
