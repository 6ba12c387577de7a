//! The period of the statistics: whole days in Warsaw, of which some have 23 hours and some 25, up to now.

use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

use crate::local_time::{self, LocalTimeResolution};

/// The choices of the page, in days including today.
pub(crate) const PERIOD_CHOICES_DAYS: [u16; 3] = [1, 7, 30];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StatsPeriod {
    pub days: u16,
    pub now: OffsetDateTime,
}

impl StatsPeriod {
    /// One of the choices, or else today.
    pub(crate) fn parse(days: &str, now: OffsetDateTime) -> StatsPeriod {
        let days = PERIOD_CHOICES_DAYS.into_iter().find(|choice| choice.to_string() == days).unwrap_or(1);
        StatsPeriod { days, now }
    }

    pub(crate) fn today(&self) -> Date {
        local_time::to_local(self.now).date()
    }

    pub(crate) fn first_day(&self) -> Date {
        self.today().saturating_sub(Duration::days(i64::from(self.days) - 1))
    }

    pub(crate) fn starts_at(&self) -> OffsetDateTime {
        midnight(self.first_day())
    }

    pub(crate) fn dates(&self) -> impl Iterator<Item = Date> {
        let first = self.first_day();
        (0..i64::from(self.days)).map(move |day| first.saturating_add(Duration::days(day)))
    }
}

/// The first instant of a day.
pub(crate) fn midnight(date: Date) -> OffsetDateTime {
    match local_time::resolve_local(PrimitiveDateTime::new(date, Time::MIDNIGHT)) {
        // clocks change at night, but never at midnight
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Gap { later: at, .. }
        | LocalTimeResolution::Fold { first: at, .. } => at,
    }
}

/// The hours of a day: the start of each, and the local hour at that time. All UTC offsets of Warsaw are whole hours.
pub(crate) fn hours_of_day(date: Date) -> impl Iterator<Item = (OffsetDateTime, u8)> {
    let end = date.next_day().map_or(OffsetDateTime::UNIX_EPOCH, midnight);
    std::iter::successors(Some(midnight(date)), |at| at.checked_add(Duration::HOUR))
        .take_while(move |at| *at < end)
        .map(|at| (at, local_time::to_local(at).hour()))
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use crate::stats::period::*;

    #[test]
    fn a_day_with_a_clock_change_has_23_or_25_hours() {
        let hours = |date| hours_of_day(date).map(|(_, hour)| hour).collect::<Vec<_>>();
        assert_eq!(hours(date!(2026 - 11 - 20)), (0..24).collect::<Vec<_>>());
        assert_eq!(hours(date!(2026 - 03 - 29))[..4], [0, 1, 3, 4]);
        assert_eq!(hours(date!(2026 - 10 - 25))[..5], [0, 1, 2, 2, 3]);
        assert_eq!([date!(2026 - 03 - 29), date!(2026 - 10 - 25)].map(|date| hours(date).len()), [23, 25]);
    }

    #[test]
    fn a_period_of_seven_days_ends_today_and_unknown_choices_mean_today() {
        let period = StatsPeriod::parse("7", datetime!(2026-10-25 22:30 UTC));
        assert_eq!((period.first_day(), period.today()), (date!(2026 - 10 - 19), date!(2026 - 10 - 25)));
        assert_eq!(period.starts_at(), datetime!(2026-10-18 22:00 UTC));
        assert_eq!(period.dates().count(), 7);
        for nonsense in ["", "0", "31", "x", "-7", "07"] {
            assert_eq!(StatsPeriod::parse(nonsense, period.now).days, 1, "{nonsense}");
        }
    }
}
