//! Parses when the call happened, as customers remember it: "dziś, około 14", `22.11.2026` and `14:05`. The result is one
//! instant in UTC. Polish local time has one hour a year that occurs twice and one that does not exist; these two need a
//! question or a correction.

#![allow(clippy::result_large_err, reason = "called once per form; the errors are the result")]

mod precision;
mod date;
mod time_of_day;

use i18n::UiMessage;
use local_time::LocalTimeResolution;
use phone::normalize::{normalize_text, truncate_for_echo};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

pub use precision::CallTimePrecision;
use time_of_day::TimeOfDay;

/// How far a customer's clock may be ahead of ours.
const MAX_CLOCK_SKEW: Duration = Duration::minutes(5);

/// The form's fields as they were sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallTimeInput<'a> {
    /// `now`, `today`, `yesterday` or `other`; empty means `other`.
    pub day: &'a str,
    /// Read only for `other`.
    pub date: &'a str,
    /// Read for every day but `now`.
    pub time: &'a str,
    /// `exact`, `5min` or `30min`; empty means `exact`.
    pub precision: &'a str,
    /// `earlier` or `later`: which of the two equal hours when clocks go back. Any other value means that the question
    /// has not been answered.
    pub fold: &'a str,
}

/// When the call happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallTime {
    /// In UTC; never after the `now` of the parsing.
    pub at: OffsetDateTime,
    /// The precision that the customer chose, or a coarser one if the time was written with "około".
    pub precision: CallTimePrecision,
    /// The local time occurred twice that night, so a page must show which of the two it is.
    pub is_ambiguous: bool,
}

/// One error message per field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CallTimeErrors {
    pub day: Option<UiMessage>,
    pub date: Option<UiMessage>,
    pub time: Option<UiMessage>,
    pub precision: Option<UiMessage>,
    /// The local time occurred twice: the earlier and the later instant, in UTC. The form asks which one, and the answer
    /// comes in `fold`.
    pub ambiguous_times: Option<(OffsetDateTime, OffsetDateTime)>,
}

/// Parses a date alone, by the same rules as the form.
pub fn parse_date(text: &str, today: Date) -> Option<Date> {
    date::parse(text, today).ok()
}

/// Parses a time of day alone, by the same rules as the form.
pub fn parse_time_of_day(text: &str) -> Option<Time> {
    time_of_day::parse(text).ok().map(|parsed| parsed.time)
}

/// Parses a future date and an optional time of day. Without a year it is the next such day.
///
/// # Errors
/// The message about the first of the two that can't be parsed.
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

/// Parses the fields. `retention_days` is how long the network keeps its call records.
///
/// # Errors
/// All errors at once; at least one field of them is set.
pub fn parse(input: CallTimeInput<'_>, now: OffsetDateTime, retention_days: u16) -> Result<CallTime, CallTimeErrors> {
    let now = now.to_offset(UtcOffset::UTC);
    let today = local_time::to_local(now).date();
    let mut errors = CallTimeErrors::default();

    let precision = parse_precision(input.precision).map_err(|error| errors.precision = Some(error)).ok();
    let day = DayChoice::parse(input.day).map_err(|error| errors.day = Some(error)).ok();
    let date = match day {
        Some(DayChoice::Now) => {
            // "just now" is some minutes ago when the form is sent
            let just_now = |precision: CallTimePrecision| CallTime {
                at: now,
                precision: precision.max(CallTimePrecision::FiveMinutes),
                is_ambiguous: false,
            };
            return precision.map(just_now).ok_or(errors);
        }
        Some(DayChoice::Today) => Some(today),
        Some(DayChoice::Yesterday) => today.previous_day(),
        Some(DayChoice::Other) => date::parse(input.date, today).map_err(|error| errors.date = Some(error)).ok(),
        None => None,
    };
    let time = time_of_day::parse(input.time).map_err(|error| errors.time = Some(error)).ok();
    if let Some(date) = date {
        errors.date = date_error(date, time.as_ref(), now, retention_days);
    }

    let (Some(date), Some(time), Some(precision)) = (date, time, precision) else {
        return Err(errors);
    };
    if errors != CallTimeErrors::default() {
        return Err(errors);
    }
    let local = PrimitiveDateTime::new(date, time.time);
    let (at, is_ambiguous) = resolve_ambiguity(local, input.fold, now)?;
    Ok(CallTime { at: at.min(now), precision: precision.max(time.implied_precision), is_ambiguous })
}

/// Returns the instant, and whether the local time occurred twice.
fn resolve_ambiguity(
    local: PrimitiveDateTime,
    fold: &str,
    now: OffsetDateTime,
) -> Result<(OffsetDateTime, bool), CallTimeErrors> {
    let time_error = |error| CallTimeErrors { time: Some(error), ..CallTimeErrors::default() };
    let future_error = || {
        let clock = time_of_day::format_clock(local_time::to_local(now).time());
        time_error(
            UiMessage::new("call-time-time-future")
                .with("time", time_of_day::format_clock(local.time()))
                .with("now", clock),
        )
    };
    let has_passed = |at: OffsetDateTime| at <= now.saturating_add(MAX_CLOCK_SKEW);
    match local_time::resolve_local(local) {
        LocalTimeResolution::Unambiguous(at) if has_passed(at) => Ok((at, false)),
        LocalTimeResolution::Unambiguous(_) => Err(future_error()),
        LocalTimeResolution::Gap { later, .. } => {
            let instead = time_of_day::format_clock(local_time::to_local(later).time());
            let error = UiMessage::new("call-time-time-skipped")
                .with("time", time_of_day::format_clock(local.time()))
                .with("instead", instead);
            Err(time_error(error))
        }
        LocalTimeResolution::Fold { first, second } => match normalize_text(fold).as_str() {
            "later" if has_passed(second) => Ok((second, true)),
            "later" => Err(future_error()),
            _ if !has_passed(first) => Err(future_error()),
            "earlier" => Ok((first, true)),
            // the second one is still in the future, so there is nothing to ask
            _ if !has_passed(second) => Ok((first, true)),
            _ => Err(CallTimeErrors { ambiguous_times: Some((first, second)), ..CallTimeErrors::default() }),
        },
    }
}

/// The error about a date in the future, or one so old that its call records are deleted. A customer's clock may be past
/// midnight by [`MAX_CLOCK_SKEW`].
fn date_error(date: Date, time: Option<&TimeOfDay>, now: OffsetDateTime, retention_days: u16) -> Option<UiMessage> {
    let today = local_time::to_local(now).date();
    if date > today {
        let latest = local_time::to_local(now.saturating_add(MAX_CLOCK_SKEW));
        let is_within_skew = time.is_some_and(|time| (date, time.time) <= (latest.date(), latest.time()));
        return (!is_within_skew)
            .then(|| UiMessage::new("call-time-date-future").with("example", date::format_example(today)));
    }
    let age = (today - date).whole_days();
    (age > i64::from(retention_days)).then(|| UiMessage::new("call-time-date-too-old").with("days", retention_days))
}

impl DayChoice {
    fn parse(text: &str) -> Result<DayChoice, UiMessage> {
        match normalize_text(text).as_str() {
            "now" => Ok(DayChoice::Now),
            "today" => Ok(DayChoice::Today),
            "yesterday" => Ok(DayChoice::Yesterday),
            "" | "other" => Ok(DayChoice::Other),
            _ => Err(UiMessage::new("call-time-day-unknown").with("text", truncate_for_echo(text))),
        }
    }
}

fn parse_precision(text: &str) -> Result<CallTimePrecision, UiMessage> {
    match normalize_text(text).as_str() {
        "" => Ok(CallTimePrecision::Exact),
        name => name
            .parse()
            .map_err(|_| UiMessage::new("call-time-precision-unknown").with("text", truncate_for_echo(text))),
    }
}

#[cfg(test)]
mod tests;
