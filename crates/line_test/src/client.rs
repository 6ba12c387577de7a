//! A client without a browser, for tests and benchmarks.

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
    net::{Protocol, Receive},
    rtp::RtpWrite,
};
use tokio::net::UdpSocket;

use crate::{
    media_server::SessionKind,
    metrics::quantile,
    probe::{self, Echo, Probe},
    verdict::ClientReport,
};

/// How long the client waits for the last echoes.
const ECHO_TIMEOUT: Duration = Duration::from_secs(1);
/// How long the client waits for the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(12);

/// A client that has made its offer.
pub struct LineTestClient {
    rtc: Rtc,
    socket: UdpSocket,
    local_address: SocketAddr,
    pending_offer: Option<SdpPendingOffer>,
    started_at: Instant,
    channel: Option<ChannelId>,
    audio_mid: Option<Mid>,
    report: ClientReport,
    timer_lags_ms: Vec<f64>,
    echoed_packets: Vec<u64>,
}

/// The result of a run.
#[derive(Debug)]
pub struct ClientRun {
    pub report: ClientReport,
    /// Sequence numbers of the voice packets that were echoed in an echo call.
    pub echoed_packets: Vec<u64>,
    pub connected: bool,
}

impl LineTestClient {
    /// Binds a local address and returns the SDP offer.
    ///
    /// # Errors
    /// If the address can't be bound, or str0m makes no offer.
    pub async fn new(bind_address: SocketAddr, kind: SessionKind) -> io::Result<(LineTestClient, String)> {
        let socket = UdpSocket::bind(bind_address).await?;
        let local_address = socket.local_addr()?;
        let started_at = Instant::now();
        let mut rtc = RtcConfig::new().clear_codecs().enable_pcmu(true, false).set_rtp_mode(true).build(started_at);
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
        let client = LineTestClient {
            rtc,
            socket,
            local_address,
            pending_offer: Some(pending),
            started_at,
            channel: None,
            audio_mid,
            report: ClientReport { has_webrtc: true, ..ClientReport::default() },
            timer_lags_ms: Vec::new(),
            echoed_packets: Vec::new(),
        };
        Ok((client, offer.to_sdp_string()))
    }

    pub fn local_address(&self) -> SocketAddr {
        self.local_address
    }

    /// Runs a test, or an echo call, of `packets` packets.
    ///
    /// # Errors
    /// If the SDP answer is invalid, or the socket fails.
    pub async fn run(mut self, answer: &str, packets: u32) -> io::Result<ClientRun> {
        let answer = SdpAnswer::from_sdp_string(answer).map_err(io::Error::other)?;
        let pending = self.pending_offer.take().ok_or_else(|| io::Error::other("the offer was used before"))?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(io::Error::other)?;
        let deadline = Instant::now() + CONNECT_TIMEOUT;
        while !self.is_open() && Instant::now() < deadline && self.rtc.is_alive() {
            self.wait_for_input(deadline).await?;
        }
        let connected = self.is_open();
        if connected {
            self.send_packets(packets).await?;
        }
        self.report.timer_lag_p95_ms = quantile(&self.timer_lags_ms, 0.95);
        self.report.timer_lag_max_ms = quantile(&self.timer_lags_ms, 1.0);
        Ok(ClientRun { report: self.report, echoed_packets: self.echoed_packets, connected })
    }

    fn is_open(&self) -> bool {
        self.channel.is_some() || (self.audio_mid.is_some() && self.rtc.is_connected())
    }

    async fn send_packets(&mut self, packets: u32) -> io::Result<()> {
        let interval = Duration::from_secs(1) / probe::MESSAGES_PER_SECOND;
        let first = Instant::now();
        for number in 0..packets {
            let due = first + interval * number;
            while Instant::now() < due {
                self.wait_for_input(due).await?;
            }
            self.timer_lags_ms.push(due.elapsed().as_secs_f64() * 1000.0);
            self.send_packet(number);
            self.wait_for_input(Instant::now()).await?;
        }
        let end = Instant::now()
            + ECHO_TIMEOUT
            + if self.audio_mid.is_some() { Duration::from_secs(1) } else { Duration::ZERO };
        while Instant::now() < end {
            self.wait_for_input(end).await?;
        }
        Ok(())
    }

    fn send_packet(&mut self, number: u32) {
        let sent_ms = self.started_at.elapsed().as_secs_f64() * 1000.0;
        if let Some(mid) = self.audio_mid {
            let payload_type = self.rtc.media(mid).and_then(|media| media.remote_pts().first().copied());
            if let (Some(payload_type), Some(stream)) =
                (payload_type, self.rtc.direct_api().stream_tx_by_mid(mid, None))
            {
                let rtp_time = number * 160;
                let silence = vec![0xd5; 160];
                stream.write_rtp(RtpWrite::new(
                    payload_type,
                    u64::from(number).into(),
                    rtp_time,
                    Instant::now(),
                    silence,
                ));
                self.report.probes_sent = number + 1;
            }
        } else if let Some(mut channel) = self.channel.and_then(|id| self.rtc.channel(id)) {
            self.report.probes_queued += u32::from(channel.buffered_amount() > 0);
            if channel.write(true, &Probe { sequence_number: number, sent_ms }.to_bytes()).unwrap_or(false) {
                self.report.probes_sent = number + 1;
            }
        }
    }

    /// Waits for a datagram or a timer, at most until `deadline`.
    async fn wait_for_input(&mut self, deadline: Instant) -> io::Result<()> {
        let due = self.poll_outputs().min(deadline);
        let mut buffer = [0; 2048];
        tokio::select! {
            read = self.socket.recv_from(&mut buffer) => {
                let (length, from) = read?;
                let receive = Receive::new(Protocol::Udp, from, self.local_address, &buffer[..length]).map_err(io::Error::other)?;
                self.rtc.handle_input(Input::Receive(Instant::now(), receive)).map_err(io::Error::other)?;
            }
            () = tokio::time::sleep_until(due.into()) => {
                self.rtc.handle_input(Input::Timeout(Instant::now())).map_err(io::Error::other)?;
            }
        }
        self.poll_outputs();
        Ok(())
    }

    fn poll_outputs(&mut self) -> Instant {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(due)) => return due,
                Ok(Output::Transmit(datagram)) => {
                    drop(self.socket.try_send_to(&datagram.contents, datagram.destination));
                }
                Ok(Output::Event(event)) => self.handle_event(event),
                Err(_) => return Instant::now() + ECHO_TIMEOUT,
            }
        }
    }

    fn handle_event(&mut self, event: Event) {
        match event {
            Event::ChannelOpen(id, _) => self.channel = Some(id),
            Event::ChannelData(data) => {
                if let Some(Echo { probe, received_ms, echo_number }) = Echo::parse(&data.data) {
                    let now_ms = self.started_at.elapsed().as_secs_f64() * 1000.0;
                    self.report.echoes.push((probe.sequence_number, echo_number, probe.sent_ms, received_ms, now_ms));
                }
            }
            Event::RtpPacket(packet) => self.echoed_packets.push(*packet.seq_no),
            _ => {}
        }
    }
}
