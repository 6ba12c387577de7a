//! Days and hours in the search line: "wczoraj 14:00-14:30", "pt. 20.11", "od 9:00 do 9:15", `2026-11-20`.

use time::{Date, Duration, PrimitiveDateTime, Time, Weekday};

use super::{
    SearchCondition,
    tokens::{SearchToken, SearchTokenKind},
};
use crate::{
    desk::queue::store::TimeRange,
    local_time::{LocalTimeResolution, resolve_local},
    phone::normalize::fold_diacritics,
    report::call_time::{parse_date, parse_time_of_day},
};

/// Words that may stand before a day or an hour and add nothing, folded.
const LEADING_WORDS: [&str; 22] = [
    "o", "od", "w", "we", "z", "ze", "na", "dnia", "okolo", "ok", "godz", "godzina", "godzinie", "godziny", "miedzy",
    "pomiedzy", "at", "on", "from", "between", "about", "around",
];
/// What stands between two hours or days.
const RANGE_SEPARATORS: [&str; 8] = ["-", "do", "a", "i", "to", "and", "until", "till"];

/// Weekdays from Monday on, folded: as they are written and as they are shortened.
const WEEKDAY_NAMES: [&[&str]; 7] = [
    &["poniedzialek", "pon", "pn", "monday", "mon"],
    &["wtorek", "wt", "tuesday", "tue"],
    &["sroda", "srode", "sr", "wednesday", "wed"],
    &["czwartek", "czw", "thursday", "thu"],
    &["piatek", "pt", "friday", "fri"],
    &["sobota", "sobote", "sob", "saturday", "sat"],
    &["niedziela", "niedziele", "niedz", "nd", "sunday", "sun"],
];

/// How far a single time reaches: to the minute for "14:05", further for "około 14".
const EXACT_TIME_TOLERANCE: Duration = Duration::minutes(5);
const APPROXIMATE_TIME_TOLERANCE: Duration = Duration::minutes(30);

/// Reads a day, days or hours at the beginning of `tokens`: how many of them that takes, and what it is. A bare number is
/// an hour only where one is expected: right after a day or after a word such as "o".
pub(crate) fn parse(tokens: &[SearchToken<'_>], today: Date, expected: bool) -> Option<(usize, SearchCondition)> {
    let before = tokens.iter().take(2).take_while(|token| is_one_of(token, &LEADING_WORDS)).count();
    // "od" may be the word itself, so less of it is tried, too
    (0..=before).rev().find_map(|skipped| {
        let rest = &tokens[skipped..];
        let (count, condition) = parse_days(rest, today).or_else(|| parse_hours(rest, expected || skipped > 0))?;
        Some((skipped + count, condition))
    })
}

fn parse_days(tokens: &[SearchToken<'_>], today: Date) -> Option<(usize, SearchCondition)> {
    let both = tokens.first().and_then(folded_word).and_then(|both| {
        let (from, to) = both.split_once('-').filter(|(from, to)| is_date(from) && is_date(to))?;
        Some((parse_date(from, today)?, parse_date(to, today)?))
    });
    if let Some((from, to)) = both.filter(|(from, to)| from <= to) {
        return Some((1, SearchCondition::Days { from, to }));
    }
    let (count, from) = parse_single_day(tokens, today)?;
    if let Some((further, to)) = tokens.get(count).filter(|token| is_one_of(token, &RANGE_SEPARATORS)).and_then(|_| {
        let (further, to) = parse_single_day(&tokens[count + 1..], today)?;
        (to > from).then_some((further, to))
    }) {
        return Some((count + 1 + further, SearchCondition::Days { from, to }));
    }
    Some((count, SearchCondition::Days { from, to: from }))
}

fn parse_single_day(tokens: &[SearchToken<'_>], today: Date) -> Option<(usize, Date)> {
    let word = folded_word(tokens.first()?)?;
    let ago = |days: i64| today.checked_sub(Duration::days(days));
    match word.as_str() {
        "dzis" | "dzisiaj" | "today" => return Some((1, today)),
        "wczoraj" | "yesterday" => return Some((1, ago(1)?)),
        "przedwczoraj" => return Some((1, ago(2)?)),
        _ => {}
    }
    if let Some(weekday) = weekday_from_name(&word) {
        // "pt. 20.11.2026": the date says which Friday
        if let Some((count, date)) = tokens.get(1..).and_then(|rest| parse_calendar_date(rest, today)) {
            return Some((1 + count, date));
        }
        let back = (today.weekday().number_days_from_monday() + 7 - weekday.number_days_from_monday()) % 7;
        return Some((1, ago(back.into())?));
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
    let is_named = first.len() <= 2
        && first.bytes().all(|byte| byte.is_ascii_digit())
        && second.len() >= 3
        && second.chars().all(char::is_alphabetic);
    if !is_named {
        return None;
    }
    let year = tokens.get(2).and_then(folded_word).filter(|year| year.len() == 4 && year.parse::<u16>().is_ok());
    let with_year = year.and_then(|year| parse_date(&format!("{first} {second} {year}"), today));
    with_year.map(|date| (3, date)).or_else(|| Some((2, parse_date(&format!("{first} {second}"), today)?)))
}

/// The signs of a date: two or three numbers with dots, or year, month and day with dashes. Anything else that could be
/// one could be a piece of a telephone number, too.
fn is_date(word: &str) -> bool {
    let lengths = |sign| {
        let parts: Vec<&str> = word.split(sign).collect();
        let digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if digits { parts.iter().map(|part| part.len()).collect() } else { Vec::new() }
    };
    matches!(lengths('.')[..], [1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4]) || matches!(lengths('-')[..], [4, 1..=2, 1..=2])
}

fn weekday_from_name(word: &str) -> Option<Weekday> {
    let at = WEEKDAY_NAMES.iter().position(|names| names.contains(&word))?;
    Some(Weekday::Monday.nth_next(u8::try_from(at).ok()?))
}

fn parse_hours(tokens: &[SearchToken<'_>], expected: bool) -> Option<(usize, SearchCondition)> {
    let first = folded_word(tokens.first()?)?;
    // "14:00-14:30", "14:00- 14:30", "14:00 - 14:30", "14:00 do 14:30"
    let (count, from, to) = match first.split_once('-') {
        Some((from, "")) => (2, from.to_owned(), tokens.get(1).and_then(folded_word)),
        Some((from, to)) => (1, from.to_owned(), Some(to.to_owned())),
        None => match tokens.get(1).and_then(folded_word) {
            Some(sign) if RANGE_SEPARATORS.contains(&sign.as_str()) => {
                (3, first.clone(), tokens.get(2).and_then(folded_word))
            }
            Some(rest) if rest.starts_with('-') => (2, first.clone(), Some(rest[1..].to_owned())),
            _ => (1, first.clone(), None),
        },
    };
    // the 22 of "od 22 122 80 22" is no hour
    let ends = |count: usize| {
        !tokens.get(count).and_then(folded_word).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
    };
    let loose = expected || from.contains(':') || to.as_ref().is_some_and(|to| to.contains(':'));
    if let (Some(from), Some(to)) =
        (parse_clock_time(&from, loose), to.as_deref().and_then(|to| parse_clock_time(to, loose)))
    {
        return (first.contains(':') || ends(count)).then_some((count, SearchCondition::Hours { from, to }));
    }
    // "2:05 pm" is two pieces
    let half = tokens.get(1).and_then(folded_word).filter(|half| ["am", "pm"].contains(&half.as_str()));
    let (count, typed) = match half {
        Some(half) => (2, format!("{first} {half}")),
        None => (1, first),
    };
    let at = parse_clock_time(&typed, expected).filter(|_| typed.contains(':') || ends(count))?;
    let reach = if typed.contains(':') { EXACT_TIME_TOLERANCE } else { APPROXIMATE_TIME_TOLERANCE };
    let midnight = at - Time::MIDNIGHT;
    let from = if midnight < reach { Time::MIDNIGHT } else { at - reach };
    let to = if Duration::DAY - midnight <= reach { LAST_MINUTE_OF_DAY } else { at + reach };
    Some((count, SearchCondition::Hours { from, to }))
}

const LAST_MINUTE_OF_DAY: Time = time::macros::time!(23:59);

/// A time of day; without minutes only where `loose`.
fn parse_clock_time(typed: &str, loose: bool) -> Option<Time> {
    if !typed.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    match typed {
        "24:00" => Some(LAST_MINUTE_OF_DAY),
        "24" if loose => Some(LAST_MINUTE_OF_DAY),
        _ if typed.contains(':') || (loose && typed.split(' ').next().is_some_and(|digits| digits.len() <= 2)) => {
            parse_time_of_day(typed)
        }
        _ => None,
    }
}

/// The time that days and hours name together; hours alone are today's.
pub(crate) fn to_time_range(days: &[(Date, Date)], hours: &[(Time, Time)], today: Date) -> Option<TimeRange> {
    if days.is_empty() && hours.is_empty() {
        return None;
    }
    let first = days.iter().map(|(from, _)| *from).min().unwrap_or(today);
    let last = days.iter().map(|(_, to)| *to).max().unwrap_or(today);
    let from = hours.iter().map(|(from, _)| *from).min().unwrap_or(Time::MIDNIGHT);
    let to = hours.iter().map(|(_, to)| *to).max().unwrap_or(LAST_MINUTE_OF_DAY);
    // "23:30-0:30" ends on the next day
    let last = if first == last && to < from { last.next_day()? } else { last };
    let begin = match resolve_local(PrimitiveDateTime::new(first, from)) {
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Gap { earlier: at, .. }
        | LocalTimeResolution::Fold { first: at, .. } => at,
    };
    // whoever says "to 14:30" means that minute, too
    let end = match resolve_local(PrimitiveDateTime::new(last, to)) {
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Gap { later: at, .. }
        | LocalTimeResolution::Fold { second: at, .. } => at,
    };
    Some(TimeRange { from: begin, to: end.checked_add(Duration::MINUTE)? })
}

/// A plain word as it is compared: folded, without the full stop of an abbreviation.
fn folded_word(token: &SearchToken<'_>) -> Option<String> {
    (token.kind == SearchTokenKind::Word).then(|| fold_diacritics(token.text).trim_end_matches('.').to_owned())
}

fn is_one_of(token: &SearchToken<'_>, words: &[&str]) -> bool {
    folded_word(token).is_some_and(|word| words.contains(&word.as_str()))
}
