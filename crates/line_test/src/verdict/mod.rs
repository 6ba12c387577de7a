//! What the figures mean for a call: one verdict, its main cause, and what should be known beside it.

use serde::{Deserialize, Serialize};

use crate::{
    emodel::{self, G711_WITH_PLC, G729A},
    metrics::{DirectionMetrics, JITTER_BUFFER_MS, PACKET_DURATION_MS, PacketArrival, RoundTrip, SecondMetrics},
    probe,
};

/// A telephone waits for its packet to be full and for the buffer, on top of what the line takes.
const PHONE_DELAY_MS: f64 = PACKET_DURATION_MS + JITTER_BUFFER_MS;
/// A gap that swallows a syllable.
const AUDIBLE_GAP_MS: f64 = 200.0;
/// Fewer messages than these say nothing about a line.
const MIN_PROBES: u32 = probe::MESSAGES_PER_SECOND;
/// A page whose timer was so late was not on the screen, or the computer was asleep.
const SUSPENDED_TIMER_LAG_MS: f64 = 2_000.0;
/// A sender that is so late in one case of twenty measures itself.
const BUSY_TIMER_LAG_MS: f64 = 30.0;

/// What a call over this line would be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineVerdict {
    Good,
    /// It works, and now and then a disturbance can be heard.
    #[serde(rename = "heard")]
    Impaired,
    BreaksUp,
    Impossible,
    /// Web pages get through and call traffic does not.
    Blocked,
    NotMeasured,
}

/// What costs the call most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImpairmentCause {
    LossUp,
    LossDown,
    LateUp,
    LateDown,
    Delay,
    /// Delay that grows with the traffic: something else fills the line.
    #[serde(rename = "crowded")]
    Bufferbloat,
    /// The door opened, but hardly anything came through it.
    #[serde(rename = "no-channel")]
    NoDataChannel,
}

/// What should be known beside the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineTestNote {
    /// The messages waited in the browser, so that loss and delay come out too high.
    Approximate,
    /// The computer could not keep the pace.
    #[serde(rename = "busy")]
    BusyClient,
    /// Words were swallowed.
    #[serde(rename = "gap")]
    LongGap,
    /// Short spikes of delay on a line that is quick otherwise.
    Wireless,
}

/// Why there is no measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotMeasuredReason {
    /// The browser has no WebRTC, or it is switched off.
    NoWebRtc,
    /// The portal has no media port, or no place left.
    NoMedia,
    /// The page was not on the screen.
    #[serde(rename = "hidden")]
    PageHidden,
    #[serde(rename = "asleep")]
    ClientSuspended,
    #[serde(rename = "broken-off")]
    Interrupted,
}

/// Whether the router keeps one outside port for one inside port, whoever is spoken to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NatMapping {
    #[serde(rename = "keeps")]
    EndpointIndependent,
    #[serde(rename = "changes")]
    AddressAndPortDependent,
    #[default]
    Unknown,
}

/// How a call would sound, by the E-model; the worse direction counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CallQuality {
    #[serde(rename = "r")]
    pub r_factor: f64,
    pub mos: f64,
    #[serde(rename = "r_up")]
    pub r_factor_up: f64,
    #[serde(rename = "r_down")]
    pub r_factor_down: f64,
    pub mos_g729: f64,
}

/// What the server wrote down.
#[derive(Debug, Clone, Default)]
pub struct ServerReport {
    /// A media port is there, and the test had a place at it.
    pub had_session: bool,
    /// The browser got through to it.
    pub connected: bool,
    pub arrivals: Vec<PacketArrival>,
    pub echoes_sent: u32,
    /// Echoes that had to wait because the line could not take them as fast as they were made.
    pub echoes_queued: u32,
    pub nat_mapping: NatMapping,
}

/// What the browser wrote down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientReport {
    #[serde(rename = "sent")]
    pub probes_sent: u32,
    /// Number, number of the echo, sent, received by us, received back; milliseconds.
    pub echoes: Vec<(u32, u32, f64, f64, f64)>,
    /// Over the WebSocket: sent, received back.
    #[serde(rename = "web")]
    pub websocket_round_trips: Vec<(f64, f64)>,
    #[serde(rename = "webrtc")]
    pub has_webrtc: bool,
    #[serde(rename = "hidden")]
    pub was_page_hidden: bool,
    /// How late the sender's timer was, in 95 of 100 cases and at worst.
    #[serde(rename = "lag_ms")]
    pub timer_lag_p95_ms: f64,
    #[serde(rename = "lag_max_ms")]
    pub timer_lag_max_ms: f64,
    /// Messages that had to wait in the browser.
    #[serde(rename = "queued")]
    pub probes_queued: u32,
}

impl ClientReport {
    /// Numbers that no browser measures are thrown away.
    pub fn clamped(mut self) -> ClientReport {
        let is_time = |ms: &f64| ms.is_finite() && ms.abs() < 1e12;
        let most = probe::MAX_MESSAGES as usize;
        self.probes_sent = self.probes_sent.min(probe::MAX_MESSAGES);
        self.echoes.retain(|(number, echo, sent, ours, got)| {
            *number < probe::MAX_MESSAGES
                && *echo < probe::MAX_MESSAGES
                && [sent, ours, got].into_iter().all(is_time)
                && got >= sent
        });
        self.echoes.truncate(most);
        self.websocket_round_trips.retain(|(sent, got)| is_time(sent) && is_time(got) && got >= sent);
        self.websocket_round_trips.truncate(most);
        for lag in [&mut self.timer_lag_p95_ms, &mut self.timer_lag_max_ms] {
            *lag = if lag.is_finite() { lag.clamp(0.0, 1e9) } else { 0.0 };
        }
        self
    }
}

/// A finished test, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineTestOutcome {
    pub verdict: LineVerdict,
    pub cause: Option<ImpairmentCause>,
    pub notes: Vec<LineTestNote>,
    #[serde(rename = "reason")]
    pub not_measured_reason: Option<NotMeasuredReason>,
    pub quality: Option<CallQuality>,
    pub up: Option<DirectionMetrics>,
    pub down: Option<DirectionMetrics>,
    #[serde(rename = "trip")]
    pub round_trip: Option<RoundTrip>,
    /// Over the WebSocket, where nothing else got through.
    #[serde(rename = "web")]
    pub websocket_round_trip: Option<RoundTrip>,
    #[serde(rename = "seconds")]
    pub per_second: Vec<SecondMetrics>,
    #[serde(rename = "nat")]
    pub nat_mapping: NatMapping,
}

impl LineTestOutcome {
    pub fn from_reports(ours: &ServerReport, theirs: &ClientReport) -> LineTestOutcome {
        let web_times: Vec<f64> = theirs.websocket_round_trips.iter().map(|(sent, got)| got - sent).collect();
        let nothing = LineTestOutcome {
            verdict: LineVerdict::NotMeasured,
            cause: None,
            notes: Vec::new(),
            not_measured_reason: None,
            quality: None,
            up: None,
            down: None,
            round_trip: None,
            websocket_round_trip: RoundTrip::from_times(&web_times),
            per_second: Vec::new(),
            nat_mapping: ours.nat_mapping,
        };
        let because = |reason| LineTestOutcome { not_measured_reason: Some(reason), ..nothing.clone() };
        if theirs.was_page_hidden {
            return because(NotMeasuredReason::PageHidden);
        }
        if theirs.timer_lag_max_ms > SUSPENDED_TIMER_LAG_MS {
            return because(NotMeasuredReason::ClientSuspended);
        }
        if theirs.probes_sent >= MIN_PROBES && ours.connected {
            return measured_outcome(ours, theirs, nothing);
        }
        if !theirs.has_webrtc {
            because(NotMeasuredReason::NoWebRtc)
        } else if !ours.had_session {
            because(NotMeasuredReason::NoMedia)
        } else if ours.connected {
            LineTestOutcome { verdict: LineVerdict::Impossible, cause: Some(ImpairmentCause::NoDataChannel), ..nothing }
        } else if nothing.websocket_round_trip.is_some() {
            LineTestOutcome { verdict: LineVerdict::Blocked, ..nothing }
        } else {
            because(NotMeasuredReason::Interrupted)
        }
    }
}

fn measured_outcome(ours: &ServerReport, theirs: &ClientReport, nothing: LineTestOutcome) -> LineTestOutcome {
    let up = DirectionMetrics::from_arrivals(&ours.arrivals, theirs.probes_sent);
    let down: Vec<PacketArrival> = theirs
        .echoes
        .iter()
        .map(|&(_, number, _, sent_ms, got_ms)| PacketArrival { sequence_number: number, sent_ms, received_ms: got_ms })
        .collect();
    let down = DirectionMetrics::from_arrivals(&down, ours.echoes_sent);
    let times: Vec<f64> = theirs.echoes.iter().map(|(_, _, sent, _, got)| got - sent).collect();
    let trip = RoundTrip::from_times(&times);
    let got: Vec<u32> = ours.arrivals.iter().map(|arrival| arrival.sequence_number).collect();
    let back: Vec<(u32, f64)> = theirs.echoes.iter().map(|(number, _, sent, _, got)| (*number, got - sent)).collect();

    let delay_ms = trip.as_ref().map_or(0.0, |trip| trip.p50_ms) / 2.0 + PHONE_DELAY_MS;
    let rate =
        |codec, direction: &DirectionMetrics| emodel::r_factor(codec, delay_ms, direction.effective_loss_percent());
    let (r_up, r_down) = (rate(G711_WITH_PLC, &up), rate(G711_WITH_PLC, &down));
    let r = r_up.min(r_down);
    let mos_g729 = emodel::mos(rate(G729A, &up).min(rate(G729A, &down)));
    let verdict = match r {
        r if r >= 80.0 => LineVerdict::Good,
        r if r >= 70.0 => LineVerdict::Impaired,
        r if r >= 50.0 => LineVerdict::BreaksUp,
        _ => LineVerdict::Impossible,
    };
    let cause = (verdict != LineVerdict::Good).then(|| main_cause(&up, &down, trip.as_ref(), delay_ms));
    LineTestOutcome {
        verdict,
        cause,
        notes: collect_notes(ours, theirs, &up, &down),
        quality: Some(CallQuality {
            r_factor: r,
            mos: emodel::mos(r),
            r_factor_up: r_up,
            r_factor_down: r_down,
            mos_g729,
        }),
        per_second: SecondMetrics::per_second(theirs.probes_sent, &got, &back),
        up: Some(up),
        down: Some(down),
        round_trip: trip,
        websocket_round_trip: None,
        ..nothing
    }
}

fn main_cause(
    up: &DirectionMetrics,
    down: &DirectionMetrics,
    trip: Option<&RoundTrip>,
    delay_ms: f64,
) -> ImpairmentCause {
    let is_crowded = trip.is_some_and(|trip| trip.p95_ms > 200.0 && trip.p95_ms > 3.0 * trip.min_ms);
    // what each of them alone would cost
    let costs = [
        (ImpairmentCause::LossUp, G711_WITH_PLC, 0.0, up.lost_percent),
        (ImpairmentCause::LossDown, G711_WITH_PLC, 0.0, down.lost_percent),
        (ImpairmentCause::LateUp, G711_WITH_PLC, 0.0, up.late_percent),
        (ImpairmentCause::LateDown, G711_WITH_PLC, 0.0, down.late_percent),
        (ImpairmentCause::Delay, G711_WITH_PLC, delay_ms - PHONE_DELAY_MS, 0.0),
    ];
    let dearest = costs.into_iter().min_by(|one, other| {
        let left = |&(_, codec, delay, loss): &(ImpairmentCause, _, f64, f64)| emodel::r_factor(codec, delay, loss);
        left(one).total_cmp(&left(other))
    });
    match dearest.map_or(ImpairmentCause::Delay, |(cause, ..)| cause) {
        ImpairmentCause::LateUp | ImpairmentCause::LateDown | ImpairmentCause::Delay if is_crowded => {
            ImpairmentCause::Bufferbloat
        }
        cause => cause,
    }
}

fn collect_notes(
    ours: &ServerReport,
    theirs: &ClientReport,
    up: &DirectionMetrics,
    down: &DirectionMetrics,
) -> Vec<LineTestNote> {
    let is_busy = theirs.timer_lag_p95_ms > BUSY_TIMER_LAG_MS;
    let spikes =
        |direction: &DirectionMetrics| direction.excess_delay_p99_ms > 40.0 && direction.excess_delay_p50_ms < 15.0;
    let mut notes = Vec::new();
    // one that waits now and then is the clock's unevenness
    if ours.echoes_queued > ours.echoes_sent / 20 || theirs.probes_queued > theirs.probes_sent / 20 {
        notes.push(LineTestNote::Approximate);
    }
    if is_busy {
        notes.push(LineTestNote::BusyClient);
    }
    if up.longest_gap_ms >= AUDIBLE_GAP_MS || down.longest_gap_ms >= AUDIBLE_GAP_MS {
        notes.push(LineTestNote::LongGap);
    }
    if !is_busy && (spikes(up) || spikes(down)) {
        notes.push(LineTestNote::Wireless);
    }
    notes
}

#[cfg(test)]
mod tests;
