//! The other side without a browser: for tests, and for the program that measures two hundred of them at once.

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

/// How long the last echoes may take.
const ECHO_TIMEOUT: Duration = Duration::from_secs(1);
/// How long the connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(12);

/// A browser that has made its offer.
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

/// What a test gave.
#[derive(Debug)]
pub struct ClientRun {
    pub report: ClientReport,
    /// Numbers of the voice packets that came back, in an echo call.
    pub echoed_packets: Vec<u64>,
    pub connected: bool,
}

impl LineTestClient {
    /// Makes an offer from an address of this machine.
    ///
    /// # Errors
    /// When there is no socket, or str0m has no offer to make.
    pub async fn new(from: SocketAddr, kind: SessionKind) -> io::Result<(LineTestClient, String)> {
        let socket = UdpSocket::bind(from).await?;
        let here = socket.local_addr()?;
        let begun = Instant::now();
        let mut rtc = RtcConfig::new().clear_codecs().enable_pcmu(true, false).set_rtp_mode(true).build(begun);
        rtc.add_local_candidate(Candidate::host(here, "udp").map_err(io::Error::other)?);
        let mut change = rtc.sdp_api();
        let voice = match kind {
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
        let (offer, pending) = change.apply().ok_or_else(|| io::Error::other("there is nothing to offer"))?;
        let client = LineTestClient {
            rtc,
            socket,
            local_address: here,
            pending_offer: Some(pending),
            started_at: begun,
            channel: None,
            audio_mid: voice,
            report: ClientReport { has_webrtc: true, ..ClientReport::default() },
            timer_lags_ms: Vec::new(),
            echoed_packets: Vec::new(),
        };
        Ok((client, offer.to_sdp_string()))
    }

    pub fn local_address(&self) -> SocketAddr {
        self.local_address
    }

    /// Walks through a test, or a call, of so many packets.
    ///
    /// # Errors
    /// When the answer can't be used.
    pub async fn run(mut self, answer: &str, packets: u32) -> io::Result<ClientRun> {
        let answer = SdpAnswer::from_sdp_string(answer).map_err(io::Error::other)?;
        let pending = self.pending_offer.take().ok_or_else(|| io::Error::other("it has been walked"))?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(io::Error::other)?;
        let gives_up = Instant::now() + CONNECT_TIMEOUT;
        while !self.is_open() && Instant::now() < gives_up && self.rtc.is_alive() {
            self.wait_for_input(gives_up).await?;
        }
        let opened = self.is_open();
        if opened {
            self.send_packets(packets).await?;
        }
        self.report.timer_lag_p95_ms = quantile(&self.timer_lags_ms, 0.95);
        self.report.timer_lag_max_ms = quantile(&self.timer_lags_ms, 1.0);
        Ok(ClientRun { report: self.report, echoed_packets: self.echoed_packets, connected: opened })
    }

    fn is_open(&self) -> bool {
        self.channel.is_some() || (self.audio_mid.is_some() && self.rtc.is_connected())
    }

    async fn send_packets(&mut self, packets: u32) -> io::Result<()> {
        let pace = Duration::from_secs(1) / probe::MESSAGES_PER_SECOND;
        let first = Instant::now();
        for number in 0..packets {
            let due = first + pace * number;
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
            let pt = self.rtc.media(mid).and_then(|media| media.remote_pts().first().copied());
            if let (Some(pt), Some(stream)) = (pt, self.rtc.direct_api().stream_tx_by_mid(mid, None)) {
                let time = number * 160;
                stream.write_rtp(RtpWrite::new(pt, u64::from(number).into(), time, Instant::now(), vec![0xd5; 160]));
                self.report.probes_sent = number + 1;
            }
        } else if let Some(mut channel) = self.channel.and_then(|id| self.rtc.channel(id)) {
            self.report.probes_queued += u32::from(channel.buffered_amount() > 0);
            if channel.write(true, &Probe { sequence_number: number, sent_ms }.to_bytes()).unwrap_or(false) {
                self.report.probes_sent = number + 1;
            }
        }
    }

    /// Waits for a datagram or a timer, at most until `until`.
    async fn wait_for_input(&mut self, until: Instant) -> io::Result<()> {
        let due = self.poll_outputs().min(until);
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
                Ok(Output::Transmit(send)) => drop(self.socket.try_send_to(&send.contents, send.destination)),
                Ok(Output::Event(event)) => self.handle_event(event),
                Err(_) => return Instant::now() + ECHO_TIMEOUT,
            }
        }
    }

    fn handle_event(&mut self, event: Event) {
        match event {
            Event::ChannelOpen(id, _) => self.channel = Some(id),
            Event::ChannelData(data) => {
                if let Some(Echo { probe, received_ms: got_ms, echo_number: number }) = Echo::parse(&data.data) {
                    let now = self.started_at.elapsed().as_secs_f64() * 1000.0;
                    self.report.echoes.push((probe.sequence_number, number, probe.sent_ms, got_ms, now));
                }
            }
            Event::RtpPacket(packet) => self.echoed_packets.push(*packet.seq_no),
            _ => {}
        }
    }
}
