//! Formats numbers for people and describes their kind.

use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};

use super::digits::extract_digits;
use i18n::UiMessage;

pub(super) const POLAND_COUNTRY_CODE: i32 = 48;

/// Emergency and intervention numbers that UKE publishes routing for (Tablice numerów kierowania alarmowego, with 981
/// from the numbering plan); no other three-digit numbers exist, so the rest are a PBX's own.
const EMERGENCY_NUMBERS: [&str; 16] =
    ["112", "981", "984", "985", "986", "987", "989", "991", "992", "993", "994", "995", "996", "997", "998", "999"];

/// As dialled from Poland, grouped by libphonenumber's rules for the country; by three if it knows none. The digits
/// are always exactly those of the number, so that what is shown can be typed again.
pub(super) fn format_number(e164: &str) -> String {
    let digits = e164.strip_prefix('+').unwrap_or(e164);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return e164.to_owned();
    }
    let known = ParsedNumber::parse(e164);
    let national = digits.strip_prefix("48").filter(|rest| rest.len() == 9 && !rest.starts_with('0'));
    if let Some(national) = national {
        return match known {
            Some(known) if known.is_valid => digits_with_spaces(&known.number.format_as(PhoneNumberFormat::National)),
            Some(_) | None => group_by_three(national),
        };
    }
    match known {
        Some(known) if known.is_valid => {
            format!("00{}", digits_with_spaces(&known.number.format_as(PhoneNumberFormat::International)))
        }
        Some(known) => format!("00{} {}", known.number.country_code, group_by_three(known.national_digits(digits))),
        None => format!("00{} {}", &digits[..digits.len().min(3)], group_by_three(digits.get(3..).unwrap_or_default())),
    }
}

pub(super) fn describe_number(e164: &str) -> UiMessage {
    let Some(known) = ParsedNumber::parse(e164) else {
        return UiMessage::new("number-description-no-country");
    };
    let digits = e164.strip_prefix('+').unwrap_or(e164);
    let code = known.number.country_code;
    // as text, because a country code is a name and not an amount
    let country = code.to_string();
    if !known.is_valid {
        if let Some(without) = known.without_extra_zero(digits) {
            return UiMessage::new("number-description-extra-zero")
                .with("country", country)
                .with("instead", format_number(&without));
        }
        return match known.national_digits(digits).len() {
            9 if code == POLAND_COUNTRY_CODE => UiMessage::new("number-description-unassigned"),
            count if code == POLAND_COUNTRY_CODE => {
                UiMessage::new("number-description-polish-length").with("count", count)
            }
            _ => UiMessage::new("number-description-abroad-unknown").with("country", country),
        };
    }
    let kind = known.number.get_type();
    if code == POLAND_COUNTRY_CODE {
        return describe_polish_number(kind, known.national_digits(digits));
    }
    let nowhere = matches!(known.number.get_region_code(), None | Some(Region::World));
    let id = match kind {
        PhoneNumberType::PremiumRate => "number-description-abroad-premium",
        _ if nowhere => "number-description-global",
        _ => "number-description-abroad",
    };
    if id == "number-description-global" {
        return UiMessage::new(id).with("country", country);
    }
    UiMessage::new(id).with("country", known.country_name())
}

pub(super) fn is_emergency_number(digits: &str) -> bool {
    EMERGENCY_NUMBERS.contains(&digits)
}

/// `national` are the nine digits; the first two of a fixed line are its area (numbering plan, UKE).
fn describe_polish_number(kind: PhoneNumberType, national: &str) -> UiMessage {
    UiMessage::new(match kind {
        PhoneNumberType::FixedLine => {
            let area: i64 = national.get(..2).and_then(|area| area.parse().ok()).unwrap_or_default();
            return UiMessage::new("number-description-fixed").with("area", area);
        }
        PhoneNumberType::Mobile => "number-description-mobile",
        PhoneNumberType::TollFree => "number-description-free",
        PhoneNumberType::PremiumRate => "number-description-premium",
        PhoneNumberType::SharedCost => "number-description-shared",
        PhoneNumberType::VoIP => "number-description-voip",
        PhoneNumberType::Pager => "number-description-pager",
        PhoneNumberType::UAN => "number-description-company",
        PhoneNumberType::FixedLineOrMobile
        | PhoneNumberType::PersonalNumber
        | PhoneNumberType::VoiceMail
        | PhoneNumberType::Unknown => "number-description-polish",
    })
}

/// A number with an assigned country code.
pub(super) struct ParsedNumber {
    pub(super) number: PhoneNumber,
    /// Whether it is valid by the metadata. The library accepts a zero after the country code; this function does not,
    /// because the exchange does not.
    pub(super) is_valid: bool,
}

impl ParsedNumber {
    pub(super) fn parse(e164: &str) -> Option<ParsedNumber> {
        let number = PhoneNumber::parse(e164, None).ok()?;
        let exists = number.format_as(PhoneNumberFormat::E164) == e164 && number.is_valid();
        Some(ParsedNumber { number, is_valid: exists })
    }

    /// The name of the country.
    fn country_name(&self) -> UiMessage {
        let region = self.number.get_region_code().map(|region| format!("{region:?}")).unwrap_or_default();
        UiMessage::new("number-country").with("region", region).with("code", self.number.country_code.to_string())
    }

    /// The part of `digits` after the country code.
    pub(super) fn national_digits<'a>(&self, digits: &'a str) -> &'a str {
        digits.strip_prefix(&self.number.country_code.to_string()).unwrap_or(digits)
    }

    /// The number without the zero after its country code, if such a number exists.
    pub(super) fn without_extra_zero(&self, digits: &str) -> Option<String> {
        let rest = self.national_digits(digits).strip_prefix('0')?;
        let shorter = format!("+{}{rest}", self.number.country_code);
        ParsedNumber::parse(&shorter)?.is_valid.then_some(shorter)
    }
}

/// Replaces dashes, dots and brackets, with which some countries group digits, by single spaces.
fn digits_with_spaces(formatted: &str) -> String {
    let groups: Vec<String> = formatted
        .split(|character: char| !character.is_ascii_digit())
        .map(extract_digits)
        .filter(|group| !group.is_empty())
        .collect();
    groups.join(" ")
}

/// Groups digits by three from the left. A single last digit is joined to the group before it.
fn group_by_three(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.char_indices() {
        if at > 0 && at % 3 == 0 && at + 1 < digits.len() {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
