//! One browser at the media port: what it may do, and what is written down of it.

use std::{
    collections::{BTreeSet, VecDeque},
    net::SocketAddr,
    time::{Duration, Instant},
};

use str0m::{
    Event, Input, Output, Rtc,
    channel::{ChannelData, ChannelId},
    media::Mid,
    net::{DatagramSend, Protocol, Receive},
    rtp::{RtpPacket, RtpWrite},
};

use crate::{
    metrics::PacketArrival,
    probe::{self, Echo, Probe},
    verdict::{NatMapping, ServerReport},
};

/// A session ends after so long, whatever happens in it.
pub const MAX_SESSION_DURATION: Duration = Duration::from_secs(30);
/// A browser that has not got through by then never will.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// In an echo call one hears a word after having said it, not while one says it.
const ECHO_DELAY: Duration = Duration::from_millis(1500);
/// Voice packets that wait for that at most.
const MAX_DELAYED_PACKETS: usize = 100;
/// What we may send beyond what we received: a handshake with its repetitions, and acknowledgements.
const SEND_ALLOWANCE_BYTES: usize = 16 * 1024;
/// Addresses that one browser may be seen under: its interfaces, times our ports.
const MAX_REMOTE_ADDRESSES: usize = 16;

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// Messages that are measured.
    LineTest,
    /// A call that says back what it hears.
    EchoCall,
}

/// A datagram to send, and from which of our addresses.
pub struct OutgoingDatagram {
    pub source: SocketAddr,
    pub destination: SocketAddr,
    pub contents: DatagramSend,
}

pub struct MediaSession {
    /// Gone when the session has ended; what was written down stays until somebody asks for it.
    rtc: Option<Rtc>,
    kind: SessionKind,
    started_at: Instant,
    connected: bool,
    arrivals: Vec<PacketArrival>,
    echoes_sent: u32,
    echoes_queued: u32,
    /// Addresses that have proved themselves, by the port of ours to which they did.
    verified_addresses: BTreeSet<(SocketAddr, SocketAddr)>,
    delayed_packets: VecDeque<(Instant, Mid, RtpPacket)>,
    first_sequence_number: Option<u64>,
    received_bytes: usize,
    sent_bytes: usize,
    next_timeout: Instant,
    /// The alarm that is set for this session, so that the heap holds one and not thousands.
    pub timer: Option<Instant>,
}

impl MediaSession {
    pub fn new(rtc: Rtc, kind: SessionKind, now: Instant) -> MediaSession {
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

    pub fn is_alive(&self) -> bool {
        self.rtc.is_some()
    }

    pub fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.started_at)
    }

    pub fn remote_addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.verified_addresses.iter().map(|(_, theirs)| *theirs)
    }

    pub fn close(&mut self) {
        self.rtc = None;
        self.delayed_packets.clear();
    }

    /// When something is to be done without a datagram coming in.
    pub fn next_deadline(&self) -> Instant {
        let held = self.delayed_packets.front().map(|(due, ..)| *due);
        let end = self.started_at + if self.connected { MAX_SESSION_DURATION } else { CONNECT_TIMEOUT };
        self.next_timeout.min(end).min(held.unwrap_or(end))
    }

    /// A datagram came in; says whether it was for us. A stranger's changes nothing.
    pub fn handle_datagram(&mut self, ours: SocketAddr, theirs: SocketAddr, datagram: &[u8], now: Instant) -> bool {
        let Some(rtc) = &mut self.rtc else { return false };
        let Ok(receive) = Receive::new(Protocol::Udp, theirs, ours, datagram) else { return false };
        let input = Input::Receive(now, receive);
        // for STUN: the password that only the browser has is in it
        if !rtc.accepts(&input) {
            return false;
        }
        if self.verified_addresses.len() < MAX_REMOTE_ADDRESSES {
            self.verified_addresses.insert((ours, theirs));
        }
        self.received_bytes += datagram.len();
        if let Err(error) = rtc.handle_input(input) {
            tracing::debug!(%error, "a datagram could not be used");
        }
        true
    }

    /// Does what is due: hands out datagrams, ends what is over.
    pub fn drive(&mut self, now: Instant, out: &mut Vec<OutgoingDatagram>) {
        let Some(mut rtc) = self.rtc.take() else { return };
        let is_over = self.age(now) >= if self.connected { MAX_SESSION_DURATION } else { CONNECT_TIMEOUT };
        if is_over || !rtc.is_alive() {
            self.close();
            return;
        }
        if let Err(error) = rtc.handle_input(Input::Timeout(now)) {
            tracing::debug!(%error, "a timeout went wrong");
        }
        loop {
            self.release_delayed_packets(&mut rtc, now);
            match rtc.poll_output() {
                Ok(Output::Timeout(due)) => {
                    self.next_timeout = due;
                    self.rtc = Some(rtc);
                    return;
                }
                Ok(Output::Transmit(send)) => {
                    // never much more than came in, whatever the protocols below would like
                    if self.sent_bytes + send.contents.len() <= 2 * self.received_bytes + SEND_ALLOWANCE_BYTES {
                        self.sent_bytes += send.contents.len();
                        out.push(OutgoingDatagram {
                            source: send.source,
                            destination: send.destination,
                            contents: send.contents,
                        });
                    }
                }
                Ok(Output::Event(event)) => self.handle_event(event, &mut rtc, now),
                Err(error) => {
                    tracing::debug!(%error, "a session ended");
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

    /// Writes a probe down and sends it back.
    fn echo_probe(&mut self, data: &ChannelData, rtc: &mut Rtc, now: Instant) {
        let Some(probe) = Probe::parse(&data.data).filter(|_| self.echoes_sent < probe::MAX_MESSAGES) else { return };
        let got_ms = self.age(now).as_secs_f64() * 1000.0;
        self.arrivals.push(PacketArrival {
            sequence_number: probe.sequence_number,
            sent_ms: probe.sent_ms,
            received_ms: got_ms,
        });
        let echo = Echo { probe, received_ms: got_ms, echo_number: self.echoes_sent };
        if self.send_message(rtc, data.id, &echo.to_bytes()) {
            self.echoes_sent += 1;
        }
    }

    fn send_message(&mut self, rtc: &mut Rtc, id: ChannelId, message: &[u8]) -> bool {
        let Some(mut channel) = rtc.channel(id) else { return false };
        self.echoes_queued += u32::from(channel.buffered_amount() > 0);
        channel.write(true, message).unwrap_or(false)
    }

    fn delay_packet(&mut self, packet: RtpPacket, rtc: &mut Rtc, now: Instant) {
        let mid = rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid());
        if let Some(mid) = mid
            && self.delayed_packets.len() < MAX_DELAYED_PACKETS
        {
            self.delayed_packets.push_back((now + ECHO_DELAY, mid, packet));
        }
    }

    /// Sends back the voice that has been held long enough, with the gaps that the line tore into it.
    fn release_delayed_packets(&mut self, rtc: &mut Rtc, now: Instant) {
        while self.delayed_packets.front().is_some_and(|(due, ..)| *due <= now) {
            let Some((_, mid, packet)) = self.delayed_packets.pop_front() else { return };
            let number: u64 = *packet.seq_no;
            // a stream that begins high would need its rollover counter told; what came before the first is left out
            let first = *self.first_sequence_number.get_or_insert(number);
            let Some(number) = number.checked_sub(first) else { continue };
            if let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, None) {
                let header = &packet.header;
                let rtp =
                    RtpWrite::new(header.payload_type, number.into(), header.timestamp, now, packet.payload.clone());
                stream.write_rtp(rtp.marker(header.marker));
            }
            if let Err(error) = rtc.handle_input(Input::Timeout(now)) {
                tracing::debug!(%error, "voice could not be sent back");
            }
        }
    }

    /// What was written down.
    pub fn into_report(self) -> ServerReport {
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

/// A router that keeps its mapping shows the same port to both of ours.
fn detect_nat_mapping(seen: &BTreeSet<(SocketAddr, SocketAddr)>) -> NatMapping {
    let mut answer = NatMapping::Unknown;
    for (ours, theirs) in seen {
        let at_other_port =
            |(other, _): &&(SocketAddr, SocketAddr)| other.ip() == ours.ip() && other.port() != ours.port();
        let same_house = |(_, other): &&(SocketAddr, SocketAddr)| other.ip() == theirs.ip();
        for (_, other) in seen.iter().filter(at_other_port).filter(same_house) {
            if other == theirs {
                return NatMapping::EndpointIndependent;
            }
            answer = NatMapping::AddressAndPortDependent;
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use str0m::RtcConfig;

    use super::*;

    fn session(now: Instant) -> MediaSession {
        MediaSession::new(RtcConfig::new().set_ice_lite(true).build(now), SessionKind::LineTest, now)
    }

    #[test]
    fn a_session_ends_by_itself() {
        let now = Instant::now();
        for (connected, life) in [(false, CONNECT_TIMEOUT), (true, MAX_SESSION_DURATION)] {
            let mut session = session(now);
            session.connected = connected;
            let mut out = Vec::new();
            session.drive(now + life - Duration::from_millis(1), &mut out);
            assert!(session.is_alive() && session.next_deadline() <= now + life);
            session.drive(now + life, &mut out);
            assert!(!session.is_alive() && out.is_empty());
        }
        assert!(MAX_SESSION_DURATION <= Duration::from_secs(30));
    }

    #[test]
    fn two_ports_tell_whether_a_router_keeps_its_mapping() {
        let a = "198.51.100.1:10000";
        let b = "198.51.100.1:10001";
        let table: [(&[(&str, &str)], NatMapping); 6] = [
            (&[], NatMapping::Unknown),
            (&[(a, "203.0.113.7:5000")], NatMapping::Unknown),
            (&[(a, "203.0.113.7:5000"), (b, "203.0.113.7:5000")], NatMapping::EndpointIndependent),
            (&[(a, "203.0.113.7:5000"), (b, "203.0.113.7:5001")], NatMapping::AddressAndPortDependent),
            // two interfaces, each of which keeps its own
            (
                &[(a, "203.0.113.7:1"), (b, "203.0.113.7:2"), (a, "203.0.113.7:2"), (b, "203.0.113.7:1")],
                NatMapping::EndpointIndependent,
            ),
            // a second way out of the house says nothing about the first
            (&[(a, "203.0.113.7:5000"), (b, "192.0.2.1:5000")], NatMapping::Unknown),
        ];
        for (seen, expected) in table {
            let set = seen.iter().map(|(ours, theirs)| (ours.parse().unwrap(), theirs.parse().unwrap())).collect();
            assert_eq!(detect_nat_mapping(&set), expected, "{seen:?}");
        }
    }
}
