//! The one thread that answers at the media ports.
//!
//! It speaks only to addresses that have shown, with a password that was handed out over HTTPS, that they belong to a
//! session; and it sends only because something came in. Everything else is dropped unread.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    io,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::Poll,
    time::{Duration, Instant},
};

use rand::distr::{Alphanumeric, SampleString};
use str0m::{Candidate, IceCreds, Rtc, RtcConfig, change::SdpOffer, config::DtlsCert};
use tokio::{
    net::UdpSocket,
    sync::{mpsc, oneshot},
};

pub use crate::media_session::SessionKind;
use crate::{
    media_session::{MAX_SESSION_DURATION, MediaSession, OutgoingDatagram},
    stun,
    verdict::ServerReport,
};

/// The largest offer that is read; browsers send 1 to 3 KB.
pub const MAX_OFFER_LEN: usize = 8 * 1024;
/// What was written down is kept for the browser that asks for its result, this long from the start.
const SESSION_RETENTION: Duration = Duration::from_secs(90);
/// Datagrams that are read in a row before anything else has its turn.
const MAX_DATAGRAMS_PER_READ: usize = 64;
const MAX_DATAGRAM_LEN: usize = 2048;
const SOCKET_BUFFER_SIZE: usize = 4 * 1024 * 1024;

/// An address that is listened on, and the one under which browsers reach it; there, port 0 means the same port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaPort {
    pub listen: SocketAddr,
    pub advertised: SocketAddr,
}

/// The name of a session, which the browser's first datagrams carry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionId(String);

/// A session that waits for its browser.
#[derive(Debug)]
pub struct OpenedSession {
    pub session_id: SessionId,
    /// For the browser.
    pub sdp_answer: String,
}

/// Why a session was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenSessionError {
    #[error("the offer can't be used")]
    InvalidOffer,
    #[error("all places are taken")]
    AtCapacity,
    #[error("the media port is gone")]
    Stopped,
}

/// What has happened since the start.
#[derive(Debug, Default)]
pub struct MediaCounters {
    pub datagrams_received: AtomicU64,
    /// Dropped: they belonged to no session.
    pub dropped_unknown: AtomicU64,
    pub datagrams_sent: AtomicU64,
    /// Bytes from and to those that belonged to one.
    pub bytes_in: AtomicU64,
    pub bytes_out: AtomicU64,
    pub sessions_opened: AtomicU64,
    pub sessions_refused: AtomicU64,
    /// Sessions that are alive now.
    pub sessions_alive: AtomicU64,
    /// Sessions that are remembered now, alive or not.
    pub sessions_retained: AtomicU64,
}

enum MediaCommand {
    Open(SessionKind, String, oneshot::Sender<Result<OpenedSession, OpenSessionError>>),
    Finish(SessionId, oneshot::Sender<Option<ServerReport>>),
}

/// A handle on the thread, which ends with the last of them.
#[derive(Clone)]
pub struct MediaServer {
    commands: mpsc::Sender<MediaCommand>,
    counters: Arc<MediaCounters>,
    public_addresses: Arc<[SocketAddr]>,
}

impl MediaServer {
    /// Takes the ports; at most `most` sessions live at once.
    ///
    /// # Errors
    /// When a port can't be listened on.
    pub fn start(ports: &[MediaPort], most: usize) -> io::Result<MediaServer> {
        let sockets = ports.iter().map(bind_socket).collect::<io::Result<Vec<_>>>()?;
        let public: Arc<[SocketAddr]> = sockets.iter().map(|(_, public)| *public).collect();
        let counters = Arc::new(MediaCounters::default());
        let (commands, receiver) = mpsc::channel(256);
        let certificate = generate_certificate()?;
        let inside = counters.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("media".to_owned()).spawn(move || {
            runtime.block_on(async move {
                match sockets.into_iter().map(into_tokio).collect::<io::Result<Vec<_>>>() {
                    Ok(sockets) => MediaLoop::new(sockets, most, certificate, inside).run(receiver).await,
                    Err(error) => tracing::error!(%error, "the media ports can't be used"),
                }
            });
        })?;
        Ok(MediaServer { commands, counters, public_addresses: public })
    }

    /// Opens a session for a browser's offer.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn open_session(&self, kind: SessionKind, offer: String) -> Result<OpenedSession, OpenSessionError> {
        let (sender, receiver) = oneshot::channel();
        self.commands.send(MediaCommand::Open(kind, offer, sender)).await.map_err(|_| OpenSessionError::Stopped)?;
        receiver.await.unwrap_or(Err(OpenSessionError::Stopped))
    }

    /// Ends a session and gives what was written down; nothing when it is not known, or no longer.
    pub async fn finish_session(&self, name: &SessionId) -> Option<ServerReport> {
        let (sender, receiver) = oneshot::channel();
        self.commands.send(MediaCommand::Finish(name.clone(), sender)).await.ok()?;
        receiver.await.ok()?
    }

    pub fn counters(&self) -> &MediaCounters {
        &self.counters
    }

    /// Where browsers are told to go.
    pub fn public_addresses(&self) -> &[SocketAddr] {
        &self.public_addresses
    }
}

fn bind_socket(port: &MediaPort) -> io::Result<(std::net::UdpSocket, SocketAddr)> {
    let domain = socket2::Domain::for_address(port.listen);
    let socket = socket2::Socket::new(domain, socket2::Type::DGRAM, None)?;
    if port.listen.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    // as much as the system allows: a burst waits here while the thread is busy
    let _ = socket.set_recv_buffer_size(SOCKET_BUFFER_SIZE);
    socket.bind(&port.listen.into())?;
    let socket = std::net::UdpSocket::from(socket);
    let mut public = port.advertised;
    if public.port() == 0 {
        public.set_port(socket.local_addr()?.port());
    }
    Ok((socket, public))
}

fn into_tokio((socket, public): (std::net::UdpSocket, SocketAddr)) -> io::Result<(UdpSocket, SocketAddr)> {
    Ok((UdpSocket::from_std(socket)?, public))
}

/// One for all sessions: to make one costs more than a handshake.
fn generate_certificate() -> io::Result<DtlsCert> {
    let provider = str0m::crypto::from_feature_flags();
    provider.dtls_provider.generate_certificate().ok_or_else(|| io::Error::other("no certificate could be made"))
}

/// The thread's own: sockets, sessions, alarms.
struct MediaLoop {
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
    fn new(
        sockets: Vec<(UdpSocket, SocketAddr)>,
        most: usize,
        certificate: DtlsCert,
        counters: Arc<MediaCounters>,
    ) -> MediaLoop {
        MediaLoop {
            sockets,
            max_sessions: most,
            certificate,
            counters,
            sessions: HashMap::new(),
            session_by_address: HashMap::new(),
            timers: BinaryHeap::new(),
            outgoing: Vec::new(),
        }
    }

    async fn run(mut self, mut commands: mpsc::Receiver<MediaCommand>) {
        let mut buffer = [0; MAX_DATAGRAM_LEN];
        loop {
            let alarm = self.timers.peek().map(|Reverse((due, _))| tokio::time::Instant::from_std(*due));
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.handle_command(command),
                    None => return,
                },
                at = wait_readable(&self.sockets) => self.read_datagrams(at, &mut buffer),
                () = sleep_until(alarm) => {}
            }
            self.run_due_timers();
        }
    }

    fn handle_command(&mut self, command: MediaCommand) {
        match command {
            MediaCommand::Open(kind, offer, answer) => {
                let result = self.open_session(kind, &offer);
                let counter =
                    if result.is_ok() { &self.counters.sessions_opened } else { &self.counters.sessions_refused };
                counter.fetch_add(1, Relaxed);
                let _ = answer.send(result);
            }
            MediaCommand::Finish(name, answer) => {
                let _ = answer.send(self.remove_session(&name).map(MediaSession::into_report));
            }
        }
        self.update_gauges();
    }

    fn open_session(&mut self, kind: SessionKind, offer: &str) -> Result<OpenedSession, OpenSessionError> {
        let alive = self.sessions.values().filter(|session| session.is_alive()).count();
        // remembered ones count, too, but there may be more of them
        if alive >= self.max_sessions || self.sessions.len() >= self.max_sessions * 4 {
            return Err(OpenSessionError::AtCapacity);
        }
        let now = Instant::now();
        // a parser of strangers' text: should it ever panic, one offer is lost and not the thread
        let made = catch_unwind(AssertUnwindSafe(|| self.negotiate(kind, offer, now)));
        let (name, rtc, answer) = made.ok().flatten().ok_or(OpenSessionError::InvalidOffer)?;
        self.sessions.insert(name.clone(), MediaSession::new(rtc, kind, now));
        self.drive_session(&name, now);
        Ok(OpenedSession { session_id: name, sdp_answer: answer })
    }

    fn negotiate(&self, kind: SessionKind, offer: &str, now: Instant) -> Option<(SessionId, Rtc, String)> {
        let wanted = match kind {
            SessionKind::LineTest => "m=application ",
            SessionKind::EchoCall => "m=audio ",
        };
        let mut media = offer.lines().filter(|line| line.starts_with("m="));
        let is_ours = offer.len() <= MAX_OFFER_LEN && media.next()?.starts_with(wanted) && media.next().is_none();
        let offer = SdpOffer::from_sdp_string(offer).ok().filter(|_| is_ours)?;
        let secret = |length| Alphanumeric.sample_string(&mut rand::rng(), length);
        let (ufrag, pass) = (secret(22), secret(32));
        let mut rtc = RtcConfig::new()
            .set_ice_lite(true)
            .set_dtls_cert(self.certificate.clone())
            .set_local_ice_credentials(IceCreds { ufrag: ufrag.clone(), pass })
            .clear_codecs()
            .enable_pcmu(true, false)
            .set_rtp_mode(true)
            .build(now);
        for (_, public) in &self.sockets {
            rtc.add_local_candidate(Candidate::host(*public, "udp").ok()?);
        }
        let answer = rtc.sdp_api().accept_offer(offer).ok()?;
        Some((SessionId(ufrag), rtc, answer.to_sdp_string()))
    }

    fn read_datagrams(&mut self, at: usize, buffer: &mut [u8]) {
        for _ in 0..MAX_DATAGRAMS_PER_READ {
            // an error here is an answer of the network's to something that was sent
            let Ok((length, theirs)) = self.sockets[at].0.try_recv_from(buffer) else { return };
            self.counters.datagrams_received.fetch_add(1, Relaxed);
            let ours = self.sockets[at].1;
            if !self.dispatch_datagram(ours, theirs, &buffer[..length]) {
                self.counters.dropped_unknown.fetch_add(1, Relaxed);
            }
        }
    }

    /// Gives a datagram to its session, if it has one.
    fn dispatch_datagram(&mut self, ours: SocketAddr, theirs: SocketAddr, datagram: &[u8]) -> bool {
        let by_name = stun::parse_session_id(datagram).map(|name| SessionId(name.to_owned()));
        let Some(name) = by_name.or_else(|| self.session_by_address.get(&theirs).cloned()) else { return false };
        let Some(session) = self.sessions.get_mut(&name) else { return false };
        let now = Instant::now();
        let received = catch_unwind(AssertUnwindSafe(|| session.handle_datagram(ours, theirs, datagram, now)));
        match received {
            Ok(true) => {
                self.counters.bytes_in.fetch_add(datagram.len() as u64, Relaxed);
                if session.remote_addresses().any(|address| address == theirs)
                    && self.session_by_address.get(&theirs) != Some(&name)
                {
                    self.session_by_address.insert(theirs, name.clone());
                }
                self.drive_session(&name, now);
                true
            }
            Ok(false) => false,
            Err(_) => {
                session.close();
                false
            }
        }
    }

    /// Lets a session do what is due, sends what it has to say, and sets its alarm.
    fn drive_session(&mut self, name: &SessionId, now: Instant) {
        let Some(session) = self.sessions.get_mut(name) else { return };
        let was_alive = session.is_alive();
        if catch_unwind(AssertUnwindSafe(|| session.drive(now, &mut self.outgoing))).is_err() {
            session.close();
        }
        for sending in self.outgoing.drain(..) {
            let socket = self.sockets.iter().find(|(_, public)| *public == sending.source);
            // a full buffer loses the datagram, as a line would
            if let Some((socket, _)) = socket
                && socket.try_send_to(&sending.contents, sending.destination).is_ok()
            {
                self.counters.datagrams_sent.fetch_add(1, Relaxed);
                self.counters.bytes_out.fetch_add(sending.contents.len() as u64, Relaxed);
            }
        }
        if session.is_alive() {
            let due = session.next_deadline().max(now);
            if session.timer.is_none_or(|alarm| due < alarm) {
                session.timer = Some(due);
                self.timers.push(Reverse((due, name.0.clone())));
            }
        } else {
            let forgets = now + SESSION_RETENTION.saturating_sub(session.age(now));
            session.timer = Some(forgets);
            self.timers.push(Reverse((forgets, name.0.clone())));
            if was_alive {
                let theirs: Vec<_> = session.remote_addresses().collect();
                self.remove_addresses(&theirs, name);
                self.update_gauges();
            }
        }
    }

    /// Attends to everybody whose time has come.
    fn run_due_timers(&mut self) {
        let now = Instant::now();
        while self.timers.peek().is_some_and(|Reverse((due, _))| *due <= now) {
            let Some(Reverse((due, name))) = self.timers.pop() else { return };
            let name = SessionId(name);
            let Some(session) = self.sessions.get_mut(&name) else { continue };
            if session.timer != Some(due) {
                // an earlier one was set since
                continue;
            }
            session.timer = None;
            if session.is_alive() {
                self.drive_session(&name, now);
            } else if session.age(now) >= SESSION_RETENTION {
                self.remove_session(&name);
                self.update_gauges();
            }
        }
    }

    fn remove_session(&mut self, name: &SessionId) -> Option<MediaSession> {
        let session = self.sessions.remove(name)?;
        let theirs: Vec<_> = session.remote_addresses().collect();
        self.remove_addresses(&theirs, name);
        Some(session)
    }

    fn remove_addresses(&mut self, theirs: &[SocketAddr], name: &SessionId) {
        for address in theirs {
            if self.session_by_address.get(address) == Some(name) {
                self.session_by_address.remove(address);
            }
        }
    }

    fn update_gauges(&self) {
        let alive = self.sessions.values().filter(|session| session.is_alive()).count();
        self.counters.sessions_alive.store(alive as u64, Relaxed);
        self.counters.sessions_retained.store(self.sessions.len() as u64, Relaxed);
    }
}

/// Which socket has something to read.
async fn wait_readable(sockets: &[(UdpSocket, SocketAddr)]) -> usize {
    std::future::poll_fn(|context| {
        for (at, (socket, _)) in sockets.iter().enumerate() {
            if socket.poll_recv_ready(context).is_ready() {
                return Poll::Ready(at);
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

// a session must be remembered for as long as it lives
const _: () = assert!(MAX_SESSION_DURATION.as_secs() < SESSION_RETENTION.as_secs());
