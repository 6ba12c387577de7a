//! The handle: starts the media thread and sends it commands.

use std::{io, net::SocketAddr, sync::Arc};

use tokio::{
    net::UdpSocket,
    sync::{mpsc, oneshot},
};

use super::{
    command::{MediaCommand, OpenSessionError, OpenedSession, SessionId},
    counters::MediaCounters,
    media_loop::MediaLoop,
    session::SessionKind,
    sessions::MediaSessions,
};
use crate::verdict::ServerReport;

/// Receive buffer of a socket, in bytes.
const SOCKET_BUFFER_SIZE: usize = 4 * 1024 * 1024;

/// The address to bind, and the address under which browsers reach it. Port 0 of the latter means the bound port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaPort {
    pub listen: SocketAddr,
    pub advertised: SocketAddr,
}

/// A handle on the media thread. The thread stops when the last handle is dropped.
#[derive(Clone)]
pub struct MediaServer {
    commands: mpsc::Sender<MediaCommand>,
    counters: Arc<MediaCounters>,
    public_addresses: Arc<[SocketAddr]>,
}

impl MediaServer {
    /// Binds the ports and starts the thread. At most `max_sessions` sessions are alive at the same time.
    ///
    /// # Errors
    /// If a port can't be bound.
    pub fn start(ports: &[MediaPort], max_sessions: usize) -> io::Result<MediaServer> {
        let sockets = ports.iter().map(bind_socket).collect::<io::Result<Vec<_>>>()?;
        let public_addresses: Arc<[SocketAddr]> = sockets.iter().map(|(_, public)| *public).collect();
        let counters = Arc::new(MediaCounters::default());
        let (commands, receiver) = mpsc::channel(256);
        let sessions = MediaSessions::new(public_addresses.to_vec(), max_sessions, counters.clone())?;
        let loop_counters = counters.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("media".to_owned()).spawn(move || {
            runtime.block_on(async move {
                match sockets.into_iter().map(into_tokio).collect::<io::Result<Vec<_>>>() {
                    Ok(sockets) => MediaLoop::new(sockets, sessions, loop_counters).run(receiver).await,
                    Err(error) => tracing::error!(%error, "could not register the media ports with the runtime"),
                }
            });
        })?;
        Ok(MediaServer { commands, counters, public_addresses })
    }

    /// Opens a session for a browser's offer.
    pub async fn open_session(&self, kind: SessionKind, offer: String) -> Result<OpenedSession, OpenSessionError> {
        let (sender, receiver) = oneshot::channel();
        self.commands.send(MediaCommand::Open(kind, offer, sender)).await.map_err(|_| OpenSessionError::Stopped)?;
        receiver.await.unwrap_or(Err(OpenSessionError::Stopped))
    }

    /// Ends a session and returns its report, or `None` if the session is unknown or expired.
    pub async fn finish_session(&self, id: &SessionId) -> Option<ServerReport> {
        let (sender, receiver) = oneshot::channel();
        self.commands.send(MediaCommand::Finish(id.clone(), sender)).await.ok()?;
        receiver.await.ok()?
    }

    pub fn counters(&self) -> &MediaCounters {
        &self.counters
    }

    /// The addresses in the SDP answers.
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
    // a burst waits here while the thread is busy; the system may allow less
    let _ = socket.set_recv_buffer_size(SOCKET_BUFFER_SIZE);
    socket.bind(&port.listen.into())?;
    let socket = std::net::UdpSocket::from(socket);
    let mut public_address = port.advertised;
    if public_address.port() == 0 {
        public_address.set_port(socket.local_addr()?.port());
    }
    Ok((socket, public_address))
}

fn into_tokio((socket, public_address): (std::net::UdpSocket, SocketAddr)) -> io::Result<(UdpSocket, SocketAddr)> {
    Ok((UdpSocket::from_std(socket)?, public_address))
}
