//! The days that figures are about, as they are in Warsaw: some have 23 hours and some 25.

use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

use crate::zone::{self, Resolved};

/// How many days back, today with them.
pub const CHOICES: [u16; 3] = [1, 7, 30];

/// Some days until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub days: u16,
    pub now: OffsetDateTime,
}

impl Span {
    /// The choice that an address names, or today.
    pub fn asked(days: &str, now: OffsetDateTime) -> Span {
        let days = CHOICES.into_iter().find(|choice| choice.to_string() == days).unwrap_or(1);
        Span { days, now }
    }

    pub fn today(&self) -> Date {
        zone::to_local(self.now).date()
    }

    pub fn first(&self) -> Date {
        self.today().saturating_sub(Duration::days(i64::from(self.days) - 1))
    }

    /// The instant at which it begins.
    pub fn from(&self) -> OffsetDateTime {
        midnight(self.first())
    }

    pub fn dates(&self) -> impl Iterator<Item = Date> {
        let first = self.first();
        (0..i64::from(self.days)).map(move |day| first.saturating_add(Duration::days(day)))
    }
}

/// The instant at which a day begins.
pub fn midnight(date: Date) -> OffsetDateTime {
    match zone::resolve(PrimitiveDateTime::new(date, Time::MIDNIGHT)) {
        // the clocks change by night, but never at midnight
        Resolved::One(at) | Resolved::Gap { later: at, .. } | Resolved::Fold { first: at, .. } => at,
    }
}

/// The hours of a day: when each begins, and what the clock shows then. All offsets of Warsaw are whole hours.
pub fn hours(date: Date) -> impl Iterator<Item = (OffsetDateTime, u8)> {
    let end = date.next_day().map_or(OffsetDateTime::UNIX_EPOCH, midnight);
    std::iter::successors(Some(midnight(date)), |at| at.checked_add(Duration::HOUR))
        .take_while(move |at| *at < end)
        .map(|at| (at, zone::to_local(at).hour()))
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn days_are_as_long_as_they_are() {
        let clock = |date| hours(date).map(|(_, hour)| hour).collect::<Vec<_>>();
        assert_eq!(clock(date!(2026 - 11 - 20)), (0..24).collect::<Vec<_>>());
        assert_eq!(clock(date!(2026 - 03 - 29))[..4], [0, 1, 3, 4]);
        assert_eq!(clock(date!(2026 - 10 - 25))[..5], [0, 1, 2, 2, 3]);
        assert_eq!([date!(2026 - 03 - 29), date!(2026 - 10 - 25)].map(|date| clock(date).len()), [23, 25]);
    }

    #[test]
    fn a_week_ends_today() {
        let span = Span::asked("7", datetime!(2026-10-25 22:30 UTC));
        assert_eq!((span.first(), span.today()), (date!(2026 - 10 - 19), date!(2026 - 10 - 25)));
        assert_eq!(span.from(), datetime!(2026-10-18 22:00 UTC));
        assert_eq!(span.dates().count(), 7);
        for nonsense in ["", "0", "31", "x", "-7", "07"] {
            assert_eq!(Span::asked(nonsense, span.now).days, 1, "{nonsense}");
        }
    }
}
