//! What the figures mean for a call: one verdict, its main cause, and what should be known beside it.

use serde::{Deserialize, Serialize};

use crate::{
    emodel::{self, G711, G729A},
    figures::{Arrival, BUFFER_MS, Direction, PACKET_MS, Second, Trip},
    probe,
};

/// A telephone waits for its packet to be full and for the buffer, on top of what the line takes.
const TELEPHONE_MS: f64 = PACKET_MS + BUFFER_MS;
/// A gap that swallows a syllable.
const GAP_MS: f64 = 200.0;
/// Fewer messages than these say nothing about a line.
const FEWEST: u32 = probe::PACE;
/// A page whose timer was so late was not on the screen, or the computer was asleep.
const ASLEEP_MS: f64 = 2_000.0;
/// A sender that is so late in one case of twenty measures itself.
const BUSY_MS: f64 = 30.0;

/// What a call over this line would be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Good,
    /// It works, and now and then a disturbance can be heard.
    Heard,
    BreaksUp,
    Impossible,
    /// Web pages get through and call traffic does not.
    Blocked,
    NotMeasured,
}

/// What costs the call most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    LossUp,
    LossDown,
    LateUp,
    LateDown,
    Delay,
    /// Delay that grows with the traffic: something else fills the line.
    Crowded,
    /// The door opened, but hardly anything came through it.
    NoChannel,
}

/// What should be known beside the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// The messages waited in the browser, so that loss and delay come out too high.
    Approximate,
    /// The computer could not keep the pace.
    Busy,
    /// Words were swallowed.
    Gap,
    /// Short spikes of delay on a line that is quick otherwise.
    Wireless,
}

/// Why there is no measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The browser has no WebRTC, or it is switched off.
    NoWebRtc,
    /// The portal has no media port, or no place left.
    NoMedia,
    /// The page was not on the screen.
    Hidden,
    Asleep,
    BrokenOff,
}

/// Whether the router keeps one outside port for one inside port, whoever is spoken to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nat {
    Keeps,
    Changes,
    #[default]
    Unknown,
}

/// How a call would sound, by the E-model; the worse direction counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    pub r: f64,
    pub mos: f64,
    pub r_up: f64,
    pub r_down: f64,
    pub mos_g729: f64,
}

/// What the server wrote down.
#[derive(Debug, Clone, Default)]
pub struct Ours {
    /// A media port is there, and the test had a place at it.
    pub had_place: bool,
    /// The browser got through to it.
    pub connected: bool,
    pub arrivals: Vec<Arrival>,
    pub echoes: u32,
    /// Echoes that had to wait because the line could not take them as fast as they were made.
    pub queued: u32,
    pub nat: Nat,
}

/// What the browser wrote down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Theirs {
    pub sent: u32,
    /// Number, number of the echo, sent, received by us, received back; milliseconds.
    pub echoes: Vec<(u32, u32, f64, f64, f64)>,
    /// Over the WebSocket: sent, received back.
    pub web: Vec<(f64, f64)>,
    pub webrtc: bool,
    pub hidden: bool,
    /// How late the sender's timer was, in 95 of 100 cases and at worst.
    pub lag_ms: f64,
    pub lag_max_ms: f64,
    /// Messages that had to wait in the browser.
    pub queued: u32,
}

impl Theirs {
    /// Numbers that no browser measures are thrown away.
    pub fn sane(mut self) -> Theirs {
        let is_time = |ms: &f64| ms.is_finite() && ms.abs() < 1e12;
        let most = probe::MOST as usize;
        self.sent = self.sent.min(probe::MOST);
        self.echoes.retain(|(number, echo, sent, ours, got)| {
            *number < probe::MOST && *echo < probe::MOST && [sent, ours, got].into_iter().all(is_time) && got >= sent
        });
        self.echoes.truncate(most);
        self.web.retain(|(sent, got)| is_time(sent) && is_time(got) && got >= sent);
        self.web.truncate(most);
        for lag in [&mut self.lag_ms, &mut self.lag_max_ms] {
            *lag = if lag.is_finite() { lag.clamp(0.0, 1e9) } else { 0.0 };
        }
        self
    }
}

/// A finished test, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub verdict: Verdict,
    pub cause: Option<Cause>,
    pub notes: Vec<Note>,
    pub reason: Option<Reason>,
    pub quality: Option<Quality>,
    pub up: Option<Direction>,
    pub down: Option<Direction>,
    pub trip: Option<Trip>,
    /// Over the WebSocket, where nothing else got through.
    pub web: Option<Trip>,
    pub seconds: Vec<Second>,
    pub nat: Nat,
}

impl Outcome {
    pub fn of(ours: &Ours, theirs: &Theirs) -> Outcome {
        let web_times: Vec<f64> = theirs.web.iter().map(|(sent, got)| got - sent).collect();
        let nothing = Outcome {
            verdict: Verdict::NotMeasured,
            cause: None,
            notes: Vec::new(),
            reason: None,
            quality: None,
            up: None,
            down: None,
            trip: None,
            web: Trip::of(&web_times),
            seconds: Vec::new(),
            nat: ours.nat,
        };
        let because = |reason| Outcome { reason: Some(reason), ..nothing.clone() };
        if theirs.hidden {
            return because(Reason::Hidden);
        }
        if theirs.lag_max_ms > ASLEEP_MS {
            return because(Reason::Asleep);
        }
        if theirs.sent >= FEWEST && ours.connected {
            return measured(ours, theirs, nothing);
        }
        if !theirs.webrtc {
            because(Reason::NoWebRtc)
        } else if !ours.had_place {
            because(Reason::NoMedia)
        } else if ours.connected {
            Outcome { verdict: Verdict::Impossible, cause: Some(Cause::NoChannel), ..nothing }
        } else if nothing.web.is_some() {
            Outcome { verdict: Verdict::Blocked, ..nothing }
        } else {
            because(Reason::BrokenOff)
        }
    }
}

fn measured(ours: &Ours, theirs: &Theirs, nothing: Outcome) -> Outcome {
    let up = Direction::of(&ours.arrivals, theirs.sent);
    let down: Vec<Arrival> =
        theirs.echoes.iter().map(|&(_, number, _, sent_ms, got_ms)| Arrival { number, sent_ms, got_ms }).collect();
    let down = Direction::of(&down, ours.echoes);
    let times: Vec<f64> = theirs.echoes.iter().map(|(_, _, sent, _, got)| got - sent).collect();
    let trip = Trip::of(&times);
    let got: Vec<u32> = ours.arrivals.iter().map(|arrival| arrival.number).collect();
    let back: Vec<(u32, f64)> = theirs.echoes.iter().map(|(number, _, sent, _, got)| (*number, got - sent)).collect();

    let delay_ms = trip.as_ref().map_or(0.0, |trip| trip.p50_ms) / 2.0 + TELEPHONE_MS;
    let rate = |codec, direction: &Direction| emodel::r_factor(codec, delay_ms, direction.missing_percent());
    let (r_up, r_down) = (rate(G711, &up), rate(G711, &down));
    let r = r_up.min(r_down);
    let mos_g729 = emodel::mos(rate(G729A, &up).min(rate(G729A, &down)));
    let verdict = match r {
        r if r >= 80.0 => Verdict::Good,
        r if r >= 70.0 => Verdict::Heard,
        r if r >= 50.0 => Verdict::BreaksUp,
        _ => Verdict::Impossible,
    };
    let cause = (verdict != Verdict::Good).then(|| main_cause(&up, &down, trip.as_ref(), delay_ms));
    Outcome {
        verdict,
        cause,
        notes: notes(ours, theirs, &up, &down),
        quality: Some(Quality { r, mos: emodel::mos(r), r_up, r_down, mos_g729 }),
        seconds: Second::series(theirs.sent, &got, &back),
        up: Some(up),
        down: Some(down),
        trip,
        web: None,
        ..nothing
    }
}

fn main_cause(up: &Direction, down: &Direction, trip: Option<&Trip>, delay_ms: f64) -> Cause {
    let is_crowded = trip.is_some_and(|trip| trip.p95_ms > 200.0 && trip.p95_ms > 3.0 * trip.min_ms);
    // what each of them alone would cost
    let costs = [
        (Cause::LossUp, G711, 0.0, up.lost_percent),
        (Cause::LossDown, G711, 0.0, down.lost_percent),
        (Cause::LateUp, G711, 0.0, up.late_percent),
        (Cause::LateDown, G711, 0.0, down.late_percent),
        (Cause::Delay, G711, delay_ms - TELEPHONE_MS, 0.0),
    ];
    let dearest = costs.into_iter().min_by(|one, other| {
        let left = |&(_, codec, delay, loss): &(Cause, _, f64, f64)| emodel::r_factor(codec, delay, loss);
        left(one).total_cmp(&left(other))
    });
    match dearest.map_or(Cause::Delay, |(cause, ..)| cause) {
        Cause::LateUp | Cause::LateDown | Cause::Delay if is_crowded => Cause::Crowded,
        cause => cause,
    }
}

fn notes(ours: &Ours, theirs: &Theirs, up: &Direction, down: &Direction) -> Vec<Note> {
    let is_busy = theirs.lag_ms > BUSY_MS;
    let spikes = |direction: &Direction| direction.behind_p99_ms > 40.0 && direction.behind_p50_ms < 15.0;
    let mut notes = Vec::new();
    // one that waits now and then is the clock's unevenness
    if ours.queued > ours.echoes / 20 || theirs.queued > theirs.sent / 20 {
        notes.push(Note::Approximate);
    }
    if is_busy {
        notes.push(Note::Busy);
    }
    if up.gap_ms >= GAP_MS || down.gap_ms >= GAP_MS {
        notes.push(Note::Gap);
    }
    if !is_busy && (spikes(up) || spikes(down)) {
        notes.push(Note::Wireless);
    }
    notes
}

#[cfg(test)]
mod tests;
