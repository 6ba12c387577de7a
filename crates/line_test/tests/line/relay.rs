//! A simulated bad line: a relay that drops and delays packets in each direction, reproducible by a seed.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use tokio::{net::UdpSocket, task::JoinHandle};

/// Bytes of one message in a datagram. On a line with much loss two messages may share a datagram.
const MESSAGE_WIRE_LEN: usize = 112;
/// Bytes of a datagram beside its messages.
const DATAGRAM_OVERHEAD: usize = 40;
/// Every block of so many packets loses exactly the given share, so that short tests are not random.
const LOSS_BLOCK_LEN: u32 = 50;

/// The conditions of one direction.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LineConditions {
    pub loss_percent: u32,
    pub delay_ms: f64,
    /// The maximum deviation from the delay.
    pub jitter_ms: f64,
}

/// One direction with its counters.
pub(crate) struct RelayDirection {
    conditions: LineConditions,
    random: Mutex<(StdRng, Vec<bool>)>,
    pub messages: AtomicU32,
    pub messages_lost: AtomicU32,
}

impl RelayDirection {
    fn new(conditions: LineConditions, seed: u64) -> Arc<RelayDirection> {
        let random = Mutex::new((StdRng::seed_from_u64(seed), Vec::new()));
        Arc::new(RelayDirection { conditions, random, messages: AtomicU32::new(0), messages_lost: AtomicU32::new(0) })
    }

    /// Returns the delay of a packet, or `None` if it is lost.
    fn draw_delay(&self, datagram: &[u8]) -> Option<Duration> {
        let (random, block) = &mut *self.random.lock().unwrap();
        if block.is_empty() {
            block.extend((0..LOSS_BLOCK_LEN).map(|n| n < LOSS_BLOCK_LEN * self.conditions.loss_percent / 100));
            block.shuffle(random);
        }
        let messages = count_messages(datagram);
        // repeating a handshake takes seconds, so packets before the first message are lost only behind a firewall
        let is_spared = self.conditions.loss_percent < 100 && self.messages.load(Relaxed) == 0;
        let is_lost = if messages > 0 {
            block.pop().unwrap()
        } else {
            !is_spared && random.random_range(0..100) < self.conditions.loss_percent
        };
        self.messages.fetch_add(messages, Relaxed);
        self.messages_lost.fetch_add(if is_lost { messages } else { 0 }, Relaxed);
        let jitter = if self.conditions.jitter_ms > 0.0 {
            random.random_range(-self.conditions.jitter_ms..self.conditions.jitter_ms)
        } else {
            0.0
        };
        (!is_lost).then(|| Duration::from_secs_f64((self.conditions.delay_ms + jitter).max(0.0) / 1000.0))
    }
}

/// The relay. It stops when it is dropped.
pub(crate) struct Relay {
    pub address: SocketAddr,
    pub up: Arc<RelayDirection>,
    pub down: Arc<RelayDirection>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Relays between one client and `server`.
    pub(crate) async fn new(server: SocketAddr, up: LineConditions, down: LineConditions, seed: u64) -> Relay {
        let outside = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let inside = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let address = outside.local_addr().unwrap();
        let (up, down) = (RelayDirection::new(up, seed), RelayDirection::new(down, seed + 1));
        let (relay_up, relay_down) = (up.clone(), down.clone());
        let task = tokio::spawn(async move {
            let (mut from_client, mut from_server) = ([0; 2048], [0; 2048]);
            let mut client = None;
            loop {
                tokio::select! {
                    Ok((length, from)) = outside.recv_from(&mut from_client) => {
                        client = Some(from);
                        forward(&relay_up, &inside, server, &from_client[..length]);
                    }
                    Ok((length, _)) = inside.recv_from(&mut from_server) => {
                        if let Some(client) = client {
                            forward(&relay_down, &outside, client, &from_server[..length]);
                        }
                    }
                }
            }
        });
        Relay { address, up, down, task }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The number of messages in a datagram: as many as fit, if it is a DTLS application data record (1.2, or the unified
/// header of 1.3).
fn count_messages(datagram: &[u8]) -> u32 {
    let is_application_data = matches!(datagram.first(), Some(23 | 0x20..=0x3f));
    if is_application_data {
        u32::try_from(datagram.len().saturating_sub(DATAGRAM_OVERHEAD) / MESSAGE_WIRE_LEN).unwrap()
    } else {
        0
    }
}

fn forward(direction: &RelayDirection, socket: &Arc<UdpSocket>, destination: SocketAddr, datagram: &[u8]) {
    let Some(delay) = direction.draw_delay(datagram) else { return };
    let (socket, datagram) = (socket.clone(), datagram.to_vec());
    tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        let _ = socket.send_to(&datagram, destination).await;
    });
}
