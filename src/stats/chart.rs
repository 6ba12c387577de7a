//! Where the parts of a drawing stand. Widths are in per cent, so that text keeps its size; heights in pixels.

use std::fmt;

/// The axis, and how high the highest column is.
pub const AXIS_Y: f64 = 140.0;
const MAX_COLUMN_HEIGHT: f64 = 112.0;

/// So many times the usual is worth a look, if it is some more as well.
const HIGHLIGHT_RATIO: f64 = 1.5;
const HIGHLIGHT_MIN_EXCESS: f64 = 5.0;

/// Characters of a label of which eight stand side by side on a telephone.
const MAX_SHORT_LABEL_LEN: usize = 5;

/// What a column shows.
#[derive(Debug, Clone)]
pub struct ChartPoint {
    pub label: String,
    pub value: Option<i64>,
    pub baseline: Option<f64>,
    /// The place where to look, whatever is usual.
    pub is_highlighted: bool,
}

/// A drawing of columns.
#[derive(Debug)]
pub struct ColumnChart {
    pub columns: Vec<ChartColumn>,
    /// Lines across, with their values.
    pub grid_lines: Vec<(f64, i64)>,
}

#[derive(Debug)]
pub struct ChartColumn {
    pub label: String,
    /// Left out where there is little room.
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

/// The stroke that says what is usual: somewhat wider than its column.
#[derive(Debug)]
pub struct BaselineMark {
    pub y: f64,
    pub x_start: Percent,
    pub x_end: Percent,
}

/// A length across.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percent(pub f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}%", self.0)
    }
}

impl ChartColumn {
    /// Where its value stands: over the column and over the stroke.
    pub fn value_label_y(&self) -> f64 {
        self.baseline.as_ref().map_or(self.y, |usual| self.y.min(usual.y)) - 6.0
    }
}

impl ColumnChart {
    pub fn new(points: Vec<ChartPoint>) -> ColumnChart {
        let highest = points.iter().map(|point| point.baseline.unwrap_or(0.0).max(point.value.unwrap_or(0) as f64));
        let top = round_up_to_nice_number(highest.fold(0.0, f64::max));
        let y = |value: f64| round_to_tenth(AXIS_Y - value / top * MAX_COLUMN_HEIGHT);
        let count = points.len().max(1);
        let each = 100.0 / count as f64;
        // a label every so often, so that no two touch on a telephone
        let longest = points.iter().map(|point| point.label.chars().count()).max().unwrap_or(0);
        let every = count.div_ceil(if longest > MAX_SHORT_LABEL_LEN { 4 } else { 8 });
        let columns = points.into_iter().enumerate().map(|(at, point)| {
            let left = at as f64 * each;
            let value_y = y(point.value.unwrap_or(0) as f64);
            let over = point
                .value
                .zip(point.baseline)
                .is_some_and(|(value, usual)| is_far_above_baseline(value as f64, usual));
            ChartColumn {
                label: point.label,
                has_minor_label: at % every != 0,
                value: point.value,
                x: Percent(left + each * 0.17),
                width: Percent(each * 0.66),
                center_x: Percent(left + each * 0.5),
                y: value_y,
                height: round_to_tenth(AXIS_Y - value_y),
                baseline: point.baseline.map(|usual| BaselineMark {
                    y: y(usual),
                    x_start: Percent(left + each * 0.09),
                    x_end: Percent(left + each * 0.91),
                }),
                is_highlighted: point.is_highlighted || over,
            }
        });
        let lines = if top >= 2.0 { vec![top / 2.0, top] } else { vec![top] };
        ColumnChart {
            columns: columns.collect(),
            grid_lines: lines.into_iter().map(|line| (y(line), line as i64)).collect(),
        }
    }

    /// Whether there is room for a value over each column.
    pub fn fits_value_labels(&self) -> bool {
        self.columns.len() <= 25
    }

    pub fn has_baseline(&self) -> bool {
        self.columns.iter().any(|column| column.baseline.is_some())
    }
}

fn is_far_above_baseline(value: f64, usual: f64) -> bool {
    value >= usual * HIGHLIGHT_RATIO && value >= usual + HIGHLIGHT_MIN_EXCESS
}

/// The next number with one digit that matters and an even half: 2, 4, 6, 8, 10, 20, …
fn round_up_to_nice_number(highest: f64) -> f64 {
    let size = 10_f64.powf(highest.max(1.0).log10().floor());
    let top = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0].map(|digit| digit * size).into_iter().find(|top| *top >= highest);
    top.unwrap_or(highest)
}

fn round_to_tenth(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(value: i64, usual: Option<f64>) -> ChartPoint {
        ChartPoint { label: value.to_string(), value: Some(value), baseline: usual, is_highlighted: false }
    }

    #[test]
    fn nothing_is_a_flat_line() {
        let columns = ColumnChart::new(vec![point(0, None), point(0, Some(0.0))]);
        assert!(
            columns.columns.iter().all(|column| column.height == 0.0 && column.y == AXIS_Y && !column.is_highlighted)
        );
        assert_eq!(columns.grid_lines, [(AXIS_Y - MAX_COLUMN_HEIGHT, 1)]);
        assert!(ColumnChart::new(Vec::new()).columns.is_empty());
    }

    #[test]
    fn what_is_far_over_the_usual_stands_out() {
        let slow: Vec<_> = [(41, 19.0), (28, 25.0), (4, 1.0), (7, 2.0), (0, 0.0)]
            .map(|(value, usual)| ColumnChart::new(vec![point(value, Some(usual))]).columns[0].is_highlighted)
            .into();
        assert_eq!(slow, [true, false, false, true, false]);
    }

    proptest! {
        #[test]
        fn everything_stands_within_the_drawing(values in prop::collection::vec((0..10_000_000_i64, 0.0..1e7), 0..40)) {
            let columns = ColumnChart::new(values.iter().map(|(value, usual)| point(*value, Some(*usual))).collect());
            for column in &columns.columns {
                let heights = [column.y, column.baseline.as_ref().unwrap().y];
                prop_assert!(heights.iter().all(|y| (AXIS_Y - MAX_COLUMN_HEIGHT - 0.1..=AXIS_Y).contains(y)), "{column:?}");
                prop_assert!(column.x.0 >= 0.0 && column.x.0 + column.width.0 <= 100.0);
            }
            for (y, value) in &columns.grid_lines {
                prop_assert!((0.0..AXIS_Y).contains(y) && *value > 0);
            }
        }
    }
}
