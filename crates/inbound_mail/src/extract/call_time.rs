//! When the call happened: the first day and the first time of day in a text, parsed by the rules of the report form.

use call_time::{CallTime, CallTimeInput, CallTimePrecision};
use phone::normalize::fold_diacritics;
use time::{Date, OffsetDateTime};

/// Names of months without diacritics, as they occur in sentences.
const MONTH_WORDS: [&str; 55] = [
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
    "sty",
    "lut",
    "kwi",
    "cze",
    "lip",
    "wrz",
    "paz",
    "lis",
    "gru",
];
/// Words without diacritics before a time that is written with a dot or without minutes.
const TIME_PREPOSITIONS: [&str; 10] =
    ["o", "godz", "godzinie", "godziny", "godzina", "at", "ok", "okolo", "about", "around"];
const HOUR_WORDS: [&str; 4] = ["godz", "godzinie", "godziny", "godzina"];
const APPROXIMATION_WORDS: [&str; 4] = ["ok", "okolo", "about", "around"];
const DATE_WORDS: [&str; 5] = ["dnia", "dniu", "dn", "data", "on"];
/// Days of the week without diacritics, Monday first, and the words before one in the past.
const WEEKDAYS: [&[&str]; 7] = [
    &["poniedzialek", "monday"],
    &["wtorek", "tuesday"],
    &["sroda", "srode", "wednesday"],
    &["czwartek", "thursday"],
    &["piatek", "friday"],
    &["sobota", "sobote", "saturday"],
    &["niedziela", "niedziele", "sunday"],
];
const WEEKDAY_PREPOSITIONS: [&str; 10] =
    ["w", "we", "on", "last", "ostatni", "ostatnia", "zeszly", "zeszla", "ubiegly", "miniony"];
/// Words without diacritics after an hour without minutes: "wczoraj ok. 14 z numeru …", but not "wczoraj ok. 14 osób".
const WORDS_AFTER_BARE_HOUR: [&str; 12] =
    ["z", "ze", "na", "do", "od", "i", "nie", "dzwonilem", "dzwonilam", "dzwonil", "dzwonila", "from"];
/// Hours that are unambiguous without "am" or "pm".
const BARE_HOURS: std::ops::RangeInclusive<u8> = 7..=23;

/// The words of a text without diacritics, and whether a clause ends after each.
struct TokenizedText(Vec<(String, bool)>);

impl TokenizedText {
    fn tokenize(text: &str) -> TokenizedText {
        let mut words = Vec::new();
        for line in text.lines() {
            let tokens = line.split(|c: char| c.is_whitespace() || "()[]\"„”".contains(c));
            for token in tokens.filter(|token| !token.is_empty()) {
                let folded = fold_diacritics(token);
                let mut word = folded.trim_matches([',', '.', ';', '!', '?', ':']);
                // "godz.14:05"
                for prefix in ["godz", "ok"] {
                    let rest = word.strip_prefix(prefix).map(|rest| rest.trim_start_matches('.'));
                    if let Some(rest) = rest.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
                        words.push((prefix.to_owned(), false));
                        word = rest;
                    }
                }
                if !word.is_empty() {
                    words.push((word.to_owned(), token.ends_with([',', '.', ';', '!', '?'])));
                }
            }
            if let Some((_, ends_clause)) = words.last_mut() {
                *ends_clause = true;
            }
        }
        TokenizedText(words)
    }

    /// Returns the word at a distance after `index`, or before it if negative. Empty outside the text.
    fn word_at_offset(&self, index: usize, offset: isize) -> &str {
        let word = index.checked_add_signed(offset).and_then(|index| self.0.get(index));
        word.map_or("", |(word, _)| word.as_str())
    }

    fn is_clause_end(&self, index: usize) -> bool {
        self.0.get(index).is_none_or(|(_, ends_clause)| *ends_clause)
    }

    fn find_map<T>(&self, parse: impl Fn(usize) -> Option<T>) -> Option<T> {
        (0..self.0.len()).find_map(parse)
    }
}

/// Returns the time of the call if the text states a time of day. Without a day it is the last such time before the message
/// was sent.
pub(crate) fn extract_call_time(
    text: &str,
    sent_at: OffsetDateTime,
    now: OffsetDateTime,
    retention_days: u16,
) -> Option<CallTime> {
    let words = TokenizedText::tokenize(text);
    let today = local_time::to_local(sent_at).date();
    let time = words.find_map(|index| parse_time(&words, index, today))?;
    let on_day = |day: Date| {
        let input = CallTimeInput { date: &day.to_string(), time: &time, ..CallTimeInput::default() };
        match call_time::parse(input, now, retention_days) {
            Ok(call_time) => Some(call_time),
            Err(errors) => errors.ambiguous_times.map(|(first, _)| CallTime {
                at: first,
                precision: CallTimePrecision::HalfHour,
                is_ambiguous: true,
            }),
        }
    };
    if let Some(day) = words.find_map(|index| parse_day(&words, index, today)) {
        return on_day(day);
    }
    match words.find_map(|index| parse_weekday(&words, index, today)) {
        // on a Friday, "on Friday" may mean today or a week ago
        Some(day) if day == today => None,
        Some(day) => on_day(day),
        None => on_day(today).filter(|call_time| call_time.at <= sent_at).or_else(|| on_day(today.previous_day()?)),
    }
}

/// Parses the day that starts at a word.
fn parse_day(words: &TokenizedText, index: usize, today: Date) -> Option<Date> {
    let word = words.word_at_offset(index, 0);
    match word {
        "dzis" | "dzisiaj" | "today" => return Some(today),
        "wczoraj" | "yesterday" => return today.previous_day(),
        "przedwczoraj" => return today.previous_day()?.previous_day(),
        _ => {}
    }
    // "20.11.2026r."
    let word = word.strip_suffix('r').unwrap_or(word);
    let group_lengths: Vec<usize> = word.split(['.', '-', '/']).map(str::len).collect();
    let is_numeric = word.chars().all(|c| c.is_ascii_digit() || ".-/".contains(c));
    // "20.11 14:05", "20.11 o godz. 14"
    let is_followed_by_time = || {
        let next = words.word_at_offset(index, 1);
        (next.contains(':') && parse_clock_time(words, index + 1).is_some())
            || (TIME_PREPOSITIONS.contains(&next)
                && (2..=3).any(|offset| parse_clock_time(words, index + offset).is_some()))
    };
    let is_date = match group_lengths[..] {
        [1..=2, 1..=2, 4 | 2] | [4, 1..=2, 1..=2] => is_numeric,
        [1..=2, 1..=2] => {
            is_numeric && (DATE_WORDS.contains(&words.word_at_offset(index, -1)) || is_followed_by_time())
        }
        _ => false,
    };
    if is_date {
        return call_time::parse_date(word, today);
    }
    let is_day_of_month = word.parse().is_ok_and(|day: u8| (1..=31).contains(&day));
    let (month, year) = (words.word_at_offset(index, 1), words.word_at_offset(index, 2));
    if is_day_of_month && MONTH_WORDS.contains(&month) {
        let has_year = year.len() == 4 && year.parse::<u16>().is_ok();
        return call_time::parse_date(&format!("{word} {month} {}", if has_year { year } else { "" }), today);
    }
    None
}

/// Returns the last day with the weekday that is named at a word; it may be today.
fn parse_weekday(words: &TokenizedText, index: usize, today: Date) -> Option<Date> {
    let weekday = WEEKDAYS.iter().position(|names| names.contains(&words.word_at_offset(index, 0)))?;
    if !WEEKDAY_PREPOSITIONS.contains(&words.word_at_offset(index, -1)) {
        return None;
    }
    let has_weekday = |day: &Date| usize::from(day.weekday().number_days_from_monday()) == weekday;
    std::iter::successors(Some(today), |day| day.previous_day()).take(7).find(has_weekday)
}

/// Returns the time of day at a word, in a form that the report form accepts.
fn parse_time(words: &TokenizedText, index: usize, today: Date) -> Option<String> {
    // "od 8:00 do 16:00" are opening hours, or a period too long to search for a call
    let is_range = (words.word_at_offset(index, -1) == "od" && words.word_at_offset(index, 1) == "do")
        || (words.word_at_offset(index, -1) == "do" && words.word_at_offset(index, -3) == "od");
    if is_range { None } else { parse_clock_time(words, index).or_else(|| parse_bare_hour(words, index, today)) }
}

/// Parses a time with minutes, or an hour that a word beside it marks as one.
fn parse_clock_time(words: &TokenizedText, index: usize) -> Option<String> {
    let word = words.word_at_offset(index, 0);
    let groups: Vec<&str> = word.split([':', '.']).collect();
    let is_group = |group: &&str| (1..=2).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit());
    if !groups.iter().all(is_group) {
        return None;
    }
    let meridiem = Some(words.word_at_offset(index, 1))
        .filter(|next| matches!(*next, "am" | "pm" | "a.m" | "p.m"))
        .unwrap_or_default();
    let previous = words.word_at_offset(index, -1);
    let is_time = match groups.len() {
        1 => HOUR_WORDS.contains(&previous) || !meridiem.is_empty(),
        2 | 3 => word.contains(':') || (groups.len() == 2 && TIME_PREPOSITIONS.contains(&previous)),
        _ => false,
    };
    if !is_time {
        return None;
    }
    let is_approximate = (-3..0).any(|offset| APPROXIMATION_WORDS.contains(&words.word_at_offset(index, offset)));
    let time = format!("{} {word} {meridiem}", if is_approximate { "about" } else { "" });
    call_time::parse_time_of_day(&time).map(|_| time)
}

/// Parses an hour without minutes beside its day ("wczoraj ok. 14", "o 15-tej dziś"). Such a time is approximate.
fn parse_bare_hour(words: &TokenizedText, index: usize, today: Date) -> Option<String> {
    let word = words.word_at_offset(index, 0);
    let hour = word.trim_end_matches(char::is_alphabetic).trim_end_matches('-');
    let is_hour = hour.parse().is_ok_and(|hour: u8| BARE_HOURS.contains(&hour));
    let has_ordinal_ending = matches!(&word[hour.len()..], "tej" | "-tej" | "stej" | "-stej" | "ej" | "-ej");
    let has_preposition =
        TIME_PREPOSITIONS.contains(&words.word_at_offset(index, -1)) && (hour == word || has_ordinal_ending);
    let is_day =
        |offset: isize| index.checked_add_signed(offset).is_some_and(|index| parse_day(words, index, today).is_some());
    let has_day = || is_day(1) || (-5..-1).any(is_day);
    let is_complete = words.is_clause_end(index)
        || WORDS_AFTER_BARE_HOUR.contains(&words.word_at_offset(index, 1))
        || has_ordinal_ending
        || is_day(1);
    (is_hour && has_preposition && is_complete && has_day()).then(|| format!("about {hour}"))
}
