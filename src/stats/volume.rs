//! The number of reports by hour and day of a period, and the baseline: the average of the same weekday in the preceding
//! weeks.

use std::collections::HashMap;

use time::{Date, Duration, OffsetDateTime};

use super::period::{StatsPeriod, hours_of_day, midnight};

/// The weeks before a day whose average is its baseline.
pub(crate) const BASELINE_WEEKS: u8 = 4;

/// Reports in each hour of the period and of the weeks before it.
pub(crate) struct ReportVolume {
    period: StatsPeriod,
    hours_by_date: HashMap<Date, Vec<HourVolume>>,
    /// The day of the first report ever. Earlier days are not part of a baseline.
    first_report_date: Option<Date>,
}

struct HourVolume {
    starts_at: OffsetDateTime,
    /// The local hour.
    hour_of_day: u8,
    reports: i64,
}

/// Reports in an hour (`u8`) or on a day (`Date`).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VolumePoint<T> {
    pub bucket: T,
    /// `None` for an hour that is still to come.
    pub reports: Option<i64>,
    pub baseline: Option<f64>,
}

/// The time from which reports must be counted, for the period and its baseline.
pub(crate) fn counted_from(period: &StatsPeriod) -> OffsetDateTime {
    midnight(period.first_day().saturating_sub(Duration::weeks(i64::from(BASELINE_WEEKS))))
}

impl ReportVolume {
    /// `counts` has the reports by the start of their hour.
    pub(crate) fn new(
        period: StatsPeriod,
        counts: &HashMap<OffsetDateTime, i64>,
        first_report_date: Option<Date>,
    ) -> ReportVolume {
        let baseline_days = 7 * i64::from(BASELINE_WEEKS);
        let days = (-baseline_days..i64::from(period.days)).map(|day| {
            let date = period.first_day().saturating_add(Duration::days(day));
            let hour = |(starts_at, hour_of_day)| HourVolume {
                starts_at,
                hour_of_day,
                reports: counts.get(&starts_at).copied().unwrap_or(0),
            };
            (date, hours_of_day(date).map(hour).collect())
        });
        ReportVolume { period, hours_by_date: days.collect(), first_report_date }
    }

    pub(crate) fn by_day(&self) -> Vec<VolumePoint<Date>> {
        let day = |date| VolumePoint {
            bucket: date,
            reports: Some(self.count_on(date)),
            baseline: self.baseline(date, None),
        };
        self.period.dates().map(day).collect()
    }

    /// The hours of today, or the hours of the day summed over all days of a longer period.
    pub(crate) fn by_hour(&self) -> Vec<VolumePoint<u8>> {
        if self.period.days == 1 {
            let today = self.period.today();
            let hour = |hour: &HourVolume| VolumePoint {
                bucket: hour.hour_of_day,
                reports: (hour.starts_at <= self.period.now).then_some(hour.reports),
                baseline: self.baseline(today, Some(hour.hour_of_day)),
            };
            return self.hours_on(today).iter().map(hour).collect();
        }
        let hour = |hour| {
            let reports = self.period.dates().map(|date| self.counts_at_hour(date, hour).sum::<i64>()).sum();
            let baseline = self.period.dates().map(|date| self.baseline(date, Some(hour))).sum();
            VolumePoint { bucket: hour, reports: Some(reports), baseline }
        };
        (0..24).map(hour).collect()
    }

    pub(crate) fn total(&self) -> i64 {
        self.period.dates().map(|date| self.count_on(date)).sum()
    }

    /// The baseline of the period up to the present time of day.
    pub(crate) fn baseline_until_now(&self) -> Option<f64> {
        let today = self.period.today();
        let past_days = self.period.dates().take_while(|date| *date < today);
        let mut sum = past_days.map(|date| self.baseline(date, None)).sum::<Option<f64>>()?;
        for hour in self.hours_on(today).iter().take_while(|hour| hour.starts_at <= self.period.now) {
            let elapsed_share = ((self.period.now - hour.starts_at) / Duration::HOUR).min(1.0);
            sum += self.baseline(today, Some(hour.hour_of_day))? * elapsed_share;
        }
        Some(sum)
    }

    fn hours_on(&self, date: Date) -> &[HourVolume] {
        self.hours_by_date.get(&date).map_or(&[], Vec::as_slice)
    }

    /// Usually one count; none or two when the clocks change.
    fn counts_at_hour(&self, date: Date, hour_of_day: u8) -> impl Iterator<Item = i64> {
        self.hours_on(date).iter().filter(move |hour| hour.hour_of_day == hour_of_day).map(|hour| hour.reports)
    }

    fn count_on(&self, date: Date) -> i64 {
        self.hours_on(date).iter().map(|hour| hour.reports).sum()
    }

    /// The average of the same weekday, or of an hour of it, in the weeks since the first report.
    fn baseline(&self, date: Date, hour_of_day: Option<u8>) -> Option<f64> {
        let first_report_date = self.first_report_date?;
        let mut counts = Vec::new();
        for week in 1..=BASELINE_WEEKS {
            let date = date.saturating_sub(Duration::weeks(week.into()));
            if date < first_report_date {
                continue;
            }
            match hour_of_day {
                None => counts.push(self.count_on(date) as f64),
                // of an hour that occurs twice, the average counts
                Some(hour_of_day) => {
                    let hours: Vec<_> = self.counts_at_hour(date, hour_of_day).collect();
                    if !hours.is_empty() {
                        counts.push(hours.iter().sum::<i64>() as f64 / hours.len() as f64);
                    }
                }
            }
        }
        (!counts.is_empty()).then(|| counts.iter().sum::<f64>() / counts.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use crate::stats::volume::*;

    fn report_volume(days: &str, now: OffsetDateTime, counts: &[(OffsetDateTime, i64)]) -> ReportVolume {
        let first_report_date = counts.iter().map(|(at, _)| crate::local_time::to_local(*at).date()).min();
        ReportVolume::new(StatsPeriod::parse(days, now), &counts.iter().copied().collect(), first_report_date)
    }

    #[test]
    fn the_baseline_is_the_average_of_the_same_weekday() {
        // Friday, 14:30 in Warsaw
        let volume = report_volume(
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
        let hours = volume.by_hour();
        assert_eq!(hours[14], VolumePoint { bucket: 14, reports: Some(5), baseline: Some(2.0) });
        assert_eq!(hours[17], VolumePoint { bucket: 17, reports: None, baseline: Some(2.0) });
        assert_eq!(hours[3], VolumePoint { bucket: 3, reports: Some(0), baseline: Some(0.0) });
        // half of the present hour has passed
        assert_eq!((volume.total(), volume.baseline_until_now()), (5, Some(1.0)));
        assert_eq!(
            volume.by_day(),
            [VolumePoint { bucket: date!(2026 - 11 - 20), reports: Some(5), baseline: Some(4.0) }]
        );
    }

    #[test]
    fn there_is_no_baseline_in_the_first_week() {
        let volume = report_volume("7", datetime!(2026-11-20 13:30 UTC), &[(datetime!(2026-11-14 13:00 UTC), 5)]);
        assert!(volume.by_day().iter().all(|day| day.baseline.is_none()));
        assert!(volume.by_hour().iter().all(|hour| hour.baseline.is_none()));
        assert_eq!((volume.total(), volume.baseline_until_now()), (5, None));
    }

    #[test]
    fn the_day_on_which_clocks_go_back_has_25_hours() {
        let counts = [(datetime!(2026-10-25 00:00 UTC), 2), (datetime!(2026-10-25 01:00 UTC), 3)];
        let volume = report_volume("1", datetime!(2026-10-25 20:00 UTC), &counts);
        let hours = volume.by_hour();
        assert_eq!(hours.len(), 25);
        assert_eq!((hours[2].reports, hours[3].reports), (Some(2), Some(3)));
        let week = report_volume("7", datetime!(2026-10-26 20:00 UTC), &counts);
        assert_eq!(week.by_hour()[2].reports, Some(5));
        // a week later the baseline of the one hour is the average of the two
        let later = report_volume("1", datetime!(2026-11-01 20:00 UTC), &counts);
        assert_eq!(later.by_hour()[2].baseline, Some(2.5));
    }
}
