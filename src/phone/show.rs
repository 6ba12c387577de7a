//! How a number is written for people, and what it is known to be.

use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};

use super::read::digits_of;
use crate::words::Say;

pub(super) const POLAND: i32 = 48;

/// As dialled from Poland, grouped by libphonenumber's rules for the country; in threes when it knows none. The digits
/// are always exactly those of the number, so that what is shown can be typed again.
pub(super) fn display(e164: &str) -> String {
    let digits = e164.strip_prefix('+').unwrap_or(e164);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return e164.to_owned();
    }
    let known = Known::of(e164);
    let national = digits.strip_prefix("48").filter(|rest| rest.len() == 9 && !rest.starts_with('0'));
    if let Some(national) = national {
        return match known {
            Some(known) if known.exists => spaced(&known.number.format_as(PhoneNumberFormat::National)),
            Some(_) | None => threes(national),
        };
    }
    match known {
        Some(known) if known.exists => {
            format!("00{}", spaced(&known.number.format_as(PhoneNumberFormat::International)))
        }
        Some(known) => format!("00{} {}", known.number.country_code, threes(known.national(digits))),
        None => format!("00{} {}", &digits[..digits.len().min(3)], threes(digits.get(3..).unwrap_or_default())),
    }
}

pub(super) fn reading(e164: &str) -> Say {
    let Some(known) = Known::of(e164) else {
        return Say::new("number-reading-no-country");
    };
    let digits = e164.strip_prefix('+').unwrap_or(e164);
    let code = known.number.country_code;
    // as text, because a country code is a name and not an amount
    let country = code.to_string();
    if !known.exists {
        if let Some(without) = known.without_zero(digits) {
            return Say::new("number-reading-extra-zero").with("country", country).with("instead", display(&without));
        }
        return match known.national(digits).len() {
            9 if code == POLAND => Say::new("number-reading-unassigned"),
            count if code == POLAND => Say::new("number-reading-polish-length").with("count", count),
            _ => Say::new("number-reading-abroad-unknown").with("country", country),
        };
    }
    let kind = known.number.get_type();
    if code == POLAND {
        return polish(kind, known.national(digits));
    }
    let nowhere = matches!(known.number.get_region_code(), None | Some(Region::World));
    let id = match kind {
        PhoneNumberType::PremiumRate => "number-reading-abroad-premium",
        _ if nowhere => "number-reading-global",
        _ => "number-reading-abroad",
    };
    if id == "number-reading-global" {
        return Say::new(id).with("country", country);
    }
    Say::new(id).with("country", known.country())
}

/// `national` are the nine digits; the first two of a fixed line are its area (numbering plan, UKE).
fn polish(kind: PhoneNumberType, national: &str) -> Say {
    Say::new(match kind {
        PhoneNumberType::FixedLine => {
            let area: i64 = national.get(..2).and_then(|area| area.parse().ok()).unwrap_or_default();
            return Say::new("number-reading-fixed").with("area", area);
        }
        PhoneNumberType::Mobile => "number-reading-mobile",
        PhoneNumberType::TollFree => "number-reading-free",
        PhoneNumberType::PremiumRate => "number-reading-premium",
        PhoneNumberType::SharedCost => "number-reading-shared",
        PhoneNumberType::VoIP => "number-reading-voip",
        PhoneNumberType::Pager => "number-reading-pager",
        PhoneNumberType::UAN => "number-reading-company",
        PhoneNumberType::FixedLineOrMobile
        | PhoneNumberType::PersonalNumber
        | PhoneNumberType::VoiceMail
        | PhoneNumberType::Unknown => "number-reading-polish",
    })
}

/// A number whose country code is somebody's.
pub(super) struct Known {
    pub(super) number: PhoneNumber,
    /// Valid by the metadata exactly as it stands; the library also forgives a zero after the country code, we do not,
    /// because the exchange does not.
    pub(super) exists: bool,
}

impl Known {
    pub(super) fn of(e164: &str) -> Option<Known> {
        let number = PhoneNumber::parse(e164, None).ok()?;
        let exists = number.format_as(PhoneNumberFormat::E164) == e164 && number.is_valid();
        Some(Known { number, exists })
    }

    /// The country by its name.
    fn country(&self) -> Say {
        let region = self.number.get_region_code().map(|region| format!("{region:?}")).unwrap_or_default();
        Say::new("number-country").with("region", region).with("code", self.number.country_code.to_string())
    }

    /// What follows the country code in `digits`.
    pub(super) fn national<'a>(&self, digits: &'a str) -> &'a str {
        digits.strip_prefix(&self.number.country_code.to_string()).unwrap_or(digits)
    }

    /// The number with the zero after its country code taken out, if that makes it one that exists.
    pub(super) fn without_zero(&self, digits: &str) -> Option<String> {
        let rest = self.national(digits).strip_prefix('0')?;
        let shorter = format!("+{}{rest}", self.number.country_code);
        Known::of(&shorter)?.exists.then_some(shorter)
    }
}

/// Only digits and single spaces: countries group with dashes, dots and brackets, which read as arithmetic here.
fn spaced(formatted: &str) -> String {
    let groups: Vec<String> = formatted
        .split(|character: char| !character.is_ascii_digit())
        .map(digits_of)
        .filter(|group| !group.is_empty())
        .collect();
    groups.join(" ")
}

/// In threes from the left, a lone last digit joined to its neighbours.
fn threes(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.char_indices() {
        if at > 0 && at % 3 == 0 && at + 1 < digits.len() {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
