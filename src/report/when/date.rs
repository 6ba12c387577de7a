//! A date as it is typed: `2026-11-22`, `22.11`, "22 listopada 2026", "Sunday, 22 November 2026".

use time::{Date, Month};

use crate::phone::typed::{LONGEST, fold, shorten, tidy};
use crate::words::Say;

/// Months by their beginnings, folded: Polish in any case ("listopad", "listopada", "lis"), English, Roman.
const MONTHS: [(&[&str], &[&str]); 12] = [
    (&["sty", "jan"], &["i"]),
    (&["lut", "feb"], &["ii"]),
    (&["mar"], &["iii"]),
    (&["kwi", "apr"], &["iv"]),
    (&["maj", "may"], &["v"]),
    (&["cze", "jun"], &["vi"]),
    (&["lip", "jul"], &["vii"]),
    (&["sie", "aug"], &["viii"]),
    (&["wrz", "sep"], &["ix"]),
    (&["paz", "oct"], &["x"]),
    (&["lis", "nov"], &["xi"]),
    (&["gru", "dec"], &["xii"]),
];

/// Weekdays by their beginnings and other words that add nothing, folded.
const WEEKDAYS: [&str; 14] =
    ["pon", "wto", "sro", "czw", "pia", "sob", "nie", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const PLAIN: [&str; 15] =
    ["dnia", "dzien", "data", "w", "we", "z", "r", "rok", "roku", "on", "the", "of", "st", "nd", "rd"];

/// `today` stands in for the year when only day and month are given: it is the latest such day that has come.
pub(super) fn read(typed: &str, today: Date) -> Result<Date, Say> {
    let example = || example(today);
    let unread = || Say::new("when-date-unread").with("text", shorten(typed)).with("example", example());
    if typed.chars().nth(LONGEST).is_some() {
        return Err(unread());
    }
    let text = tidy(&fold(&tidy(typed)));
    match text.as_str() {
        "" => return Err(Say::new("when-date-empty").with("example", example())),
        "dzis" | "dzisiaj" | "today" => return Ok(today),
        "wczoraj" | "yesterday" => return today.previous_day().ok_or_else(unread),
        _ => {}
    }
    let (year, month, day) = parts(&text).ok_or_else(unread)?;
    let found = match year {
        Some(year) => date(year, month, day),
        None => [today.year(), today.year() - 1]
            .into_iter()
            .filter_map(|year| date(year, month, day))
            .find(|date| *date <= today)
            .or_else(|| date(today.year(), month, day)),
    };
    found.ok_or_else(|| Say::new("when-no-such-date").with("date", shorten(typed)).with("example", example()))
}

/// The same for a day to come: without a year, the next such day, which may be today.
pub(super) fn read_coming(typed: &str, today: Date) -> Result<Date, Say> {
    let this_year = read(typed, today)?;
    let text = tidy(&fold(&tidy(typed)));
    match parts(&text) {
        Some((None, month, day)) => Ok([today.year(), today.year() + 1]
            .into_iter()
            .filter_map(|year| date(year, month, day))
            .find(|date| *date >= today)
            .unwrap_or(this_year)),
        _ => Ok(this_year),
    }
}

/// A date in the form that Polish people type: `22.11.2026`.
pub(super) fn example(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), u8::from(date.month()), date.year())
}

fn date(year: i32, month: u16, day: u16) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

/// Year if given, month and day; each still any number.
fn parts(text: &str) -> Option<(Option<i32>, u16, u16)> {
    let mut numbers: Vec<&str> = Vec::with_capacity(3);
    let mut month = None;
    for word in words(text)? {
        if word.starts_with(|character: char| character.is_ascii_digit()) {
            numbers.push(word);
        } else if let Some(named) = named_month(word) {
            if month.replace(named).is_some() {
                return None;
            }
        } else if !(PLAIN.contains(&word) || word == "th" || WEEKDAYS.iter().any(|day| word.starts_with(day))) {
            return None;
        }
    }
    let number = |digits: &str| digits.parse::<u16>().ok().filter(|_| digits.len() <= 2);
    match (month, &numbers[..]) {
        (None, [year, month, day]) if year.len() == 4 => Some((Some(full_year(year)?), number(month)?, number(day)?)),
        (None, [day, month, year]) => Some((Some(full_year(year)?), number(month)?, number(day)?)),
        (None, [day, month]) => Some((None, number(month)?, number(day)?)),
        (Some(month), [year, day]) if year.len() == 4 => Some((Some(full_year(year)?), month, number(day)?)),
        (Some(month), [day, year]) => Some((Some(full_year(year)?), month, number(day)?)),
        (Some(month), [day]) => Some((None, month, number(day)?)),
        _ => None,
    }
}

/// Runs of digits and runs of letters; nothing when other signs stand between them than people put in dates.
fn words(text: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            rest.find(|character: char| !character.is_ascii_digit())
        } else if first.is_alphabetic() {
            rest.find(|character: char| !character.is_alphabetic())
        } else if " .,-/()'".contains(first) {
            rest = &rest[first.len_utf8()..];
            continue;
        } else {
            return None;
        };
        let (word, after) = rest.split_at(length.unwrap_or(rest.len()));
        words.push(word);
        rest = after;
    }
    Some(words)
}

fn named_month(word: &str) -> Option<u16> {
    (1..).zip(MONTHS).find_map(|(month, (beginnings, roman))| {
        (roman.contains(&word) || beginnings.iter().any(|beginning| word.starts_with(beginning))).then_some(month)
    })
}

/// Two digits are a year of this century: calls are never older.
fn full_year(digits: &str) -> Option<i32> {
    let year: i32 = digits.parse().ok()?;
    match digits.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}
