//! A message or code that a phone shows or plays: what it was taken for.

use serde::{Deserialize, Serialize};

use super::Told;
pub(super) use crate::causes::LONGEST;
use crate::{
    causes::{self, By, Cause, Reading},
    guides::{Guides, Step},
    tickets::Category,
    words::{Arg, Lang, Say},
};

/// The most of it that a sentence quotes.
const QUOTED: usize = 60;

/// A message, and the cause that it was taken for then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageRead {
    pub text: String,
    /// The row of the table, by its name.
    pub cause: Option<String>,
    /// The code that decided, such as `SIP 503`.
    pub code: Option<String>,
}

impl MessageRead {
    pub fn of(text: &str, reading: Option<&Reading>) -> MessageRead {
        MessageRead {
            text: text.chars().take(LONGEST).collect(),
            cause: reading.map(|reading| reading.cause.id.clone()),
            code: reading.and_then(|reading| match reading.by {
                By::Sip(code) => Some(format!("SIP {code}")),
                By::Q850(code) => Some(format!("Q.850 {code}")),
                By::Words => None,
            }),
        }
    }

    /// The row that it was taken for; a row may have gone since.
    fn cause(&self) -> Option<&'static Cause> {
        causes::by_id(self.cause.as_deref()?)
    }

    /// The text as a sentence quotes it.
    fn quoted(&self) -> String {
        match self.text.char_indices().nth(QUOTED) {
            Some((end, _)) => format!("{}…", self.text[..end].trim_end()),
            None => self.text.clone(),
        }
    }
}

impl Told for MessageRead {
    fn verdict(&self) -> &str {
        self.cause.as_deref().unwrap_or("unknown")
    }

    fn sentence(&self) -> Say {
        match self.cause() {
            Some(cause) => Say::new("message-said").with("text", self.quoted()).with("name", Say::new(&cause.name)),
            None => Say::new("message-said-unknown").with("text", self.quoted()),
        }
    }

    fn figures(&self) -> Vec<(Say, Arg)> {
        let text = (Say::new("message-text"), self.text.clone().into());
        let code = self.code.iter().map(|code| (Say::new("message-code"), code.clone().into()));
        let side = self.cause().map(|cause| (Say::new("message-side"), Say::new(cause.side.label()).into()));
        [text].into_iter().chain(code).chain(side).collect()
    }
}

/// The step of a guide that treats a cause: its address and its question. A step in the middle is shown where the whole
/// guide is: an address that walks there would hold answers that nobody gave.
pub fn step_of<'a>(guides: &'a Guides, lang: Lang, cause: &Cause) -> Option<(String, &'a Step)> {
    let (guide, id) = cause.step.as_ref()?;
    let category: Category = guide.parse().ok()?;
    let steps = &guides.get(lang, category)?.steps;
    let at = steps.iter().position(|step| step.id == *id)?;
    let step = steps.get(at)?;
    let address = if at == 0 { format!("/{lang}/guide/{guide}") } else { format!("/{lang}/guide/{guide}?all#{id}") };
    Some((address, step))
}

/// Causes whose steps these guides don't have: an operator's own guides may lack some.
pub fn steps_missing(guides: &Guides) -> Vec<&'static Cause> {
    let has = |cause: &Cause| Lang::ALL.iter().all(|lang| step_of(guides, *lang, cause).is_some());
    causes::all().iter().filter(|cause| cause.step.is_some() && !has(cause)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_that_the_causes_name_is_in_the_guides() {
        let guides = crate::guides::load_built_in().unwrap();
        let missing: Vec<_> = steps_missing(&guides).iter().map(|cause| &cause.id).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn long_messages_are_quoted_short() {
        let read = MessageRead::of(&"ż".repeat(5000), None);
        assert_eq!(read.text.chars().count(), LONGEST);
        assert!(Lang::Pl.say(&read.sentence()).chars().count() < 200);
    }
}
