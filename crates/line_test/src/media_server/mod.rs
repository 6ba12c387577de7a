//! The thread that answers at the media ports, and the handle on it.
//!
//! It sends only to addresses that have proved, with a password from the SDP answer (sent over HTTPS), that they belong to a
//! session, and only after receiving something. All other datagrams are dropped without a response.

mod counters;
mod session;
mod command;
mod sessions;
mod media_loop;
mod server;

pub use command::{OpenSessionError, OpenedSession, SessionId};
pub use counters::MediaCounters;
pub use server::{MediaPort, MediaServer};
pub use session::SessionKind;
pub use sessions::{MAX_OFFER_LEN, MediaSessions};
