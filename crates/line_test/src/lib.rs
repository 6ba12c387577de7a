//! Measures what an internet connection would do to a VoIP call.
//!
//! A browser sends fifty small messages per second over WebRTC to one UDP port, as a call would, and receives an echo of
//! each. Both sides record what arrived and when. Loss, jitter and reordering are computed for each direction, and the
//! E-model (ITU-T G.107) rates how a call would sound.
//!
//! - [`emodel`], [`metrics`], [`verdict`]: pure computation
//! - [`probe`], [`stun`]: wire formats
//! - [`media_server`]: the thread that answers, and its limits
//! - [`client`]: a client without a browser, for tests and benchmarks

pub mod client;
pub mod emodel;
pub mod media_server;
pub mod metrics;
pub mod probe;
pub mod stun;
pub mod verdict;
