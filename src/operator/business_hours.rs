//! Business hours: when a response is due, across nights, weekends, holidays and clock changes.

use time::{Date, Duration, OffsetDateTime, Time, Weekday, macros::time};

use super::{Operator, opening_hours::OpeningHours};
use crate::local_time;

/// The opening time if no opening hours are configured.
const DEFAULT_OPENING_TIME: Time = time!(8:00);

/// How many days ahead opening hours are looked for. If there are none by then, there are none at all.
const MAX_LOOKAHEAD_DAYS: usize = 60;

impl Operator {
    /// When the response to a request from `from` is due: after [`Operator::reply_hours`] of opening time. `None`
    /// without opening hours.
    pub fn response_due(&self, from: OffsetDateTime) -> Option<OffsetDateTime> {
        let mut remaining = Duration::hours(self.reply_hours.into());
        for day in days_from(local_time::to_local(from).date()) {
            for (open, close) in self.open_intervals(day) {
                let open = open.max(from);
                if close - open >= remaining {
                    return Some(open + remaining);
                }
                remaining -= (close - open).max(Duration::ZERO);
            }
        }
        None
    }

    /// The opening time `count` working days after the day of `from`. Without opening hours, `count` calendar days
    /// later.
    pub fn start_of_working_day_after(&self, from: OffsetDateTime, count: usize) -> OffsetDateTime {
        let days = days_from(local_time::to_local(from).date()).skip(1);
        let opening_times = days.filter_map(|day| self.open_intervals(day).first().map(|(open, _)| *open));
        opening_times.take(count).last().unwrap_or(from + Duration::days(count.try_into().unwrap_or(i64::MAX)))
    }

    /// The opening time on a day of the week. On days off, that of the first opening hours; by default 8:00.
    pub fn opening_time(&self, day: Weekday) -> Time {
        let hours = self.hours.iter().find(|hours| hours.includes_weekday(day)).or(self.hours.first());
        hours.and_then(OpeningHours::opening_time).unwrap_or(DEFAULT_OPENING_TIME)
    }

    /// The opening hours of a day, in order.
    fn open_intervals(&self, day: Date) -> Vec<(OffsetDateTime, OffsetDateTime)> {
        if self.is_holiday(day) {
            return Vec::new();
        }
        let hours = self.hours.iter().filter(|hours| hours.includes_weekday(day.weekday()));
        let mut intervals: Vec<_> =
            hours.filter_map(|hours| hours.open_interval(day)).filter(|(open, close)| open < close).collect();
        intervals.sort_unstable();
        intervals
    }

    fn is_holiday(&self, day: Date) -> bool {
        let month_and_day = format!("{:02}-{:02}", u8::from(day.month()), day.day());
        self.holidays.iter().any(|holiday| *holiday == month_and_day || *holiday == day.to_string())
    }
}

fn days_from(day: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(day), |day| day.next_day()).take(MAX_LOOKAHEAD_DAYS)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::operator::DayOfWeek;

    fn operator(reply_hours: u16) -> Operator {
        // Monday to Friday, 8:00 to 18:00
        Operator { reply_hours, holidays: Vec::new(), ..Operator::load(None).unwrap() }
    }

    fn hours(from: DayOfWeek, to: DayOfWeek, open: &str, close: &str) -> OpeningHours {
        OpeningHours { from, to: Some(to), open: open.into(), close: close.into() }
    }

    #[test]
    fn responses_are_due_within_business_hours() {
        let cases = [
            // a Friday: in the morning, in the afternoon, in the evening
            (datetime!(2026-11-20 10:00 +1), datetime!(2026-11-20 14:00 +1)),
            (datetime!(2026-11-20 14:00 +1), datetime!(2026-11-20 18:00 +1)),
            (datetime!(2026-11-20 16:30 +1), datetime!(2026-11-23 10:30 +1)),
            (datetime!(2026-11-20 18:00 +1), datetime!(2026-11-23 12:00 +1)),
            (datetime!(2026-11-22 23:59 +1), datetime!(2026-11-23 12:00 +1)),
            (datetime!(2026-11-23 3:00 +1), datetime!(2026-11-23 12:00 +1)),
            // across both clock changes
            (datetime!(2026-03-27 17:00 +1), datetime!(2026-03-30 11:00 +2)),
            (datetime!(2026-10-23 17:00 +2), datetime!(2026-10-26 11:00 +1)),
        ];
        for (from, due) in cases {
            assert_eq!(operator(4).response_due(from), Some(due), "{from}");
        }
        assert_eq!(operator(25).response_due(datetime!(2026-11-20 17:00 +1)), Some(datetime!(2026-11-25 12:00 +1)));
        assert_eq!(operator(0).response_due(datetime!(2026-11-21 17:00 +1)), Some(datetime!(2026-11-23 8:00 +1)));
    }

    #[test]
    fn clock_changes_make_a_night_shorter_or_longer() {
        let always_open = |reply_hours| Operator {
            hours: vec![hours(DayOfWeek::Mon, DayOfWeek::Sun, "00:00", "24:00")],
            ..operator(reply_hours)
        };
        assert_eq!(always_open(4).response_due(datetime!(2026-10-25 0:30 +2)), Some(datetime!(2026-10-25 3:30 +1)));
        assert_eq!(always_open(4).response_due(datetime!(2026-03-29 0:30 +1)), Some(datetime!(2026-03-29 5:30 +2)));
        assert_eq!(always_open(4).response_due(datetime!(2026-11-20 23:00 +1)), Some(datetime!(2026-11-21 3:00 +1)));
    }

    #[test]
    fn holidays_are_skipped_and_days_may_have_several_intervals() {
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
        // 12-25 applies every year, 2026-12-28 in 2026 only
        assert_eq!(
            operator.start_of_working_day_after(datetime!(2028-12-24 9:00 +1), 1),
            datetime!(2028-12-26 8:00 +1)
        );
        let always_closed = Operator { hours: Vec::new(), ..operator.clone() };
        assert_eq!(always_closed.response_due(datetime!(2026-12-23 9:00 +1)), None);
        assert_eq!(
            always_closed.start_of_working_day_after(datetime!(2026-12-23 9:00 +1), 2),
            datetime!(2026-12-25 9:00 +1)
        );
        let invalid = Operator { hours: vec![hours(DayOfWeek::Mon, DayOfWeek::Sun, "18:00", "8:00")], ..operator };
        assert_eq!(invalid.response_due(datetime!(2026-12-23 9:00 +1)), None);
    }
}
