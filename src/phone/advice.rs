//! What to dial to reach a number, by the operator's rule: in Poland area code and number, nine digits; abroad 00, country
//! code and number. And what was wrong with how it was written.

use rlibphonenumber::{NumberLengthType, PhoneNumberType, ValidationError};

use super::address::address;
use super::read::{dialled, digits_of, is_number_like};
use super::show::{Known, POLAND, display, reading};
use super::typed::{LONGEST, tidy};
use super::{Kind, Party};
use crate::{operator::ShortCode, words::Say};

/// What to do with a number as somebody writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    pub verdict: Verdict,
    /// What it is: "numer stacjonarny, Warszawa".
    pub kind: Option<Say>,
    /// The keys to press, in groups.
    pub dial: Option<String>,
    /// What was wrong, or what to know besides.
    pub notes: Vec<Say>,
    /// International calls must be switched on for it.
    pub is_abroad: bool,
    /// The minute may cost more than the limit.
    pub is_dear: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is dialled exactly as it was written.
    Right,
    /// It can be reached, but is dialled in another way.
    Otherwise,
    /// It can be dialled; nobody is known to have it.
    Unknown,
    /// Nothing that can be dialled.
    Wrong,
}

impl Verdict {
    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Right => "right",
            Verdict::Otherwise => "otherwise",
            Verdict::Unknown => "unknown",
            Verdict::Wrong => "wrong",
        }
    }
}

/// Says what to dial. `codes` are the operator's own short codes.
pub fn advise(typed: &str, codes: &[ShortCode]) -> Advice {
    if typed.chars().nth(LONGEST).is_none() {
        let keys: String = tidy(typed).chars().filter(|c| !" -.".contains(*c)).collect();
        if let Some(code) = codes.iter().find(|code| code.code == keys) {
            let kind = Say::new("number-reading-operator").with("name", code.names());
            return Advice { kind: Some(kind), ..Advice::right(keys) };
        }
        if let Some((e164, note)) = mended(&address(&tidy(typed))) {
            let mut advice = number(&e164, typed);
            advice.verdict = Verdict::Otherwise;
            advice.notes.insert(0, Say::new(note));
            return advice;
        }
    }
    match Party::callee(typed) {
        Ok(Party::Number(read)) => {
            let mut advice = number(read.e164(), typed);
            if let Some(extension) = read.extension() {
                advice.notes.push(Say::new("number-note-extension").with("extension", extension));
            }
            advice
        }
        Ok(party) => inside(&party, typed),
        Err(complaint) => Advice::wrong(complaint, typed),
    }
}

impl Advice {
    fn right(dial: String) -> Advice {
        Advice {
            verdict: Verdict::Right,
            kind: None,
            dial: Some(dial),
            notes: Vec::new(),
            is_abroad: false,
            is_dear: false,
        }
    }

    fn wrong(complaint: Say, typed: &str) -> Advice {
        let one = match digits_of(&tidy(typed)).len() {
            8 if complaint.id == "number-digits" => Some(Say::new("number-note-one-short")),
            10 if complaint.id == "number-digits" => Some(Say::new("number-note-one-many")),
            _ => None,
        };
        let notes = [complaint].into_iter().chain(one).collect();
        Advice { verdict: Verdict::Wrong, notes, dial: None, ..Advice::right(String::new()) }
    }
}

/// A slip that leaves no number, or another one than was meant: the number that exists, and what was wrong.
fn mended(text: &str) -> Option<(String, &'static str)> {
    if !is_number_like(text) {
        return None;
    }
    let (digits, plus) = dialled(text);
    let exists = |e164: &str| Known::of(e164).is_some_and(|known| known.exists);
    let polish = |national: &str| Some(format!("+48{national}")).filter(|e164| national.len() == 9 && exists(e164));
    let abroad = digits.strip_prefix("00").or(plus.then_some(digits.as_str()));
    let behind = abroad.unwrap_or(&digits);
    let split = behind.len().checked_sub(9).filter(|_| behind.len() <= 21)?;
    let (before, national) = behind.split_at(split);
    if is_48_twice(before) {
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
fn is_48_twice(before: &str) -> bool {
    before.matches("48").count() >= 2 && before.replace("48", "").bytes().all(|digit| digit == b'0')
}

fn number(e164: &str, typed: &str) -> Advice {
    let digits = e164.strip_prefix('+').unwrap_or(e164);
    let Some(known) = Known::of(e164) else {
        return Advice { verdict: Verdict::Wrong, dial: None, ..unknown(e164) };
    };
    if !known.exists {
        if let Some(shorter) = known.without_zero(digits) {
            let mut advice = number(&shorter, typed);
            advice.notes.push(Say::new("number-note-zero"));
            return advice;
        }
        return Advice { notes: length_note(&known, digits).into_iter().collect(), ..unknown(e164) };
    }
    let dial = display(e164);
    let is_abroad = known.number.country_code != POLAND;
    let (pressed, plus) = dialled(&address(&tidy(typed)));
    let is_right = !plus && pressed == digits_of(&dial) && digits_of(typed) == pressed;
    Advice {
        verdict: if is_right { Verdict::Right } else { Verdict::Otherwise },
        kind: Some(reading(e164)),
        notes: notes(typed, &pressed, plus, is_abroad),
        is_dear: known.number.get_type() == PhoneNumberType::PremiumRate,
        is_abroad,
        ..Advice::right(dial)
    }
}

fn unknown(e164: &str) -> Advice {
    let is_abroad = !e164.starts_with("+48");
    Advice { verdict: Verdict::Unknown, kind: Some(reading(e164)), is_abroad, ..Advice::right(display(e164)) }
}

/// What in the way of writing is not dialled.
fn notes(typed: &str, pressed: &str, plus: bool, is_abroad: bool) -> Vec<Say> {
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
    if tidy(typed).replace(' ', "").contains("(0)") {
        notes.push("number-note-bracket");
    }
    notes.into_iter().map(Say::new).collect()
}

/// Whether the number lacks digits or has too many for its country.
fn length_note(known: &Known, digits: &str) -> Option<Say> {
    if known.number.country_code == POLAND {
        return match known.national(digits).len() {
            8 => Some(Say::new("number-note-one-short")),
            10 => Some(Say::new("number-note-one-many")),
            _ => None,
        };
    }
    match known.number.is_possible_with_reason() {
        Err(ValidationError::TooShort) | Ok(NumberLengthType::IsPossibleLocalOnly) => {
            Some(Say::new("number-note-too-short"))
        }
        Err(ValidationError::TooLong) => Some(Say::new("number-note-too-long")),
        Ok(NumberLengthType::IsPossible) | Err(_) => None,
    }
}

/// Short numbers, and what only the customer's own exchange knows.
fn inside(party: &Party, typed: &str) -> Advice {
    let dial = party.display();
    let keys: String = tidy(typed).chars().filter(|c| !" -.()/".contains(*c)).collect();
    let mut advice = Advice { kind: Some(party.reading()), ..Advice::right(dial) };
    if advice.dial.as_ref() != Some(&keys) && party.kind() == Kind::Short {
        advice.verdict = Verdict::Otherwise;
    }
    if party.kind() == Kind::Account {
        advice.notes.push(Say::new("number-note-inside"));
    }
    advice
}

#[cfg(test)]
mod tests;
