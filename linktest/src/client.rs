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
    engine::Kind,
    figures::quantile,
    probe::{self, Echo, Probe},
    verdict::Theirs,
};

/// How long the last echoes may take.
const TAIL: Duration = Duration::from_secs(1);
/// How long the connection may take.
const PATIENCE: Duration = Duration::from_secs(12);

/// A browser that has made its offer.
pub struct Client {
    rtc: Rtc,
    socket: UdpSocket,
    here: SocketAddr,
    pending: Option<SdpPendingOffer>,
    begun: Instant,
    channel: Option<ChannelId>,
    voice: Option<Mid>,
    written: Theirs,
    lags: Vec<f64>,
    heard: Vec<u64>,
}

/// What a test gave.
#[derive(Debug)]
pub struct Walked {
    pub theirs: Theirs,
    /// Numbers of the voice packets that came back, in an echo call.
    pub heard: Vec<u64>,
    pub opened: bool,
}

impl Client {
    /// Makes an offer from an address of this machine.
    ///
    /// # Errors
    /// When there is no socket, or str0m has no offer to make.
    pub async fn new(from: SocketAddr, kind: Kind) -> io::Result<(Client, String)> {
        let socket = UdpSocket::bind(from).await?;
        let here = socket.local_addr()?;
        let begun = Instant::now();
        let mut rtc = RtcConfig::new().clear_codecs().enable_pcmu(true, false).set_rtp_mode(true).build(begun);
        rtc.add_local_candidate(Candidate::host(here, "udp").map_err(io::Error::other)?);
        let mut change = rtc.sdp_api();
        let voice = match kind {
            Kind::Test => {
                change.add_channel_with_config(ChannelConfig {
                    label: "probe".to_owned(),
                    ordered: false,
                    reliability: Reliability::MaxRetransmits { retransmits: 0 },
                    ..ChannelConfig::default()
                });
                None
            }
            Kind::Call => Some(change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None)),
        };
        let (offer, pending) = change.apply().ok_or_else(|| io::Error::other("there is nothing to offer"))?;
        let client = Client {
            rtc,
            socket,
            here,
            pending: Some(pending),
            begun,
            channel: None,
            voice,
            written: Theirs { webrtc: true, ..Theirs::default() },
            lags: Vec::new(),
            heard: Vec::new(),
        };
        Ok((client, offer.to_sdp_string()))
    }

    pub fn here(&self) -> SocketAddr {
        self.here
    }

    /// Walks through a test, or a call, of so many packets.
    ///
    /// # Errors
    /// When the answer can't be used.
    pub async fn walk(mut self, answer: &str, packets: u32) -> io::Result<Walked> {
        let answer = SdpAnswer::from_sdp_string(answer).map_err(io::Error::other)?;
        let pending = self.pending.take().ok_or_else(|| io::Error::other("it has been walked"))?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(io::Error::other)?;
        let gives_up = Instant::now() + PATIENCE;
        while !self.is_open() && Instant::now() < gives_up && self.rtc.is_alive() {
            self.turn(gives_up).await?;
        }
        let opened = self.is_open();
        if opened {
            self.send(packets).await?;
        }
        self.written.lag_ms = quantile(&self.lags, 0.95);
        self.written.lag_max_ms = quantile(&self.lags, 1.0);
        Ok(Walked { theirs: self.written, heard: self.heard, opened })
    }

    fn is_open(&self) -> bool {
        self.channel.is_some() || (self.voice.is_some() && self.rtc.is_connected())
    }

    async fn send(&mut self, packets: u32) -> io::Result<()> {
        let pace = Duration::from_secs(1) / probe::PACE;
        let first = Instant::now();
        for number in 0..packets {
            let due = first + pace * number;
            while Instant::now() < due {
                self.turn(due).await?;
            }
            self.lags.push(due.elapsed().as_secs_f64() * 1000.0);
            self.say(number);
            self.turn(Instant::now()).await?;
        }
        let end = Instant::now() + TAIL + if self.voice.is_some() { Duration::from_secs(1) } else { Duration::ZERO };
        while Instant::now() < end {
            self.turn(end).await?;
        }
        Ok(())
    }

    fn say(&mut self, number: u32) {
        let sent_ms = self.begun.elapsed().as_secs_f64() * 1000.0;
        if let Some(mid) = self.voice {
            let pt = self.rtc.media(mid).and_then(|media| media.remote_pts().first().copied());
            if let (Some(pt), Some(stream)) = (pt, self.rtc.direct_api().stream_tx_by_mid(mid, None)) {
                let time = number * 160;
                stream.write_rtp(RtpWrite::new(pt, u64::from(number).into(), time, Instant::now(), vec![0xd5; 160]));
                self.written.sent = number + 1;
            }
        } else if let Some(mut channel) = self.channel.and_then(|id| self.rtc.channel(id)) {
            self.written.queued += u32::from(channel.buffered_amount() > 0);
            if channel.write(true, &Probe { number, sent_ms }.write()).unwrap_or(false) {
                self.written.sent = number + 1;
            }
        }
    }

    /// Waits for a datagram or a timer, at most until `until`.
    async fn turn(&mut self, until: Instant) -> io::Result<()> {
        let due = self.drain().min(until);
        let mut buffer = [0; 2048];
        tokio::select! {
            read = self.socket.recv_from(&mut buffer) => {
                let (length, from) = read?;
                let receive = Receive::new(Protocol::Udp, from, self.here, &buffer[..length]).map_err(io::Error::other)?;
                self.rtc.handle_input(Input::Receive(Instant::now(), receive)).map_err(io::Error::other)?;
            }
            () = tokio::time::sleep_until(due.into()) => {
                self.rtc.handle_input(Input::Timeout(Instant::now())).map_err(io::Error::other)?;
            }
        }
        self.drain();
        Ok(())
    }

    fn drain(&mut self) -> Instant {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(due)) => return due,
                Ok(Output::Transmit(send)) => drop(self.socket.try_send_to(&send.contents, send.destination)),
                Ok(Output::Event(event)) => self.happened(event),
                Err(_) => return Instant::now() + TAIL,
            }
        }
    }

    fn happened(&mut self, event: Event) {
        match event {
            Event::ChannelOpen(id, _) => self.channel = Some(id),
            Event::ChannelData(data) => {
                if let Some(Echo { probe, got_ms, number }) = Echo::read(&data.data) {
                    let now = self.begun.elapsed().as_secs_f64() * 1000.0;
                    self.written.echoes.push((probe.number, number, probe.sent_ms, got_ms, now));
                }
            }
            Event::RtpPacket(packet) => self.heard.push(*packet.seq_no),
            _ => {}
        }
    }
}
