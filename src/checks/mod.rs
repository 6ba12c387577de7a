//! The checks: what a visitor can find out here and now. Each says its result in one sentence before any figure, is kept
//! for thirty days under a random id, and travels with a report.

mod address;
mod keep;
mod lamps;
mod message;
mod link;
mod number;
pub mod pages;
mod sound;
mod store;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

pub use address::{AddressChecked, Found};
pub use keep::Keeper;
pub use lamps::{Lamp, LampSeen};
pub use link::{Connection, LinkTested, tenths, whole};
pub use message::{MessageRead, step_of, steps_missing};
pub use number::NumberRead;
pub use sound::{Microphone, SoundChecked, Speakers};
pub use store::{attach, by_ids, forget_old, keep, of_ticket};

use crate::{
    words::{Arg, Lang, Say, tie_groups},
    zone,
};

/// How long a result is kept that nobody attached to a report.
pub const KEPT: Duration = Duration::days(30);

/// What a check found. Each kind has its own figures, which are stored under its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "figures", rename_all = "lowercase")]
pub enum Finding {
    Lamps(LampSeen),
    Message(MessageRead),
    Link(Box<LinkTested>),
    Sound(SoundChecked),
    Number(NumberRead),
    Address(AddressChecked),
}

/// How a finding is told, in the same words on its page, in the form, to the customer and at the desk.
pub trait Told {
    /// In one word, for the database: lower case, digits and dashes.
    fn verdict(&self) -> &str;
    /// In one plain sentence.
    fn sentence(&self) -> Say;
    /// What staff may want to know behind it: name and value.
    fn figures(&self) -> Vec<(Say, Arg)>;
}

/// A finding as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub id: String,
    pub at: OffsetDateTime,
    pub finding: Finding,
}

impl Kept {
    /// The sentence, for a reader of a page.
    pub fn said(&self, lang: &Lang) -> String {
        tie_groups(lang.say(&self.finding.sentence()))
    }

    /// The figures, for a reader.
    pub fn rows(&self, lang: &Lang) -> Vec<(String, String)> {
        self.finding.figures().iter().map(|(name, value)| (lang.say(name), lang.arg(value))).collect()
    }

    pub fn moment(&self, lang: &Lang) -> String {
        lang.say(&zone::long_moment(self.at))
    }

    /// The same for somebody who looks at it `now`.
    pub fn near_moment(&self, lang: &Lang, now: OffsetDateTime) -> String {
        lang.say(&zone::near_moment(self.at, now))
    }

    /// The check's name, for a reader.
    pub fn name(&self, lang: &Lang) -> String {
        lang.t(self.finding.label()).into_owned()
    }
}

impl Finding {
    /// The kind's name in the database and in the check's address.
    pub const fn kind(&self) -> &'static str {
        match self {
            Finding::Lamps(_) => "lamps",
            Finding::Message(_) => "message",
            Finding::Link(_) => "link",
            Finding::Sound(_) => "sound",
            Finding::Number(_) => "number",
            Finding::Address(_) => "address",
        }
    }

    /// The message that names the check.
    pub const fn label(&self) -> &'static str {
        match self {
            Finding::Lamps(_) => "check-lamps",
            Finding::Message(_) => "check-message",
            Finding::Link(_) => "check-link",
            Finding::Sound(_) => "check-sound",
            Finding::Number(_) => "check-number",
            Finding::Address(_) => "check-address",
        }
    }

    fn told(&self) -> &dyn Told {
        match self {
            Finding::Lamps(seen) => seen,
            Finding::Message(read) => read,
            Finding::Link(tested) => tested.as_ref(),
            Finding::Sound(checked) => checked,
            Finding::Number(read) => read,
            Finding::Address(checked) => checked,
        }
    }
}

impl Told for Finding {
    fn verdict(&self) -> &str {
        self.told().verdict()
    }

    fn sentence(&self) -> Say {
        self.told().sentence()
    }

    fn figures(&self) -> Vec<(Say, Arg)> {
        self.told().figures()
    }
}
