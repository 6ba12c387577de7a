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

pub use crate::session::Kind;
use crate::{
    session::{LIFE, Sending, Session},
    stun,
    verdict::Ours,
};

/// The largest offer that is read; browsers send 1 to 3 KB.
pub const LARGEST_OFFER: usize = 8 * 1024;
/// What was written down is kept for the browser that asks for its result, this long from the start.
const MEMORY: Duration = Duration::from_secs(90);
/// Datagrams that are read in a row before anything else has its turn.
const GULP: usize = 64;
const DATAGRAM: usize = 2048;
const SOCKET_BUFFER: usize = 4 * 1024 * 1024;

/// An address that is listened on, and the one under which browsers reach it; there, port 0 means the same port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port {
    pub listen: SocketAddr,
    pub public: SocketAddr,
}

/// The name of a session, which the browser's first datagrams carry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name(String);

/// A session that waits for its browser.
#[derive(Debug)]
pub struct Opened {
    pub name: Name,
    /// For the browser.
    pub answer: String,
}

/// Why a session was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the offer can't be used")]
    Offer,
    #[error("all places are taken")]
    Full,
    #[error("the media port is gone")]
    Gone,
}

/// What has happened since the start.
#[derive(Debug, Default)]
pub struct Counters {
    pub datagrams: AtomicU64,
    /// Dropped: they belonged to no session.
    pub strangers: AtomicU64,
    pub sent: AtomicU64,
    /// Bytes from and to those that belonged to one.
    pub bytes_in: AtomicU64,
    pub bytes_out: AtomicU64,
    pub opened: AtomicU64,
    pub refused: AtomicU64,
    /// Sessions that are alive now.
    pub open: AtomicU64,
    /// Sessions that are remembered now, alive or not.
    pub remembered: AtomicU64,
}

enum Command {
    Open(Kind, String, oneshot::Sender<Result<Opened, Refused>>),
    Finish(Name, oneshot::Sender<Option<Ours>>),
}

/// A handle on the thread, which ends with the last of them.
#[derive(Clone)]
pub struct Engine {
    commands: mpsc::Sender<Command>,
    counters: Arc<Counters>,
    ports: Arc<[SocketAddr]>,
}

impl Engine {
    /// Takes the ports; at most `most` sessions live at once.
    ///
    /// # Errors
    /// When a port can't be listened on.
    pub fn start(ports: &[Port], most: usize) -> io::Result<Engine> {
        let sockets = ports.iter().map(bind).collect::<io::Result<Vec<_>>>()?;
        let public: Arc<[SocketAddr]> = sockets.iter().map(|(_, public)| *public).collect();
        let counters = Arc::new(Counters::default());
        let (commands, receiver) = mpsc::channel(256);
        let certificate = certificate()?;
        let inside = counters.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("media".to_owned()).spawn(move || {
            runtime.block_on(async move {
                match sockets.into_iter().map(adopt).collect::<io::Result<Vec<_>>>() {
                    Ok(sockets) => House::new(sockets, most, certificate, inside).live(receiver).await,
                    Err(error) => tracing::error!(%error, "the media ports can't be used"),
                }
            });
        })?;
        Ok(Engine { commands, counters, ports: public })
    }

    /// Opens a session for a browser's offer.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn open(&self, kind: Kind, offer: String) -> Result<Opened, Refused> {
        let (sender, receiver) = oneshot::channel();
        self.commands.send(Command::Open(kind, offer, sender)).await.map_err(|_| Refused::Gone)?;
        receiver.await.unwrap_or(Err(Refused::Gone))
    }

    /// Ends a session and gives what was written down; nothing when it is not known, or no longer.
    pub async fn finish(&self, name: &Name) -> Option<Ours> {
        let (sender, receiver) = oneshot::channel();
        self.commands.send(Command::Finish(name.clone(), sender)).await.ok()?;
        receiver.await.ok()?
    }

    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Where browsers are told to go.
    pub fn ports(&self) -> &[SocketAddr] {
        &self.ports
    }
}

fn bind(port: &Port) -> io::Result<(std::net::UdpSocket, SocketAddr)> {
    let domain = socket2::Domain::for_address(port.listen);
    let socket = socket2::Socket::new(domain, socket2::Type::DGRAM, None)?;
    if port.listen.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    // as much as the system allows: a burst waits here while the thread is busy
    let _ = socket.set_recv_buffer_size(SOCKET_BUFFER);
    socket.bind(&port.listen.into())?;
    let socket = std::net::UdpSocket::from(socket);
    let mut public = port.public;
    if public.port() == 0 {
        public.set_port(socket.local_addr()?.port());
    }
    Ok((socket, public))
}

fn adopt((socket, public): (std::net::UdpSocket, SocketAddr)) -> io::Result<(UdpSocket, SocketAddr)> {
    Ok((UdpSocket::from_std(socket)?, public))
}

/// One for all sessions: to make one costs more than a handshake.
fn certificate() -> io::Result<DtlsCert> {
    let provider = str0m::crypto::from_feature_flags();
    provider.dtls_provider.generate_certificate().ok_or_else(|| io::Error::other("no certificate could be made"))
}

/// The thread's own: sockets, sessions, alarms.
struct House {
    sockets: Vec<(UdpSocket, SocketAddr)>,
    most: usize,
    certificate: DtlsCert,
    counters: Arc<Counters>,
    sessions: HashMap<Name, Session>,
    by_address: HashMap<SocketAddr, Name>,
    alarms: BinaryHeap<Reverse<(Instant, String)>>,
    out: Vec<Sending>,
}

impl House {
    fn new(
        sockets: Vec<(UdpSocket, SocketAddr)>,
        most: usize,
        certificate: DtlsCert,
        counters: Arc<Counters>,
    ) -> House {
        House {
            sockets,
            most,
            certificate,
            counters,
            sessions: HashMap::new(),
            by_address: HashMap::new(),
            alarms: BinaryHeap::new(),
            out: Vec::new(),
        }
    }

    async fn live(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut buffer = [0; DATAGRAM];
        loop {
            let alarm = self.alarms.peek().map(|Reverse((due, _))| tokio::time::Instant::from_std(*due));
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.obey(command),
                    None => return,
                },
                at = readable(&self.sockets) => self.gulp(at, &mut buffer),
                () = sleep_until(alarm) => {}
            }
            self.ring();
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Open(kind, offer, answer) => {
                let result = self.open(kind, &offer);
                let counter = if result.is_ok() { &self.counters.opened } else { &self.counters.refused };
                counter.fetch_add(1, Relaxed);
                let _ = answer.send(result);
            }
            Command::Finish(name, answer) => {
                let _ = answer.send(self.forget(&name).map(Session::into_ours));
            }
        }
        self.count();
    }

    fn open(&mut self, kind: Kind, offer: &str) -> Result<Opened, Refused> {
        let alive = self.sessions.values().filter(|session| session.is_alive()).count();
        // remembered ones count, too, but there may be more of them
        if alive >= self.most || self.sessions.len() >= self.most * 4 {
            return Err(Refused::Full);
        }
        let now = Instant::now();
        // a parser of strangers' text: should it ever panic, one offer is lost and not the thread
        let made = catch_unwind(AssertUnwindSafe(|| self.negotiate(kind, offer, now)));
        let (name, rtc, answer) = made.ok().flatten().ok_or(Refused::Offer)?;
        self.sessions.insert(name.clone(), Session::new(rtc, kind, now));
        self.attend(&name, now);
        Ok(Opened { name, answer })
    }

    fn negotiate(&self, kind: Kind, offer: &str, now: Instant) -> Option<(Name, Rtc, String)> {
        let wanted = match kind {
            Kind::Test => "m=application ",
            Kind::Call => "m=audio ",
        };
        let mut media = offer.lines().filter(|line| line.starts_with("m="));
        let is_ours = offer.len() <= LARGEST_OFFER && media.next()?.starts_with(wanted) && media.next().is_none();
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
        Some((Name(ufrag), rtc, answer.to_sdp_string()))
    }

    fn gulp(&mut self, at: usize, buffer: &mut [u8]) {
        for _ in 0..GULP {
            // an error here is an answer of the network's to something that was sent
            let Ok((length, theirs)) = self.sockets[at].0.try_recv_from(buffer) else { return };
            self.counters.datagrams.fetch_add(1, Relaxed);
            let ours = self.sockets[at].1;
            if !self.take(ours, theirs, &buffer[..length]) {
                self.counters.strangers.fetch_add(1, Relaxed);
            }
        }
    }

    /// Gives a datagram to its session, if it has one.
    fn take(&mut self, ours: SocketAddr, theirs: SocketAddr, datagram: &[u8]) -> bool {
        let by_name = stun::session_in(datagram).map(|name| Name(name.to_owned()));
        let Some(name) = by_name.or_else(|| self.by_address.get(&theirs).cloned()) else { return false };
        let Some(session) = self.sessions.get_mut(&name) else { return false };
        let now = Instant::now();
        let received = catch_unwind(AssertUnwindSafe(|| session.receive(ours, theirs, datagram, now)));
        match received {
            Ok(true) => {
                self.counters.bytes_in.fetch_add(datagram.len() as u64, Relaxed);
                if session.addresses().any(|address| address == theirs) && self.by_address.get(&theirs) != Some(&name) {
                    self.by_address.insert(theirs, name.clone());
                }
                self.attend(&name, now);
                true
            }
            Ok(false) => false,
            Err(_) => {
                session.end();
                false
            }
        }
    }

    /// Lets a session do what is due, sends what it has to say, and sets its alarm.
    fn attend(&mut self, name: &Name, now: Instant) {
        let Some(session) = self.sessions.get_mut(name) else { return };
        let was_alive = session.is_alive();
        if catch_unwind(AssertUnwindSafe(|| session.work(now, &mut self.out))).is_err() {
            session.end();
        }
        for sending in self.out.drain(..) {
            let socket = self.sockets.iter().find(|(_, public)| *public == sending.from);
            // a full buffer loses the datagram, as a line would
            if let Some((socket, _)) = socket
                && socket.try_send_to(&sending.contents, sending.to).is_ok()
            {
                self.counters.sent.fetch_add(1, Relaxed);
                self.counters.bytes_out.fetch_add(sending.contents.len() as u64, Relaxed);
            }
        }
        if session.is_alive() {
            let due = session.next().max(now);
            if session.alarm.is_none_or(|alarm| due < alarm) {
                session.alarm = Some(due);
                self.alarms.push(Reverse((due, name.0.clone())));
            }
        } else {
            let forgets = now + MEMORY.saturating_sub(session.age(now));
            session.alarm = Some(forgets);
            self.alarms.push(Reverse((forgets, name.0.clone())));
            if was_alive {
                let theirs: Vec<_> = session.addresses().collect();
                self.forget_addresses(&theirs, name);
                self.count();
            }
        }
    }

    /// Attends to everybody whose time has come.
    fn ring(&mut self) {
        let now = Instant::now();
        while self.alarms.peek().is_some_and(|Reverse((due, _))| *due <= now) {
            let Some(Reverse((due, name))) = self.alarms.pop() else { return };
            let name = Name(name);
            let Some(session) = self.sessions.get_mut(&name) else { continue };
            if session.alarm != Some(due) {
                // an earlier one was set since
                continue;
            }
            session.alarm = None;
            if session.is_alive() {
                self.attend(&name, now);
            } else if session.age(now) >= MEMORY {
                self.forget(&name);
                self.count();
            }
        }
    }

    fn forget(&mut self, name: &Name) -> Option<Session> {
        let session = self.sessions.remove(name)?;
        let theirs: Vec<_> = session.addresses().collect();
        self.forget_addresses(&theirs, name);
        Some(session)
    }

    fn forget_addresses(&mut self, theirs: &[SocketAddr], name: &Name) {
        for address in theirs {
            if self.by_address.get(address) == Some(name) {
                self.by_address.remove(address);
            }
        }
    }

    fn count(&self) {
        let alive = self.sessions.values().filter(|session| session.is_alive()).count();
        self.counters.open.store(alive as u64, Relaxed);
        self.counters.remembered.store(self.sessions.len() as u64, Relaxed);
    }
}

/// Which socket has something to read.
async fn readable(sockets: &[(UdpSocket, SocketAddr)]) -> usize {
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
const _: () = assert!(LIFE.as_secs() < MEMORY.as_secs());
