use super::*;

/// A test of ten seconds over a line with these properties each way; what is lost is spread evenly.
struct SimulatedLine {
    lost_up: u32,
    lost_down: u32,
    up_ms: f64,
    down_ms: f64,
}

const CLEAN_LINE: SimulatedLine = SimulatedLine { lost_up: 0, lost_down: 0, up_ms: 0.5, down_ms: 0.5 };

impl SimulatedLine {
    fn reports(&self) -> (ServerReport, ClientReport) {
        let (mut ours, mut theirs) =
            (ServerReport { had_session: true, connected: true, ..ServerReport::default() }, ClientReport::default());
        theirs.has_webrtc = true;
        theirs.probes_sent = 500;
        for number in 0..500 {
            let is_lost = |percent: u32, shift: u32| (number * percent + shift) % 100 < percent;
            let sent_ms = f64::from(number) * 20.0;
            let got_ms = sent_ms + self.up_ms;
            if is_lost(self.lost_up, 50) {
                continue;
            }
            ours.arrivals.push(PacketArrival { sequence_number: number, sent_ms, received_ms: got_ms });
            if !is_lost(self.lost_down, 7) {
                theirs.echoes.push((number, ours.echoes_sent, sent_ms, got_ms, got_ms + self.down_ms));
            }
            ours.echoes_sent += 1;
        }
        (ours, theirs)
    }

    fn outcome(&self) -> LineTestOutcome {
        let (ours, theirs) = self.reports();
        LineTestOutcome::from_reports(&ours, &theirs.clamped())
    }
}

#[test]
fn lines_get_the_verdict_that_was_measured_on_them() {
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
fn figures_agree_with_what_was_lost() {
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
fn a_line_that_fills_up_is_crowded() {
    let (mut ours, mut theirs) = CLEAN_LINE.reports();
    for (arrival, echo) in ours.arrivals.iter_mut().zip(&mut theirs.echoes) {
        let waits = f64::from(arrival.sequence_number);
        arrival.received_ms += waits;
        echo.3 += waits;
        echo.4 += waits;
    }
    let outcome = LineTestOutcome::from_reports(&ours, &theirs);
    assert_eq!(outcome.cause, Some(ImpairmentCause::Bufferbloat), "{outcome:#?}");
}

#[test]
fn spikes_hint_at_wireless_and_a_busy_computer_does_not() {
    let (mut ours, mut theirs) = CLEAN_LINE.reports();
    for (arrival, echo) in ours.arrivals.iter_mut().zip(&mut theirs.echoes).skip(100).take(8) {
        arrival.received_ms += 55.0;
        echo.3 += 55.0;
        echo.4 += 55.0;
    }
    assert_eq!(LineTestOutcome::from_reports(&ours, &theirs).notes, [LineTestNote::Wireless]);
    theirs.timer_lag_p95_ms = 45.0;
    assert_eq!(LineTestOutcome::from_reports(&ours, &theirs).notes, [LineTestNote::BusyClient]);
}

#[test]
fn a_swallowed_word_is_said() {
    let (mut ours, mut theirs) = CLEAN_LINE.reports();
    let is_there = |number: u32| !(200..210).contains(&number);
    ours.arrivals.retain(|arrival| is_there(arrival.sequence_number));
    theirs.echoes.retain(|(number, ..)| is_there(*number));
    ours.echoes_sent = 490;
    for (count, echo) in theirs.echoes.iter_mut().enumerate() {
        echo.1 = count as u32;
    }
    assert_eq!(LineTestOutcome::from_reports(&ours, &theirs).notes, [LineTestNote::LongGap]);
}

#[test]
fn without_a_measurement_it_says_why() {
    let web: Vec<_> = (0..50).map(|n| (f64::from(n) * 20.0, f64::from(n) * 20.0 + 31.0)).collect();
    let there = ServerReport { had_session: true, ..ServerReport::default() };
    let browser = ClientReport { has_webrtc: true, websocket_round_trips: web.clone(), ..ClientReport::default() };

    let blocked = LineTestOutcome::from_reports(&there, &browser);
    assert_eq!((blocked.verdict, blocked.not_measured_reason), (LineVerdict::Blocked, None));
    assert_eq!(blocked.websocket_round_trip.unwrap().p50_ms, 31.0);

    let connected = ServerReport { connected: true, ..there.clone() };
    let outcome = LineTestOutcome::from_reports(&connected, &browser);
    assert_eq!((outcome.verdict, outcome.cause), (LineVerdict::Impossible, Some(ImpairmentCause::NoDataChannel)));

    let full = clean_line_reports();
    let table = [
        (ServerReport::default(), browser.clone(), NotMeasuredReason::NoMedia),
        (there.clone(), ClientReport { has_webrtc: false, ..browser.clone() }, NotMeasuredReason::NoWebRtc),
        (there.clone(), ClientReport { websocket_round_trips: Vec::new(), ..browser }, NotMeasuredReason::Interrupted),
        (full.0.clone(), ClientReport { was_page_hidden: true, ..full.1.clone() }, NotMeasuredReason::PageHidden),
        (full.0, ClientReport { timer_lag_max_ms: 8_000.0, ..full.1 }, NotMeasuredReason::ClientSuspended),
    ];
    for (ours, theirs, reason) in table {
        let outcome = LineTestOutcome::from_reports(&ours, &theirs);
        assert_eq!((outcome.verdict, outcome.not_measured_reason), (LineVerdict::NotMeasured, Some(reason)));
    }
}

fn clean_line_reports() -> (ServerReport, ClientReport) {
    CLEAN_LINE.reports()
}

#[test]
fn a_clock_that_jumps_changes_neither_what_was_lost_nor_the_way_there_and_back() {
    for jump in [-3_600_000.0, -500.0, 500.0, 3_600_000.0] {
        for is_ours in [false, true] {
            let (mut ours, mut theirs) = CLEAN_LINE.reports();
            for (arrival, echo) in ours.arrivals.iter_mut().zip(&mut theirs.echoes).skip(250) {
                if is_ours {
                    arrival.received_ms += jump;
                    echo.3 += jump;
                } else {
                    arrival.sent_ms += jump;
                    echo.2 += jump;
                    echo.4 += jump;
                }
            }
            let outcome = LineTestOutcome::from_reports(&ours, &theirs.clamped());
            let (up, down) = (outcome.up.unwrap(), outcome.down.unwrap());
            assert_eq!((up.lost_percent, down.lost_percent), (0.0, 0.0), "{jump} {is_ours}");
            assert!((outcome.round_trip.unwrap().p50_ms - 1.0).abs() < 0.01, "{jump} {is_ours}");
            let quality = outcome.quality.unwrap();
            assert!((1.0..=4.5).contains(&quality.mos), "{jump} {is_ours}: {quality:?}");
        }
    }
}

#[test]
fn what_a_browser_invents_is_thrown_away() {
    let mut theirs = CLEAN_LINE.reports().1;
    theirs.probes_sent = u32::MAX;
    theirs.timer_lag_p95_ms = f64::NAN;
    theirs.echoes.extend([(9_999, 1, 0.0, 0.0, 0.0), (1, 1, f64::NAN, 0.0, 0.0), (1, 1, 5.0, 0.0, 4.0)]);
    theirs.websocket_round_trips = vec![(f64::INFINITY, 0.0), (1.0, 2.0)];
    let sane = theirs.clamped();
    assert_eq!(
        (sane.probes_sent, sane.echoes.len(), sane.websocket_round_trips.len(), sane.timer_lag_p95_ms),
        (probe::MAX_MESSAGES, 500, 1, 0.0)
    );
}

#[test]
fn nothing_at_all_came_back() {
    let (ours, mut theirs) = CLEAN_LINE.reports();
    theirs.echoes.clear();
    let outcome = LineTestOutcome::from_reports(&ours, &theirs);
    assert_eq!((outcome.verdict, outcome.cause), (LineVerdict::Impossible, Some(ImpairmentCause::LossDown)));
    assert_eq!(outcome.round_trip, None);
}
