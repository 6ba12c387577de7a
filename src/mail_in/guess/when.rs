//! When it happened: the first day and the first time of day that a text names, read as the form reads them.

use time::{Date, OffsetDateTime};

use crate::{
    phone::typed::fold,
    report::when::{self, RawWhen, When},
    tickets::Precision,
    zone,
};

/// Months as they stand in sentences, folded.
const MONTHS: [&str; 46] = [
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "wrzesnia",
    "pazdziernika",
    "listopada",
    "grudnia",
    "styczen",
    "luty",
    "marzec",
    "kwiecien",
    "maj",
    "czerwiec",
    "lipiec",
    "sierpien",
    "wrzesien",
    "pazdziernik",
    "listopad",
    "grudzien",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "sep",
    "oct",
    "nov",
    "dec",
];
/// Words before a time that has a dot in it, or nothing but the hour.
const AT: [&str; 10] = ["o", "godz", "godzinie", "godziny", "godzina", "at", "ok", "okolo", "about", "around"];
const HOUR: [&str; 4] = ["godz", "godzinie", "godziny", "godzina"];
const ABOUT: [&str; 4] = ["ok", "okolo", "about", "around"];
const DAY: [&str; 4] = ["dnia", "dniu", "data", "on"];

/// The moment, if a time of day is told. Without a day it is the last such time before the message was sent.
pub fn of(text: &str, sent: OffsetDateTime, now: OffsetDateTime, kept_days: u16) -> Option<When> {
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || "()[]\"„”".contains(c))
        .map(|word| fold(word).trim_matches([',', '.', ';', '!', '?', ':']).to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    let today = zone::to_local(sent).date();
    let time = (0..words.len()).find_map(|at| time(&words, at))?;
    let day = (0..words.len()).find_map(|at| day(&words, at, today));
    let read = |day: Date| {
        let raw = RawWhen { date: &day.to_string(), time: &time, ..RawWhen::default() };
        match when::read(raw, now, kept_days) {
            Ok(when) => Some(when),
            Err(wrong) => wrong.fold.map(|(first, _)| When { at: first, precision: Precision::HalfHour, twice: true }),
        }
    };
    match day {
        Some(day) => read(day),
        None => read(today).filter(|when| when.at <= sent).or_else(|| read(today.previous_day()?)),
    }
}

/// A day at a place in the text.
fn day(words: &[String], at: usize, today: Date) -> Option<Date> {
    let word = words[at].as_str();
    let next = |by: usize| words.get(at + by).map(String::as_str).unwrap_or_default();
    let before = at.checked_sub(1).map_or("", |at| words[at].as_str());
    match word {
        "dzis" | "dzisiaj" | "today" => return Some(today),
        "wczoraj" | "yesterday" => return today.previous_day(),
        _ => {}
    }
    let groups: Vec<usize> = word.split(['.', '-', '/']).map(str::len).collect();
    let is_digits = word.chars().all(|c| c.is_ascii_digit() || ".-/".contains(c));
    let is_date = match groups[..] {
        [1..=2, 1..=2, 4 | 2] | [4, 1..=2, 1..=2] => is_digits,
        [1..=2, 1..=2] => is_digits && DAY.contains(&before),
        _ => false,
    };
    if is_date {
        return when::day(word, today);
    }
    let is_day = word.parse().is_ok_and(|day: u8| (1..=31).contains(&day));
    if is_day && MONTHS.contains(&next(1)) {
        let with_year = format!("{word} {} {}", next(1), next(2));
        let has_year = next(2).len() == 4 && next(2).parse::<u16>().is_ok();
        return when::day(if has_year { &with_year } else { with_year.rsplit_once(' ')?.0 }, today);
    }
    None
}

/// A time of day at a place in the text, as the form reads it.
fn time(words: &[String], at: usize) -> Option<String> {
    let word = words[at].as_str();
    let before = |by: usize| at.checked_sub(by).map_or("", |at| words[at].as_str());
    let groups: Vec<&str> = word.split([':', '.']).collect();
    if groups
        .iter()
        .any(|group| group.is_empty() || group.len() > 2 || !group.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return None;
    }
    let half = words.get(at + 1).map_or("", String::as_str);
    let half = if matches!(half, "am" | "pm" | "a.m" | "p.m") { half } else { "" };
    let is_time = match groups.len() {
        1 => HOUR.contains(&before(1)) || !half.is_empty(),
        2 | 3 => word.contains(':') || (groups.len() == 2 && AT.contains(&before(1))),
        _ => false,
    };
    if !is_time {
        return None;
    }
    let is_about = (1..=3).any(|by| ABOUT.contains(&before(by)));
    let typed = format!("{} {word} {half}", if is_about { "about" } else { "" });
    when::time_of_day(&typed).map(|_| typed)
}
