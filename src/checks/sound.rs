//! The sound check: how microphone and headset work in the visitor's browser. Sound is never sent to the server, only these
//! results, and only when the visitor submits them.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::describe::Describe;
use crate::i18n::{Label, MessageArg, UiMessage};

/// How the microphone sounded while the visitor spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum MicrophoneStatus {
    Good,
    Quiet,
    Silent,
    Clipped,
    /// The browser or the visitor denied the permission.
    Denied,
    /// There is no microphone.
    None,
    /// Another program uses it.
    Busy,
}

impl MicrophoneStatus {
    /// The message id of the summary.
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

    /// The message id of the explanation and the advice.
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

/// On which side the visitor heard the test tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum AudibleSpeakers {
    Both,
    Left,
    Right,
    /// Left and right are exchanged.
    Swapped,
    None,
}

impl AudibleSpeakers {
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

impl Label for AudibleSpeakers {
    const MESSAGE_PREFIX: &str = "sound-heard";
}

/// The result of the microphone check, the speaker check, or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SoundResult {
    pub microphone: Option<MicrophoneStatus>,
    pub speakers: Option<AudibleSpeakers>,
}

impl SoundResult {
    /// Returns `None` if neither was checked.
    pub fn new(microphone: Option<MicrophoneStatus>, speakers: Option<AudibleSpeakers>) -> Option<SoundResult> {
        (microphone.is_some() || speakers.is_some()).then_some(SoundResult { microphone, speakers })
    }

    /// What it means, and what to do. If only the speakers are wrong, the summary says everything.
    pub fn advice(&self) -> Option<UiMessage> {
        match (self.microphone, self.speakers) {
            (Some(MicrophoneStatus::Good), Some(speakers)) if speakers != AudibleSpeakers::Both => None,
            (microphone, _) => microphone.map(|status| UiMessage::new(status.advice())),
        }
    }
}

impl Describe for SoundResult {
    fn verdict(&self) -> &str {
        match (self.microphone, self.speakers) {
            (Some(microphone), _) => microphone.into_str(),
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
        // only what the summary does not say already
        let summary = self.summary().id;
        let parts = [
            ("sound-microphone", self.microphone.map(MicrophoneStatus::summary)),
            ("sound-speakers", self.speakers.map(AudibleSpeakers::summary)),
        ];
        let rows =
            parts.into_iter().filter(|(_, part)| *part != Some(summary.as_ref()) && summary != "sound-result-all-good");
        rows.filter_map(|(name, part)| Some((UiMessage::new(name), UiMessage::new(part?).into()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::i18n::Lang;

    fn message_id(value: MessageArg) -> Cow<'static, str> {
        let MessageArg::Message(message) = value else { panic!("{value:?}") };
        message.id
    }

    #[test]
    fn every_result_has_a_summary_and_faults_come_before_good_news() {
        for microphone in MicrophoneStatus::VARIANTS.iter().copied().map(Some).chain([None]) {
            for speakers in AudibleSpeakers::VARIANTS.iter().copied().map(Some).chain([None]) {
                let Some(result) = SoundResult::new(microphone, speakers) else { continue };
                for lang in Lang::ALL {
                    let summary = lang.format(&result.summary());
                    assert!(!summary.starts_with("sound-"), "{summary}");
                }
                // no detail repeats the summary
                let rows: Vec<_> = result.details().into_iter().map(|(_, value)| message_id(value)).collect();
                assert!(!rows.contains(&result.summary().id), "{result:?}");
                let parts = [microphone.map(MicrophoneStatus::summary), speakers.map(AudibleSpeakers::summary)];
                let parts = parts.into_iter().flatten().filter(|id| *id != result.summary().id);
                let is_all_good = result.summary().id == "sound-result-all-good";
                assert_eq!(rows, parts.filter(|_| !is_all_good).collect::<Vec<_>>(), "{result:?}");
                let has_no_fault = matches!(microphone, Some(MicrophoneStatus::Good) | None)
                    && matches!(speakers, Some(AudibleSpeakers::Both) | None);
                let summary = result.summary().id;
                let good = ["sound-result-all-good", "sound-result-good", "sound-result-both"];
                assert_eq!(good.contains(&summary.as_ref()), has_no_fault, "{result:?} {summary}");
            }
        }
        assert_eq!(SoundResult::new(None, None), None);
    }

    #[test]
    fn names_parse_back_to_the_same_values() {
        for &status in MicrophoneStatus::VARIANTS {
            assert_eq!(status.into_str().parse::<MicrophoneStatus>().ok(), Some(status));
        }
        for &speakers in AudibleSpeakers::VARIANTS {
            assert_eq!(speakers.into_str().parse::<AudibleSpeakers>().ok(), Some(speakers));
        }
        assert_eq!("loud".parse::<MicrophoneStatus>().ok(), None);
    }
}
