//! A number as somebody dials it: what to dial instead.

use serde::{Deserialize, Serialize};

use super::Told;
use crate::{
    phone::{Advice, Verdict, advise, typed::shorten},
    words::{Arg, Say},
};

/// The longest text that is kept, in characters.
const LONGEST: usize = 200;

/// A number and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberRead {
    pub typed: String,
    pub verdict: Verdict,
    /// The keys to press.
    pub dial: Option<String>,
}

impl NumberRead {
    pub fn of(typed: &str, advice: &Advice) -> NumberRead {
        NumberRead { typed: typed.chars().take(LONGEST).collect(), verdict: advice.verdict, dial: advice.dial.clone() }
    }
}

impl Told for NumberRead {
    fn verdict(&self) -> &str {
        self.verdict.as_str()
    }

    fn sentence(&self) -> Say {
        let said = match self.verdict {
            Verdict::Right => "number-said-right",
            Verdict::Otherwise => "number-said-otherwise",
            Verdict::Unknown => "number-said-unknown",
            Verdict::Wrong => "number-said-wrong",
        };
        let dial = self.dial.clone().unwrap_or_default();
        Say::new(said).with("dial", dial).with("typed", shorten(&self.typed))
    }

    fn figures(&self) -> Vec<(Say, Arg)> {
        let typed = [(Say::new("number-typed"), self.typed.clone().into())];
        // of a number that nobody is known to have the sentence asks to check the digits first
        let dial = self.dial.clone().filter(|_| matches!(self.verdict, Verdict::Right | Verdict::Otherwise));
        let dial = dial.map(|dial| (Say::new("number-to-dial"), dial.into()));
        // the operator's own codes are in its file, which may have changed
        let kind = self.dial.as_deref().and_then(|dial| advise(dial, &[]).kind);
        let kind = kind.map(|kind| (Say::new("number-kind"), kind.into()));
        typed.into_iter().chain(dial).chain(kind).collect()
    }
}
