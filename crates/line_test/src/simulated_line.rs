//! A simulated bad line, for tests and benchmarks: which packets are lost, and how long the others take.

use std::time::Duration;

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};

/// Bytes of one message in a datagram. On a line with much loss two messages may share a datagram.
const MESSAGE_WIRE_LEN: usize = 112;
/// Bytes of a datagram beside its messages.
const DATAGRAM_OVERHEAD: usize = 40;
/// Bytes of the voice in a packet of 20 ms (G.711).
const VOICE_LEN: usize = 160;
/// Every block of so many packets loses exactly the given share, so that short tests are not random.
const LOSS_BLOCK_LEN: u32 = 50;

/// The conditions of one direction.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineConditions {
    pub loss_percent: u32,
    pub delay_ms: f64,
    /// The maximum deviation from the delay.
    pub jitter_ms: f64,
}

/// One direction of a line, reproducible by its seed.
pub struct SimulatedDirection {
    conditions: LineConditions,
    random: StdRng,
    block: Vec<bool>,
    message_delays: Vec<Option<Duration>>,
}

impl SimulatedDirection {
    /// A direction over which nothing was sent yet.
    pub fn new(conditions: LineConditions, seed: u64) -> SimulatedDirection {
        let random = StdRng::seed_from_u64(seed);
        SimulatedDirection { conditions, random, block: Vec::new(), message_delays: Vec::new() }
    }

    /// Returns the delay of a datagram, or `None` if it is lost.
    pub fn draw_delay(&mut self, datagram: &[u8]) -> Option<Duration> {
        let message_count = count_messages(datagram);
        let is_lost = if message_count > 0 {
            self.is_next_lost()
        } else {
            // repeating a handshake takes seconds, so packets before the first message are lost only behind a firewall
            let is_spared = self.conditions.loss_percent < 100 && self.message_delays.is_empty();
            !is_spared && self.random.random_range(0..100) < self.conditions.loss_percent
        };
        let LineConditions { delay_ms, jitter_ms, .. } = self.conditions;
        let deviation_ms = if jitter_ms > 0.0 { self.random.random_range(-jitter_ms..jitter_ms) } else { 0.0 };
        let delay = (!is_lost).then(|| Duration::from_secs_f64((delay_ms + deviation_ms).max(0.0) / 1000.0));
        self.message_delays.extend(std::iter::repeat_n(delay, message_count));
        delay
    }

    /// The delays of the messages of the test in the order in which they were sent; `None` is lost.
    pub fn message_delays(&self) -> &[Option<Duration>] {
        &self.message_delays
    }

    /// How many messages the line lost.
    pub fn lost_count(&self) -> usize {
        self.message_delays.iter().filter(|delay| delay.is_none()).count()
    }

    fn is_next_lost(&mut self) -> bool {
        if self.block.is_empty() {
            let lost = LOSS_BLOCK_LEN * self.conditions.loss_percent / 100;
            self.block.extend((0..LOSS_BLOCK_LEN).map(|number| number < lost));
            self.block.shuffle(&mut self.random);
        }
        self.block.pop().unwrap_or_default()
    }
}

/// The number of messages in a datagram: one voice packet, or as many probes as fit into DTLS application data (1.2, or
/// the unified header of 1.3).
fn count_messages(datagram: &[u8]) -> usize {
    match datagram.first() {
        Some(23 | 0x20..=0x3f) => datagram.len().saturating_sub(DATAGRAM_OVERHEAD) / MESSAGE_WIRE_LEN,
        Some(0x80..=0xbf) if datagram.len() >= VOICE_LEN => 1,
        _ => 0,
    }
}
