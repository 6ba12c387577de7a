//! The two sides of a call as customers write them: the A number (who called), the B number (who was called), or a SIP
//! account. Pure rules, no storage and no pages.
//!
//! A number is kept in E.164 (ITU-T: at most 15 digits, country code first). What kind of number it is comes from
//! libphonenumber's metadata; what may be dialled in Poland without an area code comes from UKE's numbering plan
//! (Plan numeracji krajowej). A number that nobody has is accepted all the same: it may be the very fault reported.

mod address;
mod advice;
mod find;
mod hidden;
mod read;
mod region;
mod search;
mod show;
pub mod typed;

use crate::words::Say;

pub use advice::{Advice, Verdict, advise};
pub use find::{Found, find};
pub use region::{Region, beginning, region};
pub use search::{NumberQuery, number_query};

/// One side of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// A telephone number, Polish or from abroad.
    Number(Number),
    /// What is dialled as it stands, without country or area: 112, 19115, 118913, `*100#`.
    Short(String),
    /// A SIP account, in lower case: `101`, `12345-101`, `anna@example.org`.
    Account(String),
    /// The caller hid the number, or the telephone showed none.
    Withheld,
}

/// A telephone number and, if it was given, the extension behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    e164: String,
    extension: Option<String>,
}

/// What a [`Party`] is, for storage beside [`Party::canonical`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "party_kind", rename_all = "lowercase")]
pub enum Kind {
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
    pub fn caller(typed: &str) -> Result<Party, Say> {
        read::party(typed, read::Side::Caller)
    }

    /// Reads the B side. Nobody dials a withheld number, so here that is a complaint.
    ///
    /// # Errors
    /// A complaint that says what is wrong and what to write instead.
    pub fn callee(typed: &str) -> Result<Party, Say> {
        read::party(typed, read::Side::Callee)
    }

    /// Reads a SIP account and gives nothing but [`Party::Account`]. Digits stay digits, however many: the login of a
    /// single number often is the number itself.
    ///
    /// # Errors
    /// A complaint that says what is wrong and what to write instead.
    pub fn account(typed: &str) -> Result<Party, Say> {
        read::account(typed).map(Party::Account)
    }

    pub fn kind(&self) -> Kind {
        match self {
            Party::Number(_) => Kind::Number,
            Party::Short(_) => Kind::Short,
            Party::Account(_) => Kind::Account,
            Party::Withheld => Kind::Withheld,
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
    pub fn stored(kind: Kind, canonical: &str, extension: Option<&str>) -> Party {
        match kind {
            Kind::Number => {
                Party::Number(Number { e164: canonical.to_owned(), extension: extension.map(str::to_owned) })
            }
            Kind::Short => Party::Short(canonical.to_owned()),
            Kind::Account => Party::Account(canonical.to_owned()),
            Kind::Withheld => Party::Withheld,
        }
    }

    /// Grouped as people read it, and as it is dialled from Poland: `22 122 80 22`, `0044 20 8190 0322`. Without the
    /// extension. A withheld side has nothing to show: use [`Party::reading`].
    pub fn display(&self) -> String {
        match self {
            Party::Number(number) => show::display(&number.e164),
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
    pub fn reading(&self) -> Say {
        match self {
            Party::Number(number) => show::reading(&number.e164),
            Party::Short(text) if text.starts_with(['*', '#']) => Say::new("number-reading-code"),
            Party::Short(text) if read::is_emergency(text) => Say::new("number-reading-emergency"),
            Party::Short(_) => Say::new("number-reading-short"),
            Party::Account(_) => Say::new("number-reading-account"),
            Party::Withheld => Say::new("number-reading-withheld"),
        }
    }
}

impl Number {
    /// With "+": `+48221228022`.
    pub fn e164(&self) -> &str {
        &self.e164
    }

    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Number, Kind::Short, Kind::Account, Kind::Withheld];

    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Short => "short",
            Kind::Account => "account",
            Kind::Withheld => "withheld",
        }
    }

    /// The reverse of [`Kind::as_str`]; nothing for any other word.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

#[cfg(test)]
mod tests;
