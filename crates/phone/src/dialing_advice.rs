//! Dialling advice: what to dial to reach a number, by the operator's rule (in Poland area code and number, nine digits;
//! abroad 00, country code and number), and what is wrong with the way it was written.

use rlibphonenumber::{NumberLengthType, PhoneNumberType, ValidationError};

use super::digits::{extract_digits, is_number_like};
use super::format::{POLAND_COUNTRY_CODE, ParsedNumber, describe_number, format_number};
use super::normalize::{MAX_INPUT_LEN, normalize_text};
use super::parse::extract_dialed_digits;
use super::party::{Party, PartyKind};
use super::sip_uri::strip_decoration;
use i18n::{Lang, MessageArg, UiMessage};
use strum::IntoStaticStr;

/// A short code of the operator's own network: `*97` for voicemail.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortCode {
    pub code: String,
    pub name_pl: String,
    pub name_en: String,
}

impl ShortCode {
    pub fn localized_name(&self) -> MessageArg {
        MessageArg::PerLang(Box::new(Lang::ALL.map(|lang| match lang {
            Lang::Pl => self.name_pl.clone(),
            Lang::En => self.name_en.clone(),
        })))
    }
}

/// The advice for a number as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct DialingAdvice {
    pub verdict: DialingVerdict,
    /// The kind of number: "numer stacjonarny, Warszawa".
    pub description: Option<UiMessage>,
    /// The keys to press, in groups.
    pub dial_string: Option<String>,
    /// Errors and notes.
    pub notes: Vec<UiMessage>,
    /// International calls must be switched on for it.
    pub is_international: bool,
    /// The minute may cost more than the limit.
    pub is_premium_rate: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum DialingVerdict {
    /// It is dialled exactly as it was written.
    #[serde(rename = "right")]
    #[strum(serialize = "right")]
    Correct,
    /// It can be reached, but is dialled in another way.
    #[serde(rename = "otherwise")]
    #[strum(serialize = "otherwise")]
    DialDifferently,
    /// It can be dialled, but no such number is known.
    #[serde(rename = "unknown")]
    #[strum(serialize = "unknown")]
    Unassigned,
    /// It cannot be dialled.
    #[serde(rename = "wrong")]
    #[strum(serialize = "wrong")]
    Invalid,
}

/// Returns the advice for a number. `codes` are the operator's own short codes.
pub fn advise_dialing(typed: &str, codes: &[ShortCode]) -> DialingAdvice {
    if typed.chars().nth(MAX_INPUT_LEN).is_none() {
        let keys: String = normalize_text(typed).chars().filter(|c| !" -.".contains(*c)).collect();
        if let Some(code) = codes.iter().find(|code| code.code == keys) {
            let kind = UiMessage::new("number-description-operator").with("name", code.localized_name());
            return DialingAdvice { description: Some(kind), ..DialingAdvice::correct(keys) };
        }
        if let Some((e164, note)) = correct_common_mistake(&strip_decoration(&normalize_text(typed))) {
            let mut advice = advise_number(&e164, typed);
            advice.verdict = DialingVerdict::DialDifferently;
            advice.notes.insert(0, UiMessage::new(note));
            return advice;
        }
    }
    match Party::parse_callee(typed) {
        Ok(Party::Number(read)) => {
            let mut advice = advise_number(read.e164(), typed);
            if let Some(extension) = read.extension() {
                advice.notes.push(UiMessage::new("number-note-extension").with("extension", extension));
            }
            advice
        }
        Ok(party) => advise_short_or_account(&party, typed),
        Err(error) => DialingAdvice::invalid(error, typed),
    }
}

impl DialingAdvice {
    /// What to dial. A number that nobody has is not dialled: its digits are to be checked.
    pub fn number_to_dial(&self) -> Option<&str> {
        match self.verdict {
            DialingVerdict::Correct | DialingVerdict::DialDifferently => self.dial_string.as_deref(),
            DialingVerdict::Unassigned | DialingVerdict::Invalid => None,
        }
    }

    fn correct(dial: String) -> DialingAdvice {
        DialingAdvice {
            verdict: DialingVerdict::Correct,
            description: None,
            dial_string: Some(dial),
            notes: Vec::new(),
            is_international: false,
            is_premium_rate: false,
        }
    }

    fn invalid(error: UiMessage, typed: &str) -> DialingAdvice {
        let one = match extract_digits(&normalize_text(typed)).len() {
            8 if error.id == "number-digits" => Some(UiMessage::new("number-note-one-short")),
            10 if error.id == "number-digits" => Some(UiMessage::new("number-note-one-many")),
            _ => None,
        };
        let notes = [error].into_iter().chain(one).collect();
        DialingAdvice {
            verdict: DialingVerdict::Invalid,
            notes,
            dial_string: None,
            ..DialingAdvice::correct(String::new())
        }
    }
}

/// Corrects a common mistake. Returns the number that exists, and a note about the mistake.
fn correct_common_mistake(text: &str) -> Option<(String, &'static str)> {
    if !is_number_like(text) {
        return None;
    }
    let (digits, plus) = extract_dialed_digits(text);
    let exists = |e164: &str| ParsedNumber::parse(e164).is_some_and(|known| known.is_valid);
    let polish = |national: &str| Some(format!("+48{national}")).filter(|e164| national.len() == 9 && exists(e164));
    let abroad = digits.strip_prefix("00").or(plus.then_some(digits.as_str()));
    let behind = abroad.unwrap_or(&digits);
    let split = behind.len().checked_sub(9).filter(|_| behind.len() <= 21)?;
    let (before, national) = behind.split_at(split);
    if has_repeated_country_code(before) {
        return polish(national).map(|e164| (e164, "number-note-48-twice"));
    }
    match abroad {
        Some(number) if exists(&format!("+{number}")) => None,
        Some(_) if before.is_empty() || before.bytes().all(|digit| digit == b'0') => {
            polish(national).map(|e164| (e164, "number-note-00-poland"))
        }
        Some(_) => None,
        None if (10..=15).contains(&digits.len()) && !digits.starts_with("48") && !digits.starts_with('0') => {
            let e164 = format!("+{digits}");
            exists(&e164).then_some((e164, "number-note-00-missing"))
        }
        None => None,
    }
}

/// `4848`, `480048`, `48+48` and their like before the nine digits.
fn has_repeated_country_code(before: &str) -> bool {
    before.matches("48").count() >= 2 && before.replace("48", "").bytes().all(|digit| digit == b'0')
}

fn advise_number(e164: &str, typed: &str) -> DialingAdvice {
    let digits = e164.strip_prefix('+').unwrap_or(e164);
    let Some(known) = ParsedNumber::parse(e164) else {
        return DialingAdvice { verdict: DialingVerdict::Invalid, dial_string: None, ..unassigned_advice(e164) };
    };
    if !known.is_valid {
        if let Some(shorter) = known.without_extra_zero(digits) {
            let mut advice = advise_number(&shorter, typed);
            advice.notes.push(UiMessage::new("number-note-zero"));
            return advice;
        }
        return DialingAdvice { notes: length_note(&known, digits).into_iter().collect(), ..unassigned_advice(e164) };
    }
    let dial = format_number(e164);
    let is_abroad = known.number.country_code != POLAND_COUNTRY_CODE;
    let (pressed, plus) = extract_dialed_digits(&strip_decoration(&normalize_text(typed)));
    let is_right = !plus && pressed == extract_digits(&dial) && extract_digits(typed) == pressed;
    DialingAdvice {
        verdict: if is_right { DialingVerdict::Correct } else { DialingVerdict::DialDifferently },
        description: Some(describe_number(e164)),
        notes: notation_notes(typed, &pressed, plus, is_abroad),
        is_premium_rate: known.number.get_type() == PhoneNumberType::PremiumRate,
        is_international: is_abroad,
        ..DialingAdvice::correct(dial)
    }
}

fn unassigned_advice(e164: &str) -> DialingAdvice {
    let is_abroad = !e164.starts_with("+48");
    DialingAdvice {
        verdict: DialingVerdict::Unassigned,
        description: Some(describe_number(e164)),
        is_international: is_abroad,
        ..DialingAdvice::correct(format_number(e164))
    }
}

/// Notes about parts of the written number that are not dialled.
fn notation_notes(typed: &str, pressed: &str, plus: bool, is_abroad: bool) -> Vec<UiMessage> {
    let mut notes = Vec::new();
    match (plus, is_abroad) {
        (true, true) => notes.push("number-note-plus-abroad"),
        (true, false) => notes.push("number-note-plus-poland"),
        (false, false) if pressed.len() > 9 && (pressed.starts_with("48") || pressed.starts_with("0048")) => {
            notes.push("number-note-48");
        }
        (false, false) if pressed.len() == 10 && pressed.starts_with('0') => notes.push("number-note-trunk"),
        (false, _) => {}
    }
    if normalize_text(typed).replace(' ', "").contains("(0)") {
        notes.push("number-note-bracket");
    }
    notes.into_iter().map(UiMessage::new).collect()
}

/// Whether the number lacks digits or has too many for its country.
fn length_note(known: &ParsedNumber, digits: &str) -> Option<UiMessage> {
    if known.number.country_code == POLAND_COUNTRY_CODE {
        return match known.national_digits(digits).len() {
            8 => Some(UiMessage::new("number-note-one-short")),
            10 => Some(UiMessage::new("number-note-one-many")),
            _ => None,
        };
    }
    match known.number.is_possible_with_reason() {
        Err(ValidationError::TooShort) | Ok(NumberLengthType::IsPossibleLocalOnly) => {
            Some(UiMessage::new("number-note-too-short"))
        }
        Err(ValidationError::TooLong) => Some(UiMessage::new("number-note-too-long")),
        Ok(NumberLengthType::IsPossible) | Err(_) => None,
    }
}

/// Advice for short numbers, which only the customer's own exchange knows.
fn advise_short_or_account(party: &Party, typed: &str) -> DialingAdvice {
    let dial = party.display();
    let keys: String = normalize_text(typed).chars().filter(|c| !" -.()/".contains(*c)).collect();
    let mut advice = DialingAdvice { description: Some(party.description()), ..DialingAdvice::correct(dial) };
    if advice.dial_string.as_ref() != Some(&keys) && party.kind() == PartyKind::Short {
        advice.verdict = DialingVerdict::DialDifferently;
    }
    if party.kind() == PartyKind::Account {
        advice.notes.push(UiMessage::new("number-note-inside"));
    }
    advice
}

#[cfg(test)]
mod tests;
