use super::*;

/// A test of ten seconds over a simulated line, with loss in percent and evenly spread, and delays per direction.
struct SimulatedLine {
    lost_up: u32,
    lost_down: u32,
    up_ms: f64,
    down_ms: f64,
}

const CLEAN_LINE: SimulatedLine = SimulatedLine { lost_up: 0, lost_down: 0, up_ms: 0.5, down_ms: 0.5 };

impl SimulatedLine {
    fn reports(&self) -> (ServerReport, ClientReport) {
        let (mut server, mut client) =
            (ServerReport { had_session: true, connected: true, ..ServerReport::default() }, ClientReport::default());
        client.has_webrtc = true;
        client.probes_sent = 500;
        for number in 0..500 {
            let is_lost = |percent: u32, shift: u32| (number * percent + shift) % 100 < percent;
            let sent_ms = f64::from(number) * 20.0;
            let received_ms = sent_ms + self.up_ms;
            if is_lost(self.lost_up, 50) {
                continue;
            }
            server.arrivals.push(PacketArrival { sequence_number: number, sent_ms, received_ms });
            if !is_lost(self.lost_down, 7) {
                client.echoes.push((number, server.echoes_sent, sent_ms, received_ms, received_ms + self.down_ms));
            }
            server.echoes_sent += 1;
        }
        (server, client)
    }

    fn outcome(&self) -> LineTestOutcome {
        let (server, client) = self.reports();
        LineTestOutcome::from_reports(&server, &client.clamped())
    }
}

#[test]
fn the_verdict_and_its_cause_match_the_simulated_line() {
    let table = [
        (CLEAN_LINE, LineVerdict::Good, None),
        (SimulatedLine { lost_up: 2, lost_down: 2, up_ms: 80.0, down_ms: 80.0 }, LineVerdict::Good, None),
        (
            SimulatedLine { lost_up: 5, lost_down: 4, up_ms: 80.0, down_ms: 80.0 },
            LineVerdict::Impaired,
            Some(ImpairmentCause::LossUp),
        ),
        (SimulatedLine { lost_up: 8, ..CLEAN_LINE }, LineVerdict::BreaksUp, Some(ImpairmentCause::LossUp)),
        (SimulatedLine { lost_down: 8, ..CLEAN_LINE }, LineVerdict::BreaksUp, Some(ImpairmentCause::LossDown)),
        (
            SimulatedLine { lost_up: 21, lost_down: 20, up_ms: 40.0, down_ms: 40.0 },
            LineVerdict::Impossible,
            Some(ImpairmentCause::LossUp),
        ),
        (
            SimulatedLine { up_ms: 260.0, down_ms: 260.0, ..CLEAN_LINE },
            LineVerdict::BreaksUp,
            Some(ImpairmentCause::Delay),
        ),
    ];
    for (line, verdict, cause) in table {
        let outcome = line.outcome();
        assert_eq!((outcome.verdict, outcome.cause), (verdict, cause), "{outcome:#?}");
    }
}

#[test]
fn the_metrics_match_the_simulated_loss() {
    let outcome = SimulatedLine { lost_up: 8, lost_down: 2, up_ms: 10.0, down_ms: 20.0 }.outcome();
    let (up, down) = (outcome.up.unwrap(), outcome.down.unwrap());
    assert_eq!((up.sent, up.received, up.lost_percent), (500, 460, 8.0));
    assert_eq!(down.sent, 460);
    assert!((1.0..3.0).contains(&down.lost_percent));
    assert_eq!(outcome.round_trip.unwrap().p50_ms, 30.0);
    assert_eq!(outcome.per_second.len(), 10);
    assert_eq!(outcome.per_second.iter().map(|second| second.lost_up).sum::<u32>(), 40);
}

#[test]
fn growing_delay_is_diagnosed_as_bufferbloat() {
    let (mut server, mut client) = CLEAN_LINE.reports();
    for (arrival, echo) in server.arrivals.iter_mut().zip(&mut client.echoes) {
        let queueing_ms = f64::from(arrival.sequence_number);
        arrival.received_ms += queueing_ms;
        echo.3 += queueing_ms;
        echo.4 += queueing_ms;
    }
    let outcome = LineTestOutcome::from_reports(&server, &client);
    assert_eq!(outcome.cause, Some(ImpairmentCause::Bufferbloat), "{outcome:#?}");
}

#[test]
fn delay_spikes_are_noted_as_wireless_unless_the_computer_was_busy() {
    let (mut server, mut client) = CLEAN_LINE.reports();
    for (arrival, echo) in server.arrivals.iter_mut().zip(&mut client.echoes).skip(100).take(8) {
        arrival.received_ms += 55.0;
        echo.3 += 55.0;
        echo.4 += 55.0;
    }
    assert_eq!(LineTestOutcome::from_reports(&server, &client).notes, [LineTestNote::Wireless]);
    client.timer_lag_p95_ms = 45.0;
    assert_eq!(LineTestOutcome::from_reports(&server, &client).notes, [LineTestNote::BusyClient]);
}

#[test]
fn a_long_gap_is_noted() {
    let (mut server, mut client) = CLEAN_LINE.reports();
    let is_received = |number: u32| !(200..210).contains(&number);
    server.arrivals.retain(|arrival| is_received(arrival.sequence_number));
    client.echoes.retain(|(number, ..)| is_received(*number));
    server.echoes_sent = 490;
    for (count, echo) in client.echoes.iter_mut().enumerate() {
        echo.1 = count as u32;
    }
    assert_eq!(LineTestOutcome::from_reports(&server, &client).notes, [LineTestNote::LongGap]);
}

#[test]
fn every_failed_measurement_has_its_verdict_or_reason() {
    let round_trips: Vec<_> = (0..50).map(|n| (f64::from(n) * 20.0, f64::from(n) * 20.0 + 31.0)).collect();
    let has_session = ServerReport { had_session: true, ..ServerReport::default() };
    let browser =
        ClientReport { has_webrtc: true, websocket_round_trips: round_trips.clone(), ..ClientReport::default() };

    let blocked = LineTestOutcome::from_reports(&has_session, &browser);
    assert_eq!((blocked.verdict, blocked.not_measured_reason), (LineVerdict::Blocked, None));
    assert_eq!(blocked.websocket_round_trip.unwrap().p50_ms, 31.0);

    let connected = ServerReport { connected: true, ..has_session.clone() };
    let outcome = LineTestOutcome::from_reports(&connected, &browser);
    assert_eq!((outcome.verdict, outcome.cause), (LineVerdict::Impossible, Some(ImpairmentCause::NoDataChannel)));

    let (clean_server, clean_client) = CLEAN_LINE.reports();
    let table = [
        (ServerReport::default(), browser.clone(), NotMeasuredReason::NoMedia),
        (has_session.clone(), ClientReport { has_webrtc: false, ..browser.clone() }, NotMeasuredReason::NoWebRtc),
        (
            has_session.clone(),
            ClientReport { websocket_round_trips: Vec::new(), ..browser },
            NotMeasuredReason::Interrupted,
        ),
        (
            clean_server.clone(),
            ClientReport { was_page_hidden: true, ..clean_client.clone() },
            NotMeasuredReason::PageHidden,
        ),
        (clean_server, ClientReport { timer_lag_max_ms: 8_000.0, ..clean_client }, NotMeasuredReason::ClientSuspended),
    ];
    for (server, client, reason) in table {
        let outcome = LineTestOutcome::from_reports(&server, &client);
        assert_eq!((outcome.verdict, outcome.not_measured_reason), (LineVerdict::NotMeasured, Some(reason)));
    }
}

#[test]
fn a_clock_jump_changes_neither_loss_nor_round_trip_times() {
    for jump in [-3_600_000.0, -500.0, 500.0, 3_600_000.0] {
        for is_server_clock in [false, true] {
            let (mut server, mut client) = CLEAN_LINE.reports();
            for (arrival, echo) in server.arrivals.iter_mut().zip(&mut client.echoes).skip(250) {
                if is_server_clock {
                    arrival.received_ms += jump;
                    echo.3 += jump;
                } else {
                    arrival.sent_ms += jump;
                    echo.2 += jump;
                    echo.4 += jump;
                }
            }
            let outcome = LineTestOutcome::from_reports(&server, &client.clamped());
            let (up, down) = (outcome.up.unwrap(), outcome.down.unwrap());
            assert_eq!((up.lost_percent, down.lost_percent), (0.0, 0.0), "{jump} {is_server_clock}");
            assert!((outcome.round_trip.unwrap().p50_ms - 1.0).abs() < 0.01, "{jump} {is_server_clock}");
            let quality = outcome.quality.unwrap();
            assert!((1.0..=4.5).contains(&quality.mos), "{jump} {is_server_clock}: {quality:?}");
        }
    }
}

#[test]
fn implausible_values_from_a_browser_are_dropped_or_clamped() {
    let mut client = CLEAN_LINE.reports().1;
    client.probes_sent = u32::MAX;
    client.timer_lag_p95_ms = f64::NAN;
    client.echoes.extend([(9_999, 1, 0.0, 0.0, 0.0), (1, 1, f64::NAN, 0.0, 0.0), (1, 1, 5.0, 0.0, 4.0)]);
    client.websocket_round_trips = vec![(f64::INFINITY, 0.0), (1.0, 2.0)];
    let clamped = client.clamped();
    assert_eq!(
        (clamped.probes_sent, clamped.echoes.len(), clamped.websocket_round_trips.len(), clamped.timer_lag_p95_ms),
        (probe::MAX_MESSAGES, 500, 1, 0.0)
    );
}

#[test]
fn a_test_without_echoes_is_total_loss_down() {
    let (server, mut client) = CLEAN_LINE.reports();
    client.echoes.clear();
    let outcome = LineTestOutcome::from_reports(&server, &client);
    assert_eq!((outcome.verdict, outcome.cause), (LineVerdict::Impossible, Some(ImpairmentCause::LossDown)));
    assert_eq!(outcome.round_trip, None);
}
