//! Where the parts of a drawing stand. Widths are in per cent, so that text keeps its size; heights in pixels.

use std::fmt;

/// The axis, and how high the highest column is.
pub const AXIS: f64 = 140.0;
const HIGH: f64 = 112.0;

/// So many times the usual is worth a look, if it is some more as well.
const FAR_OVER: f64 = 1.5;
const SOME: f64 = 5.0;

/// Characters of a label of which eight stand side by side on a telephone.
const SHORT: usize = 5;

/// What a column shows.
#[derive(Debug, Clone)]
pub struct Point {
    pub label: String,
    pub value: Option<i64>,
    pub usual: Option<f64>,
    /// The place where to look, whatever is usual.
    pub slow: bool,
}

/// A drawing of columns.
#[derive(Debug)]
pub struct Columns {
    pub columns: Vec<Column>,
    /// Lines across, with their values.
    pub grid: Vec<(f64, i64)>,
}

#[derive(Debug)]
pub struct Column {
    pub label: String,
    /// Left out where there is little room.
    pub is_minor: bool,
    pub value: Option<i64>,
    pub x: Percent,
    pub width: Percent,
    pub middle: Percent,
    pub y: f64,
    pub height: f64,
    pub usual: Option<Usual>,
    pub slow: bool,
}

/// The stroke that says what is usual: somewhat wider than its column.
#[derive(Debug)]
pub struct Usual {
    pub y: f64,
    pub from: Percent,
    pub to: Percent,
}

/// A length across.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percent(pub f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}%", self.0)
    }
}

impl Column {
    /// Where its value stands: over the column and over the stroke.
    pub fn text_y(&self) -> f64 {
        self.usual.as_ref().map_or(self.y, |usual| self.y.min(usual.y)) - 6.0
    }
}

impl Columns {
    pub fn of(points: Vec<Point>) -> Columns {
        let highest = points.iter().map(|point| point.usual.unwrap_or(0.0).max(point.value.unwrap_or(0) as f64));
        let top = round_up(highest.fold(0.0, f64::max));
        let y = |value: f64| round(AXIS - value / top * HIGH);
        let count = points.len().max(1);
        let each = 100.0 / count as f64;
        // a label every so often, so that no two touch on a telephone
        let longest = points.iter().map(|point| point.label.chars().count()).max().unwrap_or(0);
        let every = count.div_ceil(if longest > SHORT { 4 } else { 8 });
        let columns = points.into_iter().enumerate().map(|(at, point)| {
            let left = at as f64 * each;
            let value_y = y(point.value.unwrap_or(0) as f64);
            let over = point.value.zip(point.usual).is_some_and(|(value, usual)| is_far_over(value as f64, usual));
            Column {
                label: point.label,
                is_minor: at % every != 0,
                value: point.value,
                x: Percent(left + each * 0.17),
                width: Percent(each * 0.66),
                middle: Percent(left + each * 0.5),
                y: value_y,
                height: round(AXIS - value_y),
                usual: point.usual.map(|usual| Usual {
                    y: y(usual),
                    from: Percent(left + each * 0.09),
                    to: Percent(left + each * 0.91),
                }),
                slow: point.slow || over,
            }
        });
        let lines = if top >= 2.0 { vec![top / 2.0, top] } else { vec![top] };
        Columns { columns: columns.collect(), grid: lines.into_iter().map(|line| (y(line), line as i64)).collect() }
    }

    /// Whether there is room for a value over each column.
    pub fn has_room(&self) -> bool {
        self.columns.len() <= 25
    }

    pub fn has_usual(&self) -> bool {
        self.columns.iter().any(|column| column.usual.is_some())
    }
}

fn is_far_over(value: f64, usual: f64) -> bool {
    value >= usual * FAR_OVER && value >= usual + SOME
}

/// The next number with one digit that matters and an even half: 2, 4, 6, 8, 10, 20, …
fn round_up(highest: f64) -> f64 {
    let size = 10_f64.powf(highest.max(1.0).log10().floor());
    let top = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0].map(|digit| digit * size).into_iter().find(|top| *top >= highest);
    top.unwrap_or(highest)
}

fn round(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(value: i64, usual: Option<f64>) -> Point {
        Point { label: value.to_string(), value: Some(value), usual, slow: false }
    }

    #[test]
    fn nothing_is_a_flat_line() {
        let columns = Columns::of(vec![point(0, None), point(0, Some(0.0))]);
        assert!(columns.columns.iter().all(|column| column.height == 0.0 && column.y == AXIS && !column.slow));
        assert_eq!(columns.grid, [(AXIS - HIGH, 1)]);
        assert!(Columns::of(Vec::new()).columns.is_empty());
    }

    #[test]
    fn what_is_far_over_the_usual_stands_out() {
        let slow: Vec<_> = [(41, 19.0), (28, 25.0), (4, 1.0), (7, 2.0), (0, 0.0)]
            .map(|(value, usual)| Columns::of(vec![point(value, Some(usual))]).columns[0].slow)
            .into();
        assert_eq!(slow, [true, false, false, true, false]);
    }

    proptest! {
        #[test]
        fn everything_stands_within_the_drawing(values in prop::collection::vec((0..10_000_000_i64, 0.0..1e7), 0..40)) {
            let columns = Columns::of(values.iter().map(|(value, usual)| point(*value, Some(*usual))).collect());
            for column in &columns.columns {
                let heights = [column.y, column.usual.as_ref().unwrap().y];
                prop_assert!(heights.iter().all(|y| (AXIS - HIGH - 0.1..=AXIS).contains(y)), "{column:?}");
                prop_assert!(column.x.0 >= 0.0 && column.x.0 + column.width.0 <= 100.0);
            }
            for (y, value) in &columns.grid {
                prop_assert!((0.0..AXIS).contains(y) && *value > 0);
            }
        }
    }
}
