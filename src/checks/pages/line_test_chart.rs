//! The line test's drawings, in numbers: widths in percent, so that text keeps its size and no style is needed.

use line_test::verdict::LineTestOutcome;

/// The scale of quality, from 1 to 4.5.
pub struct MosGauge {
    /// In tenths.
    pub mos_tenths: i64,
    /// Before it was rounded: 4.03 is good, what rounds to 4.0 may not be.
    exact_mos: f64,
    /// Where the needle points, in percent.
    pub needle_x: String,
}

/// A part of the scale: where it begins, how wide it is, where its word stands.
pub struct MosBand {
    pub label_id: &'static str,
    pub x: String,
    pub width: String,
    pub center_x: String,
    pub is_active: bool,
}

/// Where the classes of G.107, Annex B, end: R = 50, 70, 80.
const MOS_BANDS: [(&str, f64, f64); 4] = [
    ("line-test-band-bad", 1.0, 2.575),
    ("line-test-band-poor", 2.575, 3.597),
    ("line-test-band-fair", 3.597, 4.024),
    ("line-test-band-good", 4.024, 4.5),
];
/// Between two parts, in percent.
const BAND_GAP_PERCENT: f64 = 0.8;

impl MosGauge {
    pub fn new(mos: f64) -> MosGauge {
        MosGauge {
            mos_tenths: crate::checks::round_to_tenths(mos),
            exact_mos: mos,
            needle_x: format_percent(mos_to_percent(mos)),
        }
    }

    /// Marks every tenth; every half is long.
    pub fn tick_marks(&self) -> Vec<(String, u8)> {
        (0..=35_u8)
            .map(|tenth| (format_percent(f64::from(tenth) / 35.0 * 100.0), if tenth % 5 == 0 { 26 } else { 33 }))
            .collect()
    }

    pub fn bands(&self) -> Vec<MosBand> {
        let is_last_below = |to: f64| self.exact_mos < to || to >= 4.5;
        let mut found = false;
        let bands = MOS_BANDS.iter().map(|&(word, from, to)| {
            let (x, end) = (mos_to_percent(from), mos_to_percent(to));
            let is_on = !found && is_last_below(to);
            found |= is_on;
            let width = end - x - if to < 4.5 { BAND_GAP_PERCENT } else { 0.0 };
            MosBand {
                label_id: word,
                x: format_percent(x),
                width: format_percent(width),
                center_x: format_percent(x + width / 2.0),
                is_active: is_on,
            }
        });
        bands.collect()
    }
}

fn mos_to_percent(mos: f64) -> f64 {
    ((mos - 1.0) / 3.5 * 100.0).clamp(0.0, 100.0)
}

/// The strip chart: one column a second.
pub struct LineTestChart {
    pub columns: Vec<LineTestChartColumn>,
    /// Milliseconds at half and at full height.
    pub half_scale_ms: i64,
    pub full_scale_ms: i64,
    /// From so many milliseconds on a column is called slow.
    pub slow_threshold_ms: i64,
}

pub struct LineTestChartColumn {
    pub x: String,
    pub width: String,
    pub y: String,
    pub height: String,
    pub center_x: String,
    pub ms: Option<i64>,
    pub is_slow: bool,
    pub has_loss: bool,
}

/// Pixels from the top line to the axis.
const CHART_TOP_PX: f64 = 15.0;
const CHART_AXIS_PX: f64 = 100.0;

impl LineTestChart {
    pub fn from_outcome(outcome: &LineTestOutcome) -> Option<LineTestChart> {
        let usual = outcome.round_trip.as_ref().map_or(0.0, |trip| trip.p50_ms);
        let slow_ms = usual + line_test::metrics::JITTER_BUFFER_MS;
        let highest = outcome.per_second.iter().filter_map(|second| second.round_trip_p90_ms).fold(0.0, f64::max);
        let full =
            [100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0].into_iter().find(|full| highest <= *full).unwrap_or(10_000.0);
        let step = 100.0 / outcome.per_second.len().max(1) as f64;
        let columns = outcome.per_second.iter().enumerate().map(|(at, second)| {
            let x = step * at as f64 + step * 0.15;
            let height = second.round_trip_p90_ms.map_or(0.0, |ms| {
                ((CHART_AXIS_PX - CHART_TOP_PX) * ms / full).clamp(2.0, CHART_AXIS_PX - CHART_TOP_PX)
            });
            LineTestChartColumn {
                x: format_percent(x),
                width: format_percent(step * 0.7),
                center_x: format_percent(x + step * 0.35),
                y: format!("{:.1}", CHART_AXIS_PX - height),
                height: format!("{height:.1}"),
                ms: second.round_trip_p90_ms.map(crate::checks::round_to_integer),
                is_slow: second.round_trip_p90_ms.is_some_and(|ms| ms > slow_ms),
                has_loss: second.lost_up + second.lost_down > 0,
            }
        });
        let columns: Vec<_> = columns.collect();
        (!columns.is_empty()).then(|| LineTestChart {
            columns,
            half_scale_ms: crate::checks::round_to_integer(full / 2.0),
            full_scale_ms: crate::checks::round_to_integer(full),
            slow_threshold_ms: crate::checks::round_to_integer(slow_ms),
        })
    }

    /// The columns in words, for those who hear them.
    pub fn times_text(&self) -> String {
        let times = self.columns.iter().map(|column| column.ms.map_or("–".to_owned(), |ms| ms.to_string()));
        times.collect::<Vec<_>>().join(", ")
    }

    pub fn count_seconds_with_loss(&self) -> usize {
        self.columns.iter().filter(|column| column.has_loss).count()
    }
}

fn format_percent(value: f64) -> String {
    format!("{value:.2}%")
}

#[cfg(test)]
mod tests {
    use crate::checks::pages::line_test_chart::*;

    #[test]
    fn the_needle_points_into_the_part_that_is_named() {
        for (mos, word) in [
            (1.0, "line-test-band-bad"),
            (2.4, "line-test-band-bad"),
            (2.8, "line-test-band-poor"),
            (3.7, "line-test-band-fair"),
            (4.02, "line-test-band-fair"),
            (4.03, "line-test-band-good"),
            (4.2, "line-test-band-good"),
            (4.5, "line-test-band-good"),
        ] {
            let bands = MosGauge::new(mos).bands();
            let on: Vec<_> = bands.iter().filter(|band| band.is_active).map(|band| band.label_id).collect();
            assert_eq!(on, [word], "{mos}");
        }
        assert_eq!(MosGauge::new(4.5).needle_x, "100.00%");
    }
}
