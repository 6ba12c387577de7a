//! A client without a browser, for tests and benchmarks.

mod session;
mod udp;

pub use session::{ClientRun, ClientSession};
pub use udp::LineTestClient;
