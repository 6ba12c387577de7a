//! The client without a socket and without a clock.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use str0m::{
    Candidate, Event, Input, Output, Rtc, RtcConfig,
    change::{SdpAnswer, SdpPendingOffer},
    channel::{ChannelConfig, ChannelId, Reliability},
    media::{Direction, MediaKind, Mid},
    net::{Protocol, Receive, Transmit},
    rtp::RtpWrite,
};

use crate::{
    media_server::SessionKind,
    metrics::quantile,
    probe::{self, Echo, Probe},
    verdict::ClientReport,
};

/// How long the client waits for the last echoes, if some are missing.
const ECHO_TIMEOUT: Duration = Duration::from_secs(3);
/// How long it waits for the last voice packets of an echo call, which come back later.
const VOICE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the client waits for the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(12);
const PACKET_INTERVAL: Duration = Duration::from_millis(1000 / probe::MESSAGES_PER_SECOND as u64);

/// The result of a run.
#[derive(Debug)]
pub struct ClientRun {
    pub report: ClientReport,
    /// Sequence numbers of the voice packets that were echoed in an echo call.
    pub echoed_packets: Vec<u64>,
    pub connected: bool,
}

enum Phase {
    Offered(SdpPendingOffer),
    Connecting { deadline: Instant },
    Sending { first: Instant, next_number: u32 },
    WaitingForEchoes { deadline: Instant },
    Finished,
}

/// The state of one client. The caller transports its datagrams and tells it the time.
pub struct ClientSession {
    rtc: Rtc,
    local_address: SocketAddr,
    started_at: Instant,
    phase: Phase,
    packet_count: u32,
    connected: bool,
    channel: Option<ChannelId>,
    audio_mid: Option<Mid>,
    report: ClientReport,
    timer_lags_ms: Vec<f64>,
    echoed_packets: Vec<u64>,
    outgoing: Vec<Transmit>,
    next_timeout: Instant,
}

impl ClientSession {
    /// Returns the client and its SDP offer.
    ///
    /// # Errors
    /// If the address is invalid, or str0m makes no offer.
    pub fn new(local_address: SocketAddr, kind: SessionKind, now: Instant) -> io::Result<(ClientSession, String)> {
        let mut rtc = RtcConfig::new().clear_codecs().enable_pcmu(true, false).set_rtp_mode(true).build(now);
        rtc.add_local_candidate(Candidate::host(local_address, "udp").map_err(io::Error::other)?);
        let mut change = rtc.sdp_api();
        let audio_mid = match kind {
            SessionKind::LineTest => {
                change.add_channel_with_config(ChannelConfig {
                    label: "probe".to_owned(),
                    ordered: false,
                    reliability: Reliability::MaxRetransmits { retransmits: 0 },
                    ..ChannelConfig::default()
                });
                None
            }
            SessionKind::EchoCall => Some(change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None)),
        };
        let (offer, pending) = change.apply().ok_or_else(|| io::Error::other("str0m made no offer"))?;
        let session = ClientSession {
            rtc,
            local_address,
            started_at: now,
            phase: Phase::Offered(pending),
            packet_count: 0,
            connected: false,
            channel: None,
            audio_mid,
            report: ClientReport { has_webrtc: true, ..ClientReport::default() },
            timer_lags_ms: Vec::new(),
            echoed_packets: Vec::new(),
            outgoing: Vec::new(),
            next_timeout: now,
        };
        Ok((session, offer.to_sdp_string()))
    }

    /// Connects to the server that gave this SDP answer, to send `packet_count` packets.
    ///
    /// # Errors
    /// If the answer is invalid, or there was one before.
    pub fn connect(&mut self, answer: &str, packet_count: u32, now: Instant) -> io::Result<()> {
        let answer = SdpAnswer::from_sdp_string(answer).map_err(io::Error::other)?;
        let connecting = Phase::Connecting { deadline: now + CONNECT_TIMEOUT };
        let Phase::Offered(pending) = std::mem::replace(&mut self.phase, connecting) else {
            return Err(io::Error::other("the offer was used before"));
        };
        self.packet_count = packet_count;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(io::Error::other)?;
        self.handle_timeout(now)
    }

    /// When [`Self::handle_timeout`] is due, or `None` if the run has ended.
    pub fn next_deadline(&self) -> Option<Instant> {
        let of_phase = match self.phase {
            Phase::Offered(_) | Phase::Finished => return None,
            Phase::Connecting { deadline } | Phase::WaitingForEchoes { deadline } => deadline,
            Phase::Sending { first, next_number } => first + PACKET_INTERVAL * next_number,
        };
        Some(of_phase.min(self.next_timeout))
    }

    /// Handles a datagram.
    ///
    /// # Errors
    /// If it is none of WebRTC.
    pub fn handle_datagram(&mut self, from: SocketAddr, datagram: &[u8], now: Instant) -> io::Result<()> {
        let receive = Receive::new(Protocol::Udp, from, self.local_address, datagram).map_err(io::Error::other)?;
        self.handle_input(Input::Receive(now, receive), now)?;
        self.run_phases(now)
    }

    /// Does what is due.
    ///
    /// # Errors
    /// If the connection fails.
    pub fn handle_timeout(&mut self, now: Instant) -> io::Result<()> {
        self.handle_input(Input::Timeout(now), now)?;
        self.run_phases(now)
    }

    /// Takes the datagrams that are to be sent.
    pub fn drain_outgoing(&mut self) -> impl Iterator<Item = Transmit> {
        self.outgoing.drain(..)
    }

    /// What was measured.
    pub fn into_run(mut self) -> ClientRun {
        self.report.timer_lag_p95_ms = quantile(&self.timer_lags_ms, 0.95);
        self.report.timer_lag_max_ms = quantile(&self.timer_lags_ms, 1.0);
        ClientRun { report: self.report, echoed_packets: self.echoed_packets, connected: self.connected }
    }

    fn run_phases(&mut self, now: Instant) -> io::Result<()> {
        if let Phase::Connecting { deadline } = self.phase {
            if self.channel.is_some() || (self.audio_mid.is_some() && self.rtc.is_connected()) {
                self.connected = true;
                self.phase = Phase::Sending { first: now, next_number: 0 };
            } else if now >= deadline || !self.rtc.is_alive() {
                self.phase = Phase::Finished;
            }
        }
        while let Phase::Sending { first, next_number } = self.phase {
            let due = first + PACKET_INTERVAL * next_number;
            if next_number == self.packet_count {
                let timeout = if self.audio_mid.is_some() { VOICE_TIMEOUT } else { ECHO_TIMEOUT };
                self.phase = Phase::WaitingForEchoes { deadline: now + timeout };
            } else if due <= now {
                self.timer_lags_ms.push((now - due).as_secs_f64() * 1000.0);
                let was_sent = self.send_packet(next_number, now);
                self.phase = Phase::Sending { first, next_number: next_number + 1 };
                let transmitted = self.handle_input(Input::Timeout(now), now)?;
                // a probe that does not leave at once waits for acknowledgements
                self.report.probes_queued += u32::from(was_sent && transmitted == 0);
            } else {
                break;
            }
        }
        if let Phase::WaitingForEchoes { deadline } = self.phase {
            let returned = self.report.echoes.len().max(self.echoed_packets.len());
            if now >= deadline || returned >= self.packet_count as usize {
                self.phase = Phase::Finished;
            }
        }
        Ok(())
    }

    fn send_packet(&mut self, number: u32, now: Instant) -> bool {
        let was_sent = if let Some(mid) = self.audio_mid {
            self.send_voice(mid, number, now)
        } else {
            let probe = Probe { sequence_number: number, sent_ms: self.clock_ms(now) };
            let channel = self.channel.and_then(|id| self.rtc.channel(id));
            channel.is_some_and(|mut channel| channel.write(true, &probe.to_bytes()).unwrap_or(false))
        };
        if was_sent {
            self.report.probes_sent = number + 1;
        }
        was_sent
    }

    fn send_voice(&mut self, mid: Mid, number: u32, now: Instant) -> bool {
        let payload_type = self.rtc.media(mid).and_then(|media| media.remote_pts().first().copied());
        let mut direct = self.rtc.direct_api();
        let (Some(payload_type), Some(stream)) = (payload_type, direct.stream_tx_by_mid(mid, None)) else {
            return false;
        };
        let rtp_time = number * 160;
        let silence = vec![0xd5; 160];
        stream.write_rtp(RtpWrite::new(payload_type, u64::from(number).into(), rtp_time, now, silence));
        true
    }

    /// Passes an input to str0m and handles all its outputs. Returns how many messages were transmitted.
    fn handle_input(&mut self, input: Input<'_>, now: Instant) -> io::Result<usize> {
        self.rtc.handle_input(input).map_err(io::Error::other)?;
        let mut transmitted = 0;
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(due)) => {
                    self.next_timeout = due;
                    return Ok(transmitted);
                }
                Ok(Output::Transmit(datagram)) => {
                    transmitted += datagram.contents.len() / probe::MESSAGE_LEN;
                    self.outgoing.push(datagram);
                }
                Ok(Output::Event(event)) => self.handle_event(event, now),
                Err(_) => {
                    self.next_timeout = now + ECHO_TIMEOUT;
                    return Ok(transmitted);
                }
            }
        }
    }

    fn handle_event(&mut self, event: Event, now: Instant) {
        match event {
            Event::ChannelOpen(id, _) => self.channel = Some(id),
            Event::ChannelData(data) => {
                if let Some(Echo { probe, received_ms, echo_number }) = Echo::parse(&data.data) {
                    let now_ms = self.clock_ms(now);
                    self.report.echoes.push((probe.sequence_number, echo_number, probe.sent_ms, received_ms, now_ms));
                }
            }
            Event::RtpPacket(packet) => self.echoed_packets.push(*packet.seq_no),
            _ => {}
        }
    }

    fn clock_ms(&self, now: Instant) -> f64 {
        now.saturating_duration_since(self.started_at).as_secs_f64() * 1000.0
    }
}
