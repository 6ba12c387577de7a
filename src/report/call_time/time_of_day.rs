//! A time of day as it is typed: `14:05`, `1405`, "około 14", `2:05 pm`.

use time::Time;

use super::CallTimePrecision;
use crate::i18n::UiMessage;
use crate::phone::normalize::{MAX_INPUT_LEN, fold_diacritics, normalize_text, truncate_for_echo};

/// A time of day and how exact its own wording says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeOfDay {
    pub(crate) time: Time,
    pub(crate) implied_precision: CallTimePrecision,
}

/// Words for "about", folded.
const APPROXIMATE_WORDS: [&str; 12] =
    ["okolo", "ok", "kolo", "mniej wiecej", "circa", "ca", "about", "around", "approximately", "approx", "c", "~"];

/// Words that add nothing, folded.
const FILLER_WORDS: [&str; 10] = ["godzina", "godzinie", "godziny", "godz", "g", "o", "at", "hour", "time", "czas"];

/// What may follow a time and adds nothing.
const TRAILING_WORDS: [&str; 4] = ["o'clock", "godz", "hrs", "h"];

pub(crate) fn parse(typed: &str) -> Result<TimeOfDay, UiMessage> {
    if typed.chars().nth(MAX_INPUT_LEN).is_some() {
        return Err(unreadable_error(typed));
    }
    let text = normalize_text(&fold_diacritics(&normalize_text(typed)));
    if text.is_empty() {
        return Err(UiMessage::new("call-time-time-empty"));
    }
    let (text, about) = strip_leading_words(&text);
    let (text, half) = strip_meridiem(text);
    let text =
        TRAILING_WORDS.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text).trim_end_matches([' ', '.']);
    let (hour, minute, second) = parse_components(text).ok_or_else(|| unreadable_error(typed))?;
    let shown = match second {
        Some(second) => format!("{hour}:{minute:02}:{second:02}"),
        None => format!("{hour}:{minute:02}"),
    };
    let shown = if half.is_some() { truncate_for_echo(typed) } else { shown };
    let hour_of_day = match half {
        None => Some(hour),
        Some(Meridiem::Am) if (1..=12).contains(&hour) => Some(hour % 12),
        Some(Meridiem::Pm) if (1..=12).contains(&hour) => Some(hour % 12 + 12),
        // "14:05 pm" says the same thing twice
        Some(Meridiem::Pm) if (13..=23).contains(&hour) => Some(hour),
        Some(Meridiem::Am | Meridiem::Pm) => None,
    };
    let time = hour_of_day
        .and_then(|hour| Time::from_hms(hour, minute, second.unwrap_or(0)).ok())
        .ok_or_else(|| UiMessage::new("call-time-no-such-time").with("time", shown))?;
    let at_least = match (about, text.len()) {
        (false, _) => CallTimePrecision::Exact,
        // "około 14" names an hour, "około 14:05" a time
        (true, ..=2) => CallTimePrecision::HalfHour,
        (true, _) => CallTimePrecision::FiveMinutes,
    };
    Ok(TimeOfDay { time, implied_precision: at_least })
}

/// `14:05`, or `14:05:09` when there are seconds: the form in which complaints quote a time.
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

/// The numbers of an hour, with minutes 0 where only the hour was given.
fn parse_components(text: &str) -> Option<(u8, u8, Option<u8>)> {
    let parts: Vec<&str> = text.split([':', '.', ',', '-', 'h', ' ']).collect();
    if parts.iter().any(|part| !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let number = |digits: &str| digits.parse::<u8>().ok();
    match parts[..] {
        [hour] if (1..=2).contains(&hour.len()) => Some((number(hour)?, 0, None)),
        [run] if (3..=4).contains(&run.len()) => {
            let (hour, minute) = run.split_at(run.len() - 2);
            Some((number(hour)?, number(minute)?, None))
        }
        [run] if run.len() == 6 => Some((number(&run[..2])?, number(&run[2..4])?, Some(number(&run[4..])?))),
        [hour, minute] if (1..=2).contains(&hour.len()) && minute.len() == 2 => {
            Some((number(hour)?, number(minute)?, None))
        }
        [hour, minute, second] if (1..=2).contains(&hour.len()) && minute.len() == 2 && second.len() == 2 => {
            Some((number(hour)?, number(minute)?, Some(number(second)?)))
        }
        _ => None,
    }
}

/// Without the words before the time, and whether one of them was "about".
fn strip_leading_words(text: &str) -> (&str, bool) {
    let (mut text, mut about) = (text, false);
    loop {
        let strip = |words: &[&str]| {
            words.iter().find_map(|word| {
                let rest = text.strip_prefix(word)?;
                let trimmed = rest.trim_start_matches(['.', ':', ' ']);
                // "o 14", "godz.14", "ok14": a word ends where a letter does not follow
                (!trimmed.is_empty() && !rest.starts_with(char::is_alphabetic)).then_some(trimmed)
            })
        };
        if let Some(rest) = strip(&APPROXIMATE_WORDS) {
            (text, about) = (rest, true);
        } else if let Some(rest) = strip(&FILLER_WORDS) {
            text = rest;
        } else {
            return (text, about);
        }
    }
}

fn strip_meridiem(text: &str) -> (&str, Option<Meridiem>) {
    for (mark, half) in [
        ("am", Meridiem::Am),
        ("a.m.", Meridiem::Am),
        ("a.m", Meridiem::Am),
        ("pm", Meridiem::Pm),
        ("p.m.", Meridiem::Pm),
        ("p.m", Meridiem::Pm),
    ] {
        if let Some(rest) = text.strip_suffix(mark) {
            return (rest.trim_end(), Some(half));
        }
    }
    (text, None)
}

fn unreadable_error(typed: &str) -> UiMessage {
    UiMessage::new("call-time-time-unreadable").with("text", truncate_for_echo(typed))
}
