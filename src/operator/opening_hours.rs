//! Opening hours and holidays in the operator's file.

use anyhow::{Context, ensure};
use serde::Deserialize;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, Weekday};

use crate::local_time::{self, LocalTimeResolution};

/// The end of a day, as a closing time.
const END_OF_DAY: &str = "24:00";

/// Opening hours of one day of the week, or of consecutive days.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    pub from: DayOfWeek,
    pub to: Option<DayOfWeek>,
    pub open: String,
    pub close: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayOfWeek {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl OpeningHours {
    /// Checks the values at start. Invalid ones would count as closed.
    pub(super) fn validate(&self) -> anyhow::Result<()> {
        let (from, to) = (self.from, self.to.unwrap_or(self.from));
        ensure!(
            from as u8 <= to as u8,
            "opening hours from {from:?} to {to:?}: a week begins with Monday, so split this into two entries"
        );
        let open = parse_time(&self.open).with_context(|| invalid_time_message(&self.open))?;
        if self.close != END_OF_DAY {
            let close = parse_time(&self.close).with_context(|| invalid_time_message(&self.close))?;
            ensure!(open < close, "opening hours begin at {} and end at {}, which is not later", self.open, self.close);
        }
        Ok(())
    }

    /// The time at which a day begins, if the value is valid.
    pub(super) fn opening_time(&self) -> Option<Time> {
        parse_time(&self.open)
    }

    pub(super) fn includes_weekday(&self, day: Weekday) -> bool {
        (self.from as u8..=self.to.unwrap_or(self.from) as u8).contains(&day.number_days_from_monday())
    }

    /// The opening and closing time on a day. `None` if a value is invalid.
    pub(super) fn open_interval(&self, day: Date) -> Option<(OffsetDateTime, OffsetDateTime)> {
        let open = match local_time::resolve_local(PrimitiveDateTime::new(day, parse_time(&self.open)?)) {
            LocalTimeResolution::Unambiguous(at)
            | LocalTimeResolution::Gap { later: at, .. }
            | LocalTimeResolution::Fold { first: at, .. } => at,
        };
        let close = match self.close.as_str() {
            END_OF_DAY => PrimitiveDateTime::new(day.next_day()?, Time::MIDNIGHT),
            close => PrimitiveDateTime::new(day, parse_time(close)?),
        };
        let close = match local_time::resolve_local(close) {
            LocalTimeResolution::Unambiguous(at)
            | LocalTimeResolution::Gap { later: at, .. }
            | LocalTimeResolution::Fold { second: at, .. } => at,
        };
        Some((open, close))
    }
}

/// Whether the text is a valid `YYYY-MM-DD` or `MM-DD`.
pub(super) fn is_holiday_date(text: &str) -> bool {
    let parse_date = |text: &str| {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<u16>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
        Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()
    };
    // a leap year contains every possible day
    match text.len() {
        5 => parse_date(&format!("2024-{text}")).is_some_and(|day| day.to_string().ends_with(text)),
        _ => parse_date(text).is_some_and(|day| day.to_string() == text),
    }
}

/// Removes the leading zero of an hour: `08:00` becomes `8:00`, `00:30` becomes `0:30`.
pub(super) fn strip_leading_zero(time: &str) -> &str {
    time.strip_prefix('0').filter(|rest| !rest.starts_with(':')).unwrap_or(time)
}

fn invalid_time_message(text: &str) -> String {
    format!("the opening hour {text:?} is not a time such as 8:00 or 17:30")
}

fn parse_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let has_only_digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    if !has_only_digits || hour.len() > 2 || minute.len() != 2 {
        return None;
    }
    Time::from_hms(hour.parse().ok()?, minute.parse().ok()?, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_must_be_valid_dates() {
        for day in ["2026-12-25", "12-25", "02-29", "2028-02-29"] {
            assert!(is_holiday_date(day), "{day}");
        }
        for text in ["2026-02-29", "13-01", "25.12", "2026-12-5", "", "Wigilia", "-1-1-1"] {
            assert!(!is_holiday_date(text), "{text}");
        }
    }
}
