//! The geometry of the line test's charts. Horizontal values are in percent, so that text keeps its size and no inline style
//! is needed.

use line_test::verdict::LineTestOutcome;

/// The MOS scale, from 1 to 4.5.
pub(super) struct MosGauge {
    /// The MOS in tenths, rounded.
    pub(super) mos_tenths: i64,
    /// Not rounded: 4.03 is good, but other values that round to 4.0 are not.
    exact_mos: f64,
    /// Position of the needle, in percent.
    pub(super) needle_x: String,
}

/// A band of the scale: its start, its width and the position of its label.
pub(super) struct MosBand {
    pub(super) label_id: &'static str,
    pub(super) x: String,
    pub(super) width: String,
    pub(super) center_x: String,
    pub(super) is_active: bool,
}

/// The bands between the class limits of ITU-T G.107, Annex B: R = 50, 70, 80.
const MOS_BANDS: [(&str, f64, f64); 4] = [
    ("line-test-band-bad", 1.0, 2.575),
    ("line-test-band-poor", 2.575, 3.597),
    ("line-test-band-fair", 3.597, 4.024),
    ("line-test-band-good", 4.024, 4.5),
];
/// Gap between two bands, in percent.
const BAND_GAP_PERCENT: f64 = 0.8;

impl MosGauge {
    pub(super) fn new(mos: f64) -> MosGauge {
        MosGauge {
            mos_tenths: crate::checks::round_to_tenths(mos),
            exact_mos: mos,
            needle_x: format_percent(mos_to_percent(mos)),
        }
    }

    /// Position and upper end of the tick marks: one per tenth, a longer one per half.
    pub(super) fn tick_marks(&self) -> Vec<(String, u8)> {
        (0..=35_u8)
            .map(|tenth| (format_percent(f64::from(tenth) / 35.0 * 100.0), if tenth % 5 == 0 { 26 } else { 33 }))
            .collect()
    }

    pub(super) fn bands(&self) -> Vec<MosBand> {
        let mut has_active = false;
        let bands = MOS_BANDS.iter().map(|&(label_id, from, to)| {
            let (x, end) = (mos_to_percent(from), mos_to_percent(to));
            let is_active = !has_active && (self.exact_mos < to || to >= 4.5);
            has_active |= is_active;
            let width = end - x - if to < 4.5 { BAND_GAP_PERCENT } else { 0.0 };
            MosBand {
                label_id,
                x: format_percent(x),
                width: format_percent(width),
                center_x: format_percent(x + width / 2.0),
                is_active,
            }
        });
        bands.collect()
    }
}

fn mos_to_percent(mos: f64) -> f64 {
    ((mos - 1.0) / 3.5 * 100.0).clamp(0.0, 100.0)
}

/// The chart of round-trip times: one column per second.
pub(super) struct LineTestChart {
    pub(super) columns: Vec<LineTestChartColumn>,
    /// Value at half height.
    pub(super) half_scale_ms: i64,
    /// Value at full height.
    pub(super) full_scale_ms: i64,
    /// A column above this value is slow.
    pub(super) slow_threshold_ms: i64,
}

pub(super) struct LineTestChartColumn {
    pub(super) x: String,
    pub(super) width: String,
    pub(super) y: String,
    pub(super) height: String,
    pub(super) center_x: String,
    pub(super) ms: Option<i64>,
    pub(super) is_slow: bool,
    pub(super) has_loss: bool,
}

/// Vertical position of full height, in pixels.
const CHART_TOP_PX: f64 = 15.0;
/// Vertical position of the axis, in pixels.
const CHART_AXIS_PX: f64 = 100.0;

impl LineTestChart {
    pub(super) fn from_outcome(outcome: &LineTestOutcome) -> Option<LineTestChart> {
        let median_ms = outcome.round_trip.as_ref().map_or(0.0, |round_trip| round_trip.p50_ms);
        let slow_ms = median_ms + line_test::metrics::JITTER_BUFFER_MS;
        let highest = outcome.per_second.iter().filter_map(|second| second.round_trip_p90_ms).fold(0.0, f64::max);
        let full_ms = [100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0]
            .into_iter()
            .find(|full_ms| highest <= *full_ms)
            .unwrap_or(10_000.0);
        let step = 100.0 / outcome.per_second.len().max(1) as f64;
        let columns = outcome.per_second.iter().enumerate().map(|(index, second)| {
            let x = step * index as f64 + step * 0.15;
            let height = second.round_trip_p90_ms.map_or(0.0, |ms| {
                ((CHART_AXIS_PX - CHART_TOP_PX) * ms / full_ms).clamp(2.0, CHART_AXIS_PX - CHART_TOP_PX)
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
            half_scale_ms: crate::checks::round_to_integer(full_ms / 2.0),
            full_scale_ms: crate::checks::round_to_integer(full_ms),
            slow_threshold_ms: crate::checks::round_to_integer(slow_ms),
        })
    }

    /// The values of the columns as text, for screen readers.
    pub(super) fn times_text(&self) -> String {
        let times = self.columns.iter().map(|column| column.ms.map_or("–".to_owned(), |ms| ms.to_string()));
        times.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn count_seconds_with_loss(&self) -> usize {
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
    fn exactly_the_band_of_the_mos_is_active() {
        for (mos, label_id) in [
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
            let active: Vec<_> = bands.iter().filter(|band| band.is_active).map(|band| band.label_id).collect();
            assert_eq!(active, [label_id], "{mos}");
        }
        assert_eq!(MosGauge::new(4.5).needle_x, "100.00%");
    }
}
