//! The form of an entry.

use strum::{EnumString, IntoStaticStr, VariantArray};
use time::{Duration, OffsetDateTime};

use crate::{
    blocklist::{entry::BlockReason, mutations::BlockDraft},
    i18n::{Label, UiMessage},
    web::Form,
};

/// The maximum length of a note, in characters.
pub(super) const MAX_NOTE_LEN: usize = 500;

/// How long an entry lasts, from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(const_into_str, serialize_all = "lowercase")]
pub(super) enum BlockDuration {
    Hour,
    Day,
    Week,
    Month,
    Year,
    #[strum(serialize = "ever")]
    Permanent,
}

impl BlockDuration {
    fn ends_at(self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let hours = match self {
            BlockDuration::Hour => 1,
            BlockDuration::Day => 24,
            BlockDuration::Week => 7 * 24,
            BlockDuration::Month => 30 * 24,
            BlockDuration::Year => 365 * 24,
            BlockDuration::Permanent => return None,
        };
        Some(now + Duration::hours(hours))
    }
}

impl Label for BlockDuration {
    const MESSAGE_PREFIX: &str = "block-duration";
}

/// The submitted fields of an entry.
#[derive(Debug, Clone)]
pub(super) struct BlockForm {
    pub(super) net: String,
    pub(super) reason: BlockReason,
    /// The name of a [`BlockDuration`]. Anything else keeps the end of an existing entry.
    pub(super) duration: String,
    pub(super) note: String,
}

impl BlockForm {
    pub(super) fn new() -> BlockForm {
        BlockForm {
            net: String::new(),
            reason: BlockReason::Abuse,
            duration: BlockDuration::Day.into_str().into(),
            note: String::new(),
        }
    }

    pub(super) fn parse(form: &Form) -> BlockForm {
        BlockForm {
            net: form.single_line("net"),
            reason: form.raw("reason").parse().unwrap_or(BlockReason::Abuse),
            duration: form.single_line("duration"),
            note: form.single_line("note"),
        }
    }

    /// The errors that new and existing entries have in common.
    pub(super) fn field_errors(&self) -> Vec<(&'static str, UiMessage)> {
        let is_too_long = self.note.chars().count() > MAX_NOTE_LEN;
        let error = || ("note", UiMessage::new("block-note-too-long").with("most", MAX_NOTE_LEN));
        is_too_long.then(error).into_iter().collect()
    }

    /// Converts the valid form. `current_until` is the end of the existing entry.
    pub(super) fn to_draft(&self, current_until: Option<OffsetDateTime>, now: OffsetDateTime) -> BlockDraft {
        BlockDraft {
            reason: self.reason,
            note: Some(self.note.clone()).filter(|note| !note.is_empty()),
            until: self.duration.parse::<BlockDuration>().ok().map_or(current_until, |duration| duration.ends_at(now)),
        }
    }
}
