//! A party of a call.

use super::format::{describe_number, format_number, is_emergency_number};
use i18n::UiMessage;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A party of a call: caller or callee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// A telephone number, Polish or from abroad.
    Number(TelephoneNumber),
    /// A number without country and area code: 112, 19115, 118913, `*100#`.
    Short(String),
    /// A SIP account, in lower case: `101`, `12345-101`, `anna@example.org`.
    Account(String),
    /// The caller withheld the number, or the telephone showed none.
    Withheld,
}

/// A telephone number with an optional extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelephoneNumber {
    pub(super) e164: String,
    pub(super) extension: Option<String>,
}

/// The kind of a [`Party`], stored beside [`Party::canonical`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[derive(sqlx::Type, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "party_kind", rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum PartyKind {
    Number,
    Short,
    Account,
    Withheld,
}

impl Party {
    pub fn kind(&self) -> PartyKind {
        match self {
            Party::Number(_) => PartyKind::Number,
            Party::Short(_) => PartyKind::Short,
            Party::Account(_) => PartyKind::Account,
            Party::Withheld => PartyKind::Withheld,
        }
    }

    /// The canonical form, which is stored and compared: `+48221228022`, `112`, `12345-101`. `None` if withheld.
    pub fn canonical(&self) -> String {
        match self {
            Party::Number(number) => number.e164.clone(),
            Party::Short(text) | Party::Account(text) => text.clone(),
            Party::Withheld => String::new(),
        }
    }

    /// Restores a stored party. Does not validate it, so that old rows can always be shown.
    pub fn from_stored(kind: PartyKind, canonical: &str, extension: Option<&str>) -> Party {
        match kind {
            PartyKind::Number => {
                Party::Number(TelephoneNumber { e164: canonical.to_owned(), extension: extension.map(str::to_owned) })
            }
            PartyKind::Short => Party::Short(canonical.to_owned()),
            PartyKind::Account => Party::Account(canonical.to_owned()),
            PartyKind::Withheld => Party::Withheld,
        }
    }

    /// Formatted in groups, as it is dialled from Poland: `22 122 80 22`, `0044 20 8190 0322`. Without the
    /// extension. A withheld side has nothing to show: use [`Party::description`].
    pub fn display(&self) -> String {
        match self {
            Party::Number(number) => format_number(&number.e164),
            Party::Short(text) | Party::Account(text) => text.clone(),
            Party::Withheld => String::new(),
        }
    }

    pub fn extension(&self) -> Option<&str> {
        match self {
            Party::Number(number) => number.extension.as_deref(),
            Party::Short(_) | Party::Account(_) | Party::Withheld => None,
        }
    }

    /// The description that follows "Rozumiemy: …": "numer stacjonarny, Warszawa". It says so if no such number is known.
    pub fn description(&self) -> UiMessage {
        match self {
            Party::Number(number) => describe_number(&number.e164),
            Party::Short(text) if text.starts_with(['*', '#']) => UiMessage::new("number-description-code"),
            Party::Short(text) if is_emergency_number(text) => UiMessage::new("number-description-emergency"),
            Party::Short(_) => UiMessage::new("number-description-short"),
            Party::Account(_) => UiMessage::new("number-description-account"),
            Party::Withheld => UiMessage::new("number-description-withheld"),
        }
    }
}

impl TelephoneNumber {
    /// With "+": `+48221228022`.
    pub fn e164(&self) -> &str {
        &self.e164
    }

    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }
}
