//! The languages of the portal.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "language", rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Pl,
    En,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Pl, Lang::En];

    /// The ISO 639-1 code, used in URLs and `lang` attributes.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Pl => "pl",
            Lang::En => "en",
        }
    }

    /// The language of a URL segment. `None` for any other text.
    pub fn from_code(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The language that the page offers to switch to.
    pub const fn other(self) -> Lang {
        match self {
            Lang::Pl => Lang::En,
            Lang::En => Lang::Pl,
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110, 12.5.4): the highest `q`, the first of equals;
    /// Polish when the header asks for neither.
    pub fn from_accept_language(header: &str) -> Lang {
        let mut best = (0.0, Lang::default());
        for range in header.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let Some(lang) = Lang::from_code(tag.split('-').next().unwrap_or_default()) else {
                continue;
            };
            let quality =
                parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if quality > best.0 {
                best = (quality, lang);
            }
        }
        best.1
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use crate::lang::*;

    #[test]
    fn the_browser_chooses_the_language() {
        let table = [
            ("", Lang::Pl),
            ("de", Lang::Pl),
            ("en-GB,en;q=0.9", Lang::En),
            ("pl-PL,pl;q=0.9,en;q=0.8", Lang::Pl),
            ("de, en;q=0.4, pl;q=0.3", Lang::En),
            ("en;q=0, pl;q=0.1", Lang::Pl),
            ("en;q=nonsense", Lang::Pl),
        ];
        for (header, lang) in table {
            assert_eq!(Lang::from_accept_language(header), lang, "{header}");
        }
    }
}
