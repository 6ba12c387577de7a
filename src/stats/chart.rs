//! The geometry of a column chart. Horizontal lengths are in per cent of the width, so that text keeps its size; vertical ones
//! in pixels from the top.

use std::fmt;

/// The horizontal axis, in pixels.
pub(crate) const AXIS_Y: f64 = 140.0;
/// In pixels.
const MAX_COLUMN_HEIGHT: f64 = 112.0;

/// A column is highlighted if its value exceeds the baseline by this ratio and by this number.
const HIGHLIGHT_RATIO: f64 = 1.5;
const HIGHLIGHT_MIN_EXCESS: f64 = 5.0;

/// Eight labels of this many characters fit side by side on a phone.
const MAX_SHORT_LABEL_LEN: usize = 5;

#[derive(Debug, Clone)]
pub(crate) struct ChartPoint {
    pub label: String,
    pub value: Option<i64>,
    pub baseline: Option<f64>,
    /// Highlights the column whatever its baseline is.
    pub is_highlighted: bool,
}

#[derive(Debug)]
pub(crate) struct ColumnChart {
    pub columns: Vec<ChartColumn>,
    /// The horizontal lines: position and value.
    pub grid_lines: Vec<(f64, i64)>,
}

#[derive(Debug)]
pub(crate) struct ChartColumn {
    pub label: String,
    /// The label is omitted on narrow screens.
    pub has_minor_label: bool,
    pub value: Option<i64>,
    pub x: Percent,
    pub width: Percent,
    pub center_x: Percent,
    pub y: f64,
    pub height: f64,
    pub baseline: Option<BaselineMark>,
    pub is_highlighted: bool,
}

/// The mark at the baseline, wider than its column.
#[derive(Debug)]
pub(crate) struct BaselineMark {
    pub y: f64,
    pub x_start: Percent,
    pub x_end: Percent,
}

/// A horizontal length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Percent(pub f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}%", self.0)
    }
}

impl ChartColumn {
    /// The position of the value: above the column and above the baseline mark.
    pub(crate) fn value_label_y(&self) -> f64 {
        self.baseline.as_ref().map_or(self.y, |baseline| self.y.min(baseline.y)) - 6.0
    }
}

impl ColumnChart {
    pub(crate) fn new(points: Vec<ChartPoint>) -> ColumnChart {
        let highest = points.iter().map(|point| point.baseline.unwrap_or(0.0).max(point.value.unwrap_or(0) as f64));
        let top = round_up_to_nice_number(highest.fold(0.0, f64::max));
        let y = |value: f64| round_to_tenth(AXIS_Y - value / top * MAX_COLUMN_HEIGHT);
        let count = points.len().max(1);
        let slot_width = 100.0 / count as f64;
        // not every column has a label: on a phone they would touch
        let longest = points.iter().map(|point| point.label.chars().count()).max().unwrap_or(0);
        let label_interval = count.div_ceil(if longest > MAX_SHORT_LABEL_LEN { 4 } else { 8 });
        let columns = points.into_iter().enumerate().map(|(index, point)| {
            let left = index as f64 * slot_width;
            let value_y = y(point.value.unwrap_or(0) as f64);
            let is_above_baseline = point
                .value
                .zip(point.baseline)
                .is_some_and(|(value, baseline)| is_far_above_baseline(value as f64, baseline));
            ChartColumn {
                label: point.label,
                has_minor_label: index % label_interval != 0,
                value: point.value,
                x: Percent(left + slot_width * 0.17),
                width: Percent(slot_width * 0.66),
                center_x: Percent(left + slot_width * 0.5),
                y: value_y,
                height: round_to_tenth(AXIS_Y - value_y),
                baseline: point.baseline.map(|baseline| BaselineMark {
                    y: y(baseline),
                    x_start: Percent(left + slot_width * 0.09),
                    x_end: Percent(left + slot_width * 0.91),
                }),
                is_highlighted: point.is_highlighted || is_above_baseline,
            }
        });
        let lines = if top >= 2.0 { vec![top / 2.0, top] } else { vec![top] };
        ColumnChart {
            columns: columns.collect(),
            grid_lines: lines.into_iter().map(|line| (y(line), line as i64)).collect(),
        }
    }

    /// Whether there is room for a value above each column.
    pub(crate) fn fits_value_labels(&self) -> bool {
        self.columns.len() <= 25
    }

    pub(crate) fn has_baseline(&self) -> bool {
        self.columns.iter().any(|column| column.baseline.is_some())
    }
}

fn is_far_above_baseline(value: f64, baseline: f64) -> bool {
    value >= baseline * HIGHLIGHT_RATIO && value >= baseline + HIGHLIGHT_MIN_EXCESS
}

/// The next number with one significant digit and a whole half: 2, 4, 6, 8, 10, 20, …
fn round_up_to_nice_number(highest: f64) -> f64 {
    let magnitude = 10_f64.powf(highest.max(1.0).log10().floor());
    let top = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0].map(|digit| digit * magnitude).into_iter().find(|top| *top >= highest);
    top.unwrap_or(highest)
}

fn round_to_tenth(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(value: i64, baseline: Option<f64>) -> ChartPoint {
        ChartPoint { label: value.to_string(), value: Some(value), baseline, is_highlighted: false }
    }

    #[test]
    fn columns_without_reports_have_no_height() {
        let chart = ColumnChart::new(vec![point(0, None), point(0, Some(0.0))]);
        assert!(
            chart.columns.iter().all(|column| column.height == 0.0 && column.y == AXIS_Y && !column.is_highlighted)
        );
        assert_eq!(chart.grid_lines, [(AXIS_Y - MAX_COLUMN_HEIGHT, 1)]);
        assert!(ColumnChart::new(Vec::new()).columns.is_empty());
    }

    #[test]
    fn a_value_far_above_the_baseline_is_highlighted() {
        let highlighted: Vec<_> = [(41, 19.0), (28, 25.0), (4, 1.0), (7, 2.0), (0, 0.0)]
            .map(|(value, baseline)| ColumnChart::new(vec![point(value, Some(baseline))]).columns[0].is_highlighted)
            .into();
        assert_eq!(highlighted, [true, false, false, true, false]);
    }

    proptest! {
        #[test]
        fn columns_marks_and_lines_stay_within_the_chart(values in prop::collection::vec((0..10_000_000_i64, 0.0..1e7), 0..40)) {
            let chart = ColumnChart::new(values.iter().map(|(value, baseline)| point(*value, Some(*baseline))).collect());
            for column in &chart.columns {
                let positions = [column.y, column.baseline.as_ref().unwrap().y];
                prop_assert!(positions.iter().all(|y| (AXIS_Y - MAX_COLUMN_HEIGHT - 0.1..=AXIS_Y).contains(y)), "{column:?}");
                prop_assert!(column.x.0 >= 0.0 && column.x.0 + column.width.0 <= 100.0);
            }
            for (y, value) in &chart.grid_lines {
                prop_assert!((0.0..AXIS_Y).contains(y) && *value > 0);
            }
        }
    }
}
