//! The line test's drawings, in numbers: widths in percent, so that text keeps its size and no style is needed.

use linktest::verdict::Outcome;

/// The scale of quality, from 1 to 4.5.
pub struct Dial {
    /// In tenths.
    pub mos: i64,
    /// Before it was rounded: 4.03 is good, what rounds to 4.0 may not be.
    exact: f64,
    /// Where the needle points, in percent.
    pub at: String,
}

/// A part of the scale: where it begins, how wide it is, where its word stands.
pub struct Band {
    pub word: &'static str,
    pub x: String,
    pub width: String,
    pub middle: String,
    pub is_on: bool,
}

/// Where the classes of G.107, Annex B, end: R = 50, 70, 80.
const BANDS: [(&str, f64, f64); 4] = [
    ("link-band-impossible", 1.0, 2.575),
    ("link-band-breaks-up", 2.575, 3.597),
    ("link-band-heard", 3.597, 4.024),
    ("link-band-good", 4.024, 4.5),
];
/// Between two parts, in percent.
const BETWEEN: f64 = 0.8;

impl Dial {
    pub fn new(mos: f64) -> Dial {
        Dial { mos: super::super::tenths(mos), exact: mos, at: percent(along(mos)) }
    }

    /// Marks every tenth; every half is long.
    pub fn marks(&self) -> Vec<(String, u8)> {
        (0..=35_u8)
            .map(|tenth| (percent(f64::from(tenth) / 35.0 * 100.0), if tenth % 5 == 0 { 26 } else { 33 }))
            .collect()
    }

    pub fn bands(&self) -> Vec<Band> {
        let is_last_below = |to: f64| self.exact < to || to >= 4.5;
        let mut found = false;
        let bands = BANDS.iter().map(|&(word, from, to)| {
            let (x, end) = (along(from), along(to));
            let is_on = !found && is_last_below(to);
            found |= is_on;
            let width = end - x - if to < 4.5 { BETWEEN } else { 0.0 };
            Band { word, x: percent(x), width: percent(width), middle: percent(x + width / 2.0), is_on }
        });
        bands.collect()
    }
}

fn along(mos: f64) -> f64 {
    ((mos - 1.0) / 3.5 * 100.0).clamp(0.0, 100.0)
}

/// The strip chart: one column a second.
pub struct Chart {
    pub columns: Vec<Column>,
    /// Milliseconds at half and at full height.
    pub half: i64,
    pub full: i64,
    /// From so many milliseconds on a column is called slow.
    pub slow_ms: i64,
}

pub struct Column {
    pub x: String,
    pub width: String,
    pub y: String,
    pub height: String,
    pub middle: String,
    pub ms: Option<i64>,
    pub is_slow: bool,
    pub lost: bool,
}

/// Pixels from the top line to the axis.
const TOP: f64 = 15.0;
const AXIS: f64 = 100.0;

impl Chart {
    pub fn of(outcome: &Outcome) -> Option<Chart> {
        let usual = outcome.trip.as_ref().map_or(0.0, |trip| trip.p50_ms);
        let slow_ms = usual + linktest::figures::BUFFER_MS;
        let highest = outcome.seconds.iter().filter_map(|second| second.trip_ms).fold(0.0, f64::max);
        let full =
            [100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0].into_iter().find(|full| highest <= *full).unwrap_or(10_000.0);
        let step = 100.0 / outcome.seconds.len().max(1) as f64;
        let columns = outcome.seconds.iter().enumerate().map(|(at, second)| {
            let x = step * at as f64 + step * 0.15;
            let height = second.trip_ms.map_or(0.0, |ms| ((AXIS - TOP) * ms / full).clamp(2.0, AXIS - TOP));
            Column {
                x: percent(x),
                width: percent(step * 0.7),
                middle: percent(x + step * 0.35),
                y: format!("{:.1}", AXIS - height),
                height: format!("{height:.1}"),
                ms: second.trip_ms.map(super::super::whole),
                is_slow: second.trip_ms.is_some_and(|ms| ms > slow_ms),
                lost: second.lost_up + second.lost_down > 0,
            }
        });
        let columns: Vec<_> = columns.collect();
        (!columns.is_empty()).then(|| Chart {
            columns,
            half: super::super::whole(full / 2.0),
            full: super::super::whole(full),
            slow_ms: super::super::whole(slow_ms),
        })
    }

    /// The columns in words, for those who hear them.
    pub fn times(&self) -> String {
        let times = self.columns.iter().map(|column| column.ms.map_or("–".to_owned(), |ms| ms.to_string()));
        times.collect::<Vec<_>>().join(", ")
    }

    pub fn seconds_with_loss(&self) -> usize {
        self.columns.iter().filter(|column| column.lost).count()
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_needle_points_into_the_part_that_is_named() {
        for (mos, word) in [
            (1.0, "link-band-impossible"),
            (2.4, "link-band-impossible"),
            (2.8, "link-band-breaks-up"),
            (3.7, "link-band-heard"),
            (4.02, "link-band-heard"),
            (4.03, "link-band-good"),
            (4.2, "link-band-good"),
            (4.5, "link-band-good"),
        ] {
            let bands = Dial::new(mos).bands();
            let on: Vec<_> = bands.iter().filter(|band| band.is_on).map(|band| band.word).collect();
            assert_eq!(on, [word], "{mos}");
        }
        assert_eq!(Dial::new(4.5).at, "100.00%");
    }
}
