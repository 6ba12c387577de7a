//! The message check: the cause behind an error message or code that a phone shows or plays.

use serde::{Deserialize, Serialize};

use super::describe::Describe;
pub(super) use crate::causes::MAX_TEXT_LEN;
use crate::{
    causes::{self, CauseMatch, FailureCause, MatchedBy},
    guides::{GuideStep, Guides},
    i18n::{Label, Lang, MessageArg, UiMessage},
    tickets::TicketCategory,
    urls,
};

/// Maximum length of the quotation in a summary, in characters.
const MAX_QUOTE_LEN: usize = 60;

/// A message and the cause that it matched at the time of the check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageResult {
    pub text: String,
    /// The id of the cause.
    #[serde(rename = "cause")]
    pub cause_id: Option<String>,
    /// The code that matched, such as `SIP 503`.
    pub code: Option<String>,
}

impl MessageResult {
    pub fn new(text: &str, cause_match: Option<&CauseMatch>) -> MessageResult {
        MessageResult {
            text: text.chars().take(MAX_TEXT_LEN).collect(),
            cause_id: cause_match.map(|matched| matched.cause.id.clone()),
            code: cause_match.and_then(|matched| match matched.matched_by {
                MatchedBy::Sip(code) => Some(format!("SIP {code}")),
                MatchedBy::Q850(code) => Some(format!("Q.850 {code}")),
                MatchedBy::Words => None,
            }),
        }
    }

    /// The cause. It may have been removed from the table since.
    fn find_cause(&self) -> Option<&'static FailureCause> {
        causes::find_by_id(self.cause_id.as_deref()?)
    }

    /// The text, cut to [`MAX_QUOTE_LEN`].
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
        let fault_location = self.find_cause().map(|cause| {
            (UiMessage::new("message-fault-location"), UiMessage::new(cause.fault_location.label()).into())
        });
        [text].into_iter().chain(code).chain(fault_location).collect()
    }
}

/// The guide step about a cause, and its URL. For a step in the middle it is the page of the whole guide, because a path to
/// the step would contain answers that the visitor has not given.
pub fn find_guide_step<'a>(guides: &'a Guides, lang: Lang, cause: &FailureCause) -> Option<(String, &'a GuideStep)> {
    let (guide, id) = cause.guide_step.as_ref()?;
    let category: TicketCategory = guide.parse().ok()?;
    let steps = &guides.get(lang, category)?.steps;
    let index = steps.iter().position(|step| step.id == *id)?;
    let step = steps.get(index)?;
    let url = match index {
        0 => urls::public::guide(lang, guide),
        _ => urls::public::step_of_whole_guide(lang, guide, id),
    };
    Some((url, step))
}

/// The causes whose step is missing in these guides. An operator's own guides may lack some.
pub fn causes_without_step(guides: &Guides) -> Vec<&'static FailureCause> {
    let has_step = |cause: &FailureCause| Lang::ALL.iter().all(|lang| find_guide_step(guides, *lang, cause).is_some());
    causes::all().iter().filter(|cause| cause.guide_step.is_some() && !has_step(cause)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guides_have_every_step_that_a_cause_refers_to() {
        let guides = crate::guides::load_built_in().unwrap();
        let missing: Vec<_> = causes_without_step(&guides).iter().map(|cause| &cause.id).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn long_messages_are_stored_and_quoted_truncated() {
        let result = MessageResult::new(&"ż".repeat(5000), None);
        assert_eq!(result.text.chars().count(), MAX_TEXT_LEN);
        assert!(Lang::Pl.format(&result.summary()).chars().count() < 200);
    }
}
