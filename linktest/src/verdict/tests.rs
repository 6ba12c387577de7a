use super::*;

/// A test of ten seconds over a line with these properties each way; what is lost is spread evenly.
struct Line {
    lost_up: u32,
    lost_down: u32,
    up_ms: f64,
    down_ms: f64,
}

const CLEAN: Line = Line { lost_up: 0, lost_down: 0, up_ms: 0.5, down_ms: 0.5 };

impl Line {
    fn tested(&self) -> (Ours, Theirs) {
        let (mut ours, mut theirs) = (Ours { had_place: true, connected: true, ..Ours::default() }, Theirs::default());
        theirs.webrtc = true;
        theirs.sent = 500;
        for number in 0..500 {
            let is_lost = |percent: u32, shift: u32| (number * percent + shift) % 100 < percent;
            let sent_ms = f64::from(number) * 20.0;
            let got_ms = sent_ms + self.up_ms;
            if is_lost(self.lost_up, 50) {
                continue;
            }
            ours.arrivals.push(Arrival { number, sent_ms, got_ms });
            if !is_lost(self.lost_down, 7) {
                theirs.echoes.push((number, ours.echoes, sent_ms, got_ms, got_ms + self.down_ms));
            }
            ours.echoes += 1;
        }
        (ours, theirs)
    }

    fn outcome(&self) -> Outcome {
        let (ours, theirs) = self.tested();
        Outcome::of(&ours, &theirs.sane())
    }
}

#[test]
fn lines_get_the_verdict_that_was_measured_on_them() {
    let table = [
        (CLEAN, Verdict::Good, None),
        (Line { lost_up: 2, lost_down: 2, up_ms: 80.0, down_ms: 80.0 }, Verdict::Good, None),
        (Line { lost_up: 5, lost_down: 4, up_ms: 80.0, down_ms: 80.0 }, Verdict::Heard, Some(Cause::LossUp)),
        (Line { lost_up: 8, ..CLEAN }, Verdict::BreaksUp, Some(Cause::LossUp)),
        (Line { lost_down: 8, ..CLEAN }, Verdict::BreaksUp, Some(Cause::LossDown)),
        (Line { lost_up: 21, lost_down: 20, up_ms: 40.0, down_ms: 40.0 }, Verdict::Impossible, Some(Cause::LossUp)),
        (Line { up_ms: 260.0, down_ms: 260.0, ..CLEAN }, Verdict::BreaksUp, Some(Cause::Delay)),
    ];
    for (line, verdict, cause) in table {
        let outcome = line.outcome();
        assert_eq!((outcome.verdict, outcome.cause), (verdict, cause), "{outcome:#?}");
    }
}

#[test]
fn figures_agree_with_what_was_lost() {
    let outcome = Line { lost_up: 8, lost_down: 2, up_ms: 10.0, down_ms: 20.0 }.outcome();
    let (up, down) = (outcome.up.unwrap(), outcome.down.unwrap());
    assert_eq!((up.sent, up.received, up.lost_percent), (500, 460, 8.0));
    assert_eq!(down.sent, 460);
    assert!((1.0..3.0).contains(&down.lost_percent));
    assert_eq!(outcome.trip.unwrap().p50_ms, 30.0);
    assert_eq!(outcome.seconds.len(), 10);
    assert_eq!(outcome.seconds.iter().map(|second| second.lost_up).sum::<u32>(), 40);
}

#[test]
fn a_line_that_fills_up_is_crowded() {
    let (mut ours, mut theirs) = CLEAN.tested();
    for (arrival, echo) in ours.arrivals.iter_mut().zip(&mut theirs.echoes) {
        let waits = f64::from(arrival.number);
        arrival.got_ms += waits;
        echo.3 += waits;
        echo.4 += waits;
    }
    let outcome = Outcome::of(&ours, &theirs);
    assert_eq!(outcome.cause, Some(Cause::Crowded), "{outcome:#?}");
}

#[test]
fn spikes_hint_at_wireless_and_a_busy_computer_does_not() {
    let (mut ours, mut theirs) = CLEAN.tested();
    for (arrival, echo) in ours.arrivals.iter_mut().zip(&mut theirs.echoes).skip(100).take(8) {
        arrival.got_ms += 55.0;
        echo.3 += 55.0;
        echo.4 += 55.0;
    }
    assert_eq!(Outcome::of(&ours, &theirs).notes, [Note::Wireless]);
    theirs.lag_ms = 45.0;
    assert_eq!(Outcome::of(&ours, &theirs).notes, [Note::Busy]);
}

#[test]
fn a_swallowed_word_is_said() {
    let (mut ours, mut theirs) = CLEAN.tested();
    let is_there = |number: u32| !(200..210).contains(&number);
    ours.arrivals.retain(|arrival| is_there(arrival.number));
    theirs.echoes.retain(|(number, ..)| is_there(*number));
    ours.echoes = 490;
    for (count, echo) in theirs.echoes.iter_mut().enumerate() {
        echo.1 = count as u32;
    }
    assert_eq!(Outcome::of(&ours, &theirs).notes, [Note::Gap]);
}

#[test]
fn without_a_measurement_it_says_why() {
    let web: Vec<_> = (0..50).map(|n| (f64::from(n) * 20.0, f64::from(n) * 20.0 + 31.0)).collect();
    let there = Ours { had_place: true, ..Ours::default() };
    let browser = Theirs { webrtc: true, web: web.clone(), ..Theirs::default() };

    let blocked = Outcome::of(&there, &browser);
    assert_eq!((blocked.verdict, blocked.reason), (Verdict::Blocked, None));
    assert_eq!(blocked.web.unwrap().p50_ms, 31.0);

    let connected = Ours { connected: true, ..there.clone() };
    let outcome = Outcome::of(&connected, &browser);
    assert_eq!((outcome.verdict, outcome.cause), (Verdict::Impossible, Some(Cause::NoChannel)));

    let full = full_line();
    let table = [
        (Ours::default(), browser.clone(), Reason::NoMedia),
        (there.clone(), Theirs { webrtc: false, ..browser.clone() }, Reason::NoWebRtc),
        (there.clone(), Theirs { web: Vec::new(), ..browser }, Reason::BrokenOff),
        (full.0.clone(), Theirs { hidden: true, ..full.1.clone() }, Reason::Hidden),
        (full.0, Theirs { lag_max_ms: 8_000.0, ..full.1 }, Reason::Asleep),
    ];
    for (ours, theirs, reason) in table {
        let outcome = Outcome::of(&ours, &theirs);
        assert_eq!((outcome.verdict, outcome.reason), (Verdict::NotMeasured, Some(reason)));
    }
}

fn full_line() -> (Ours, Theirs) {
    CLEAN.tested()
}

#[test]
fn a_clock_that_jumps_changes_neither_what_was_lost_nor_the_way_there_and_back() {
    for jump in [-3_600_000.0, -500.0, 500.0, 3_600_000.0] {
        for is_ours in [false, true] {
            let (mut ours, mut theirs) = CLEAN.tested();
            for (arrival, echo) in ours.arrivals.iter_mut().zip(&mut theirs.echoes).skip(250) {
                if is_ours {
                    arrival.got_ms += jump;
                    echo.3 += jump;
                } else {
                    arrival.sent_ms += jump;
                    echo.2 += jump;
                    echo.4 += jump;
                }
            }
            let outcome = Outcome::of(&ours, &theirs.sane());
            let (up, down) = (outcome.up.unwrap(), outcome.down.unwrap());
            assert_eq!((up.lost_percent, down.lost_percent), (0.0, 0.0), "{jump} {is_ours}");
            assert!((outcome.trip.unwrap().p50_ms - 1.0).abs() < 0.01, "{jump} {is_ours}");
            let quality = outcome.quality.unwrap();
            assert!((1.0..=4.5).contains(&quality.mos), "{jump} {is_ours}: {quality:?}");
        }
    }
}

#[test]
fn what_a_browser_invents_is_thrown_away() {
    let mut theirs = CLEAN.tested().1;
    theirs.sent = u32::MAX;
    theirs.lag_ms = f64::NAN;
    theirs.echoes.extend([(9_999, 1, 0.0, 0.0, 0.0), (1, 1, f64::NAN, 0.0, 0.0), (1, 1, 5.0, 0.0, 4.0)]);
    theirs.web = vec![(f64::INFINITY, 0.0), (1.0, 2.0)];
    let sane = theirs.sane();
    assert_eq!((sane.sent, sane.echoes.len(), sane.web.len(), sane.lag_ms), (probe::MOST, 500, 1, 0.0));
}

#[test]
fn nothing_at_all_came_back() {
    let (ours, mut theirs) = CLEAN.tested();
    theirs.echoes.clear();
    let outcome = Outcome::of(&ours, &theirs);
    assert_eq!((outcome.verdict, outcome.cause), (Verdict::Impossible, Some(Cause::LossDown)));
    assert_eq!(outcome.trip, None);
}
