//! The sound check: what a microphone and a headset did in the visitor's own browser. No sound ever comes here, only
//! these words, and only when the visitor sends them.

use serde::{Deserialize, Serialize};

use super::Told;
use crate::words::{Arg, Say};

/// How the microphone was, while somebody spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Microphone {
    Good,
    Quiet,
    Silent,
    Clipped,
    /// The browser, or the visitor, did not let the page have it.
    Denied,
    /// There is none.
    None,
    /// Another program has it.
    Busy,
}

impl Microphone {
    pub const ALL: [Microphone; 7] = [
        Microphone::Good,
        Microphone::Quiet,
        Microphone::Silent,
        Microphone::Clipped,
        Microphone::Denied,
        Microphone::None,
        Microphone::Busy,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Microphone::Good => "good",
            Microphone::Quiet => "quiet",
            Microphone::Silent => "silent",
            Microphone::Clipped => "clipped",
            Microphone::Denied => "denied",
            Microphone::None => "none",
            Microphone::Busy => "busy",
        }
    }

    pub fn from_name(name: &str) -> Option<Microphone> {
        Microphone::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// The sentence that says it.
    pub const fn said(self) -> &'static str {
        match self {
            Microphone::Good => "sound-said-good",
            Microphone::Quiet => "sound-said-quiet",
            Microphone::Silent => "sound-said-silent",
            Microphone::Clipped => "sound-said-clipped",
            Microphone::Denied => "sound-said-denied",
            Microphone::None => "sound-said-none",
            Microphone::Busy => "sound-said-busy",
        }
    }

    /// What it means, and what to do.
    pub const fn means(self) -> &'static str {
        match self {
            Microphone::Good => "sound-means-good",
            Microphone::Quiet => "sound-means-quiet",
            Microphone::Silent => "sound-means-silent",
            Microphone::Clipped => "sound-means-clipped",
            Microphone::Denied => "sound-means-denied",
            Microphone::None => "sound-means-none",
            Microphone::Busy => "sound-means-busy",
        }
    }
}

/// On which sides the test tone was heard, as the visitor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speakers {
    Both,
    Left,
    Right,
    /// The left tone on the right, and the other way round.
    Swapped,
    None,
}

impl Speakers {
    pub const ALL: [Speakers; 5] = [Speakers::Both, Speakers::Left, Speakers::Right, Speakers::Swapped, Speakers::None];

    pub const fn as_str(self) -> &'static str {
        match self {
            Speakers::Both => "both",
            Speakers::Left => "left",
            Speakers::Right => "right",
            Speakers::Swapped => "swapped",
            Speakers::None => "none",
        }
    }

    pub fn from_name(name: &str) -> Option<Speakers> {
        Speakers::ALL.into_iter().find(|one| one.as_str() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Speakers::Both => "sound-heard-both",
            Speakers::Left => "sound-heard-left",
            Speakers::Right => "sound-heard-right",
            Speakers::Swapped => "sound-heard-swapped",
            Speakers::None => "sound-heard-none",
        }
    }

    const fn said(self) -> &'static str {
        match self {
            Speakers::Both => "sound-said-both",
            Speakers::Left => "sound-said-left",
            Speakers::Right => "sound-said-right",
            Speakers::Swapped => "sound-said-swapped",
            Speakers::None => "sound-said-no-tone",
        }
    }
}

/// What was found: the one, the other, or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SoundChecked {
    pub microphone: Option<Microphone>,
    pub speakers: Option<Speakers>,
}

impl SoundChecked {
    /// Nothing when nothing was checked.
    pub fn new(microphone: Option<Microphone>, speakers: Option<Speakers>) -> Option<SoundChecked> {
        (microphone.is_some() || speakers.is_some()).then_some(SoundChecked { microphone, speakers })
    }

    /// What it means, and what to do. What is wrong with the speakers says so itself.
    pub fn advice(&self) -> Option<Say> {
        match (self.microphone, self.speakers) {
            (Some(Microphone::Good), Some(speakers)) if speakers != Speakers::Both => None,
            (microphone, _) => microphone.map(|one| Say::new(one.means())),
        }
    }
}

impl Told for SoundChecked {
    fn verdict(&self) -> &str {
        match (self.microphone, self.speakers) {
            (Some(microphone), _) => microphone.as_str(),
            (None, Some(Speakers::Both)) => "heard",
            (None, _) => "not-heard",
        }
    }

    fn sentence(&self) -> Say {
        match (self.microphone, self.speakers) {
            (Some(Microphone::Good), Some(speakers)) if speakers != Speakers::Both => Say::new(speakers.said()),
            (Some(Microphone::Good), Some(_)) => Say::new("sound-said-all-good"),
            (Some(microphone), _) => Say::new(microphone.said()),
            (None, speakers) => Say::new(speakers.unwrap_or(Speakers::None).said()),
        }
    }

    fn figures(&self) -> Vec<(Say, Arg)> {
        // only what the sentence does not say already
        let sentence = self.sentence().id;
        let told = [
            ("sound-microphone", self.microphone.map(Microphone::said)),
            ("sound-speakers", self.speakers.map(Speakers::said)),
        ];
        let rows = told.into_iter().filter(|(_, said)| *said != Some(sentence) && sentence != "sound-said-all-good");
        rows.filter_map(|(name, said)| Some((Say::new(name), Say::new(said?).into()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    fn said_in(value: &Arg) -> &'static str {
        let Arg::Say(say) = value else { panic!("{value:?}") };
        say.id
    }

    #[test]
    fn every_finding_has_its_sentence_and_what_is_wrong_comes_first() {
        for microphone in Microphone::ALL.map(Some).into_iter().chain([None]) {
            for speakers in Speakers::ALL.map(Some).into_iter().chain([None]) {
                let Some(found) = SoundChecked::new(microphone, speakers) else { continue };
                for lang in Lang::ALL {
                    let sentence = lang.say(&found.sentence());
                    assert!(!sentence.starts_with("sound-"), "{sentence}");
                }
                // a figure never says the sentence again
                let rows: Vec<_> = found.figures().into_iter().map(|(_, value)| said_in(&value)).collect();
                assert!(!rows.contains(&found.sentence().id), "{found:?}");
                let told = [microphone.map(Microphone::said), speakers.map(Speakers::said)];
                let told = told.into_iter().flatten().filter(|id| *id != found.sentence().id);
                let all_good = found.sentence().id == "sound-said-all-good";
                assert_eq!(rows, told.filter(|_| !all_good).collect::<Vec<_>>(), "{found:?}");
                let all_is_well = matches!(microphone, Some(Microphone::Good) | None)
                    && matches!(speakers, Some(Speakers::Both) | None);
                let said = found.sentence().id;
                let good = ["sound-said-all-good", "sound-said-good", "sound-said-both"];
                assert_eq!(good.contains(&said), all_is_well, "{found:?} {said}");
            }
        }
        assert_eq!(SoundChecked::new(None, None), None);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for one in Microphone::ALL {
            assert_eq!(Microphone::from_name(one.as_str()), Some(one));
        }
        for one in Speakers::ALL {
            assert_eq!(Speakers::from_name(one.as_str()), Some(one));
        }
        assert_eq!(Microphone::from_name("loud"), None);
    }
}
