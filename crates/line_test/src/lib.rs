//! What an internet line would do to a call.
//!
//! A browser sends fifty small messages a second over WebRTC to one UDP port, as a call would, and gets each of them
//! back. Both ends write down what arrived and when: loss, jitter and reordering come out for each direction, and the
//! E-model says how a call over such a line would sound.
//!
//! - [`emodel`], [`metrics`], [`verdict`]: rules and numbers, nothing else
//! - [`probe`], [`stun`]: what is on the wire
//! - [`media_server`]: the one thread that answers, and its limits
//! - [`client`]: the other side without a browser, for tests and loads

pub mod client;
pub mod emodel;
pub mod media_server;
pub mod metrics;
pub mod probe;
mod media_session;
pub mod stun;
pub mod verdict;
