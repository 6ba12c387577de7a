//! Parses a time of day as people write it: `14:05`, `1405`, "około 14", `2:05 pm`.

use time::Time;

use crate::precision::CallTimePrecision;
use i18n::UiMessage;
use phone::normalize::{MAX_INPUT_LEN, fold_diacritics, normalize_text, truncate_for_echo};

/// A time of day, and the precision that its wording implies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeOfDay {
    pub(crate) time: Time,
    pub(crate) implied_precision: CallTimePrecision,
}

/// Words for "about", without diacritics.
const APPROXIMATE_WORDS: [&str; 12] =
    ["okolo", "ok", "kolo", "mniej wiecej", "circa", "ca", "about", "around", "approximately", "approx", "c", "~"];

/// Words before the time that add nothing, without diacritics.
const FILLER_WORDS: [&str; 10] = ["godzina", "godzinie", "godziny", "godz", "g", "o", "at", "hour", "time", "czas"];

/// Suffixes of a time that add nothing.
const TRAILING_WORDS: [&str; 4] = ["o'clock", "godz", "hrs", "h"];

pub(crate) fn parse(input: &str) -> Result<TimeOfDay, UiMessage> {
    if input.chars().nth(MAX_INPUT_LEN).is_some() {
        return Err(unreadable_error(input));
    }
    let text = normalize_text(&fold_diacritics(&normalize_text(input)));
    if text.is_empty() {
        return Err(UiMessage::new("call-time-time-empty"));
    }
    let (text, is_approximate) = strip_leading_words(&text);
    let (text, meridiem) = strip_meridiem(text);
    let text =
        TRAILING_WORDS.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text).trim_end_matches([' ', '.']);
    let (hour, minute, second) = parse_components(text).ok_or_else(|| unreadable_error(input))?;
    let shown = match second {
        Some(second) => format!("{hour}:{minute:02}:{second:02}"),
        None => format!("{hour}:{minute:02}"),
    };
    let shown = if meridiem.is_some() { truncate_for_echo(input) } else { shown };
    let hour_of_day = match meridiem {
        None => Some(hour),
        Some(Meridiem::Am) if (1..=12).contains(&hour) => Some(hour % 12),
        Some(Meridiem::Pm) if (1..=12).contains(&hour) => Some(hour % 12 + 12),
        // "14:05 pm" is redundant but clear
        Some(Meridiem::Pm) if (13..=23).contains(&hour) => Some(hour),
        Some(Meridiem::Am | Meridiem::Pm) => None,
    };
    let time = hour_of_day
        .and_then(|hour| Time::from_hms(hour, minute, second.unwrap_or(0)).ok())
        .ok_or_else(|| UiMessage::new("call-time-no-such-time").with("time", shown))?;
    let implied_precision = match (is_approximate, text.len()) {
        (false, _) => CallTimePrecision::Exact,
        // "około 14" names only an hour, "około 14:05" also the minutes
        (true, ..=2) => CallTimePrecision::HalfHour,
        (true, _) => CallTimePrecision::FiveMinutes,
    };
    Ok(TimeOfDay { time, implied_precision })
}

/// Formats a time as the error messages quote it: `14:05`, or `14:05:09` if it has seconds.
pub(crate) fn format_clock(time: Time) -> String {
    match time.as_hms() {
        (hour, minute, 0) => format!("{hour:02}:{minute:02}"),
        (hour, minute, second) => format!("{hour:02}:{minute:02}:{second:02}"),
    }
}

enum Meridiem {
    Am,
    Pm,
}

/// Hour, minute and second (if given). The minute is 0 if only the hour is given. The numbers are not checked.
fn parse_components(text: &str) -> Option<(u8, u8, Option<u8>)> {
    let parts: Vec<&str> = text.split([':', '.', ',', '-', 'h', ' ']).collect();
    if parts.iter().any(|part| !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let number = |digits: &str| digits.parse::<u8>().ok();
    match parts[..] {
        [hour] if (1..=2).contains(&hour.len()) => Some((number(hour)?, 0, None)),
        [digits] if (3..=4).contains(&digits.len()) => {
            let (hour, minute) = digits.split_at(digits.len() - 2);
            Some((number(hour)?, number(minute)?, None))
        }
        [digits] if digits.len() == 6 => {
            Some((number(&digits[..2])?, number(&digits[2..4])?, Some(number(&digits[4..])?)))
        }
        [hour, minute] if (1..=2).contains(&hour.len()) && minute.len() == 2 => {
            Some((number(hour)?, number(minute)?, None))
        }
        [hour, minute, second] if (1..=2).contains(&hour.len()) && minute.len() == 2 && second.len() == 2 => {
            Some((number(hour)?, number(minute)?, Some(number(second)?)))
        }
        _ => None,
    }
}

/// Strips the words before the time. Returns whether one of them means "about".
fn strip_leading_words(text: &str) -> (&str, bool) {
    let (mut text, mut is_approximate) = (text, false);
    loop {
        let strip = |words: &[&str]| {
            words.iter().find_map(|word| {
                let rest = text.strip_prefix(word)?;
                let trimmed = rest.trim_start_matches(['.', ':', ' ']);
                // "o 14", "godz.14", "ok14": the word must not continue with a letter
                (!trimmed.is_empty() && !rest.starts_with(char::is_alphabetic)).then_some(trimmed)
            })
        };
        if let Some(rest) = strip(&APPROXIMATE_WORDS) {
            (text, is_approximate) = (rest, true);
        } else if let Some(rest) = strip(&FILLER_WORDS) {
            text = rest;
        } else {
            return (text, is_approximate);
        }
    }
}

fn strip_meridiem(text: &str) -> (&str, Option<Meridiem>) {
    for (suffix, meridiem) in [
        ("am", Meridiem::Am),
        ("a.m.", Meridiem::Am),
        ("a.m", Meridiem::Am),
        ("pm", Meridiem::Pm),
        ("p.m.", Meridiem::Pm),
        ("p.m", Meridiem::Pm),
    ] {
        if let Some(rest) = text.strip_suffix(suffix) {
            return (rest.trim_end(), Some(meridiem));
        }
    }
    (text, None)
}

fn unreadable_error(input: &str) -> UiMessage {
    UiMessage::new("call-time-time-unreadable").with("text", truncate_for_echo(input))
}
