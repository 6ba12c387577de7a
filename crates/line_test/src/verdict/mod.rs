//! The verdict about a test: what the metrics mean for a call, the main cause, and notes.

use serde::{Deserialize, Serialize};

use crate::{
    emodel::{self, G711_WITH_PLC, G729A},
    metrics::{DirectionMetrics, JITTER_BUFFER_MS, PACKET_DURATION_MS, PacketArrival, RoundTrip, SecondMetrics},
    probe,
};

/// Delay of a phone in addition to the line: filling a packet, and the jitter buffer.
const PHONE_DELAY_MS: f64 = PACKET_DURATION_MS + JITTER_BUFFER_MS;
/// A gap of this length swallows a syllable.
const AUDIBLE_GAP_MS: f64 = 200.0;
/// Minimum number of probes for a measurement.
const MIN_PROBES: u32 = probe::MESSAGES_PER_SECOND;
/// A longer timer lag means that the page was in the background or the computer was suspended.
const SUSPENDED_TIMER_LAG_MS: f64 = 2_000.0;
/// A longer timer lag (95th percentile) means that the computer was too busy to keep the pace.
const BUSY_TIMER_LAG_MS: f64 = 30.0;

/// What a call over the line would be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineVerdict {
    Good,
    /// A call works, with audible disturbances now and then.
    #[serde(rename = "heard")]
    Impaired,
    BreaksUp,
    Impossible,
    /// Web pages get through, but call traffic does not.
    Blocked,
    NotMeasured,
}

/// The main cause of an impairment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImpairmentCause {
    LossUp,
    LossDown,
    LateUp,
    LateDown,
    Delay,
    /// The delay grows far above its minimum: other traffic fills the line's buffers.
    #[serde(rename = "crowded")]
    Bufferbloat,
    /// The connection opened, but the data channel carried hardly any messages.
    #[serde(rename = "no-channel")]
    NoDataChannel,
}

/// A remark about the measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineTestNote {
    /// Messages were queued before they were sent, so loss and delay are overestimated.
    Approximate,
    /// The computer could not keep the pace of the test.
    #[serde(rename = "busy")]
    BusyClient,
    /// A gap was long enough to swallow a syllable.
    #[serde(rename = "gap")]
    LongGap,
    /// Short delay spikes on an otherwise fast line, as Wi-Fi makes them.
    Wireless,
}

/// Why there is no measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotMeasuredReason {
    /// The browser has no WebRTC, or it is switched off.
    NoWebRtc,
    /// The server has no media port, or no session was free.
    NoMedia,
    /// The page was in the background.
    #[serde(rename = "hidden")]
    PageHidden,
    #[serde(rename = "asleep")]
    ClientSuspended,
    #[serde(rename = "broken-off")]
    Interrupted,
}

/// How the NAT maps ports (RFC 4787, 4.1).
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

/// How a call would sound by the E-model. The worse direction counts.
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

/// The server's measurements.
#[derive(Debug, Clone, Default)]
pub struct ServerReport {
    /// The test had a session at a media port.
    pub had_session: bool,
    /// The browser connected to it.
    pub connected: bool,
    pub arrivals: Vec<PacketArrival>,
    pub echoes_sent: u32,
    /// Echoes that were queued because the line was slower than the test.
    pub echoes_queued: u32,
    pub nat_mapping: NatMapping,
}

/// The browser's measurements.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientReport {
    #[serde(rename = "sent")]
    pub probes_sent: u32,
    /// Sequence number, echo number, probe sent, probe received by the server, echo received; times in milliseconds.
    pub echoes: Vec<(u32, u32, f64, f64, f64)>,
    /// Over the WebSocket: sent, echo received; in milliseconds.
    #[serde(rename = "web")]
    pub websocket_round_trips: Vec<(f64, f64)>,
    #[serde(rename = "webrtc")]
    pub has_webrtc: bool,
    #[serde(rename = "hidden")]
    pub was_page_hidden: bool,
    /// Lag of the sender's timer, 95th percentile and maximum.
    #[serde(rename = "lag_ms")]
    pub timer_lag_p95_ms: f64,
    #[serde(rename = "lag_max_ms")]
    pub timer_lag_max_ms: f64,
    /// Probes that were queued in the browser.
    #[serde(rename = "queued")]
    pub probes_queued: u32,
}

impl ClientReport {
    /// Drops or clamps implausible values. The report comes from an untrusted client.
    pub fn clamped(mut self) -> ClientReport {
        let is_time = |ms: &f64| ms.is_finite() && ms.abs() < 1e12;
        let max_len = probe::MAX_MESSAGES as usize;
        self.probes_sent = self.probes_sent.min(probe::MAX_MESSAGES);
        self.echoes.retain(|(number, echo_number, sent, received, echo_received)| {
            *number < probe::MAX_MESSAGES
                && *echo_number < probe::MAX_MESSAGES
                && [sent, received, echo_received].into_iter().all(is_time)
                && echo_received >= sent
        });
        self.echoes.truncate(max_len);
        self.websocket_round_trips.retain(|(sent, received)| is_time(sent) && is_time(received) && received >= sent);
        self.websocket_round_trips.truncate(max_len);
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
    /// Over the WebSocket, if nothing else got through.
    #[serde(rename = "web")]
    pub websocket_round_trip: Option<RoundTrip>,
    #[serde(rename = "seconds")]
    pub per_second: Vec<SecondMetrics>,
    #[serde(rename = "nat")]
    pub nat_mapping: NatMapping,
}

impl LineTestOutcome {
    pub fn from_reports(server: &ServerReport, client: &ClientReport) -> LineTestOutcome {
        let websocket_times: Vec<f64> =
            client.websocket_round_trips.iter().map(|(sent, received)| received - sent).collect();
        let not_measured = LineTestOutcome {
            verdict: LineVerdict::NotMeasured,
            cause: None,
            notes: Vec::new(),
            not_measured_reason: None,
            quality: None,
            up: None,
            down: None,
            round_trip: None,
            websocket_round_trip: RoundTrip::from_times(&websocket_times),
            per_second: Vec::new(),
            nat_mapping: server.nat_mapping,
        };
        let not_measured_because =
            |reason| LineTestOutcome { not_measured_reason: Some(reason), ..not_measured.clone() };
        if client.was_page_hidden {
            return not_measured_because(NotMeasuredReason::PageHidden);
        }
        if client.timer_lag_max_ms > SUSPENDED_TIMER_LAG_MS {
            return not_measured_because(NotMeasuredReason::ClientSuspended);
        }
        if client.probes_sent >= MIN_PROBES && server.connected {
            return measured_outcome(server, client, not_measured);
        }
        if !client.has_webrtc {
            not_measured_because(NotMeasuredReason::NoWebRtc)
        } else if !server.had_session {
            not_measured_because(NotMeasuredReason::NoMedia)
        } else if server.connected {
            LineTestOutcome {
                verdict: LineVerdict::Impossible,
                cause: Some(ImpairmentCause::NoDataChannel),
                ..not_measured
            }
        } else if not_measured.websocket_round_trip.is_some() {
            LineTestOutcome { verdict: LineVerdict::Blocked, ..not_measured }
        } else {
            not_measured_because(NotMeasuredReason::Interrupted)
        }
    }
}

fn measured_outcome(server: &ServerReport, client: &ClientReport, not_measured: LineTestOutcome) -> LineTestOutcome {
    let up = DirectionMetrics::from_arrivals(&server.arrivals, client.probes_sent);
    let echo_arrivals: Vec<PacketArrival> = client
        .echoes
        .iter()
        .map(|&(_, sequence_number, _, sent_ms, received_ms)| PacketArrival { sequence_number, sent_ms, received_ms })
        .collect();
    let down = DirectionMetrics::from_arrivals(&echo_arrivals, server.echoes_sent);
    let times: Vec<f64> = client.echoes.iter().map(|(_, _, sent, _, received)| received - sent).collect();
    let round_trip = RoundTrip::from_times(&times);
    let received: Vec<u32> = server.arrivals.iter().map(|arrival| arrival.sequence_number).collect();
    let echoes: Vec<(u32, f64)> =
        client.echoes.iter().map(|(number, _, sent, _, received)| (*number, received - sent)).collect();

    let delay_ms = round_trip.as_ref().map_or(0.0, |round_trip| round_trip.p50_ms) / 2.0 + PHONE_DELAY_MS;
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
    let cause = (verdict != LineVerdict::Good).then(|| main_cause(&up, &down, round_trip.as_ref(), delay_ms));
    LineTestOutcome {
        verdict,
        cause,
        notes: collect_notes(server, client, &up, &down),
        quality: Some(CallQuality {
            r_factor: r,
            mos: emodel::mos(r),
            r_factor_up: r_up,
            r_factor_down: r_down,
            mos_g729,
        }),
        per_second: SecondMetrics::per_second(client.probes_sent, &received, &echoes),
        up: Some(up),
        down: Some(down),
        round_trip,
        websocket_round_trip: None,
        ..not_measured
    }
}

fn main_cause(
    up: &DirectionMetrics,
    down: &DirectionMetrics,
    round_trip: Option<&RoundTrip>,
    delay_ms: f64,
) -> ImpairmentCause {
    let is_bufferbloat = round_trip.is_some_and(|times| times.p95_ms > 200.0 && times.p95_ms > 3.0 * times.min_ms);
    // the cause that alone would lower R the most
    let candidates = [
        (ImpairmentCause::LossUp, G711_WITH_PLC, 0.0, up.lost_percent),
        (ImpairmentCause::LossDown, G711_WITH_PLC, 0.0, down.lost_percent),
        (ImpairmentCause::LateUp, G711_WITH_PLC, 0.0, up.late_percent),
        (ImpairmentCause::LateDown, G711_WITH_PLC, 0.0, down.late_percent),
        (ImpairmentCause::Delay, G711_WITH_PLC, delay_ms - PHONE_DELAY_MS, 0.0),
    ];
    let worst = candidates.into_iter().min_by(|a, b| {
        let r_alone = |&(_, codec, delay, loss): &(ImpairmentCause, _, f64, f64)| emodel::r_factor(codec, delay, loss);
        r_alone(a).total_cmp(&r_alone(b))
    });
    match worst.map_or(ImpairmentCause::Delay, |(cause, ..)| cause) {
        ImpairmentCause::LateUp | ImpairmentCause::LateDown | ImpairmentCause::Delay if is_bufferbloat => {
            ImpairmentCause::Bufferbloat
        }
        cause => cause,
    }
}

fn collect_notes(
    server: &ServerReport,
    client: &ClientReport,
    up: &DirectionMetrics,
    down: &DirectionMetrics,
) -> Vec<LineTestNote> {
    let is_busy = client.timer_lag_p95_ms > BUSY_TIMER_LAG_MS;
    let has_spikes =
        |direction: &DirectionMetrics| direction.excess_delay_p99_ms > 40.0 && direction.excess_delay_p50_ms < 15.0;
    let mut notes = Vec::new();
    // up to a twentieth is explained by an uneven timer
    if server.echoes_queued > server.echoes_sent / 20 || client.probes_queued > client.probes_sent / 20 {
        notes.push(LineTestNote::Approximate);
    }
    if is_busy {
        notes.push(LineTestNote::BusyClient);
    }
    if up.longest_gap_ms >= AUDIBLE_GAP_MS || down.longest_gap_ms >= AUDIBLE_GAP_MS {
        notes.push(LineTestNote::LongGap);
    }
    if !is_busy && (has_spikes(up) || has_spikes(down)) {
        notes.push(LineTestNote::Wireless);
    }
    notes
}

#[cfg(test)]
mod tests;
