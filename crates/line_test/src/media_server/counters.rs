//! Metrics of the media thread.

use std::sync::atomic::AtomicU64;

/// Counters since the start, and gauges.
#[derive(Debug, Default)]
pub struct MediaCounters {
    pub datagrams_received: AtomicU64,
    /// Datagrams dropped because they belong to no session.
    pub dropped_unknown: AtomicU64,
    pub datagrams_sent: AtomicU64,
    /// Bytes received for sessions.
    pub bytes_in: AtomicU64,
    /// Bytes sent by sessions.
    pub bytes_out: AtomicU64,
    pub sessions_opened: AtomicU64,
    pub sessions_refused: AtomicU64,
    /// Gauge: sessions that are alive.
    pub sessions_alive: AtomicU64,
    /// Gauge: sessions in memory, alive or not.
    pub sessions_retained: AtomicU64,
}
