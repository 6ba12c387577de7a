//! The media thread: sockets and time for the sessions.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering::Relaxed},
    task::Poll,
    time::Instant,
};

use tokio::{net::UdpSocket, sync::mpsc};

use super::{command::MediaCommand, counters::MediaCounters, sessions::MediaSessions};

/// Datagrams read in a row before commands and timers get their turn.
const MAX_DATAGRAMS_PER_READ: usize = 64;
/// Maximum length of a datagram, in bytes.
const MAX_DATAGRAM_LEN: usize = 2048;

/// The state of the media thread.
pub(super) struct MediaLoop {
    /// Each with its public address.
    sockets: Vec<(UdpSocket, SocketAddr)>,
    sessions: MediaSessions,
    counters: Arc<MediaCounters>,
}

impl MediaLoop {
    pub(super) fn new(
        sockets: Vec<(UdpSocket, SocketAddr)>,
        sessions: MediaSessions,
        counters: Arc<MediaCounters>,
    ) -> MediaLoop {
        MediaLoop { sockets, sessions, counters }
    }

    /// Runs until all senders of `commands` are dropped.
    pub(super) async fn run(mut self, mut commands: mpsc::Receiver<MediaCommand>) {
        let mut buffer = [0; MAX_DATAGRAM_LEN];
        loop {
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.handle_command(command),
                    None => return,
                },
                index = wait_readable(&self.sockets) => self.read_datagrams(index, &mut buffer),
                () = sleep_until(self.sessions.next_deadline()) => {}
            }
            self.sessions.handle_timeout(Instant::now());
            self.send_datagrams();
        }
    }

    fn handle_command(&mut self, command: MediaCommand) {
        match command {
            MediaCommand::Open(kind, offer, sender) => {
                let _ = sender.send(self.sessions.open(kind, &offer, Instant::now()));
            }
            MediaCommand::Finish(id, sender) => {
                let _ = sender.send(self.sessions.finish(&id));
            }
        }
    }

    fn read_datagrams(&mut self, index: usize, buffer: &mut [u8]) {
        for _ in 0..MAX_DATAGRAMS_PER_READ {
            // an error here is an ICMP error about a datagram that was sent
            let Ok((length, remote)) = self.sockets[index].0.try_recv_from(buffer) else { return };
            let local = self.sockets[index].1;
            self.sessions.handle_datagram(local, remote, &buffer[..length], Instant::now());
            self.send_datagrams();
        }
    }

    fn send_datagrams(&mut self) {
        for datagram in self.sessions.drain_outgoing() {
            let socket = self.sockets.iter().find(|(_, public_address)| *public_address == datagram.source);
            // a datagram is lost if the buffer is full, as on a bad line
            if let Some((socket, _)) = socket
                && socket.try_send_to(&datagram.contents, datagram.destination).is_ok()
            {
                self.counters.datagrams_sent.fetch_add(1, Relaxed);
                self.counters.bytes_out.fetch_add(datagram.contents.len() as u64, Relaxed);
            }
        }
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

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}
