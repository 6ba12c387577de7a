//! When it happened: the first day and the first time of day that a text names, read as the form reads them.

use time::{Date, OffsetDateTime};

use crate::{
    local_time,
    phone::normalize::fold_diacritics,
    report::call_time::{self, CallTime, CallTimeInput},
    tickets::CallTimePrecision,
};

/// Months as they stand in sentences, folded.
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
/// Words before a time that has a dot in it, or nothing but the hour.
const TIME_PREPOSITIONS: [&str; 10] =
    ["o", "godz", "godzinie", "godziny", "godzina", "at", "ok", "okolo", "about", "around"];
const HOUR_WORDS: [&str; 4] = ["godz", "godzinie", "godziny", "godzina"];
const APPROXIMATION_WORDS: [&str; 4] = ["ok", "okolo", "about", "around"];
const DATE_WORDS: [&str; 5] = ["dnia", "dniu", "dn", "data", "on"];
/// Days of the week, from Monday on, in both languages, folded, and words before one that has been.
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
/// Words after a bare hour: "wczoraj ok. 14 z numeru …", and not "wczoraj ok. 14 osób".
const WORDS_AFTER_BARE_HOUR: [&str; 12] =
    ["z", "ze", "na", "do", "od", "i", "nie", "dzwonilem", "dzwonilam", "dzwonil", "dzwonila", "from"];
/// Hours that nobody says of the other half of the day.
const BARE_HOURS: std::ops::RangeInclusive<u8> = 7..=23;

/// The words of a text, folded, and whether something ends behind each.
struct TokenizedText(Vec<(String, bool)>);

impl TokenizedText {
    fn tokenize(text: &str) -> TokenizedText {
        let mut words = Vec::new();
        for line in text.lines() {
            let pieces = line.split(|c: char| c.is_whitespace() || "()[]\"„”".contains(c));
            for piece in pieces.filter(|piece| !piece.is_empty()) {
                let folded = fold_diacritics(piece);
                let mut word = folded.trim_matches([',', '.', ';', '!', '?', ':']);
                // "godz.14:05"
                for glued in ["godz", "ok"] {
                    let rest = word.strip_prefix(glued).map(|rest| rest.trim_start_matches('.'));
                    if let Some(rest) = rest.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
                        words.push((glued.to_owned(), false));
                        word = rest;
                    }
                }
                if !word.is_empty() {
                    words.push((word.to_owned(), piece.ends_with([',', '.', ';', '!', '?'])));
                }
            }
            if let Some((_, ends)) = words.last_mut() {
                *ends = true;
            }
        }
        TokenizedText(words)
    }

    /// The word so many places behind one, or before it.
    fn word_at_offset(&self, at: usize, by: isize) -> &str {
        let word = at.checked_add_signed(by).and_then(|at| self.0.get(at));
        word.map_or("", |(word, _)| word.as_str())
    }

    fn is_clause_end(&self, at: usize) -> bool {
        self.0.get(at).is_none_or(|(_, ends)| *ends)
    }

    fn find_map<T>(&self, look: impl Fn(usize) -> Option<T>) -> Option<T> {
        (0..self.0.len()).find_map(look)
    }
}

/// The moment, if a time of day is told. Without a day it is the last such time before the message was sent.
pub fn extract_call_time(text: &str, sent: OffsetDateTime, now: OffsetDateTime, kept_days: u16) -> Option<CallTime> {
    let words = TokenizedText::tokenize(text);
    let today = local_time::to_local(sent).date();
    let time = words.find_map(|at| parse_time(&words, at, today))?;
    let day = words.find_map(|at| parse_day(&words, at, today));
    let read = |day: Date| {
        let raw = CallTimeInput { date: &day.to_string(), time: &time, ..CallTimeInput::default() };
        match call_time::parse(raw, now, kept_days) {
            Ok(when) => Some(when),
            Err(wrong) => wrong.ambiguous_times.map(|(first, _)| CallTime {
                at: first,
                precision: CallTimePrecision::HalfHour,
                is_ambiguous: true,
            }),
        }
    };
    if let Some(day) = day {
        return read(day);
    }
    match words.find_map(|at| parse_weekday(&words, at, today)) {
        // said on a Friday, "on Friday" may be today or a week ago
        Some(day) if day == today => None,
        Some(day) => read(day),
        None => read(today).filter(|when| when.at <= sent).or_else(|| read(today.previous_day()?)),
    }
}

/// A day at a place in the text.
fn parse_day(words: &TokenizedText, at: usize, today: Date) -> Option<Date> {
    let word = words.word_at_offset(at, 0);
    match word {
        "dzis" | "dzisiaj" | "today" => return Some(today),
        "wczoraj" | "yesterday" => return today.previous_day(),
        "przedwczoraj" => return today.previous_day()?.previous_day(),
        _ => {}
    }
    // "20.11.2026r."
    let word = word.strip_suffix('r').unwrap_or(word);
    let groups: Vec<usize> = word.split(['.', '-', '/']).map(str::len).collect();
    let is_digits = word.chars().all(|c| c.is_ascii_digit() || ".-/".contains(c));
    // "20.11 14:05", "20.11 o godz. 14"
    let is_timed = || {
        let is_said = TIME_PREPOSITIONS.contains(&words.word_at_offset(at, 1))
            && (2..=3).any(|by| parse_clock_time(words, at + by).is_some());
        is_said || (words.word_at_offset(at, 1).contains(':') && parse_clock_time(words, at + 1).is_some())
    };
    let is_date = match groups[..] {
        [1..=2, 1..=2, 4 | 2] | [4, 1..=2, 1..=2] => is_digits,
        [1..=2, 1..=2] => is_digits && (DATE_WORDS.contains(&words.word_at_offset(at, -1)) || is_timed()),
        _ => false,
    };
    if is_date {
        return call_time::parse_date(word, today);
    }
    let is_day = word.parse().is_ok_and(|day: u8| (1..=31).contains(&day));
    let (month, year) = (words.word_at_offset(at, 1), words.word_at_offset(at, 2));
    if is_day && MONTH_WORDS.contains(&month) {
        let has_year = year.len() == 4 && year.parse::<u16>().is_ok();
        return call_time::parse_date(&format!("{word} {month} {}", if has_year { year } else { "" }), today);
    }
    None
}

/// The last such day of the week, which may be today.
fn parse_weekday(words: &TokenizedText, at: usize, today: Date) -> Option<Date> {
    let wanted = WEEKDAYS.iter().position(|names| names.contains(&words.word_at_offset(at, 0)))?;
    if !WEEKDAY_PREPOSITIONS.contains(&words.word_at_offset(at, -1)) {
        return None;
    }
    let is = |day: &Date| usize::from(day.weekday().number_days_from_monday()) == wanted;
    std::iter::successors(Some(today), |day| day.previous_day()).take(7).find(is)
}

/// A time of day at a place in the text, as the form reads it.
fn parse_time(words: &TokenizedText, at: usize, today: Date) -> Option<String> {
    // "od 8:00 do 16:00" are hours of opening, or a time too long to look for a call in
    let is_span = (words.word_at_offset(at, -1) == "od" && words.word_at_offset(at, 1) == "do")
        || (words.word_at_offset(at, -1) == "do" && words.word_at_offset(at, -3) == "od");
    if is_span { None } else { parse_clock_time(words, at).or_else(|| parse_bare_hour(words, at, today)) }
}

/// One with minutes, or with a word that makes an hour of a number.
fn parse_clock_time(words: &TokenizedText, at: usize) -> Option<String> {
    let word = words.word_at_offset(at, 0);
    let groups: Vec<&str> = word.split([':', '.']).collect();
    if groups
        .iter()
        .any(|group| group.is_empty() || group.len() > 2 || !group.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return None;
    }
    let half = Some(words.word_at_offset(at, 1))
        .filter(|half| matches!(*half, "am" | "pm" | "a.m" | "p.m"))
        .unwrap_or_default();
    let before = words.word_at_offset(at, -1);
    let is_time = match groups.len() {
        1 => HOUR_WORDS.contains(&before) || !half.is_empty(),
        2 | 3 => word.contains(':') || (groups.len() == 2 && TIME_PREPOSITIONS.contains(&before)),
        _ => false,
    };
    if !is_time {
        return None;
    }
    let is_about = (-3..0).any(|by| APPROXIMATION_WORDS.contains(&words.word_at_offset(at, by)));
    let typed = format!("{} {word} {half}", if is_about { "about" } else { "" });
    call_time::parse_time_of_day(&typed).map(|_| typed)
}

/// "wczoraj ok. 14", "o 15-tej dziś": an hour beside its day, and roughly that.
fn parse_bare_hour(words: &TokenizedText, at: usize, today: Date) -> Option<String> {
    let word = words.word_at_offset(at, 0);
    let hour = word.trim_end_matches(char::is_alphabetic).trim_end_matches('-');
    let is_hour = hour.parse().is_ok_and(|hour: u8| BARE_HOURS.contains(&hour));
    let has_ending = matches!(&word[hour.len()..], "tej" | "-tej" | "stej" | "-stej" | "ej" | "-ej");
    let is_named = TIME_PREPOSITIONS.contains(&words.word_at_offset(at, -1)) && (hour == word || has_ending);
    let is_day = |by: isize| at.checked_add_signed(by).is_some_and(|at| parse_day(words, at, today).is_some());
    let has_day = || is_day(1) || (-5..-1).any(is_day);
    let is_alone = words.is_clause_end(at)
        || WORDS_AFTER_BARE_HOUR.contains(&words.word_at_offset(at, 1))
        || has_ending
        || is_day(1);
    (is_hour && is_named && is_alone && has_day()).then(|| format!("about {hour}"))
}
