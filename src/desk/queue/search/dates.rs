//! Days and hours in the search text: "wczoraj 14:00-14:30", "pt. 20.11", "od 9:00 do 9:15", `2026-11-20`.

use time::{Date, Duration, PrimitiveDateTime, Time, Weekday};

use super::{
    condition::SearchCondition,
    tokens::{SearchToken, SearchTokenKind},
};
use crate::{
    call_time::{parse_date, parse_time_of_day},
    desk::queue::filter::TimeRange,
    local_time::{LocalTimeResolution, resolve_local},
    phone::normalize::fold_diacritics,
};

/// Prepositions before a day or an hour, without diacritics.
const LEADING_WORDS: [&str; 22] = [
    "o", "od", "w", "we", "z", "ze", "na", "dnia", "okolo", "ok", "godz", "godzina", "godzinie", "godziny", "miedzy",
    "pomiedzy", "at", "on", "from", "between", "about", "around",
];
const RANGE_SEPARATORS: [&str; 8] = ["-", "do", "a", "i", "to", "and", "until", "till"];

/// From Monday on, without diacritics: the full names and the abbreviations.
const WEEKDAY_NAMES: [&[&str]; 7] = [
    &["poniedzialek", "pon", "pn", "monday", "mon"],
    &["wtorek", "wt", "tuesday", "tue"],
    &["sroda", "srode", "sr", "wednesday", "wed"],
    &["czwartek", "czw", "thursday", "thu"],
    &["piatek", "pt", "friday", "fri"],
    &["sobota", "sobote", "sob", "saturday", "sat"],
    &["niedziela", "niedziele", "niedz", "nd", "sunday", "sun"],
];

/// A single time is searched with a tolerance in both directions: this one for "14:05", the next one for "około 14".
const EXACT_TIME_TOLERANCE: Duration = Duration::minutes(5);
const APPROXIMATE_TIME_TOLERANCE: Duration = Duration::minutes(30);

/// Parses a day, a range of days, or hours at the start of `tokens`. Returns the number of tokens and the condition. A bare
/// number is an hour only with `expects_hour`, as after a day, or after a preposition.
pub(super) fn parse(tokens: &[SearchToken<'_>], today: Date, expects_hour: bool) -> Option<(usize, SearchCondition)> {
    let leading_count = tokens.iter().take(2).take_while(|token| is_one_of(token, &LEADING_WORDS)).count();
    // a leading word may also be the start of the day or hour itself, so skipping fewer of them is tried as well
    (0..=leading_count).rev().find_map(|skipped| {
        let rest = &tokens[skipped..];
        let (count, condition) = parse_days(rest, today).or_else(|| parse_hours(rest, expects_hour || skipped > 0))?;
        Some((skipped + count, condition))
    })
}

fn parse_days(tokens: &[SearchToken<'_>], today: Date) -> Option<(usize, SearchCondition)> {
    let range_in_word = tokens.first().and_then(folded_word).and_then(|word| {
        let (from, to) = word.split_once('-').filter(|(from, to)| is_date(from) && is_date(to))?;
        Some((parse_date(from, today)?, parse_date(to, today)?))
    });
    if let Some((from, to)) = range_in_word.filter(|(from, to)| from <= to) {
        return Some((1, SearchCondition::Days { from, to }));
    }
    let (count, from) = parse_single_day(tokens, today)?;
    let range_end = tokens.get(count).filter(|token| is_one_of(token, &RANGE_SEPARATORS)).and_then(|_| {
        let (end_count, to) = parse_single_day(&tokens[count + 1..], today)?;
        (to > from).then_some((end_count, to))
    });
    Some(match range_end {
        Some((end_count, to)) => (count + 1 + end_count, SearchCondition::Days { from, to }),
        None => (count, SearchCondition::Days { from, to: from }),
    })
}

fn parse_single_day(tokens: &[SearchToken<'_>], today: Date) -> Option<(usize, Date)> {
    let word = folded_word(tokens.first()?)?;
    let days_ago = |days: i64| today.checked_sub(Duration::days(days));
    match word.as_str() {
        "dzis" | "dzisiaj" | "today" => return Some((1, today)),
        "wczoraj" | "yesterday" => return Some((1, days_ago(1)?)),
        "przedwczoraj" => return Some((1, days_ago(2)?)),
        _ => {}
    }
    if let Some(weekday) = weekday_from_name(&word) {
        // "pt. 20.11.2026"
        if let Some((count, date)) = tokens.get(1..).and_then(|rest| parse_calendar_date(rest, today)) {
            return Some((1 + count, date));
        }
        // the latest such day, which may be today
        let days = (today.weekday().number_days_from_monday() + 7 - weekday.number_days_from_monday()) % 7;
        return Some((1, days_ago(days.into())?));
    }
    parse_calendar_date(tokens, today)
}

/// `20.11`, `20.11.2026`, `2026-11-20`, "20 listopada 2026".
fn parse_calendar_date(tokens: &[SearchToken<'_>], today: Date) -> Option<(usize, Date)> {
    let first = folded_word(tokens.first()?)?;
    if is_date(&first) {
        return Some((1, parse_date(&first, today)?));
    }
    let second = folded_word(tokens.get(1)?)?;
    let is_day_and_month = first.len() <= 2
        && first.bytes().all(|byte| byte.is_ascii_digit())
        && second.len() >= 3
        && second.chars().all(char::is_alphabetic);
    if !is_day_and_month {
        return None;
    }
    let year = tokens.get(2).and_then(folded_word).filter(|year| year.len() == 4 && year.parse::<u16>().is_ok());
    let with_year = year.and_then(|year| parse_date(&format!("{first} {second} {year}"), today));
    with_year.map(|date| (3, date)).or_else(|| Some((2, parse_date(&format!("{first} {second}"), today)?)))
}

/// Two or three numbers with dots, or year, month and day with dashes. Every other form could be part of a telephone number.
fn is_date(word: &str) -> bool {
    let lengths = |separator| {
        let parts: Vec<&str> = word.split(separator).collect();
        let is_numeric = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if is_numeric { parts.iter().map(|part| part.len()).collect() } else { Vec::new() }
    };
    matches!(lengths('.')[..], [1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4]) || matches!(lengths('-')[..], [4, 1..=2, 1..=2])
}

fn weekday_from_name(word: &str) -> Option<Weekday> {
    let index = WEEKDAY_NAMES.iter().position(|names| names.contains(&word))?;
    Some(Weekday::Monday.nth_next(u8::try_from(index).ok()?))
}

fn parse_hours(tokens: &[SearchToken<'_>], expects_hour: bool) -> Option<(usize, SearchCondition)> {
    let first = folded_word(tokens.first()?)?;
    // "14:00-14:30", "14:00- 14:30", "14:00 - 14:30", "14:00 do 14:30"
    let (count, from, to) = match first.split_once('-') {
        Some((from, "")) => (2, from.to_owned(), tokens.get(1).and_then(folded_word)),
        Some((from, to)) => (1, from.to_owned(), Some(to.to_owned())),
        None => match tokens.get(1).and_then(folded_word) {
            Some(word) if RANGE_SEPARATORS.contains(&word.as_str()) => {
                (3, first.clone(), tokens.get(2).and_then(folded_word))
            }
            Some(word) if word.starts_with('-') => (2, first.clone(), Some(word[1..].to_owned())),
            _ => (1, first.clone(), None),
        },
    };
    // digits that follow make it part of a telephone number: "od 22 122 80 22"
    let no_digits_follow = |count: usize| {
        !tokens.get(count).and_then(folded_word).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
    };
    let allow_bare = expects_hour || from.contains(':') || to.as_ref().is_some_and(|to| to.contains(':'));
    if let (Some(from), Some(to)) =
        (parse_clock_time(&from, allow_bare), to.as_deref().and_then(|to| parse_clock_time(to, allow_bare)))
    {
        return (first.contains(':') || no_digits_follow(count))
            .then_some((count, SearchCondition::Hours { from, to }));
    }
    // "2:05 pm" is two tokens
    let half = tokens.get(1).and_then(folded_word).filter(|half| ["am", "pm"].contains(&half.as_str()));
    let (count, text) = match half {
        Some(half) => (2, format!("{first} {half}")),
        None => (1, first),
    };
    let has_minutes = text.contains(':');
    let time = parse_clock_time(&text, expects_hour).filter(|_| has_minutes || no_digits_follow(count))?;
    let tolerance = if has_minutes { EXACT_TIME_TOLERANCE } else { APPROXIMATE_TIME_TOLERANCE };
    let since_midnight = time - Time::MIDNIGHT;
    let from = if since_midnight < tolerance { Time::MIDNIGHT } else { time - tolerance };
    let to = if Duration::DAY - since_midnight <= tolerance { LAST_MINUTE_OF_DAY } else { time + tolerance };
    Some((count, SearchCondition::Hours { from, to }))
}

const LAST_MINUTE_OF_DAY: Time = time::macros::time!(23:59);

/// Parses a time of day. A bare hour is accepted with `allow_bare`.
fn parse_clock_time(text: &str, allow_bare: bool) -> Option<Time> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    match text {
        "24:00" => Some(LAST_MINUTE_OF_DAY),
        "24" if allow_bare => Some(LAST_MINUTE_OF_DAY),
        _ if text.contains(':') || (allow_bare && text.split(' ').next().is_some_and(|digits| digits.len() <= 2)) => {
            parse_time_of_day(text)
        }
        _ => None,
    }
}

/// Combines all days and hours of a search into one range of local time. Hours without a day are today's.
pub(super) fn to_time_range(days: &[(Date, Date)], hours: &[(Time, Time)], today: Date) -> Option<TimeRange> {
    if days.is_empty() && hours.is_empty() {
        return None;
    }
    let first_day = days.iter().map(|(from, _)| *from).min().unwrap_or(today);
    let last_day = days.iter().map(|(_, to)| *to).max().unwrap_or(today);
    let from = hours.iter().map(|(from, _)| *from).min().unwrap_or(Time::MIDNIGHT);
    let to = hours.iter().map(|(_, to)| *to).max().unwrap_or(LAST_MINUTE_OF_DAY);
    // "23:30-0:30" ends on the next day
    let last_day = if first_day == last_day && to < from { last_day.next_day()? } else { last_day };
    let start = match resolve_local(PrimitiveDateTime::new(first_day, from)) {
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Gap { earlier: at, .. }
        | LocalTimeResolution::Fold { first: at, .. } => at,
    };
    let last_minute = match resolve_local(PrimitiveDateTime::new(last_day, to)) {
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Gap { later: at, .. }
        | LocalTimeResolution::Fold { second: at, .. } => at,
    };
    // "to 14:30" includes that minute
    Some(TimeRange { from: start, to: last_minute.checked_add(Duration::MINUTE)? })
}

/// A word in lower case, without diacritics and without the full stop of an abbreviation.
fn folded_word(token: &SearchToken<'_>) -> Option<String> {
    (token.kind == SearchTokenKind::Word).then(|| fold_diacritics(token.text).trim_end_matches('.').to_owned())
}

fn is_one_of(token: &SearchToken<'_>, words: &[&str]) -> bool {
    folded_word(token).is_some_and(|word| words.contains(&word.as_str()))
}
