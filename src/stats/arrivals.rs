//! How many reports came in the hours and days of a span, and how many usually come: the average of the same weekdays in
//! the weeks before.

use std::collections::HashMap;

use time::{Date, Duration, OffsetDateTime};

use super::span::{Span, hours, midnight};

/// Weeks that "usual" is the average of.
pub const WEEKS: u8 = 4;

/// Reports in each hour of the span and of the weeks before it.
pub struct Arrivals {
    span: Span,
    days: HashMap<Date, Vec<Hour>>,
    /// The day of the first report of all: before it nothing is usual.
    first: Option<Date>,
}

struct Hour {
    begins: OffsetDateTime,
    /// What the clock shows then.
    clock: u8,
    reports: i64,
}

/// Reports in an hour or on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrived<T> {
    pub when: T,
    /// `None` for what is still to come.
    pub reports: Option<i64>,
    pub usual: Option<f64>,
}

/// From when on reports must be counted.
pub fn since(span: &Span) -> OffsetDateTime {
    midnight(span.first().saturating_sub(Duration::weeks(i64::from(WEEKS))))
}

impl Arrivals {
    pub fn new(span: Span, counts: &HashMap<OffsetDateTime, i64>, first: Option<Date>) -> Arrivals {
        let before = 7 * i64::from(WEEKS);
        let days = (-before..i64::from(span.days)).map(|day| {
            let date = span.first().saturating_add(Duration::days(day));
            let hour = |(begins, clock)| Hour { begins, clock, reports: counts.get(&begins).copied().unwrap_or(0) };
            (date, hours(date).map(hour).collect())
        });
        Arrivals { span, days: days.collect(), first }
    }

    pub fn days(&self) -> Vec<Arrived<Date>> {
        let day = |date| Arrived { when: date, reports: Some(self.on(date)), usual: self.usual(date, None) };
        self.span.dates().map(day).collect()
    }

    /// The hours of today, or the hours of the clock over all days.
    pub fn hours(&self) -> Vec<Arrived<u8>> {
        if self.span.days == 1 {
            let today = self.span.today();
            let hour = |hour: &Hour| Arrived {
                when: hour.clock,
                reports: (hour.begins <= self.span.now).then_some(hour.reports),
                usual: self.usual(today, Some(hour.clock)),
            };
            return self.of(today).iter().map(hour).collect();
        }
        let hour = |clock| {
            let usual: Option<Vec<f64>> = self.span.dates().map(|date| self.usual(date, Some(clock))).collect();
            let reports = self.span.dates().map(|date| self.at_clock(date, clock).sum::<i64>()).sum();
            Arrived { when: clock, reports: Some(reports), usual: usual.map(|usual| usual.iter().sum()) }
        };
        (0..24).map(hour).collect()
    }

    pub fn all(&self) -> i64 {
        self.span.dates().map(|date| self.on(date)).sum()
    }

    /// How many there usually are when it is as late as now.
    pub fn usual_by_now(&self) -> Option<f64> {
        let today = self.span.today();
        let before: Option<Vec<f64>> =
            self.span.dates().take_while(|date| *date < today).map(|date| self.usual(date, None)).collect();
        let mut sum: f64 = before?.iter().sum();
        for hour in self.of(today).iter().take_while(|hour| hour.begins <= self.span.now) {
            let part = ((self.span.now - hour.begins) / Duration::HOUR).min(1.0);
            sum += self.usual(today, Some(hour.clock))? * part;
        }
        Some(sum)
    }

    fn of(&self, date: Date) -> &[Hour] {
        self.days.get(&date).map_or(&[], Vec::as_slice)
    }

    /// Mostly one hour, none or two when clocks change.
    fn at_clock(&self, date: Date, clock: u8) -> impl Iterator<Item = i64> {
        self.of(date).iter().filter(move |hour| hour.clock == clock).map(|hour| hour.reports)
    }

    fn on(&self, date: Date) -> i64 {
        self.of(date).iter().map(|hour| hour.reports).sum()
    }

    /// The average of the weeks before in which there were reports at all.
    fn usual(&self, date: Date, clock: Option<u8>) -> Option<f64> {
        let first = self.first?;
        let mut sums = Vec::new();
        for week in 1..=WEEKS {
            let date = date.saturating_sub(Duration::weeks(week.into()));
            if date < first {
                continue;
            }
            match clock {
                None => sums.push(self.on(date) as f64),
                // an hour that comes twice counts as one of average size
                Some(clock) => {
                    let hours: Vec<_> = self.at_clock(date, clock).collect();
                    if !hours.is_empty() {
                        sums.push(hours.iter().sum::<i64>() as f64 / hours.len() as f64);
                    }
                }
            }
        }
        (!sums.is_empty()).then(|| sums.iter().sum::<f64>() / sums.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    fn arrivals(days: &str, now: OffsetDateTime, at: &[(OffsetDateTime, i64)]) -> Arrivals {
        let first = at.iter().map(|(at, _)| crate::zone::to_local(*at).date()).min();
        Arrivals::new(Span::asked(days, now), &at.iter().copied().collect(), first)
    }

    #[test]
    fn usual_is_the_average_of_the_same_weekday() {
        // a Friday, 14:30
        let all = arrivals(
            "1",
            datetime!(2026-11-20 13:30 UTC),
            &[
                (datetime!(2026-11-20 13:00 UTC), 5),
                (datetime!(2026-11-13 13:00 UTC), 3),
                (datetime!(2026-11-06 13:00 UTC), 1),
                (datetime!(2026-11-06 16:00 UTC), 4),
                (datetime!(2026-11-19 13:00 UTC), 99),
            ],
        );
        let hours = all.hours();
        assert_eq!(hours[14], Arrived { when: 14, reports: Some(5), usual: Some(2.0) });
        assert_eq!(hours[17], Arrived { when: 17, reports: None, usual: Some(2.0) });
        assert_eq!(hours[3], Arrived { when: 3, reports: Some(0), usual: Some(0.0) });
        // half of the hour has passed
        assert_eq!((all.all(), all.usual_by_now()), (5, Some(1.0)));
        assert_eq!(all.days(), [Arrived { when: date!(2026 - 11 - 20), reports: Some(5), usual: Some(4.0) }]);
    }

    #[test]
    fn nothing_is_usual_before_the_first_week_is_over() {
        let all = arrivals("7", datetime!(2026-11-20 13:30 UTC), &[(datetime!(2026-11-14 13:00 UTC), 5)]);
        assert!(all.days().iter().all(|day| day.usual.is_none()));
        assert!(all.hours().iter().all(|hour| hour.usual.is_none()));
        assert_eq!((all.all(), all.usual_by_now()), (5, None));
    }

    #[test]
    fn the_night_when_clocks_go_back_has_an_hour_more() {
        let counts = [(datetime!(2026-10-25 00:00 UTC), 2), (datetime!(2026-10-25 01:00 UTC), 3)];
        let all = arrivals("1", datetime!(2026-10-25 20:00 UTC), &counts);
        let hours = all.hours();
        assert_eq!(hours.len(), 25);
        assert_eq!((hours[2].reports, hours[3].reports), (Some(2), Some(3)));
        let week = arrivals("7", datetime!(2026-10-26 20:00 UTC), &counts);
        assert_eq!(week.hours()[2].reports, Some(5));
        // a week later it is one hour again, of their average
        let later = arrivals("1", datetime!(2026-11-01 20:00 UTC), &counts);
        assert_eq!(later.hours()[2].usual, Some(2.5));
    }
}
