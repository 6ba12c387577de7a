//! All sessions of a media server, without sockets and without a clock.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    io,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use rand::distr::{Alphanumeric, SampleString};
use str0m::{Candidate, IceCreds, Rtc, RtcConfig, change::SdpOffer, config::DtlsCert, net::Transmit};

use super::{
    command::{OpenSessionError, OpenedSession, SessionId},
    counters::MediaCounters,
    session::{MAX_SESSION_DURATION, MediaSession, SessionKind},
};
use crate::{stun, verdict::ServerReport};

/// Maximum length of an SDP offer, in bytes. Browsers send 1 to 3 KB.
pub const MAX_OFFER_LEN: usize = 8 * 1024;
/// How long a session stays in memory, from its start, for the browser to request its result.
const SESSION_RETENTION: Duration = Duration::from_secs(90);

// a session stays in memory for as long as it may be alive
const _: () = assert!(MAX_SESSION_DURATION.as_secs() < SESSION_RETENTION.as_secs());

/// The sessions and their timers. The caller transports the datagrams and tells the time: [`super::MediaServer`] with
/// sockets, tests without.
pub struct MediaSessions {
    public_addresses: Vec<SocketAddr>,
    max_sessions: usize,
    certificate: DtlsCert,
    counters: Arc<MediaCounters>,
    sessions: HashMap<SessionId, MediaSession>,
    session_by_address: HashMap<SocketAddr, SessionId>,
    timers: BinaryHeap<Reverse<(Instant, String)>>,
    outgoing: Vec<Transmit>,
}

impl MediaSessions {
    /// No sessions yet. Browsers reach the server at `public_addresses`; at most `max_sessions` are alive at the same time.
    ///
    /// # Errors
    /// If no certificate can be generated.
    pub fn new(
        public_addresses: Vec<SocketAddr>,
        max_sessions: usize,
        counters: Arc<MediaCounters>,
    ) -> io::Result<MediaSessions> {
        Ok(MediaSessions {
            public_addresses,
            max_sessions,
            certificate: generate_certificate()?,
            counters,
            sessions: HashMap::new(),
            session_by_address: HashMap::new(),
            timers: BinaryHeap::new(),
            outgoing: Vec::new(),
        })
    }

    /// Opens a session for a browser's offer.
    ///
    /// # Errors
    /// If the offer is invalid, or there are too many sessions.
    pub fn open(&mut self, kind: SessionKind, offer: &str, now: Instant) -> Result<OpenedSession, OpenSessionError> {
        let result = self.try_open(kind, offer, now);
        let counter = if result.is_ok() { &self.counters.sessions_opened } else { &self.counters.sessions_refused };
        counter.fetch_add(1, Relaxed);
        self.update_gauges();
        result
    }

    /// Ends a session and returns its report, or `None` if the session is unknown or expired.
    pub fn finish(&mut self, id: &SessionId) -> Option<ServerReport> {
        let report = self.remove_session(id).map(MediaSession::into_report);
        self.update_gauges();
        report
    }

    /// Handles a datagram from `remote` to the public address `local`. One that belongs to no session is dropped.
    pub fn handle_datagram(&mut self, local: SocketAddr, remote: SocketAddr, datagram: &[u8], now: Instant) {
        self.counters.datagrams_received.fetch_add(1, Relaxed);
        if !self.dispatch_datagram(local, remote, datagram, now) {
            self.counters.dropped_unknown.fetch_add(1, Relaxed);
        }
    }

    /// When [`Self::handle_timeout`] is due.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.timers.peek().map(|Reverse((due, _))| *due)
    }

    /// Drives or removes the sessions whose timer is due.
    pub fn handle_timeout(&mut self, now: Instant) {
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

    /// Takes the datagrams that are to be sent.
    pub fn drain_outgoing(&mut self) -> impl Iterator<Item = Transmit> {
        self.outgoing.drain(..)
    }

    fn try_open(&mut self, kind: SessionKind, offer: &str, now: Instant) -> Result<OpenedSession, OpenSessionError> {
        let alive_count = self.sessions.values().filter(|session| session.is_alive()).count();
        // ended sessions in memory are limited, too
        if alive_count >= self.max_sessions || self.sessions.len() >= self.max_sessions * 4 {
            return Err(OpenSessionError::AtCapacity);
        }
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
        for public_address in &self.public_addresses {
            rtc.add_local_candidate(Candidate::host(*public_address, "udp").ok()?);
        }
        let answer = rtc.sdp_api().accept_offer(offer).ok()?;
        Some((SessionId(ufrag), rtc, answer.to_sdp_string()))
    }

    fn dispatch_datagram(&mut self, local: SocketAddr, remote: SocketAddr, datagram: &[u8], now: Instant) -> bool {
        let stun_id = stun::parse_session_id(datagram).map(|id| SessionId(id.to_owned()));
        let Some(id) = stun_id.or_else(|| self.session_by_address.get(&remote).cloned()) else { return false };
        let Some(session) = self.sessions.get_mut(&id) else { return false };
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

    /// Runs what is due in a session, adds its datagrams to `outgoing` and sets its timer.
    fn drive_session(&mut self, id: &SessionId, now: Instant) {
        let Some(session) = self.sessions.get_mut(id) else { return };
        let was_alive = session.is_alive();
        if catch_unwind(AssertUnwindSafe(|| session.drive(now, &mut self.outgoing))).is_err() {
            session.close();
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

/// All sessions share one certificate, because generating one costs more than a handshake.
fn generate_certificate() -> io::Result<DtlsCert> {
    let provider = str0m::crypto::from_feature_flags();
    provider
        .dtls_provider
        .generate_certificate()
        .ok_or_else(|| io::Error::other("could not generate a DTLS certificate"))
}
