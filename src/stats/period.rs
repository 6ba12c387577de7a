//! The days that figures are about, as they are in Warsaw: some have 23 hours and some 25.

use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

use crate::local_time::{self, LocalTimeResolution};

/// How many days back, today with them.
pub const PERIOD_CHOICES_DAYS: [u16; 3] = [1, 7, 30];

/// Some days until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatsPeriod {
    pub days: u16,
    pub now: OffsetDateTime,
}

impl StatsPeriod {
    /// The choice that an address names, or today.
    pub fn parse(days: &str, now: OffsetDateTime) -> StatsPeriod {
        let days = PERIOD_CHOICES_DAYS.into_iter().find(|choice| choice.to_string() == days).unwrap_or(1);
        StatsPeriod { days, now }
    }

    pub fn today(&self) -> Date {
        local_time::to_local(self.now).date()
    }

    pub fn first_day(&self) -> Date {
        self.today().saturating_sub(Duration::days(i64::from(self.days) - 1))
    }

    /// The instant at which it begins.
    pub fn starts_at(&self) -> OffsetDateTime {
        midnight(self.first_day())
    }

    pub fn dates(&self) -> impl Iterator<Item = Date> {
        let first = self.first_day();
        (0..i64::from(self.days)).map(move |day| first.saturating_add(Duration::days(day)))
    }
}

/// The instant at which a day begins.
pub fn midnight(date: Date) -> OffsetDateTime {
    match local_time::resolve_local(PrimitiveDateTime::new(date, Time::MIDNIGHT)) {
        // the clocks change by night, but never at midnight
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Gap { later: at, .. }
        | LocalTimeResolution::Fold { first: at, .. } => at,
    }
}

/// The hours of a day: when each begins, and what the clock shows then. All offsets of Warsaw are whole hours.
pub fn hours_of_day(date: Date) -> impl Iterator<Item = (OffsetDateTime, u8)> {
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
    fn days_are_as_long_as_they_are() {
        let clock = |date| hours_of_day(date).map(|(_, hour)| hour).collect::<Vec<_>>();
        assert_eq!(clock(date!(2026 - 11 - 20)), (0..24).collect::<Vec<_>>());
        assert_eq!(clock(date!(2026 - 03 - 29))[..4], [0, 1, 3, 4]);
        assert_eq!(clock(date!(2026 - 10 - 25))[..5], [0, 1, 2, 2, 3]);
        assert_eq!([date!(2026 - 03 - 29), date!(2026 - 10 - 25)].map(|date| clock(date).len()), [23, 25]);
    }

    #[test]
    fn a_week_ends_today() {
        let span = StatsPeriod::parse("7", datetime!(2026-10-25 22:30 UTC));
        assert_eq!((span.first_day(), span.today()), (date!(2026 - 10 - 19), date!(2026 - 10 - 25)));
        assert_eq!(span.starts_at(), datetime!(2026-10-18 22:00 UTC));
        assert_eq!(span.dates().count(), 7);
        for nonsense in ["", "0", "31", "x", "-7", "07"] {
            assert_eq!(StatsPeriod::parse(nonsense, span.now).days, 1, "{nonsense}");
        }
    }
}
