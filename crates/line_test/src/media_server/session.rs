//! One browser's session: its limits, its echo and its measurements.

use std::{
    collections::{BTreeSet, VecDeque},
    net::SocketAddr,
    time::{Duration, Instant},
};

use str0m::{
    Event, Input, Output, Rtc,
    channel::ChannelData,
    media::Mid,
    net::{Protocol, Receive, Transmit},
    rtp::{RtpPacket, RtpWrite},
};

use crate::{
    metrics::PacketArrival,
    probe::{self, Echo, Probe},
    verdict::{NatMapping, ServerReport},
};

/// A session ends after this time in any case.
pub(super) const MAX_SESSION_DURATION: Duration = Duration::from_secs(30);
/// A session without a connection ends after this time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Delay of the voice in an echo call: longer than a word, so that callers hear it after they have spoken.
const ECHO_DELAY: Duration = Duration::from_millis(1500);
/// Maximum number of voice packets that wait for [`ECHO_DELAY`].
const MAX_DELAYED_PACKETS: usize = 100;
/// Bytes that a session may send beyond twice the bytes received: a handshake with retransmissions, and acknowledgements.
const SEND_ALLOWANCE_BYTES: usize = 16 * 1024;
/// Maximum number of address pairs of one browser: its interfaces, times our ports.
const MAX_REMOTE_ADDRESSES: usize = 16;

/// The purpose of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// Data channel messages that are measured.
    LineTest,
    /// A call that echoes the voice.
    EchoCall,
}

pub(super) struct MediaSession {
    /// `None` after the session has ended. The measurements are kept until the result is requested.
    rtc: Option<Rtc>,
    kind: SessionKind,
    started_at: Instant,
    connected: bool,
    arrivals: Vec<PacketArrival>,
    echoes_sent: u32,
    echoes_queued: u32,
    /// Pairs of local and remote address over which the browser has authenticated.
    verified_addresses: BTreeSet<(SocketAddr, SocketAddr)>,
    delayed_packets: VecDeque<(Instant, Mid, RtpPacket)>,
    first_sequence_number: Option<u64>,
    received_bytes: usize,
    sent_bytes: usize,
    next_timeout: Instant,
    /// The time of this session's entry in the timer heap, so that the heap gets a new entry only for an earlier time.
    pub(super) timer: Option<Instant>,
}

impl MediaSession {
    pub(super) fn new(rtc: Rtc, kind: SessionKind, now: Instant) -> MediaSession {
        MediaSession {
            rtc: Some(rtc),
            kind,
            started_at: now,
            connected: false,
            arrivals: Vec::new(),
            echoes_sent: 0,
            echoes_queued: 0,
            verified_addresses: BTreeSet::new(),
            delayed_packets: VecDeque::new(),
            first_sequence_number: None,
            received_bytes: 0,
            sent_bytes: 0,
            next_timeout: now,
            timer: None,
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        self.rtc.is_some()
    }

    pub(super) fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.started_at)
    }

    pub(super) fn remote_addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.verified_addresses.iter().map(|(_, remote)| *remote)
    }

    pub(super) fn close(&mut self) {
        self.rtc = None;
        self.delayed_packets.clear();
    }

    /// When the session must be driven even if no datagram arrives.
    pub(super) fn next_deadline(&self) -> Instant {
        let next_packet = self.delayed_packets.front().map(|(due, ..)| *due);
        let end = self.started_at + if self.connected { MAX_SESSION_DURATION } else { CONNECT_TIMEOUT };
        self.next_timeout.min(end).min(next_packet.unwrap_or(end))
    }

    /// Handles a datagram. Returns whether it belongs to the session; otherwise nothing changes.
    pub(super) fn handle_datagram(
        &mut self,
        local: SocketAddr,
        remote: SocketAddr,
        datagram: &[u8],
        now: Instant,
    ) -> bool {
        let Some(rtc) = &mut self.rtc else { return false };
        let Ok(receive) = Receive::new(Protocol::Udp, remote, local, datagram) else { return false };
        let input = Input::Receive(now, receive);
        // for STUN this verifies the message integrity with the password of the SDP answer
        if !rtc.accepts(&input) {
            return false;
        }
        if self.verified_addresses.len() < MAX_REMOTE_ADDRESSES {
            self.verified_addresses.insert((local, remote));
        }
        self.received_bytes += datagram.len();
        if let Err(error) = rtc.handle_input(input) {
            tracing::debug!(%error, "could not handle a datagram");
        }
        true
    }

    /// Runs what is due: adds datagrams to `outgoing`, or ends the session.
    pub(super) fn drive(&mut self, now: Instant, outgoing: &mut Vec<Transmit>) {
        let Some(mut rtc) = self.rtc.take() else { return };
        let is_expired = self.age(now) >= if self.connected { MAX_SESSION_DURATION } else { CONNECT_TIMEOUT };
        if is_expired || !rtc.is_alive() {
            self.close();
            return;
        }
        if let Err(error) = rtc.handle_input(Input::Timeout(now)) {
            tracing::debug!(%error, "could not handle a timeout");
        }
        let (echoes_before, mut transmitted) = (self.echoes_sent, 0);
        loop {
            self.release_delayed_packets(&mut rtc, now);
            match rtc.poll_output() {
                Ok(Output::Timeout(due)) => {
                    self.next_timeout = due;
                    self.rtc = Some(rtc);
                    // an echo that does not leave at once waits for acknowledgements
                    let transmitted = u32::try_from(transmitted).unwrap_or(u32::MAX);
                    self.echoes_queued += (self.echoes_sent - echoes_before).saturating_sub(transmitted);
                    return;
                }
                Ok(Output::Transmit(datagram)) => {
                    transmitted += datagram.contents.len() / probe::MESSAGE_LEN;
                    // limits amplification, whatever the protocols below try to send
                    if self.sent_bytes + datagram.contents.len() <= 2 * self.received_bytes + SEND_ALLOWANCE_BYTES {
                        self.sent_bytes += datagram.contents.len();
                        outgoing.push(datagram);
                    }
                }
                Ok(Output::Event(event)) => self.handle_event(event, &mut rtc, now),
                Err(error) => {
                    tracing::debug!(%error, "session ended with an error");
                    self.close();
                    return;
                }
            }
        }
    }

    fn handle_event(&mut self, event: Event, rtc: &mut Rtc, now: Instant) {
        match event {
            Event::IceConnectionStateChange(state) if state.is_connected() => self.connected = true,
            Event::ChannelData(data) if self.kind == SessionKind::LineTest => self.echo_probe(&data, rtc, now),
            Event::RtpPacket(packet) if self.kind == SessionKind::EchoCall => self.delay_packet(packet, rtc, now),
            _ => {}
        }
    }

    /// Records a probe and sends its echo.
    fn echo_probe(&mut self, data: &ChannelData, rtc: &mut Rtc, now: Instant) {
        let Some(probe) = Probe::parse(&data.data).filter(|_| self.echoes_sent < probe::MAX_MESSAGES) else { return };
        let received_ms = self.age(now).as_secs_f64() * 1000.0;
        self.arrivals.push(PacketArrival {
            sequence_number: probe.sequence_number,
            sent_ms: probe.sent_ms,
            received_ms,
        });
        let echo = Echo { probe, received_ms, echo_number: self.echoes_sent };
        let channel = rtc.channel(data.id);
        if channel.is_some_and(|mut channel| channel.write(true, &echo.to_bytes()).unwrap_or(false)) {
            self.echoes_sent += 1;
        }
    }

    fn delay_packet(&mut self, packet: RtpPacket, rtc: &mut Rtc, now: Instant) {
        let mid = rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid());
        if let Some(mid) = mid
            && self.delayed_packets.len() < MAX_DELAYED_PACKETS
        {
            self.delayed_packets.push_back((now + ECHO_DELAY, mid, packet));
        }
    }

    /// Sends back the voice packets that are due. Gaps in the sequence numbers are kept.
    fn release_delayed_packets(&mut self, rtc: &mut Rtc, now: Instant) {
        while self.delayed_packets.front().is_some_and(|(due, ..)| *due <= now) {
            let Some((_, mid, packet)) = self.delayed_packets.pop_front() else { return };
            let number: u64 = *packet.seq_no;
            // numbers start at 0, because a high start would need a known rollover counter; packets before the first are
            // dropped
            let first = *self.first_sequence_number.get_or_insert(number);
            let Some(number) = number.checked_sub(first) else { continue };
            if let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, None) {
                let header = &packet.header;
                let rtp =
                    RtpWrite::new(header.payload_type, number.into(), header.timestamp, now, packet.payload.clone());
                stream.write_rtp(rtp.marker(header.marker));
            }
            if let Err(error) = rtc.handle_input(Input::Timeout(now)) {
                tracing::debug!(%error, "could not echo a voice packet");
            }
        }
    }

    /// The measurements.
    pub(super) fn into_report(self) -> ServerReport {
        ServerReport {
            had_session: true,
            connected: self.connected,
            nat_mapping: detect_nat_mapping(&self.verified_addresses),
            arrivals: self.arrivals,
            echoes_sent: self.echoes_sent,
            echoes_queued: self.echoes_queued,
        }
    }
}

/// Compares the remote ports that our ports see. With endpoint-independent mapping (RFC 4787, 4.1) they are the same.
/// `pairs` holds local and remote addresses.
fn detect_nat_mapping(pairs: &BTreeSet<(SocketAddr, SocketAddr)>) -> NatMapping {
    let mut mapping = NatMapping::Unknown;
    for (local, remote) in pairs {
        let at_other_port =
            |(other, _): &&(SocketAddr, SocketAddr)| other.ip() == local.ip() && other.port() != local.port();
        let from_same_ip = |(_, other): &&(SocketAddr, SocketAddr)| other.ip() == remote.ip();
        for (_, other) in pairs.iter().filter(at_other_port).filter(from_same_ip) {
            if other == remote {
                return NatMapping::EndpointIndependent;
            }
            mapping = NatMapping::AddressAndPortDependent;
        }
    }
    mapping
}

#[cfg(test)]
mod tests {
    use str0m::RtcConfig;

    use super::*;

    fn session(now: Instant) -> MediaSession {
        MediaSession::new(RtcConfig::new().set_ice_lite(true).build(now), SessionKind::LineTest, now)
    }

    #[test]
    fn a_session_ends_without_a_connection_and_after_its_maximum_duration() {
        let now = Instant::now();
        for (connected, lifetime) in [(false, CONNECT_TIMEOUT), (true, MAX_SESSION_DURATION)] {
            let mut session = session(now);
            session.connected = connected;
            let mut outgoing = Vec::new();
            session.drive(now + lifetime - Duration::from_millis(1), &mut outgoing);
            assert!(session.is_alive() && session.next_deadline() <= now + lifetime);
            session.drive(now + lifetime, &mut outgoing);
            assert!(!session.is_alive() && outgoing.is_empty());
        }
        assert!(MAX_SESSION_DURATION <= Duration::from_secs(30));
    }

    #[test]
    fn nat_mapping_is_detected_from_two_local_ports() {
        let a = "198.51.100.1:10000";
        let b = "198.51.100.1:10001";
        let table: [(&[(&str, &str)], NatMapping); 6] = [
            (&[], NatMapping::Unknown),
            (&[(a, "203.0.113.7:5000")], NatMapping::Unknown),
            (&[(a, "203.0.113.7:5000"), (b, "203.0.113.7:5000")], NatMapping::EndpointIndependent),
            (&[(a, "203.0.113.7:5000"), (b, "203.0.113.7:5001")], NatMapping::AddressAndPortDependent),
            // two public addresses behind a NAT with endpoint-independent mapping
            (
                &[(a, "203.0.113.7:1"), (b, "203.0.113.7:2"), (a, "203.0.113.7:2"), (b, "203.0.113.7:1")],
                NatMapping::EndpointIndependent,
            ),
            // another remote IP address says nothing about the mapping
            (&[(a, "203.0.113.7:5000"), (b, "192.0.2.1:5000")], NatMapping::Unknown),
        ];
        for (pairs, expected) in table {
            let set = pairs.iter().map(|(local, remote)| (local.parse().unwrap(), remote.parse().unwrap())).collect();
            assert_eq!(detect_nat_mapping(&set), expected, "{pairs:?}");
        }
    }
}
