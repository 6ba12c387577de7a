//! When the call happened, as customers remember it: "dziś, około 14", `22.11.2026` and `14:05`. Polish time on the
//! wall, with the two hours a year that need a question, becomes one instant in UTC.

#![allow(clippy::result_large_err, reason = "read once a form; the complaints are what is wanted")]

mod date;
mod hour;

use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use crate::phone::typed::{shorten, tidy};
use crate::tickets::Precision;
use crate::words::Say;
use crate::zone::{self, Resolved};
use hour::Hour;

/// How far ahead of our clock a customer's may be.
const AHEAD: Duration = Duration::minutes(5);

/// The fields as they were sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct RawWhen<'a> {
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
pub struct When {
    /// UTC, never after the `now` it was read at.
    pub at: OffsetDateTime,
    /// At least what the customer chose; wider when the time itself was written with "około".
    pub precision: Precision,
    /// The clock showed this time twice that night, so it must be shown with which of the two it was.
    pub twice: bool,
}

/// Everything that is wrong, each for its own field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WrongWhen {
    pub day: Option<Say>,
    pub date: Option<Say>,
    pub time: Option<Say>,
    pub precision: Option<Say>,
    /// The time came twice (UTC: the earlier and the later): ask which, and send the answer in `fold`.
    pub fold: Option<(OffsetDateTime, OffsetDateTime)>,
}

/// A date alone, for staff who search: as forgiving as the form, without its complaints.
pub fn day(typed: &str, today: Date) -> Option<Date> {
    date::read(typed, today).ok()
}

/// A time of day alone.
pub fn time_of_day(typed: &str) -> Option<Time> {
    hour::read(typed).ok().map(|hour| hour.time)
}

/// A day to come and, if it is given, a time of it, read as the fields above are. Without a year it is the next such day.
///
/// # Errors
/// A complaint about the one that can't be read.
pub fn read_coming(date: &str, time: &str, today: Date) -> Result<(Date, Option<Time>), Say> {
    let date = date::read_coming(date, today)?;
    let time = if tidy(time).is_empty() { None } else { Some(hour::read(time)?.time) };
    Ok((date, time))
}

enum Day {
    Now,
    Today,
    Yesterday,
    Other,
}

/// Reads the fields. `kept_days` is how long the network keeps its records of calls.
///
/// # Errors
/// All complaints at once; at least one of the fields is set.
pub fn read(raw: RawWhen<'_>, now: OffsetDateTime, kept_days: u16) -> Result<When, WrongWhen> {
    let now = now.to_offset(UtcOffset::UTC);
    let today = zone::to_local(now).date();
    let mut wrong = WrongWhen::default();

    let precision = read_precision(raw.precision).map_err(|say| wrong.precision = Some(say)).ok();
    let day = Day::read(raw.day).map_err(|say| wrong.day = Some(say)).ok();
    let date = match day {
        Some(Day::Now) => {
            // "just now" is some minutes ago by the time the form is sent
            let about =
                |precision: Precision| When { at: now, precision: precision.max(Precision::FiveMinutes), twice: false };
            return precision.map(about).ok_or(wrong);
        }
        Some(Day::Today) => Some(today),
        Some(Day::Yesterday) => today.previous_day(),
        Some(Day::Other) => date::read(raw.date, today).map_err(|say| wrong.date = Some(say)).ok(),
        None => None,
    };
    let hour = hour::read(raw.time).map_err(|say| wrong.time = Some(say)).ok();
    if let Some(date) = date {
        wrong.date = out_of_reach(date, hour.as_ref(), now, kept_days);
    }

    let (Some(date), Some(hour), Some(precision)) = (date, hour, precision) else {
        return Err(wrong);
    };
    if wrong != WrongWhen::default() {
        return Err(wrong);
    }
    let local = PrimitiveDateTime::new(date, hour.time);
    let (at, twice) = settle(local, raw.fold, now)?;
    Ok(When { at: at.min(now), precision: precision.max(hour.at_least), twice })
}

/// The instant, and whether the clock showed that time twice.
fn settle(local: PrimitiveDateTime, fold: &str, now: OffsetDateTime) -> Result<(OffsetDateTime, bool), WrongWhen> {
    let wrong_time = |say| WrongWhen { time: Some(say), ..WrongWhen::default() };
    let future = || {
        let clock = hour::clock(zone::to_local(now).time());
        wrong_time(Say::new("when-time-future").with("time", hour::clock(local.time())).with("now", clock))
    };
    let passed = |at: OffsetDateTime| at <= now.saturating_add(AHEAD);
    match zone::resolve(local) {
        Resolved::One(at) if passed(at) => Ok((at, false)),
        Resolved::One(_) => Err(future()),
        Resolved::Gap { later, .. } => {
            let instead = hour::clock(zone::to_local(later).time());
            let say = Say::new("when-time-skipped").with("time", hour::clock(local.time())).with("instead", instead);
            Err(wrong_time(say))
        }
        Resolved::Fold { first, second } => match tidy(fold).as_str() {
            "later" if passed(second) => Ok((second, true)),
            "later" => Err(future()),
            _ if !passed(first) => Err(future()),
            "earlier" => Ok((first, true)),
            // the second one has not come yet: there is nothing to ask
            _ if !passed(second) => Ok((first, true)),
            _ => Err(WrongWhen { fold: Some((first, second)), ..WrongWhen::default() }),
        },
    }
}

/// A complaint about a date that has not come yet, or whose records are gone. A few minutes past midnight by a fast
/// clock are forgiven.
fn out_of_reach(date: Date, hour: Option<&Hour>, now: OffsetDateTime, kept_days: u16) -> Option<Say> {
    let today = zone::to_local(now).date();
    if date > today {
        let soon = zone::to_local(now.saturating_add(AHEAD));
        let forgiven = hour.is_some_and(|hour| (date, hour.time) <= (soon.date(), soon.time()));
        return (!forgiven).then(|| Say::new("when-date-future").with("example", date::example(today)));
    }
    let age = (today - date).whole_days();
    (age > i64::from(kept_days)).then(|| Say::new("when-date-too-old").with("days", kept_days))
}

impl Day {
    fn read(typed: &str) -> Result<Day, Say> {
        match tidy(typed).as_str() {
            "now" => Ok(Day::Now),
            "today" => Ok(Day::Today),
            "yesterday" => Ok(Day::Yesterday),
            "" | "other" => Ok(Day::Other),
            _ => Err(Say::new("when-day-unknown").with("text", shorten(typed))),
        }
    }
}

fn read_precision(typed: &str) -> Result<Precision, Say> {
    match tidy(typed).as_str() {
        "" => Ok(Precision::Exact),
        name => name.parse().map_err(|()| Say::new("when-precision-unknown").with("text", shorten(typed))),
    }
}

#[cfg(test)]
mod tests;
