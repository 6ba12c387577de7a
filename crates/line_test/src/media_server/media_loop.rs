//! The media thread: reads datagrams, drives the sessions, keeps their timers.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering::Relaxed},
    task::Poll,
    time::{Duration, Instant},
};

use rand::distr::{Alphanumeric, SampleString};
use str0m::{Candidate, IceCreds, Rtc, RtcConfig, change::SdpOffer, config::DtlsCert};
use tokio::{net::UdpSocket, sync::mpsc};

use super::{
    command::{MediaCommand, OpenSessionError, OpenedSession, SessionId},
    counters::MediaCounters,
    session::{MAX_SESSION_DURATION, MediaSession, OutgoingDatagram, SessionKind},
};
use crate::stun;

/// Maximum length of an SDP offer, in bytes. Browsers send 1 to 3 KB.
pub const MAX_OFFER_LEN: usize = 8 * 1024;
/// How long a session stays in memory, from its start, for the browser to request its result.
const SESSION_RETENTION: Duration = Duration::from_secs(90);
/// Datagrams read in a row before commands and timers get their turn.
const MAX_DATAGRAMS_PER_READ: usize = 64;
/// Maximum length of a datagram, in bytes.
const MAX_DATAGRAM_LEN: usize = 2048;

// a session stays in memory for as long as it may be alive
const _: () = assert!(MAX_SESSION_DURATION.as_secs() < SESSION_RETENTION.as_secs());

/// The state of the media thread.
pub(super) struct MediaLoop {
    /// Each with its public address.
    sockets: Vec<(UdpSocket, SocketAddr)>,
    max_sessions: usize,
    certificate: DtlsCert,
    counters: Arc<MediaCounters>,
    sessions: HashMap<SessionId, MediaSession>,
    session_by_address: HashMap<SocketAddr, SessionId>,
    timers: BinaryHeap<Reverse<(Instant, String)>>,
    outgoing: Vec<OutgoingDatagram>,
}

impl MediaLoop {
    pub(super) fn new(
        sockets: Vec<(UdpSocket, SocketAddr)>,
        max_sessions: usize,
        certificate: DtlsCert,
        counters: Arc<MediaCounters>,
    ) -> MediaLoop {
        MediaLoop {
            sockets,
            max_sessions,
            certificate,
            counters,
            sessions: HashMap::new(),
            session_by_address: HashMap::new(),
            timers: BinaryHeap::new(),
            outgoing: Vec::new(),
        }
    }

    /// Runs until all senders of `commands` are dropped.
    pub(super) async fn run(mut self, mut commands: mpsc::Receiver<MediaCommand>) {
        let mut buffer = [0; MAX_DATAGRAM_LEN];
        loop {
            let next_timer = self.timers.peek().map(|Reverse((due, _))| tokio::time::Instant::from_std(*due));
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.handle_command(command),
                    None => return,
                },
                index = wait_readable(&self.sockets) => self.read_datagrams(index, &mut buffer),
                () = sleep_until(next_timer) => {}
            }
            self.run_due_timers();
        }
    }

    fn handle_command(&mut self, command: MediaCommand) {
        match command {
            MediaCommand::Open(kind, offer, sender) => {
                let result = self.open_session(kind, &offer);
                let counter =
                    if result.is_ok() { &self.counters.sessions_opened } else { &self.counters.sessions_refused };
                counter.fetch_add(1, Relaxed);
                let _ = sender.send(result);
            }
            MediaCommand::Finish(id, sender) => {
                let _ = sender.send(self.remove_session(&id).map(MediaSession::into_report));
            }
        }
        self.update_gauges();
    }

    fn open_session(&mut self, kind: SessionKind, offer: &str) -> Result<OpenedSession, OpenSessionError> {
        let alive_count = self.sessions.values().filter(|session| session.is_alive()).count();
        // ended sessions in memory are limited, too
        if alive_count >= self.max_sessions || self.sessions.len() >= self.max_sessions * 4 {
            return Err(OpenSessionError::AtCapacity);
        }
        let now = Instant::now();
        // the SDP parser reads untrusted text: a panic in it must not end the thread
        let negotiated = catch_unwind(AssertUnwindSafe(|| self.negotiate(kind, offer, now)));
        let (session_id, rtc, sdp_answer) = negotiated.ok().flatten().ok_or(OpenSessionError::InvalidOffer)?;
        self.sessions.insert(session_id.clone(), MediaSession::new(rtc, kind, now));
        self.drive_session(&session_id, now);
        Ok(OpenedSession { session_id, sdp_answer })
    }

    /// Accepts an offer of exactly one media section of the right kind.
    fn negotiate(&self, kind: SessionKind, offer: &str, now: Instant) -> Option<(SessionId, Rtc, String)> {
        let media_line = match kind {
            SessionKind::LineTest => "m=application ",
            SessionKind::EchoCall => "m=audio ",
        };
        let mut media = offer.lines().filter(|line| line.starts_with("m="));
        let is_expected =
            offer.len() <= MAX_OFFER_LEN && media.next()?.starts_with(media_line) && media.next().is_none();
        let offer = SdpOffer::from_sdp_string(offer).ok().filter(|_| is_expected)?;
        let random_string = |length| Alphanumeric.sample_string(&mut rand::rng(), length);
        let (ufrag, pass) = (random_string(22), random_string(32));
        let mut rtc = RtcConfig::new()
            .set_ice_lite(true)
            .set_dtls_cert(self.certificate.clone())
            .set_local_ice_credentials(IceCreds { ufrag: ufrag.clone(), pass })
            .clear_codecs()
            .enable_pcmu(true, false)
            .set_rtp_mode(true)
            .build(now);
        for (_, public_address) in &self.sockets {
            rtc.add_local_candidate(Candidate::host(*public_address, "udp").ok()?);
        }
        let answer = rtc.sdp_api().accept_offer(offer).ok()?;
        Some((SessionId(ufrag), rtc, answer.to_sdp_string()))
    }

    fn read_datagrams(&mut self, index: usize, buffer: &mut [u8]) {
        for _ in 0..MAX_DATAGRAMS_PER_READ {
            // an error here is an ICMP error about a datagram that was sent
            let Ok((length, remote)) = self.sockets[index].0.try_recv_from(buffer) else { return };
            self.counters.datagrams_received.fetch_add(1, Relaxed);
            let local = self.sockets[index].1;
            if !self.dispatch_datagram(local, remote, &buffer[..length]) {
                self.counters.dropped_unknown.fetch_add(1, Relaxed);
            }
        }
    }

    /// Passes a datagram to its session. Returns whether it belongs to one.
    fn dispatch_datagram(&mut self, local: SocketAddr, remote: SocketAddr, datagram: &[u8]) -> bool {
        let stun_id = stun::parse_session_id(datagram).map(|id| SessionId(id.to_owned()));
        let Some(id) = stun_id.or_else(|| self.session_by_address.get(&remote).cloned()) else { return false };
        let Some(session) = self.sessions.get_mut(&id) else { return false };
        let now = Instant::now();
        match catch_unwind(AssertUnwindSafe(|| session.handle_datagram(local, remote, datagram, now))) {
            Ok(true) => {
                self.counters.bytes_in.fetch_add(datagram.len() as u64, Relaxed);
                if session.remote_addresses().any(|address| address == remote)
                    && self.session_by_address.get(&remote) != Some(&id)
                {
                    self.session_by_address.insert(remote, id.clone());
                }
                self.drive_session(&id, now);
                true
            }
            Ok(false) => false,
            Err(_) => {
                session.close();
                false
            }
        }
    }

    /// Runs what is due in a session, sends its datagrams and sets its timer.
    fn drive_session(&mut self, id: &SessionId, now: Instant) {
        let Some(session) = self.sessions.get_mut(id) else { return };
        let was_alive = session.is_alive();
        if catch_unwind(AssertUnwindSafe(|| session.drive(now, &mut self.outgoing))).is_err() {
            session.close();
        }
        for datagram in self.outgoing.drain(..) {
            let socket = self.sockets.iter().find(|(_, public_address)| *public_address == datagram.source);
            // a datagram is lost if the buffer is full, as on a bad line
            if let Some((socket, _)) = socket
                && socket.try_send_to(&datagram.contents, datagram.destination).is_ok()
            {
                self.counters.datagrams_sent.fetch_add(1, Relaxed);
                self.counters.bytes_out.fetch_add(datagram.contents.len() as u64, Relaxed);
            }
        }
        if session.is_alive() {
            let due = session.next_deadline().max(now);
            if session.timer.is_none_or(|timer| due < timer) {
                session.timer = Some(due);
                self.timers.push(Reverse((due, id.0.clone())));
            }
        } else {
            let expires_at = now + SESSION_RETENTION.saturating_sub(session.age(now));
            session.timer = Some(expires_at);
            self.timers.push(Reverse((expires_at, id.0.clone())));
            if was_alive {
                let addresses: Vec<_> = session.remote_addresses().collect();
                self.remove_addresses(&addresses, id);
                self.update_gauges();
            }
        }
    }

    /// Drives or removes the sessions whose timer is due.
    fn run_due_timers(&mut self) {
        let now = Instant::now();
        while self.timers.peek().is_some_and(|Reverse((due, _))| *due <= now) {
            let Some(Reverse((due, id))) = self.timers.pop() else { return };
            let id = SessionId(id);
            let Some(session) = self.sessions.get_mut(&id) else { continue };
            if session.timer != Some(due) {
                // an earlier timer was set meanwhile
                continue;
            }
            session.timer = None;
            if session.is_alive() {
                self.drive_session(&id, now);
            } else if session.age(now) >= SESSION_RETENTION {
                self.remove_session(&id);
                self.update_gauges();
            }
        }
    }

    fn remove_session(&mut self, id: &SessionId) -> Option<MediaSession> {
        let session = self.sessions.remove(id)?;
        let addresses: Vec<_> = session.remote_addresses().collect();
        self.remove_addresses(&addresses, id);
        Some(session)
    }

    fn remove_addresses(&mut self, addresses: &[SocketAddr], id: &SessionId) {
        for address in addresses {
            if self.session_by_address.get(address) == Some(id) {
                self.session_by_address.remove(address);
            }
        }
    }

    fn update_gauges(&self) {
        let alive_count = self.sessions.values().filter(|session| session.is_alive()).count();
        self.counters.sessions_alive.store(alive_count as u64, Relaxed);
        self.counters.sessions_retained.store(self.sessions.len() as u64, Relaxed);
    }
}

/// Returns the index of a readable socket.
async fn wait_readable(sockets: &[(UdpSocket, SocketAddr)]) -> usize {
    std::future::poll_fn(|context| {
        for (index, (socket, _)) in sockets.iter().enumerate() {
            if socket.poll_recv_ready(context).is_ready() {
                return Poll::Ready(index);
            }
        }
        Poll::Pending
    })
    .await
}

async fn sleep_until(due: Option<tokio::time::Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
