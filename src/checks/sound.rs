//! The sound check: what a microphone and a headset did in the visitor's own browser. No sound ever comes here, only
//! these words, and only when the visitor sends them.

use serde::{Deserialize, Serialize};

use super::Describe;
use crate::i18n::{MessageArg, UiMessage};

/// How the microphone was, while somebody spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MicrophoneStatus {
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

impl MicrophoneStatus {
    pub const ALL: [MicrophoneStatus; 7] = [
        MicrophoneStatus::Good,
        MicrophoneStatus::Quiet,
        MicrophoneStatus::Silent,
        MicrophoneStatus::Clipped,
        MicrophoneStatus::Denied,
        MicrophoneStatus::None,
        MicrophoneStatus::Busy,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            MicrophoneStatus::Good => "good",
            MicrophoneStatus::Quiet => "quiet",
            MicrophoneStatus::Silent => "silent",
            MicrophoneStatus::Clipped => "clipped",
            MicrophoneStatus::Denied => "denied",
            MicrophoneStatus::None => "none",
            MicrophoneStatus::Busy => "busy",
        }
    }

    pub fn from_name(name: &str) -> Option<MicrophoneStatus> {
        MicrophoneStatus::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// The sentence that says it.
    pub const fn summary(self) -> &'static str {
        match self {
            MicrophoneStatus::Good => "sound-result-good",
            MicrophoneStatus::Quiet => "sound-result-quiet",
            MicrophoneStatus::Silent => "sound-result-silent",
            MicrophoneStatus::Clipped => "sound-result-clipped",
            MicrophoneStatus::Denied => "sound-result-denied",
            MicrophoneStatus::None => "sound-result-none",
            MicrophoneStatus::Busy => "sound-result-busy",
        }
    }

    /// What it means, and what to do.
    pub const fn advice(self) -> &'static str {
        match self {
            MicrophoneStatus::Good => "sound-microphone-advice-good",
            MicrophoneStatus::Quiet => "sound-microphone-advice-quiet",
            MicrophoneStatus::Silent => "sound-microphone-advice-silent",
            MicrophoneStatus::Clipped => "sound-microphone-advice-clipped",
            MicrophoneStatus::Denied => "sound-microphone-advice-denied",
            MicrophoneStatus::None => "sound-microphone-advice-none",
            MicrophoneStatus::Busy => "sound-microphone-advice-busy",
        }
    }
}

/// On which sides the test tone was heard, as the visitor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AudibleSpeakers {
    Both,
    Left,
    Right,
    /// The left tone on the right, and the other way round.
    Swapped,
    None,
}

impl AudibleSpeakers {
    pub const ALL: [AudibleSpeakers; 5] = [
        AudibleSpeakers::Both,
        AudibleSpeakers::Left,
        AudibleSpeakers::Right,
        AudibleSpeakers::Swapped,
        AudibleSpeakers::None,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            AudibleSpeakers::Both => "both",
            AudibleSpeakers::Left => "left",
            AudibleSpeakers::Right => "right",
            AudibleSpeakers::Swapped => "swapped",
            AudibleSpeakers::None => "none",
        }
    }

    pub fn from_name(name: &str) -> Option<AudibleSpeakers> {
        AudibleSpeakers::ALL.into_iter().find(|one| one.as_str() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            AudibleSpeakers::Both => "sound-heard-both",
            AudibleSpeakers::Left => "sound-heard-left",
            AudibleSpeakers::Right => "sound-heard-right",
            AudibleSpeakers::Swapped => "sound-heard-swapped",
            AudibleSpeakers::None => "sound-heard-none",
        }
    }

    const fn summary(self) -> &'static str {
        match self {
            AudibleSpeakers::Both => "sound-result-both",
            AudibleSpeakers::Left => "sound-result-left",
            AudibleSpeakers::Right => "sound-result-right",
            AudibleSpeakers::Swapped => "sound-result-swapped",
            AudibleSpeakers::None => "sound-result-no-tone",
        }
    }
}

/// What was found: the one, the other, or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SoundResult {
    pub microphone: Option<MicrophoneStatus>,
    pub speakers: Option<AudibleSpeakers>,
}

impl SoundResult {
    /// Nothing when nothing was checked.
    pub fn new(microphone: Option<MicrophoneStatus>, speakers: Option<AudibleSpeakers>) -> Option<SoundResult> {
        (microphone.is_some() || speakers.is_some()).then_some(SoundResult { microphone, speakers })
    }

    /// What it means, and what to do. What is wrong with the speakers says so itself.
    pub fn advice(&self) -> Option<UiMessage> {
        match (self.microphone, self.speakers) {
            (Some(MicrophoneStatus::Good), Some(speakers)) if speakers != AudibleSpeakers::Both => None,
            (microphone, _) => microphone.map(|one| UiMessage::new(one.advice())),
        }
    }
}

impl Describe for SoundResult {
    fn verdict(&self) -> &str {
        match (self.microphone, self.speakers) {
            (Some(microphone), _) => microphone.as_str(),
            (None, Some(AudibleSpeakers::Both)) => "heard",
            (None, _) => "not-heard",
        }
    }

    fn summary(&self) -> UiMessage {
        match (self.microphone, self.speakers) {
            (Some(MicrophoneStatus::Good), Some(speakers)) if speakers != AudibleSpeakers::Both => {
                UiMessage::new(speakers.summary())
            }
            (Some(MicrophoneStatus::Good), Some(_)) => UiMessage::new("sound-result-all-good"),
            (Some(microphone), _) => UiMessage::new(microphone.summary()),
            (None, speakers) => UiMessage::new(speakers.unwrap_or(AudibleSpeakers::None).summary()),
        }
    }

    fn details(&self) -> Vec<(UiMessage, MessageArg)> {
        // only what the sentence does not say already
        let sentence = self.summary().id;
        let told = [
            ("sound-microphone", self.microphone.map(MicrophoneStatus::summary)),
            ("sound-speakers", self.speakers.map(AudibleSpeakers::summary)),
        ];
        let rows = told.into_iter().filter(|(_, said)| *said != Some(sentence) && sentence != "sound-result-all-good");
        rows.filter_map(|(name, said)| Some((UiMessage::new(name), UiMessage::new(said?).into()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    fn message_id(value: &MessageArg) -> &'static str {
        let MessageArg::Message(say) = value else { panic!("{value:?}") };
        say.id
    }

    #[test]
    fn every_finding_has_its_sentence_and_what_is_wrong_comes_first() {
        for microphone in MicrophoneStatus::ALL.map(Some).into_iter().chain([None]) {
            for speakers in AudibleSpeakers::ALL.map(Some).into_iter().chain([None]) {
                let Some(found) = SoundResult::new(microphone, speakers) else { continue };
                for lang in Lang::ALL {
                    let sentence = lang.format(&found.summary());
                    assert!(!sentence.starts_with("sound-"), "{sentence}");
                }
                // a figure never says the sentence again
                let rows: Vec<_> = found.details().into_iter().map(|(_, value)| message_id(&value)).collect();
                assert!(!rows.contains(&found.summary().id), "{found:?}");
                let told = [microphone.map(MicrophoneStatus::summary), speakers.map(AudibleSpeakers::summary)];
                let told = told.into_iter().flatten().filter(|id| *id != found.summary().id);
                let all_good = found.summary().id == "sound-result-all-good";
                assert_eq!(rows, told.filter(|_| !all_good).collect::<Vec<_>>(), "{found:?}");
                let all_is_well = matches!(microphone, Some(MicrophoneStatus::Good) | None)
                    && matches!(speakers, Some(AudibleSpeakers::Both) | None);
                let said = found.summary().id;
                let good = ["sound-result-all-good", "sound-result-good", "sound-result-both"];
                assert_eq!(good.contains(&said), all_is_well, "{found:?} {said}");
            }
        }
        assert_eq!(SoundResult::new(None, None), None);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for one in MicrophoneStatus::ALL {
            assert_eq!(MicrophoneStatus::from_name(one.as_str()), Some(one));
        }
        for one in AudibleSpeakers::ALL {
            assert_eq!(AudibleSpeakers::from_name(one.as_str()), Some(one));
        }
        assert_eq!(MicrophoneStatus::from_name("loud"), None);
    }
}
