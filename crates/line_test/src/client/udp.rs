//! The client on a real socket, in real time.

use std::{io, net::SocketAddr, time::Instant};

use tokio::net::UdpSocket;

use super::session::{ClientRun, ClientSession};
use crate::media_server::SessionKind;

/// A client that has made its offer.
pub struct LineTestClient {
    session: ClientSession,
    socket: UdpSocket,
}

impl LineTestClient {
    /// Binds a local address and returns the SDP offer.
    ///
    /// # Errors
    /// If the address can't be bound, or str0m makes no offer.
    pub async fn new(bind_address: SocketAddr, kind: SessionKind) -> io::Result<(LineTestClient, String)> {
        let socket = UdpSocket::bind(bind_address).await?;
        let (session, offer) = ClientSession::new(socket.local_addr()?, kind, Instant::now())?;
        Ok((LineTestClient { session, socket }, offer))
    }

    /// Runs a test, or an echo call, of `packets` packets.
    ///
    /// # Errors
    /// If the SDP answer is invalid, or the socket fails.
    pub async fn run(mut self, answer: &str, packets: u32) -> io::Result<ClientRun> {
        self.session.connect(answer, packets, Instant::now())?;
        let mut buffer = [0; 2048];
        loop {
            for datagram in self.session.drain_outgoing() {
                // a datagram is lost if the buffer is full, as on a bad line
                let _ = self.socket.try_send_to(&datagram.contents, datagram.destination);
            }
            let Some(due) = self.session.next_deadline() else { return Ok(self.session.into_run()) };
            tokio::select! {
                read = self.socket.recv_from(&mut buffer) => {
                    let (length, from) = read?;
                    self.session.handle_datagram(from, &buffer[..length], Instant::now())?;
                }
                () = tokio::time::sleep_until(due.into()) => self.session.handle_timeout(Instant::now())?,
            }
        }
    }
}
