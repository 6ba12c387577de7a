//! Line tests of ten seconds over bad lines, in simulated time: what is measured is exactly what the line did.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use line_test::{
    media_server::SessionKind,
    metrics::{DirectionMetrics, PacketArrival},
    probe,
    simulated_line::{LineConditions, SimulatedDirection},
    verdict::{ImpairmentCause, LineTestNote, LineVerdict, NatMapping},
};

use crate::simulation::{SimulatedRun, Simulation};

const PACKETS_IN_TEN_SECONDS: u32 = 500;

const CLEAN: LineConditions = LineConditions { loss_percent: 0, delay_ms: 0.0, jitter_ms: 0.0 };
const SHORT: LineConditions = LineConditions { loss_percent: 0, delay_ms: 30.0, jitter_ms: 0.0 };
const LOSSY: LineConditions = LineConditions { loss_percent: 8, ..SHORT };
const LONG: LineConditions = LineConditions { loss_percent: 2, delay_ms: 80.0, jitter_ms: 20.0 };
const VERY_LOSSY: LineConditions = LineConditions { loss_percent: 20, delay_ms: 40.0, jitter_ms: 0.0 };
const BLOCKED: LineConditions = LineConditions { loss_percent: 100, ..CLEAN };

fn measure(up: LineConditions, down: LineConditions) -> SimulatedRun {
    let run = Simulation::new(SessionKind::LineTest, PACKETS_IN_TEN_SECONDS, up, down).run();
    assert!(run.client.connected && run.server.connected);
    assert_eq!(run.client.report.timer_lag_max_ms, 0.0);
    run
}

#[test]
fn a_clean_line_is_good_and_loses_nothing() {
    let outcome = measure(CLEAN, CLEAN).outcome;
    let perfect = DirectionMetrics { sent: 500, received: 500, ..DirectionMetrics::default() };
    assert_eq!((outcome.verdict, outcome.cause, outcome.notes), (LineVerdict::Good, None, vec![]));
    assert_eq!((outcome.up, outcome.down), (Some(perfect.clone()), Some(perfect)));
    assert_eq!(outcome.round_trip.unwrap().max_ms, 0.0);
    assert_eq!(outcome.per_second.len(), 10);
    assert_eq!(outcome.nat_mapping, NatMapping::Unknown);
}

#[test]
fn loss_is_counted_in_its_direction_and_decides_the_verdict() {
    let table = [
        (SHORT, SHORT, (500, 500), LineVerdict::Good, None),
        (LOSSY, SHORT, (460, 460), LineVerdict::BreaksUp, Some(ImpairmentCause::LossUp)),
        (SHORT, LOSSY, (500, 460), LineVerdict::BreaksUp, Some(ImpairmentCause::LossDown)),
        (LONG, LONG, (490, 480), LineVerdict::Good, None),
        (VERY_LOSSY, VERY_LOSSY, (400, 320), LineVerdict::Impossible, Some(ImpairmentCause::LossUp)),
    ];
    for (up, down, received, verdict, cause) in table {
        let SimulatedRun { outcome, .. } = measure(up, down);
        let (measured_up, measured_down) = (outcome.up.clone().unwrap(), outcome.down.clone().unwrap());
        assert_eq!((measured_up.received, measured_down.received), received, "{up:?} {down:?}");
        assert_eq!((measured_up.sent, measured_down.sent), (500, received.0), "{up:?} {down:?}");
        assert_eq!((outcome.verdict, outcome.cause), (verdict, cause), "{outcome:#?}");
        assert!(!outcome.notes.contains(&LineTestNote::Approximate), "{outcome:#?}");
    }
}

#[test]
fn every_figure_is_that_of_the_line() {
    for (up, down) in [(SHORT, LOSSY), (LONG, LONG), (LONG, SHORT), (VERY_LOSSY, LONG)] {
        let run = measure(up, down);
        let sent_up: Vec<f64> = (0..PACKETS_IN_TEN_SECONDS).map(|number| f64::from(number) * 20.0).collect();
        let sent_down: Vec<f64> = run.server.arrivals.iter().map(|arrival| arrival.received_ms).collect();
        assert_eq!(rounded(run.outcome.up.as_ref().unwrap()), metrics_of(&run.up, &sent_up), "{up:?} {down:?}");
        assert_eq!(rounded(run.outcome.down.as_ref().unwrap()), metrics_of(&run.down, &sent_down), "{up:?} {down:?}");
        let round_trip = run.outcome.round_trip.unwrap();
        let (delay, jitter) = (up.delay_ms + down.delay_ms, up.jitter_ms + down.jitter_ms);
        let bounds = delay - jitter - 1e-6..=delay + jitter + 1e-6;
        for time in [round_trip.min_ms, round_trip.p50_ms, round_trip.max_ms] {
            assert!(bounds.contains(&time), "{bounds:?} {round_trip:?}");
        }
    }
}

/// The metrics of a direction by its own account, without a client and a server.
fn metrics_of(line: &SimulatedDirection, sent_ms: &[f64]) -> DirectionMetrics {
    assert_eq!(line.message_delays().len(), sent_ms.len(), "every message has a datagram of its own");
    let mut arrivals: Vec<PacketArrival> = line
        .message_delays()
        .iter()
        .zip(sent_ms)
        .zip(0..)
        .filter_map(|((delay, sent_ms), sequence_number)| {
            let received_ms = sent_ms + delay.as_ref()?.as_secs_f64() * 1000.0;
            Some(PacketArrival { sequence_number, sent_ms: *sent_ms, received_ms })
        })
        .collect();
    arrivals.sort_by(|a, b| a.received_ms.total_cmp(&b.received_ms));
    rounded(&DirectionMetrics::from_arrivals(&arrivals, u32::try_from(sent_ms.len()).unwrap()))
}

/// Without the last digits, which depend on the order of additions.
fn rounded(metrics: &DirectionMetrics) -> DirectionMetrics {
    let round = |value: f64| (value * 1e6).round() / 1e6;
    DirectionMetrics {
        lost_percent: round(metrics.lost_percent),
        jitter_ms: round(metrics.jitter_ms),
        jitter_rfc3550_ms: round(metrics.jitter_rfc3550_ms),
        excess_delay_p50_ms: round(metrics.excess_delay_p50_ms),
        excess_delay_p95_ms: round(metrics.excess_delay_p95_ms),
        excess_delay_p99_ms: round(metrics.excess_delay_p99_ms),
        late_percent: round(metrics.late_percent),
        longest_gap_ms: round(metrics.longest_gap_ms),
        ..metrics.clone()
    }
}

#[test]
fn a_line_that_is_too_long_for_the_protocol_is_noted_as_approximate() {
    let conditions = LineConditions { delay_ms: 700.0, ..CLEAN };
    let run = measure(conditions, conditions);
    assert!(run.client.report.probes_queued > 25, "{:?}", run.client.report.probes_queued);
    assert!(run.outcome.notes.contains(&LineTestNote::Approximate), "{:#?}", run.outcome);
}

#[test]
fn a_firewall_is_reported_as_no_connection() {
    let run = Simulation::new(SessionKind::LineTest, PACKETS_IN_TEN_SECONDS, BLOCKED, BLOCKED).run();
    assert!(!run.client.connected && run.server.had_session && !run.server.connected);
    assert_eq!((run.server.arrivals.len(), run.client.report.probes_sent), (0, 0));
    assert_eq!(run.duration, Duration::from_secs(12), "the client gives up");
}

#[test]
fn an_echo_call_returns_the_voice_in_order_and_keeps_its_gaps() {
    let run = Simulation::new(SessionKind::EchoCall, 100, SHORT, SHORT).run();
    assert_eq!(run.client.echoed_packets, (0..100).collect::<Vec<_>>());
    // the last packet is sent after 1.98 s and echoed after 1.5 s
    assert!(run.duration > Duration::from_millis(3480 + 60), "{:?}", run.duration);

    let simulation = Simulation::new(SessionKind::EchoCall, 100, LOSSY, SHORT).run();
    let arrived: Vec<u64> = (0..)
        .zip(simulation.up.message_delays())
        .filter(|(_, delay)| delay.is_some())
        .map(|(number, _)| number)
        .collect();
    assert_eq!(arrived.len(), 92);
    // the numbers start with the first packet that arrived
    let expected: Vec<u64> = arrived.iter().map(|number| number - arrived[0]).collect();
    assert_eq!(simulation.client.echoed_packets, expected);
}

#[test]
fn a_session_ends_after_thirty_seconds_and_is_forgotten_after_ninety() {
    // the client would send for a hundred seconds
    let mut simulation = Simulation::new(SessionKind::LineTest, 5_000, SHORT, SHORT);
    let mut echoed = Vec::new();
    for (seconds, alive, in_memory) in [(29, 1, 1), (31, 0, 1), (89, 0, 1), (91, 0, 0)] {
        simulation.run_for(Duration::from_secs(seconds));
        let counters = &simulation.counters;
        let gauges = (counters.sessions_alive.load(Relaxed), counters.sessions_retained.load(Relaxed));
        assert_eq!(gauges, (alive, in_memory), "after {seconds} seconds");
        echoed.push(simulation.down.message_delays().len());
    }
    assert_eq!(echoed, [probe::MAX_MESSAGES as usize; 4], "further messages are not echoed");
}
