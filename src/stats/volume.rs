//! How many reports came in the hours and days of a span, and how many usually come: the average of the same weekdays in
//! the weeks before.

use std::collections::HashMap;

use time::{Date, Duration, OffsetDateTime};

use super::period::{StatsPeriod, hours_of_day, midnight};

/// Weeks that "usual" is the average of.
pub const BASELINE_WEEKS: u8 = 4;

/// Reports in each hour of the span and of the weeks before it.
pub struct ReportVolume {
    period: StatsPeriod,
    hours_by_date: HashMap<Date, Vec<HourVolume>>,
    /// The day of the first report of all: before it nothing is usual.
    first_report_date: Option<Date>,
}

struct HourVolume {
    starts_at: OffsetDateTime,
    /// What the clock shows then.
    hour_of_day: u8,
    reports: i64,
}

/// Reports in an hour or on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct VolumePoint<T> {
    pub bucket: T,
    /// `None` for what is still to come.
    pub reports: Option<i64>,
    pub baseline: Option<f64>,
}

/// From when on reports must be counted.
pub fn counted_from(span: &StatsPeriod) -> OffsetDateTime {
    midnight(span.first_day().saturating_sub(Duration::weeks(i64::from(BASELINE_WEEKS))))
}

impl ReportVolume {
    pub fn new(span: StatsPeriod, counts: &HashMap<OffsetDateTime, i64>, first: Option<Date>) -> ReportVolume {
        let before = 7 * i64::from(BASELINE_WEEKS);
        let days = (-before..i64::from(span.days)).map(|day| {
            let date = span.first_day().saturating_add(Duration::days(day));
            let hour = |(begins, clock)| HourVolume {
                starts_at: begins,
                hour_of_day: clock,
                reports: counts.get(&begins).copied().unwrap_or(0),
            };
            (date, hours_of_day(date).map(hour).collect())
        });
        ReportVolume { period: span, hours_by_date: days.collect(), first_report_date: first }
    }

    pub fn by_day(&self) -> Vec<VolumePoint<Date>> {
        let day = |date| VolumePoint {
            bucket: date,
            reports: Some(self.count_on(date)),
            baseline: self.baseline(date, None),
        };
        self.period.dates().map(day).collect()
    }

    /// The hours of today, or the hours of the clock over all days.
    pub fn by_hour(&self) -> Vec<VolumePoint<u8>> {
        if self.period.days == 1 {
            let today = self.period.today();
            let hour = |hour: &HourVolume| VolumePoint {
                bucket: hour.hour_of_day,
                reports: (hour.starts_at <= self.period.now).then_some(hour.reports),
                baseline: self.baseline(today, Some(hour.hour_of_day)),
            };
            return self.hours_on(today).iter().map(hour).collect();
        }
        let hour = |clock| {
            let usual: Option<Vec<f64>> = self.period.dates().map(|date| self.baseline(date, Some(clock))).collect();
            let reports = self.period.dates().map(|date| self.counts_at_hour(date, clock).sum::<i64>()).sum();
            VolumePoint { bucket: clock, reports: Some(reports), baseline: usual.map(|usual| usual.iter().sum()) }
        };
        (0..24).map(hour).collect()
    }

    pub fn total(&self) -> i64 {
        self.period.dates().map(|date| self.count_on(date)).sum()
    }

    /// How many there usually are when it is as late as now.
    pub fn baseline_until_now(&self) -> Option<f64> {
        let today = self.period.today();
        let before: Option<Vec<f64>> =
            self.period.dates().take_while(|date| *date < today).map(|date| self.baseline(date, None)).collect();
        let mut sum: f64 = before?.iter().sum();
        for hour in self.hours_on(today).iter().take_while(|hour| hour.starts_at <= self.period.now) {
            let part = ((self.period.now - hour.starts_at) / Duration::HOUR).min(1.0);
            sum += self.baseline(today, Some(hour.hour_of_day))? * part;
        }
        Some(sum)
    }

    fn hours_on(&self, date: Date) -> &[HourVolume] {
        self.hours_by_date.get(&date).map_or(&[], Vec::as_slice)
    }

    /// Mostly one hour, none or two when clocks change.
    fn counts_at_hour(&self, date: Date, clock: u8) -> impl Iterator<Item = i64> {
        self.hours_on(date).iter().filter(move |hour| hour.hour_of_day == clock).map(|hour| hour.reports)
    }

    fn count_on(&self, date: Date) -> i64 {
        self.hours_on(date).iter().map(|hour| hour.reports).sum()
    }

    /// The average of the weeks before in which there were reports at all.
    fn baseline(&self, date: Date, clock: Option<u8>) -> Option<f64> {
        let first = self.first_report_date?;
        let mut sums = Vec::new();
        for week in 1..=BASELINE_WEEKS {
            let date = date.saturating_sub(Duration::weeks(week.into()));
            if date < first {
                continue;
            }
            match clock {
                None => sums.push(self.count_on(date) as f64),
                // an hour that comes twice counts as one of average size
                Some(clock) => {
                    let hours: Vec<_> = self.counts_at_hour(date, clock).collect();
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

    use crate::stats::volume::*;

    fn report_volume(days: &str, now: OffsetDateTime, at: &[(OffsetDateTime, i64)]) -> ReportVolume {
        let first = at.iter().map(|(at, _)| crate::local_time::to_local(*at).date()).min();
        ReportVolume::new(StatsPeriod::parse(days, now), &at.iter().copied().collect(), first)
    }

    #[test]
    fn usual_is_the_average_of_the_same_weekday() {
        // a Friday, 14:30
        let all = report_volume(
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
        let hours = all.by_hour();
        assert_eq!(hours[14], VolumePoint { bucket: 14, reports: Some(5), baseline: Some(2.0) });
        assert_eq!(hours[17], VolumePoint { bucket: 17, reports: None, baseline: Some(2.0) });
        assert_eq!(hours[3], VolumePoint { bucket: 3, reports: Some(0), baseline: Some(0.0) });
        // half of the hour has passed
        assert_eq!((all.total(), all.baseline_until_now()), (5, Some(1.0)));
        assert_eq!(
            all.by_day(),
            [VolumePoint { bucket: date!(2026 - 11 - 20), reports: Some(5), baseline: Some(4.0) }]
        );
    }

    #[test]
    fn nothing_is_usual_before_the_first_week_is_over() {
        let all = report_volume("7", datetime!(2026-11-20 13:30 UTC), &[(datetime!(2026-11-14 13:00 UTC), 5)]);
        assert!(all.by_day().iter().all(|day| day.baseline.is_none()));
        assert!(all.by_hour().iter().all(|hour| hour.baseline.is_none()));
        assert_eq!((all.total(), all.baseline_until_now()), (5, None));
    }

    #[test]
    fn the_night_when_clocks_go_back_has_an_hour_more() {
        let counts = [(datetime!(2026-10-25 00:00 UTC), 2), (datetime!(2026-10-25 01:00 UTC), 3)];
        let all = report_volume("1", datetime!(2026-10-25 20:00 UTC), &counts);
        let hours = all.by_hour();
        assert_eq!(hours.len(), 25);
        assert_eq!((hours[2].reports, hours[3].reports), (Some(2), Some(3)));
        let week = report_volume("7", datetime!(2026-10-26 20:00 UTC), &counts);
        assert_eq!(week.by_hour()[2].reports, Some(5));
        // a week later it is one hour again, of their average
        let later = report_volume("1", datetime!(2026-11-01 20:00 UTC), &counts);
        assert_eq!(later.by_hour()[2].baseline, Some(2.5));
    }
}
