//! How long customers waited: median, 90th percentile and a histogram.

use crate::i18n::UiMessage;

/// The upper bounds of the histogram's buckets, in minutes. One more bucket has no upper bound.
pub(crate) const RESPONSE_BUCKET_BOUNDS_MINUTES: [i32; 6] = [5, 15, 30, 60, 120, 240];
pub(crate) const RESOLUTION_BUCKET_BOUNDS_MINUTES: [i32; 6] = [30, 60, 120, 240, 480, 1440];

/// How long a step took, for the tickets that have done it.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct DurationStats {
    pub median_seconds: Option<f64>,
    pub p90_seconds: Option<f64>,
    /// The number of tickets in each bucket.
    pub bucket_counts: Vec<i64>,
    /// The number of active tickets that have not done it.
    pub pending_count: i64,
}

/// The label of a bucket: "< 5 min", "5–15 min", "1–2 h", "> 4 h".
pub(crate) fn bucket_label(bounds: &[i32], bucket: usize) -> UiMessage {
    let (unit, size) = match bounds.get(bucket).or(bounds.last()) {
        Some(..=60) => ("time-minutes", 1),
        _ => ("time-hours", 60),
    };
    let bound = |index: usize| bounds.get(index).map(|minutes| i64::from(minutes / size));
    let with_unit = |count: i64| UiMessage::new(unit).with("count", count);
    match (bucket.checked_sub(1).and_then(bound), bound(bucket)) {
        (Some(from), Some(to)) => UiMessage::new("stats-between").with("from", from).with("to", with_unit(to)),
        (Some(from), None) => UiMessage::new("stats-more-than").with("value", with_unit(from)),
        (None, to) => UiMessage::new("stats-less-than").with("value", with_unit(to.unwrap_or_default())),
    }
}

/// A duration in its two largest units: "18 min", "3 h 20 min", "2 dni 4 h".
pub(crate) fn format_duration(seconds: f64) -> UiMessage {
    let minutes = (seconds / 60.0).round() as i64;
    match minutes {
        ..60 => UiMessage::new("time-minutes").with("count", minutes),
        60..1440 => format_two_units("time-hours", minutes / 60, "time-minutes", minutes % 60),
        _ => format_two_units("time-days", minutes / 1440, "time-hours", minutes % 1440 / 60),
    }
}

fn format_two_units(large: &'static str, count: i64, small: &'static str, rest: i64) -> UiMessage {
    let large = UiMessage::new(large).with("count", count);
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
    fn buckets_and_durations_are_formatted_in_short_polish_text() {
        let labels = |bounds: &[i32]| {
            (0..=bounds.len())
                .map(|bucket| strip_typography(&Lang::Pl.format(&bucket_label(bounds, bucket))))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            labels(&RESPONSE_BUCKET_BOUNDS_MINUTES),
            ["< 5 min", "5–15 min", "15–30 min", "30–60 min", "1–2 h", "2–4 h", "> 4 h"]
        );
        assert_eq!(labels(&RESOLUTION_BUCKET_BOUNDS_MINUTES)[5..], ["8–24 h", "> 24 h"]);
        let durations = [0.0, 29.0, 1080.0, 3600.0, 12_000.0, 100_800.0, 90_000.0]
            .map(|seconds| strip_typography(&Lang::Pl.format(&format_duration(seconds))));
        assert_eq!(durations, ["0 min", "0 min", "18 min", "1 h", "3 h 20 min", "1 dzień 4 h", "1 dzień 1 h"]);
    }
}
