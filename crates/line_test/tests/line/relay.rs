//! A bad line: a relay between the two sides that loses and delays packets, each way by its own rule, from a seed.

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

/// What one message takes, and what is around them all. On a line that loses much, two messages share a datagram.
const MESSAGE_WIRE_LEN: usize = 112;
const DATAGRAM_OVERHEAD: usize = 40;
/// Within so many packets exactly the share is lost: the figures of a short test need no luck.
const LOSS_BLOCK_LEN: u32 = 50;

/// What happens to one direction.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineConditions {
    pub loss_percent: u32,
    pub delay_ms: f64,
    /// Up to so much more, or less.
    pub jitter_ms: f64,
}

/// One direction, and what was counted in it.
pub struct RelayDirection {
    conditions: LineConditions,
    random: Mutex<(StdRng, Vec<bool>)>,
    pub messages: AtomicU32,
    pub messages_lost: AtomicU32,
}

impl RelayDirection {
    fn new(rule: LineConditions, seed: u64) -> Arc<RelayDirection> {
        let random = Mutex::new((StdRng::seed_from_u64(seed), Vec::new()));
        Arc::new(RelayDirection {
            conditions: rule,
            random,
            messages: AtomicU32::new(0),
            messages_lost: AtomicU32::new(0),
        })
    }

    /// Nothing for a packet that is lost, or how long it takes.
    fn draw_delay(&self, datagram: &[u8]) -> Option<Duration> {
        let (random, block) = &mut *self.random.lock().unwrap();
        if block.is_empty() {
            block.extend((0..LOSS_BLOCK_LEN).map(|n| n < LOSS_BLOCK_LEN * self.conditions.loss_percent / 100));
            block.shuffle(random);
        }
        let messages = count_messages(datagram);
        // the handshake has luck of its own
        // a handshake that has to be repeated takes seconds: below a wall it is spared until the first message
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

/// The relay; it ends when it is dropped.
pub struct Relay {
    pub address: SocketAddr,
    pub up: Arc<RelayDirection>,
    pub down: Arc<RelayDirection>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Stands before `server`; one client.
    pub async fn new(server: SocketAddr, up: LineConditions, down: LineConditions, seed: u64) -> Relay {
        let outside = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let inside = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let address = outside.local_addr().unwrap();
        let (up, down) = (RelayDirection::new(up, seed), RelayDirection::new(down, seed + 1));
        let ways = (up.clone(), down.clone());
        let work = tokio::spawn(async move {
            let (mut from_client, mut from_server) = ([0; 2048], [0; 2048]);
            let mut client = None;
            loop {
                tokio::select! {
                    Ok((length, from)) = outside.recv_from(&mut from_client) => {
                        client = Some(from);
                        forward(&ways.0, &inside, server, &from_client[..length]);
                    }
                    Ok((length, _)) = inside.recv_from(&mut from_server) => {
                        if let Some(client) = client {
                            forward(&ways.1, &outside, client, &from_server[..length]);
                        }
                    }
                }
            }
        });
        Relay { address, up, down, task: work }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How many messages are in a datagram: as many as fit, if it is a DTLS record with content (1.2, or 1.3's short header).
fn count_messages(datagram: &[u8]) -> u32 {
    let is_content = matches!(datagram.first(), Some(23 | 0x20..=0x3f));
    if is_content {
        u32::try_from(datagram.len().saturating_sub(DATAGRAM_OVERHEAD) / MESSAGE_WIRE_LEN).unwrap()
    } else {
        0
    }
}

fn forward(way: &RelayDirection, socket: &Arc<UdpSocket>, to: SocketAddr, datagram: &[u8]) {
    let Some(delay) = way.draw_delay(datagram) else { return };
    let (socket, datagram) = (socket.clone(), datagram.to_vec());
    tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        let _ = socket.send_to(&datagram, to).await;
    });
}
