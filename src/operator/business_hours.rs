//! Reckoning in opening hours: by when staff have answered, whatever nights, weekends, holidays and changes of the clocks
//! lie between.

use anyhow::{Context, ensure};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, Weekday, macros::time};

use super::{OpeningHours, Operator};
use crate::local_time::{self, LocalTimeResolution};

/// The end of a day, as the file gives it.
const END_OF_DAY: &str = "24:00";

/// As far as anybody reckons, in days: opening hours that have not come by then never come.
const MAX_LOOKAHEAD_DAYS: usize = 60;

impl Operator {
    /// When staff have answered what came at `from`: after [`Operator::reply_hours`] of opening time. `None` where no
    /// opening hours are given.
    pub fn response_due(&self, from: OffsetDateTime) -> Option<OffsetDateTime> {
        let mut left = Duration::hours(self.reply_hours.into());
        for day in days_from(local_time::to_local(from).date()) {
            for (open, close) in self.open_intervals(day) {
                let open = open.max(from);
                if close - open >= left {
                    return Some(open + left);
                }
                left -= (close - open).max(Duration::ZERO);
            }
        }
        None
    }

    /// When work begins on the day that is so many working days after today; without opening hours, so many days.
    pub fn start_of_working_day_after(&self, from: OffsetDateTime, count: usize) -> OffsetDateTime {
        let days = days_from(local_time::to_local(from).date()).skip(1);
        let opens = days.filter_map(|day| self.open_intervals(day).first().map(|(open, _)| *open));
        opens.take(count).last().unwrap_or(from + Duration::days(count.try_into().unwrap_or(i64::MAX)))
    }

    /// When the day's work begins; on days off and without hours, when it does on the first day that has some, or at eight.
    pub fn opening_time(&self, day: Weekday) -> Time {
        let hours = self.hours.iter().find(|hours| hours.includes_weekday(day)).or(self.hours.first());
        hours.and_then(|hours| parse_time(&hours.open)).unwrap_or(time!(8:00))
    }

    /// From when to when somebody works that day, in order.
    fn open_intervals(&self, day: Date) -> Vec<(OffsetDateTime, OffsetDateTime)> {
        if self.is_holiday(day) {
            return Vec::new();
        }
        let hours = self.hours.iter().filter(|hours| hours.includes_weekday(day.weekday()));
        let mut spans: Vec<_> =
            hours.filter_map(|hours| hours.open_interval(day)).filter(|(open, close)| open < close).collect();
        spans.sort_unstable();
        spans
    }

    fn is_holiday(&self, day: Date) -> bool {
        let every_year = format!("{:02}-{:02}", u8::from(day.month()), day.day());
        self.holidays.iter().any(|holiday| *holiday == every_year || *holiday == day.to_string())
    }
}

impl OpeningHours {
    /// Hours that could not be reckoned with would silently be none.
    ///
    /// # Errors
    /// With a sentence, when they can't be.
    pub(super) fn validate(&self) -> anyhow::Result<()> {
        let (from, to) = (self.from, self.to.unwrap_or(self.from));
        ensure!(
            from as u8 <= to as u8,
            "opening hours from {from:?} to {to:?}: a week begins with Monday, so these are two entries"
        );
        let open = parse_time(&self.open).with_context(|| invalid_time_message(&self.open))?;
        if self.close != END_OF_DAY {
            let close = parse_time(&self.close).with_context(|| invalid_time_message(&self.close))?;
            ensure!(open < close, "nobody can open at {} and close at {}", self.open, self.close);
        }
        Ok(())
    }

    fn includes_weekday(&self, day: Weekday) -> bool {
        (self.from as u8..=self.to.unwrap_or(self.from) as u8).contains(&day.number_days_from_monday())
    }

    fn open_interval(&self, day: Date) -> Option<(OffsetDateTime, OffsetDateTime)> {
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

/// A day off as the file gives it: of one year, or of every year.
pub(super) fn is_holiday_date(text: &str) -> bool {
    let of_year = |text: &str| {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<u16>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
        Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()
    };
    // a leap year has all days that there are
    match text.len() {
        5 => of_year(&format!("2024-{text}")).is_some_and(|day| day.to_string().ends_with(text)),
        _ => of_year(text).is_some_and(|day| day.to_string() == text),
    }
}

/// A time as people read it, without a zero in front of an hour that has another digit.
pub(super) fn strip_leading_zero(time: &str) -> &str {
    time.strip_prefix('0').filter(|rest| !rest.starts_with(':')).unwrap_or(time)
}

fn invalid_time_message(text: &str) -> String {
    format!("the opening hour {text:?} is not a time such as 8:00 or 17:30")
}

fn parse_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    if !is_plain || hour.len() > 2 || minute.len() != 2 {
        return None;
    }
    Time::from_hms(hour.parse().ok()?, minute.parse().ok()?, 0).ok()
}

fn days_from(day: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(day), |day| day.next_day()).take(MAX_LOOKAHEAD_DAYS)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use crate::operator::DayOfWeek;
    use crate::operator::business_hours::*;

    fn operator(reply_hours: u16) -> Operator {
        // Monday to Friday, 8:00 to 18:00
        Operator { reply_hours, holidays: Vec::new(), ..Operator::load(None).unwrap() }
    }

    fn hours(from: DayOfWeek, to: DayOfWeek, open: &str, close: &str) -> OpeningHours {
        OpeningHours { from, to: Some(to), open: open.into(), close: close.into() }
    }

    #[test]
    fn an_answer_comes_within_working_hours() {
        let table = [
            // a Friday: by day, towards the evening, after it
            (datetime!(2026-11-20 10:00 +1), datetime!(2026-11-20 14:00 +1)),
            (datetime!(2026-11-20 14:00 +1), datetime!(2026-11-20 18:00 +1)),
            (datetime!(2026-11-20 16:30 +1), datetime!(2026-11-23 10:30 +1)),
            (datetime!(2026-11-20 18:00 +1), datetime!(2026-11-23 12:00 +1)),
            (datetime!(2026-11-22 23:59 +1), datetime!(2026-11-23 12:00 +1)),
            (datetime!(2026-11-23 3:00 +1), datetime!(2026-11-23 12:00 +1)),
            // over both changes of the clocks
            (datetime!(2026-03-27 17:00 +1), datetime!(2026-03-30 11:00 +2)),
            (datetime!(2026-10-23 17:00 +2), datetime!(2026-10-26 11:00 +1)),
        ];
        for (from, by) in table {
            assert_eq!(operator(4).response_due(from), Some(by), "{from}");
        }
        assert_eq!(operator(25).response_due(datetime!(2026-11-20 17:00 +1)), Some(datetime!(2026-11-25 12:00 +1)));
        assert_eq!(operator(0).response_due(datetime!(2026-11-21 17:00 +1)), Some(datetime!(2026-11-23 8:00 +1)));
    }

    #[test]
    fn a_night_in_which_the_clocks_change_has_its_own_length() {
        let night = |reply_hours| Operator {
            hours: vec![hours(DayOfWeek::Mon, DayOfWeek::Sun, "00:00", "24:00")],
            ..operator(reply_hours)
        };
        assert_eq!(night(4).response_due(datetime!(2026-10-25 0:30 +2)), Some(datetime!(2026-10-25 3:30 +1)));
        assert_eq!(night(4).response_due(datetime!(2026-03-29 0:30 +1)), Some(datetime!(2026-03-29 5:30 +2)));
        assert_eq!(night(4).response_due(datetime!(2026-11-20 23:00 +1)), Some(datetime!(2026-11-21 3:00 +1)));
    }

    #[test]
    fn nobody_works_on_days_off_and_some_work_twice_a_day() {
        let split = vec![
            hours(DayOfWeek::Mon, DayOfWeek::Fri, "14:00", "16:00"),
            hours(DayOfWeek::Mon, DayOfWeek::Fri, "8:00", "10:00"),
        ];
        let holidays = vec!["12-25".to_owned(), "2026-12-28".to_owned()];
        let operator = Operator { hours: split, holidays, ..operator(3) };
        assert_eq!(operator.response_due(datetime!(2026-12-23 9:00 +1)), Some(datetime!(2026-12-23 16:00 +1)));
        assert_eq!(operator.response_due(datetime!(2026-12-24 15:00 +1)), Some(datetime!(2026-12-29 10:00 +1)));
        assert_eq!(
            operator.start_of_working_day_after(datetime!(2026-12-23 9:00 +1), 2),
            datetime!(2026-12-29 8:00 +1)
        );
        // every year, and in that year alone
        assert_eq!(
            operator.start_of_working_day_after(datetime!(2028-12-24 9:00 +1), 1),
            datetime!(2028-12-26 8:00 +1)
        );
        let never = Operator { hours: Vec::new(), ..operator.clone() };
        assert_eq!(never.response_due(datetime!(2026-12-23 9:00 +1)), None);
        assert_eq!(never.start_of_working_day_after(datetime!(2026-12-23 9:00 +1), 2), datetime!(2026-12-25 9:00 +1));
        let broken = Operator { hours: vec![hours(DayOfWeek::Mon, DayOfWeek::Sun, "18:00", "8:00")], ..operator };
        assert_eq!(broken.response_due(datetime!(2026-12-23 9:00 +1)), None);
    }

    #[test]
    fn days_off_are_days() {
        for day in ["2026-12-25", "12-25", "02-29", "2028-02-29"] {
            assert!(is_holiday_date(day), "{day}");
        }
        for no in ["2026-02-29", "13-01", "25.12", "2026-12-5", "", "Wigilia", "-1-1-1"] {
            assert!(!is_holiday_date(no), "{no}");
        }
    }
}
