//! How long customers waited: the middle of them, the slow end, and how many waited how long.

use crate::i18n::UiMessage;

/// Ends of the first stretches, in minutes; the last one has none.
pub const RESPONSE_BUCKET_BOUNDS_MINUTES: [i32; 6] = [5, 15, 30, 60, 120, 240];
pub const RESOLUTION_BUCKET_BOUNDS_MINUTES: [i32; 6] = [30, 60, 120, 240, 480, 1440];

/// How long it took those for whom it is over.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct DurationStats {
    /// Seconds in which half of them had it, and nine of ten.
    pub median_seconds: Option<f64>,
    pub p90_seconds: Option<f64>,
    /// How many in each stretch.
    pub bucket_counts: Vec<i64>,
    /// For how many it is not over.
    pub pending_count: i64,
}

/// A stretch in short: "< 5 min", "5–15 min", "1–2 h", "> 4 h".
pub fn bucket_label(ends: &[i32], at: usize) -> UiMessage {
    let (unit, size) = match ends.get(at).or(ends.last()) {
        Some(..=60) => ("time-minutes", 1),
        _ => ("time-hours", 60),
    };
    let end = |at: usize| ends.get(at).map(|minutes| i64::from(minutes / size));
    let with_unit = |count: i64| UiMessage::new(unit).with("count", count);
    match (at.checked_sub(1).and_then(end), end(at)) {
        (Some(from), Some(to)) => UiMessage::new("stats-between").with("from", from).with("to", with_unit(to)),
        (Some(from), None) => UiMessage::new("stats-more-than").with("value", with_unit(from)),
        (None, to) => UiMessage::new("stats-less-than").with("value", with_unit(to.unwrap_or_default())),
    }
}

/// "18 min", "3 h 20 min", "2 dni 4 h"
pub fn format_duration(seconds: f64) -> UiMessage {
    let minutes = (seconds / 60.0).round() as i64;
    match minutes {
        ..60 => UiMessage::new("time-minutes").with("count", minutes),
        60..1440 => format_two_units("time-hours", minutes / 60, "time-minutes", minutes % 60),
        _ => format_two_units("time-days", minutes / 1440, "time-hours", minutes % 1440 / 60),
    }
}

fn format_two_units(large: &'static str, many: i64, small: &'static str, rest: i64) -> UiMessage {
    let large = UiMessage::new(large).with("count", many);
    if rest == 0 {
        return large;
    }
    UiMessage::new("stats-two-units").with("large", large).with("rest", UiMessage::new(small).with("count", rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Lang, strip_typography};

    #[test]
    fn stretches_and_durations_are_told_in_short() {
        let stretches = |ends: &[i32]| {
            (0..=ends.len()).map(|at| strip_typography(&Lang::Pl.format(&bucket_label(ends, at)))).collect::<Vec<_>>()
        };
        assert_eq!(
            stretches(&RESPONSE_BUCKET_BOUNDS_MINUTES),
            ["< 5 min", "5–15 min", "15–30 min", "30–60 min", "1–2 h", "2–4 h", "> 4 h"]
        );
        assert_eq!(stretches(&RESOLUTION_BUCKET_BOUNDS_MINUTES)[5..], ["8–24 h", "> 24 h"]);
        let told = [0.0, 29.0, 1080.0, 3600.0, 12_000.0, 100_800.0, 90_000.0]
            .map(|seconds| strip_typography(&Lang::Pl.format(&format_duration(seconds))));
        assert_eq!(told, ["0 min", "0 min", "18 min", "1 h", "3 h 20 min", "1 dzień 4 h", "1 dzień 1 h"]);
    }
}
