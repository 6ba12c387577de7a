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
    figures::Arrival,
    probe::{self, Echo, Probe},
    verdict::{Nat, Ours},
};

/// A session ends after so long, whatever happens in it.
pub const LIFE: Duration = Duration::from_secs(30);
/// A browser that has not got through by then never will.
const DOOR: Duration = Duration::from_secs(15);
/// In an echo call one hears a word after having said it, not while one says it.
const HOLD: Duration = Duration::from_millis(1500);
/// Voice packets that wait for that at most.
const HELD: usize = 100;
/// What we may send beyond what we received: a handshake with its repetitions, and acknowledgements.
const CREDIT: usize = 16 * 1024;
/// Addresses that one browser may be seen under: its interfaces, times our ports.
const ADDRESSES: usize = 16;

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Messages that are measured.
    Test,
    /// A call that says back what it hears.
    Call,
}

/// A datagram to send, and from which of our addresses.
pub struct Sending {
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub contents: DatagramSend,
}

pub struct Session {
    /// Gone when the session has ended; what was written down stays until somebody asks for it.
    rtc: Option<Rtc>,
    kind: Kind,
    begun: Instant,
    connected: bool,
    arrivals: Vec<Arrival>,
    echoes: u32,
    queued: u32,
    /// Addresses that have proved themselves, by the port of ours to which they did.
    seen: BTreeSet<(SocketAddr, SocketAddr)>,
    held: VecDeque<(Instant, Mid, RtpPacket)>,
    first_packet: Option<u64>,
    received_bytes: usize,
    sent_bytes: usize,
    due: Instant,
    /// The alarm that is set for this session, so that the heap holds one and not thousands.
    pub alarm: Option<Instant>,
}

impl Session {
    pub fn new(rtc: Rtc, kind: Kind, now: Instant) -> Session {
        Session {
            rtc: Some(rtc),
            kind,
            begun: now,
            connected: false,
            arrivals: Vec::new(),
            echoes: 0,
            queued: 0,
            seen: BTreeSet::new(),
            held: VecDeque::new(),
            first_packet: None,
            received_bytes: 0,
            sent_bytes: 0,
            due: now,
            alarm: None,
        }
    }

    pub fn is_alive(&self) -> bool {
        self.rtc.is_some()
    }

    pub fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.begun)
    }

    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.seen.iter().map(|(_, theirs)| *theirs)
    }

    pub fn end(&mut self) {
        self.rtc = None;
        self.held.clear();
    }

    /// When something is to be done without a datagram coming in.
    pub fn next(&self) -> Instant {
        let held = self.held.front().map(|(due, ..)| *due);
        let end = self.begun + if self.connected { LIFE } else { DOOR };
        self.due.min(end).min(held.unwrap_or(end))
    }

    /// A datagram came in; says whether it was for us. A stranger's changes nothing.
    pub fn receive(&mut self, ours: SocketAddr, theirs: SocketAddr, datagram: &[u8], now: Instant) -> bool {
        let Some(rtc) = &mut self.rtc else { return false };
        let Ok(receive) = Receive::new(Protocol::Udp, theirs, ours, datagram) else { return false };
        let input = Input::Receive(now, receive);
        // for STUN: the password that only the browser has is in it
        if !rtc.accepts(&input) {
            return false;
        }
        if self.seen.len() < ADDRESSES {
            self.seen.insert((ours, theirs));
        }
        self.received_bytes += datagram.len();
        if let Err(error) = rtc.handle_input(input) {
            tracing::debug!(%error, "a datagram could not be used");
        }
        true
    }

    /// Does what is due: hands out datagrams, ends what is over.
    pub fn work(&mut self, now: Instant, out: &mut Vec<Sending>) {
        let Some(mut rtc) = self.rtc.take() else { return };
        let is_over = self.age(now) >= if self.connected { LIFE } else { DOOR };
        if is_over || !rtc.is_alive() {
            self.end();
            return;
        }
        if let Err(error) = rtc.handle_input(Input::Timeout(now)) {
            tracing::debug!(%error, "a timeout went wrong");
        }
        loop {
            self.let_go(&mut rtc, now);
            match rtc.poll_output() {
                Ok(Output::Timeout(due)) => {
                    self.due = due;
                    self.rtc = Some(rtc);
                    return;
                }
                Ok(Output::Transmit(send)) => {
                    // never much more than came in, whatever the protocols below would like
                    if self.sent_bytes + send.contents.len() <= 2 * self.received_bytes + CREDIT {
                        self.sent_bytes += send.contents.len();
                        out.push(Sending { from: send.source, to: send.destination, contents: send.contents });
                    }
                }
                Ok(Output::Event(event)) => self.happened(event, &mut rtc, now),
                Err(error) => {
                    tracing::debug!(%error, "a session ended");
                    self.end();
                    return;
                }
            }
        }
    }

    fn happened(&mut self, event: Event, rtc: &mut Rtc, now: Instant) {
        match event {
            Event::IceConnectionStateChange(state) if state.is_connected() => self.connected = true,
            Event::ChannelData(data) if self.kind == Kind::Test => self.answer(&data, rtc, now),
            Event::RtpPacket(packet) if self.kind == Kind::Call => self.hold(packet, rtc, now),
            _ => {}
        }
    }

    /// Writes a probe down and sends it back.
    fn answer(&mut self, data: &ChannelData, rtc: &mut Rtc, now: Instant) {
        let Some(probe) = Probe::read(&data.data).filter(|_| self.echoes < probe::MOST) else { return };
        let got_ms = self.age(now).as_secs_f64() * 1000.0;
        self.arrivals.push(Arrival { number: probe.number, sent_ms: probe.sent_ms, got_ms });
        let echo = Echo { probe, got_ms, number: self.echoes };
        if self.write(rtc, data.id, &echo.write()) {
            self.echoes += 1;
        }
    }

    fn write(&mut self, rtc: &mut Rtc, id: ChannelId, message: &[u8]) -> bool {
        let Some(mut channel) = rtc.channel(id) else { return false };
        self.queued += u32::from(channel.buffered_amount() > 0);
        channel.write(true, message).unwrap_or(false)
    }

    fn hold(&mut self, packet: RtpPacket, rtc: &mut Rtc, now: Instant) {
        let mid = rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid());
        if let Some(mid) = mid
            && self.held.len() < HELD
        {
            self.held.push_back((now + HOLD, mid, packet));
        }
    }

    /// Sends back the voice that has been held long enough, with the gaps that the line tore into it.
    fn let_go(&mut self, rtc: &mut Rtc, now: Instant) {
        while self.held.front().is_some_and(|(due, ..)| *due <= now) {
            let Some((_, mid, packet)) = self.held.pop_front() else { return };
            let number: u64 = *packet.seq_no;
            // a stream that begins high would need its rollover counter told; what came before the first is left out
            let first = *self.first_packet.get_or_insert(number);
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
    pub fn into_ours(self) -> Ours {
        Ours {
            had_place: true,
            connected: self.connected,
            nat: nat(&self.seen),
            arrivals: self.arrivals,
            echoes: self.echoes,
            queued: self.queued,
        }
    }
}

/// A router that keeps its mapping shows the same port to both of ours.
fn nat(seen: &BTreeSet<(SocketAddr, SocketAddr)>) -> Nat {
    let mut answer = Nat::Unknown;
    for (ours, theirs) in seen {
        let at_other_port =
            |(other, _): &&(SocketAddr, SocketAddr)| other.ip() == ours.ip() && other.port() != ours.port();
        let same_house = |(_, other): &&(SocketAddr, SocketAddr)| other.ip() == theirs.ip();
        for (_, other) in seen.iter().filter(at_other_port).filter(same_house) {
            if other == theirs {
                return Nat::Keeps;
            }
            answer = Nat::Changes;
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use str0m::RtcConfig;

    use super::*;

    fn session(now: Instant) -> Session {
        Session::new(RtcConfig::new().set_ice_lite(true).build(now), Kind::Test, now)
    }

    #[test]
    fn a_session_ends_by_itself() {
        let now = Instant::now();
        for (connected, life) in [(false, DOOR), (true, LIFE)] {
            let mut session = session(now);
            session.connected = connected;
            let mut out = Vec::new();
            session.work(now + life - Duration::from_millis(1), &mut out);
            assert!(session.is_alive() && session.next() <= now + life);
            session.work(now + life, &mut out);
            assert!(!session.is_alive() && out.is_empty());
        }
        assert!(LIFE <= Duration::from_secs(30));
    }

    #[test]
    fn two_ports_tell_whether_a_router_keeps_its_mapping() {
        let a = "198.51.100.1:10000";
        let b = "198.51.100.1:10001";
        let table: [(&[(&str, &str)], Nat); 6] = [
            (&[], Nat::Unknown),
            (&[(a, "203.0.113.7:5000")], Nat::Unknown),
            (&[(a, "203.0.113.7:5000"), (b, "203.0.113.7:5000")], Nat::Keeps),
            (&[(a, "203.0.113.7:5000"), (b, "203.0.113.7:5001")], Nat::Changes),
            // two interfaces, each of which keeps its own
            (&[(a, "203.0.113.7:1"), (b, "203.0.113.7:2"), (a, "203.0.113.7:2"), (b, "203.0.113.7:1")], Nat::Keeps),
            // a second way out of the house says nothing about the first
            (&[(a, "203.0.113.7:5000"), (b, "192.0.2.1:5000")], Nat::Unknown),
        ];
        for (seen, expected) in table {
            let set = seen.iter().map(|(ours, theirs)| (ours.parse().unwrap(), theirs.parse().unwrap())).collect();
            assert_eq!(nat(&set), expected, "{seen:?}");
        }
    }
}
