//! The two sides of a call as customers write them: the A number (who called), the B number (who was called), or a SIP
//! account. Pure rules, no storage and no pages.
//!
//! A number is kept in E.164 (ITU-T: at most 15 digits, country code first). What kind of number it is comes from
//! libphonenumber's metadata; what may be dialled in Poland without an area code comes from UKE's numbering plan
//! (Plan numeracji krajowej). A number that nobody has is accepted all the same: it may be the very fault reported.

mod sip_uri;
mod dialing_advice;
mod extract;
mod withheld;
mod parse;
mod region;
mod number_query;
mod format;
pub mod normalize;

use i18n::UiMessage;

pub use dialing_advice::{ShortCode, DialingAdvice, DialingVerdict, advise_dialing};
pub use extract::{ExtractedNumber, extract_numbers};
pub use number_query::{NumberQuery, parse_number_query};
pub use region::{NumberRegion, find_region, format_prefix};

/// One side of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// A telephone number, Polish or from abroad.
    Number(TelephoneNumber),
    /// What is dialled as it stands, without country or area: 112, 19115, 118913, `*100#`.
    Short(String),
    /// A SIP account, in lower case: `101`, `12345-101`, `anna@example.org`.
    Account(String),
    /// The caller hid the number, or the telephone showed none.
    Withheld,
}

/// A telephone number and, if it was given, the extension behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelephoneNumber {
    e164: String,
    extension: Option<String>,
}

/// What a [`Party`] is, for storage beside [`Party::canonical`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "party_kind", rename_all = "lowercase")]
pub enum PartyKind {
    Number,
    Short,
    Account,
    Withheld,
}

impl Party {
    /// Reads the A side. It may be withheld ("zastrzeżony", "anonymous" and their like).
    ///
    /// # Errors
    /// A complaint that says what is wrong and what to write instead.
    pub fn parse_caller(typed: &str) -> Result<Party, UiMessage> {
        parse::parse_party(typed, parse::PartyRole::Caller)
    }

    /// Reads the B side. Nobody dials a withheld number, so here that is a complaint.
    ///
    /// # Errors
    /// A complaint that says what is wrong and what to write instead.
    pub fn parse_callee(typed: &str) -> Result<Party, UiMessage> {
        parse::parse_party(typed, parse::PartyRole::Callee)
    }

    /// Reads a SIP account and gives nothing but [`Party::Account`]. Digits stay digits, however many: the login of a
    /// single number often is the number itself.
    ///
    /// # Errors
    /// A complaint that says what is wrong and what to write instead.
    pub fn parse_account(typed: &str) -> Result<Party, UiMessage> {
        parse::parse_account(typed).map(Party::Account)
    }

    pub fn kind(&self) -> PartyKind {
        match self {
            Party::Number(_) => PartyKind::Number,
            Party::Short(_) => PartyKind::Short,
            Party::Account(_) => PartyKind::Account,
            Party::Withheld => PartyKind::Withheld,
        }
    }

    /// The one spelling under which it is stored and compared: `+48221228022`, `112`, `12345-101`, or nothing.
    pub fn canonical(&self) -> String {
        match self {
            Party::Number(number) => number.e164.clone(),
            Party::Short(text) | Party::Account(text) => text.clone(),
            Party::Withheld => String::new(),
        }
    }

    /// Back from storage. Trusts what was stored, so that an old row can always be shown.
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

    /// Grouped as people read it, and as it is dialled from Poland: `22 122 80 22`, `0044 20 8190 0322`. Without the
    /// extension. A withheld side has nothing to show: use [`Party::reading`].
    pub fn display(&self) -> String {
        match self {
            Party::Number(number) => format::format_number(&number.e164),
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

    /// What we take it for, in words that follow "Rozumiemy: …": "numer stacjonarny, Warszawa". Says honestly when no
    /// such number is known.
    pub fn description(&self) -> UiMessage {
        match self {
            Party::Number(number) => format::describe_number(&number.e164),
            Party::Short(text) if text.starts_with(['*', '#']) => UiMessage::new("number-description-code"),
            Party::Short(text) if parse::is_emergency_number(text) => UiMessage::new("number-description-emergency"),
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

impl PartyKind {
    pub const ALL: [PartyKind; 4] = [PartyKind::Number, PartyKind::Short, PartyKind::Account, PartyKind::Withheld];

    pub const fn as_str(self) -> &'static str {
        match self {
            PartyKind::Number => "number",
            PartyKind::Short => "short",
            PartyKind::Account => "account",
            PartyKind::Withheld => "withheld",
        }
    }

    /// The reverse of [`Kind::as_str`]; nothing for any other word.
    pub fn from_name(name: &str) -> Option<PartyKind> {
        PartyKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

#[cfg(test)]
mod tests;
