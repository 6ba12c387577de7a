//! The rows of a line test: each metric, the value below which it is good, and an assessment that agrees with the verdict.

use line_test::verdict::{ImpairmentCause, LineTestOutcome, LineVerdict};

use super::line_test::{round_to_integer, round_to_tenths};
use crate::i18n::MessageArg;

/// A row of the table. Value and limit are rounded as they are shown, so that `1.0` is never below `1.0`.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricAssessment {
    /// Message id of the name.
    pub name: &'static str,
    /// Message id that adds the unit.
    pub unit: &'static str,
    pub value: MessageArg,
    pub limit: MessageArg,
    pub rating: MetricRating,
}

/// How a metric is, compared with its limit and the verdict about the whole line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricRating {
    Good,
    /// Above its limit on a line that is good for calls all the same, or the cause of an impairment below its limit.
    Acceptable,
    TooHigh,
}

#[derive(Clone, Copy)]
enum Unit {
    Milliseconds,
    Percent,
    Seconds,
}

impl Unit {
    /// The message id that adds the unit.
    const fn message_id(self) -> &'static str {
        match self {
            Unit::Milliseconds => "line-test-unit-ms",
            Unit::Percent => "line-test-unit-percent",
            Unit::Seconds => "line-test-unit-s",
        }
    }

    /// The value as it is shown: in whole units, or in tenths.
    fn round(self, value: f64) -> i64 {
        match self {
            Unit::Milliseconds => round_to_integer(value),
            Unit::Percent | Unit::Seconds => round_to_tenths(value),
        }
    }

    const fn format(self, rounded: i64) -> MessageArg {
        match self {
            Unit::Milliseconds => MessageArg::Number(rounded),
            Unit::Percent | Unit::Seconds => MessageArg::Decimal1(rounded),
        }
    }
}

/// The rows of an outcome; none if nothing was measured.
pub fn assess_metrics(outcome: &LineTestOutcome) -> Vec<MetricAssessment> {
    use Unit::{Milliseconds, Percent, Seconds};
    let is_cause = |causes: &[ImpairmentCause]| outcome.cause.is_some_and(|cause| causes.contains(&cause));
    let mut rows = Vec::new();
    let mut add = |name, unit: Unit, value: f64, limit: f64, is_cause: bool| {
        let (value, limit) = (unit.round(value), unit.round(limit));
        let rating = match (value < limit, outcome.verdict == LineVerdict::Good) {
            (true, _) if is_cause => MetricRating::Acceptable,
            (true, _) => MetricRating::Good,
            (false, true) => MetricRating::Acceptable,
            (false, false) => MetricRating::TooHigh,
        };
        let (value, limit) = (unit.format(value), unit.format(limit));
        rows.push(MetricAssessment { name, unit: unit.message_id(), value, limit, rating });
    };
    if let Some(round_trip) = &outcome.round_trip {
        let causes = [ImpairmentCause::Delay, ImpairmentCause::Bufferbloat];
        add("line-test-figure-delay", Milliseconds, round_trip.p50_ms / 2.0, 150.0, is_cause(&causes));
    }
    if let (Some(up), Some(down)) = (&outcome.up, &outcome.down) {
        add("line-test-figure-jitter-up", Milliseconds, up.jitter_ms, 30.0, false);
        add("line-test-figure-jitter-down", Milliseconds, down.jitter_ms, 30.0, false);
        for (name, value, cause) in [
            ("line-test-figure-lost-up", up.lost_percent, ImpairmentCause::LossUp),
            ("line-test-figure-lost-down", down.lost_percent, ImpairmentCause::LossDown),
            ("line-test-figure-late-up", up.late_percent, ImpairmentCause::LateUp),
            ("line-test-figure-late-down", down.late_percent, ImpairmentCause::LateDown),
        ] {
            add(name, Percent, value, 1.0, is_cause(&[cause]));
        }
        let gap_ms = up.longest_gap_ms.max(down.longest_gap_ms);
        add("line-test-figure-gap", Seconds, gap_ms / 1000.0, 0.2, false);
    }
    if let Some(websocket) = &outcome.websocket_round_trip {
        add("line-test-figure-websocket", Milliseconds, websocket.p50_ms, 300.0, false);
    }
    rows
}

#[cfg(test)]
mod tests {
    use line_test::{
        metrics::PacketArrival,
        verdict::{ClientReport, LineTestOutcome, LineVerdict, ServerReport},
    };

    use super::*;

    /// The outcome on a line that loses some of 500 packets on the way up and delays all of them.
    fn outcome(lost: u32, delay_ms: f64) -> LineTestOutcome {
        let mut server = ServerReport { had_session: true, connected: true, ..ServerReport::default() };
        let mut client = ClientReport { has_webrtc: true, probes_sent: 500, ..ClientReport::default() };
        for sequence_number in (0..500).filter(|number| (number * lost + 250) % 500 >= lost) {
            let sent_ms = f64::from(sequence_number) * 20.0;
            let received_ms = sent_ms + delay_ms;
            server.arrivals.push(PacketArrival { sequence_number, sent_ms, received_ms });
            client.echoes.push((sequence_number, server.echoes_sent, sent_ms, received_ms, received_ms + delay_ms));
            server.echoes_sent += 1;
        }
        LineTestOutcome::from_reports(&server, &client)
    }

    fn ratings(outcome: &LineTestOutcome) -> Vec<MetricRating> {
        assess_metrics(outcome).into_iter().map(|row| row.rating).collect()
    }

    #[test]
    fn no_row_of_a_good_line_says_too_much() {
        for (lost, delay_ms) in [(0, 1.0), (5, 1.0), (12, 1.0), (0, 155.0)] {
            let outcome = outcome(lost, delay_ms);
            assert_eq!(outcome.verdict, LineVerdict::Good, "{lost} {delay_ms}");
            let ratings = ratings(&outcome);
            assert!(!ratings.contains(&MetricRating::TooHigh), "{lost} {delay_ms}: {ratings:?}");
            let is_clean = (lost, delay_ms) == (0, 1.0);
            assert_eq!(ratings.contains(&MetricRating::Acceptable), !is_clean, "{lost} {delay_ms}: {ratings:?}");
        }
    }

    #[test]
    fn every_impaired_line_has_a_row_that_is_not_good() {
        for (lost, delay_ms) in [(25, 1.0), (60, 1.0), (0, 200.0), (4, 149.0), (4, 170.0), (15, 145.0)] {
            let outcome = outcome(lost, delay_ms);
            let is_all_good = ratings(&outcome).iter().all(|rating| *rating == MetricRating::Good);
            assert!(outcome.verdict == LineVerdict::Good || !is_all_good, "{lost} {delay_ms}: {outcome:?}");
        }
    }

    #[test]
    fn a_value_is_compared_with_its_limit_as_it_is_shown() {
        let mut outcome = outcome(0, 1.0);
        for (lost_percent, rating) in [(0.94, MetricRating::Good), (0.96, MetricRating::Acceptable)] {
            outcome.up.as_mut().unwrap().lost_percent = lost_percent;
            let rows = assess_metrics(&outcome);
            let row = rows.iter().find(|row| row.name == "line-test-figure-lost-up").unwrap();
            assert_eq!(row.rating, rating, "{row:?}");
        }
    }
}
