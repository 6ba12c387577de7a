//! When the call happened, as customers remember it: "dziś, około 14", `22.11.2026` and `14:05`. Polish time on the
//! wall, with the two hours a year that need a question, becomes one instant in UTC.

#![allow(clippy::result_large_err, reason = "read once a form; the complaints are what is wanted")]

mod date;
mod time_of_day;

use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use crate::i18n::UiMessage;
use crate::local_time::{self, LocalTimeResolution};
use crate::phone::normalize::{normalize_text, truncate_for_echo};
use crate::tickets::CallTimePrecision;
use time_of_day::TimeOfDay;

/// How far ahead of our clock a customer's may be.
const MAX_CLOCK_SKEW: Duration = Duration::minutes(5);

/// The fields as they were sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallTimeInput<'a> {
    /// `now`, `today`, `yesterday` or `other`; nothing means `other`.
    pub day: &'a str,
    /// Read only for `other`.
    pub date: &'a str,
    /// Read for every day but `now`.
    pub time: &'a str,
    /// `exact`, `5min` or `30min`; nothing means `exact`.
    pub precision: &'a str,
    /// `earlier` or `later`: which of the two hours in October. Anything else means that it has not been answered.
    pub fold: &'a str,
}

/// When the call happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallTime {
    /// UTC, never after the `now` it was read at.
    pub at: OffsetDateTime,
    /// At least what the customer chose; wider when the time itself was written with "około".
    pub precision: CallTimePrecision,
    /// The clock showed this time twice that night, so it must be shown with which of the two it was.
    pub is_ambiguous: bool,
}

/// Everything that is wrong, each for its own field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CallTimeErrors {
    pub day: Option<UiMessage>,
    pub date: Option<UiMessage>,
    pub time: Option<UiMessage>,
    pub precision: Option<UiMessage>,
    /// The time came twice (UTC: the earlier and the later): ask which, and send the answer in `fold`.
    pub ambiguous_times: Option<(OffsetDateTime, OffsetDateTime)>,
}

/// A date alone, for staff who search: as forgiving as the form, without its complaints.
pub fn parse_date(typed: &str, today: Date) -> Option<Date> {
    date::parse(typed, today).ok()
}

/// A time of day alone.
pub fn parse_time_of_day(typed: &str) -> Option<Time> {
    time_of_day::parse(typed).ok().map(|hour| hour.time)
}

/// A day to come and, if it is given, a time of it, read as the fields above are. Without a year it is the next such day.
///
/// # Errors
/// A complaint about the one that can't be read.
pub fn parse_future(date: &str, time: &str, today: Date) -> Result<(Date, Option<Time>), UiMessage> {
    let date = date::parse_future(date, today)?;
    let time = if normalize_text(time).is_empty() { None } else { Some(time_of_day::parse(time)?.time) };
    Ok((date, time))
}

enum DayChoice {
    Now,
    Today,
    Yesterday,
    Other,
}

/// Reads the fields. `kept_days` is how long the network keeps its records of calls.
///
/// # Errors
/// All complaints at once; at least one of the fields is set.
pub fn parse(raw: CallTimeInput<'_>, now: OffsetDateTime, kept_days: u16) -> Result<CallTime, CallTimeErrors> {
    let now = now.to_offset(UtcOffset::UTC);
    let today = local_time::to_local(now).date();
    let mut wrong = CallTimeErrors::default();

    let precision = parse_precision(raw.precision).map_err(|say| wrong.precision = Some(say)).ok();
    let day = DayChoice::parse(raw.day).map_err(|say| wrong.day = Some(say)).ok();
    let date = match day {
        Some(DayChoice::Now) => {
            // "just now" is some minutes ago by the time the form is sent
            let about = |precision: CallTimePrecision| CallTime {
                at: now,
                precision: precision.max(CallTimePrecision::FiveMinutes),
                is_ambiguous: false,
            };
            return precision.map(about).ok_or(wrong);
        }
        Some(DayChoice::Today) => Some(today),
        Some(DayChoice::Yesterday) => today.previous_day(),
        Some(DayChoice::Other) => date::parse(raw.date, today).map_err(|say| wrong.date = Some(say)).ok(),
        None => None,
    };
    let hour = time_of_day::parse(raw.time).map_err(|say| wrong.time = Some(say)).ok();
    if let Some(date) = date {
        wrong.date = date_error(date, hour.as_ref(), now, kept_days);
    }

    let (Some(date), Some(hour), Some(precision)) = (date, hour, precision) else {
        return Err(wrong);
    };
    if wrong != CallTimeErrors::default() {
        return Err(wrong);
    }
    let local = PrimitiveDateTime::new(date, hour.time);
    let (at, twice) = resolve_ambiguity(local, raw.fold, now)?;
    Ok(CallTime { at: at.min(now), precision: precision.max(hour.implied_precision), is_ambiguous: twice })
}

/// The instant, and whether the clock showed that time twice.
fn resolve_ambiguity(
    local: PrimitiveDateTime,
    fold: &str,
    now: OffsetDateTime,
) -> Result<(OffsetDateTime, bool), CallTimeErrors> {
    let wrong_time = |say| CallTimeErrors { time: Some(say), ..CallTimeErrors::default() };
    let future = || {
        let clock = time_of_day::format_clock(local_time::to_local(now).time());
        wrong_time(
            UiMessage::new("call-time-time-future")
                .with("time", time_of_day::format_clock(local.time()))
                .with("now", clock),
        )
    };
    let passed = |at: OffsetDateTime| at <= now.saturating_add(MAX_CLOCK_SKEW);
    match local_time::resolve_local(local) {
        LocalTimeResolution::Unambiguous(at) if passed(at) => Ok((at, false)),
        LocalTimeResolution::Unambiguous(_) => Err(future()),
        LocalTimeResolution::Gap { later, .. } => {
            let instead = time_of_day::format_clock(local_time::to_local(later).time());
            let say = UiMessage::new("call-time-time-skipped")
                .with("time", time_of_day::format_clock(local.time()))
                .with("instead", instead);
            Err(wrong_time(say))
        }
        LocalTimeResolution::Fold { first, second } => match normalize_text(fold).as_str() {
            "later" if passed(second) => Ok((second, true)),
            "later" => Err(future()),
            _ if !passed(first) => Err(future()),
            "earlier" => Ok((first, true)),
            // the second one has not come yet: there is nothing to ask
            _ if !passed(second) => Ok((first, true)),
            _ => Err(CallTimeErrors { ambiguous_times: Some((first, second)), ..CallTimeErrors::default() }),
        },
    }
}

/// A complaint about a date that has not come yet, or whose records are gone. A few minutes past midnight by a fast
/// clock are forgiven.
fn date_error(date: Date, hour: Option<&TimeOfDay>, now: OffsetDateTime, kept_days: u16) -> Option<UiMessage> {
    let today = local_time::to_local(now).date();
    if date > today {
        let soon = local_time::to_local(now.saturating_add(MAX_CLOCK_SKEW));
        let forgiven = hour.is_some_and(|hour| (date, hour.time) <= (soon.date(), soon.time()));
        return (!forgiven)
            .then(|| UiMessage::new("call-time-date-future").with("example", date::format_example(today)));
    }
    let age = (today - date).whole_days();
    (age > i64::from(kept_days)).then(|| UiMessage::new("call-time-date-too-old").with("days", kept_days))
}

impl DayChoice {
    fn parse(typed: &str) -> Result<DayChoice, UiMessage> {
        match normalize_text(typed).as_str() {
            "now" => Ok(DayChoice::Now),
            "today" => Ok(DayChoice::Today),
            "yesterday" => Ok(DayChoice::Yesterday),
            "" | "other" => Ok(DayChoice::Other),
            _ => Err(UiMessage::new("call-time-day-unknown").with("text", truncate_for_echo(typed))),
        }
    }
}

fn parse_precision(typed: &str) -> Result<CallTimePrecision, UiMessage> {
    match normalize_text(typed).as_str() {
        "" => Ok(CallTimePrecision::Exact),
        name => name
            .parse()
            .map_err(|()| UiMessage::new("call-time-precision-unknown").with("text", truncate_for_echo(typed))),
    }
}

#[cfg(test)]
mod tests;
