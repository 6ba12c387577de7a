//! The line test's result, in words for people who want to make a call.

use line_test::{
    metrics::{DirectionMetrics, RoundTrip},
    verdict::{ImpairmentCause, LineTestNote, LineTestOutcome, LineVerdict, NatMapping, NotMeasuredReason},
};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::describe::Describe;
use crate::i18n::{Label, MessageArg, UiMessage};

/// How the device was connected, as the visitor says. A second test over a cable shows whether Wi-Fi is the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum ConnectionType {
    Cable,
    Wireless,
    Mobile,
}

impl Label for ConnectionType {
    const MESSAGE_PREFIX: &str = "connection";
}

/// A finished line test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineTestResult {
    pub connection: Option<ConnectionType>,
    #[serde(flatten)]
    pub outcome: LineTestOutcome,
}

impl LineTestResult {
    /// The main cause of the impairment, or what the verdict means.
    pub fn explanation(&self) -> UiMessage {
        let outcome = &self.outcome;
        match outcome.verdict {
            LineVerdict::Good => UiMessage::new("line-test-reason-good"),
            LineVerdict::Impaired | LineVerdict::BreaksUp | LineVerdict::Impossible => self.cause_explanation(),
            LineVerdict::Blocked => UiMessage::new("line-test-reason-blocked"),
            LineVerdict::NotMeasured => UiMessage::new(match outcome.not_measured_reason {
                Some(NotMeasuredReason::NoWebRtc) => "line-test-reason-no-webrtc",
                Some(NotMeasuredReason::NoMedia) => "line-test-reason-no-media",
                Some(NotMeasuredReason::PageHidden) => "line-test-reason-hidden",
                Some(NotMeasuredReason::ClientSuspended) => "line-test-reason-suspended",
                Some(NotMeasuredReason::Interrupted) | None => "line-test-reason-disconnected",
            }),
        }
    }

    fn cause_explanation(&self) -> UiMessage {
        let percent = |direction: &Option<DirectionMetrics>, metric: fn(&DirectionMetrics) -> f64| {
            MessageArg::Decimal1(round_to_tenths(direction.as_ref().map_or(0.0, metric)))
        };
        let outcome = &self.outcome;
        let round_trip_ms = outcome.round_trip.as_ref().map_or(0.0, |round_trip| round_trip.p50_ms);
        let lost = |direction: &DirectionMetrics| direction.lost_percent;
        let excess_delay = |direction: &Option<DirectionMetrics>| {
            direction.as_ref().map_or(0.0, |direction| direction.excess_delay_p99_ms)
        };
        match outcome.cause {
            Some(ImpairmentCause::LossUp) => {
                UiMessage::new("line-test-reason-loss-up").with("percent", percent(&outcome.up, lost))
            }
            Some(ImpairmentCause::LossDown) => {
                UiMessage::new("line-test-reason-loss-down").with("percent", percent(&outcome.down, lost))
            }
            Some(ImpairmentCause::LateUp) => {
                UiMessage::new("line-test-reason-late-up").with("ms", round_to_integer(excess_delay(&outcome.up)))
            }
            Some(ImpairmentCause::LateDown) => {
                UiMessage::new("line-test-reason-late-down").with("ms", round_to_integer(excess_delay(&outcome.down)))
            }
            Some(ImpairmentCause::Delay) => {
                UiMessage::new("line-test-reason-delay").with("ms", round_to_integer(round_trip_ms / 2.0))
            }
            Some(ImpairmentCause::Bufferbloat) => UiMessage::new("line-test-reason-bufferbloat"),
            Some(ImpairmentCause::NoDataChannel) | None => UiMessage::new("line-test-reason-no-channel"),
        }
    }

    /// Remarks about the measurement.
    pub fn notes(&self) -> Vec<UiMessage> {
        let message = |note: &LineTestNote| {
            UiMessage::new(match note {
                LineTestNote::Approximate => "line-test-note-approximate",
                LineTestNote::BusyClient => "line-test-note-busy",
                LineTestNote::LongGap => "line-test-note-gap",
                LineTestNote::Wireless => "line-test-note-wireless",
            })
        };
        // a visitor who says that it was not Wi-Fi knows better than the measurement
        let may_be_wireless = matches!(self.connection, Some(ConnectionType::Wireless) | None);
        self.outcome
            .notes
            .iter()
            .filter(|note| may_be_wireless || **note != LineTestNote::Wireless)
            .map(message)
            .collect()
    }

    /// Message ids of what the visitor can do now, the most promising first.
    pub fn advice(&self) -> Vec<&'static str> {
        let outcome = &self.outcome;
        let mut advice = Vec::new();
        match outcome.verdict {
            LineVerdict::Good => advice.extend(["line-test-advice-check-device", "line-test-advice-phone-network"]),
            LineVerdict::Impaired | LineVerdict::BreaksUp | LineVerdict::Impossible => {
                match self.connection {
                    Some(ConnectionType::Wireless) | None => advice.push("line-test-advice-cable"),
                    Some(ConnectionType::Mobile) => advice.push("line-test-advice-no-mobile"),
                    Some(ConnectionType::Cable) => {}
                }
                advice.extend(["line-test-advice-downloads", "line-test-advice-other-line"]);
            }
            LineVerdict::Blocked => {
                advice.extend(["line-test-advice-firewall", "line-test-advice-vpn", "line-test-advice-other-line"])
            }
            LineVerdict::NotMeasured => match outcome.not_measured_reason {
                Some(NotMeasuredReason::NoWebRtc) => advice.push("line-test-advice-browser"),
                Some(NotMeasuredReason::NoMedia) => advice.push("line-test-advice-try-later"),
                Some(NotMeasuredReason::PageHidden | NotMeasuredReason::ClientSuspended) => {
                    advice.push("line-test-advice-stay-on-tab")
                }
                Some(NotMeasuredReason::Interrupted) | None => {
                    advice.extend(["line-test-advice-repeat", "line-test-advice-other-line"])
                }
            },
        }
        advice
    }
}

impl Describe for LineTestResult {
    fn verdict(&self) -> &str {
        match self.outcome.verdict {
            LineVerdict::Good => "good",
            LineVerdict::Impaired => "heard",
            LineVerdict::BreaksUp => "breaks-up",
            LineVerdict::Impossible => "impossible",
            LineVerdict::Blocked => "blocked",
            LineVerdict::NotMeasured => "not-measured",
        }
    }

    fn summary(&self) -> UiMessage {
        UiMessage::new(match self.outcome.verdict {
            LineVerdict::Good => "line-test-result-good",
            LineVerdict::Impaired => "line-test-result-impaired",
            LineVerdict::BreaksUp => "line-test-result-breaks-up",
            LineVerdict::Impossible => "line-test-result-impossible",
            LineVerdict::Blocked => "line-test-result-blocked",
            LineVerdict::NotMeasured => "line-test-result-not-measured",
        })
    }

    fn details(&self) -> Vec<(UiMessage, MessageArg)> {
        let outcome = &self.outcome;
        let mut rows: Vec<(UiMessage, MessageArg)> = Vec::new();
        let mut row = |name: &'static str, value: UiMessage| rows.push((UiMessage::new(name), value.into()));
        row("line-test-row-cause", self.explanation());
        if let Some(quality) = &outcome.quality {
            let value = UiMessage::new("line-test-value-quality")
                .with("mos", MessageArg::Decimal1(round_to_tenths(quality.mos)))
                .with("r", round_to_integer(quality.r_factor))
                .with("other", MessageArg::Decimal1(round_to_tenths(quality.mos_g729)));
            row("line-test-row-quality", value);
        }
        for (name, direction) in [("line-test-row-up", &outcome.up), ("line-test-row-down", &outcome.down)] {
            if let Some(direction) = direction {
                row(name, describe_direction(direction));
            }
        }
        for (name, round_trip) in [
            ("line-test-row-round-trip", &outcome.round_trip),
            ("line-test-row-websocket", &outcome.websocket_round_trip),
        ] {
            if let Some(round_trip) = round_trip {
                row(name, describe_round_trip(round_trip));
            }
        }
        match outcome.nat_mapping {
            NatMapping::EndpointIndependent => row("line-test-row-nat", UiMessage::new("line-test-nat-keeps")),
            NatMapping::AddressAndPortDependent => row("line-test-row-nat", UiMessage::new("line-test-nat-changes")),
            NatMapping::Unknown => {}
        }
        if let Some(connection) = self.connection {
            row("line-test-row-connection", UiMessage::new(connection.label()));
        }
        for note in self.notes() {
            row("line-test-row-note", note);
        }
        rows
    }
}

fn describe_direction(direction: &DirectionMetrics) -> UiMessage {
    UiMessage::new("line-test-value-direction")
        .with("lost", MessageArg::Decimal1(round_to_tenths(direction.lost_percent)))
        .with("late", MessageArg::Decimal1(round_to_tenths(direction.late_percent)))
        .with("jitter", round_to_integer(direction.jitter_ms))
        .with("rfc", round_to_integer(direction.jitter_rfc3550_ms))
        .with("gap", MessageArg::Decimal1(round_to_tenths(direction.longest_gap_ms / 1000.0)))
        .with("reordered", i64::from(direction.reordered))
        .with("doubled", i64::from(direction.duplicates))
        .with("received", i64::from(direction.received))
        .with("sent", i64::from(direction.sent))
}

fn describe_round_trip(round_trip: &RoundTrip) -> UiMessage {
    UiMessage::new("line-test-value-round-trip")
        .with("usual", round_to_integer(round_trip.p50_ms))
        .with("least", round_to_integer(round_trip.min_ms))
        .with("slow", round_to_integer(round_trip.p95_ms))
        .with("most", round_to_integer(round_trip.max_ms))
}

/// The value in tenths, rounded, for [`MessageArg::Decimal1`].
pub fn round_to_tenths(value: f64) -> i64 {
    (value * 10.0).round() as i64
}

pub fn round_to_integer(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests {
    use crate::checks::line_test::*;
    use crate::i18n::Lang;

    fn line_test_result(verdict: LineVerdict) -> LineTestResult {
        let outcome = LineTestOutcome {
            verdict,
            cause: None,
            notes: Vec::new(),
            not_measured_reason: None,
            quality: None,
            up: None,
            down: None,
            round_trip: None,
            websocket_round_trip: None,
            per_second: Vec::new(),
            nat_mapping: NatMapping::Unknown,
        };
        LineTestResult { connection: None, outcome }
    }

    #[test]
    fn every_outcome_has_texts_in_all_languages_with_all_arguments() {
        use ImpairmentCause::{Bufferbloat, Delay, LateDown, LateUp, LossDown, LossUp, NoDataChannel};
        let mut all: Vec<LineTestResult> = [
            LineVerdict::Good,
            LineVerdict::Impaired,
            LineVerdict::BreaksUp,
            LineVerdict::Impossible,
            LineVerdict::Blocked,
        ]
        .map(line_test_result)
        .into();
        for cause in [LossUp, LossDown, LateUp, LateDown, Delay, Bufferbloat, NoDataChannel] {
            let mut result = line_test_result(LineVerdict::Impaired);
            result.outcome.cause = Some(cause);
            result.outcome.up = Some(DirectionMetrics { lost_percent: 1.25, ..DirectionMetrics::default() });
            result.outcome.round_trip = Some(RoundTrip::default());
            result.outcome.quality = Some(line_test::verdict::CallQuality::default());
            result.outcome.notes = vec![
                LineTestNote::Approximate,
                LineTestNote::BusyClient,
                LineTestNote::LongGap,
                LineTestNote::Wireless,
            ];
            result.outcome.nat_mapping = NatMapping::AddressAndPortDependent;
            for connection in ConnectionType::VARIANTS {
                all.push(LineTestResult { connection: Some(*connection), ..result.clone() });
            }
        }
        for reason in [
            NotMeasuredReason::NoWebRtc,
            NotMeasuredReason::NoMedia,
            NotMeasuredReason::PageHidden,
            NotMeasuredReason::ClientSuspended,
            NotMeasuredReason::Interrupted,
        ] {
            let mut result = line_test_result(LineVerdict::NotMeasured);
            result.outcome.not_measured_reason = Some(reason);
            all.push(result);
        }
        for lang in Lang::ALL {
            for result in &all {
                let mut texts = vec![lang.format(&result.summary()), lang.format(&result.explanation())];
                texts.extend(
                    result.details().iter().flat_map(|(name, value)| [lang.format(name), lang.format_arg(value)]),
                );
                texts.extend(result.advice().into_iter().map(|id| lang.t(id).into_owned()));
                for text in texts {
                    assert!(!text.is_empty() && !text.contains("link-") && !text.contains('{'), "{text}");
                }
            }
        }
        assert!(Lang::Pl.format(&all[5].explanation()).contains("1,3"), "{}", Lang::Pl.format(&all[5].explanation()));
        assert!(Lang::En.format(&all[5].explanation()).contains("1.3"));
    }

    #[test]
    fn advice_depends_on_the_connection_that_the_visitor_states() {
        for (connection, notes, first) in [
            (None, 1, "line-test-advice-cable"),
            (Some(ConnectionType::Wireless), 1, "line-test-advice-cable"),
            (Some(ConnectionType::Mobile), 0, "line-test-advice-no-mobile"),
            (Some(ConnectionType::Cable), 0, "line-test-advice-downloads"),
        ] {
            let mut result = LineTestResult { connection, ..line_test_result(LineVerdict::BreaksUp) };
            result.outcome.notes = vec![LineTestNote::Wireless];
            assert_eq!((result.notes().len(), result.advice()[0]), (notes, first), "{connection:?}");
        }
    }

    #[test]
    fn results_are_stored_as_json_and_read_back_unchanged() {
        let mut result = line_test_result(LineVerdict::BreaksUp);
        result.connection = Some(ConnectionType::Cable);
        result.outcome.up = Some(DirectionMetrics { sent: 500, ..DirectionMetrics::default() });
        let text = serde_json::to_string(&result).unwrap();
        assert_eq!(serde_json::from_str::<LineTestResult>(&text).unwrap(), result);
    }
}
