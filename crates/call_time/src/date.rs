//! Parses a date as people write it: `2026-11-22`, `22.11`, "22 listopada 2026", "Sunday, 22 November 2026".

use time::{Date, Month};

use i18n::UiMessage;
use phone::normalize::{MAX_INPUT_LEN, fold_diacritics, normalize_text, truncate_for_echo};

/// Prefixes of month names without diacritics: Polish in any case ("listopad", "listopada", "lis"), English; then the
/// Roman numeral.
const MONTH_PREFIXES: [(&[&str], &[&str]); 12] = [
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

/// Prefixes of weekday names without diacritics. Weekdays are ignored.
const WEEKDAY_PREFIXES: [&str; 14] =
    ["pon", "wto", "sro", "czw", "pia", "sob", "nie", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Words without diacritics that add nothing.
const FILLER_WORDS: [&str; 15] =
    ["dnia", "dzien", "data", "w", "we", "z", "r", "rok", "roku", "on", "the", "of", "st", "nd", "rd"];

/// Parses a date that is not after `today`. Without a year it is the latest such day up to `today`.
pub(crate) fn parse(text: &str, today: Date) -> Result<Date, UiMessage> {
    let example = || format_example(today);
    let unreadable =
        || UiMessage::new("call-time-date-unreadable").with("text", truncate_for_echo(text)).with("example", example());
    if text.chars().nth(MAX_INPUT_LEN).is_some() {
        return Err(unreadable());
    }
    let folded = fold(text);
    match folded.as_str() {
        "" => return Err(UiMessage::new("call-time-date-empty").with("example", example())),
        "dzis" | "dzisiaj" | "today" => return Ok(today),
        "wczoraj" | "yesterday" => return today.previous_day().ok_or_else(unreadable),
        _ => {}
    }
    let (year, month, day) = parse_parts(&folded).ok_or_else(unreadable)?;
    let date = match year {
        Some(year) => build_date(year, month, day),
        None => [today.year(), today.year() - 1]
            .into_iter()
            .filter_map(|year| build_date(year, month, day))
            .find(|date| *date <= today)
            .or_else(|| build_date(today.year(), month, day)),
    };
    date.ok_or_else(|| {
        UiMessage::new("call-time-no-such-date").with("date", truncate_for_echo(text)).with("example", example())
    })
}

/// Parses a date that is not before `today`. Without a year it is the next such day, which may be `today`.
pub(crate) fn parse_future(text: &str, today: Date) -> Result<Date, UiMessage> {
    let date = parse(text, today)?;
    match parse_parts(&fold(text)) {
        Some((None, month, day)) => Ok([today.year(), today.year() + 1]
            .into_iter()
            .filter_map(|year| build_date(year, month, day))
            .find(|date| *date >= today)
            .unwrap_or(date)),
        _ => Ok(date),
    }
}

/// Formats a date as the error messages show it as an example: `22.11.2026`.
pub(crate) fn format_example(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), u8::from(date.month()), date.year())
}

fn fold(text: &str) -> String {
    normalize_text(&fold_diacritics(&normalize_text(text)))
}

fn build_date(year: i32, month: u16, day: u16) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

/// Year (if given), month and day. The numbers are not checked against the calendar.
fn parse_parts(text: &str) -> Option<(Option<i32>, u16, u16)> {
    let mut numbers: Vec<&str> = Vec::with_capacity(3);
    let mut month = None;
    for word in tokenize(text)? {
        if word.starts_with(|character: char| character.is_ascii_digit()) {
            numbers.push(word);
        } else if let Some(named) = parse_month_name(word) {
            if month.replace(named).is_some() {
                return None;
            }
        } else if !(FILLER_WORDS.contains(&word)
            || word == "th"
            || WEEKDAY_PREFIXES.iter().any(|day| word.starts_with(day)))
        {
            return None;
        }
    }
    let number = |digits: &str| digits.parse::<u16>().ok().filter(|_| digits.len() <= 2);
    match (month, &numbers[..]) {
        (None, [year, month, day]) if year.len() == 4 => Some((Some(expand_year(year)?), number(month)?, number(day)?)),
        (None, [day, month, year]) => Some((Some(expand_year(year)?), number(month)?, number(day)?)),
        (None, [day, month]) => Some((None, number(month)?, number(day)?)),
        (Some(month), [year, day]) if year.len() == 4 => Some((Some(expand_year(year)?), month, number(day)?)),
        (Some(month), [day, year]) => Some((Some(expand_year(year)?), month, number(day)?)),
        (Some(month), [day]) => Some((None, month, number(day)?)),
        _ => None,
    }
}

/// Splits the text into runs of digits and runs of letters. Returns `None` if a character between them is not one that
/// people use in dates.
fn tokenize(text: &str) -> Option<Vec<&str>> {
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

fn parse_month_name(word: &str) -> Option<u16> {
    (1..).zip(MONTH_PREFIXES).find_map(|(month, (prefixes, roman))| {
        (roman.contains(&word) || prefixes.iter().any(|prefix| word.starts_with(prefix))).then_some(month)
    })
}

/// Expands a two-digit year to this century, because no call is older. Other lengths than two and four are rejected.
fn expand_year(digits: &str) -> Option<i32> {
    let year: i32 = digits.parse().ok()?;
    match digits.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}
