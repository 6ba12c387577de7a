//! Measures what an internet connection would do to a VoIP call.
//!
//! A browser sends fifty small messages per second over WebRTC to one UDP port, as a call would, and receives an echo of
//! each. Both sides record what arrived and when. Loss, jitter and reordering are computed for each direction, and the
//! E-model (ITU-T G.107) rates how a call would sound.
//!
//! - [`emodel`], [`metrics`], [`verdict`]: pure computation
//! - [`probe`], [`stun`]: wire formats
//! - [`media_server`]: the sessions and their limits, and the thread that answers
//! - [`client`], [`simulated_line`]: a client without a browser and a bad line, for tests and benchmarks
//!
//! Server and client are state machines ([`media_server::MediaSessions`], [`client::ClientSession`]) that are told the time
//! and the datagrams. Only [`media_server::MediaServer`] and [`client::LineTestClient`] have sockets and a clock.

pub mod client;
pub mod emodel;
pub mod media_server;
pub mod metrics;
pub mod probe;
pub mod simulated_line;
pub mod stun;
pub mod verdict;
