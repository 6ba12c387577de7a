//! The private database server: without a `DATABASE_URL` the program runs a PostgreSQL of its own, so nobody has to set one up.
//!
//! Several programs may share one server (the web server, `dzwoni staff add`, a test run), and each may be killed at any
//! moment. Two file locks, which the kernel releases whatever happens, keep that in order:
//! - `start.lock` is held while the server is made, started or stopped, so these never overlap;
//! - `users.lock` is held shared by each program that uses the server; whoever can have it alone is the last one.
//!
//! Access is decided by the file system alone: the server listens nowhere but on a unix socket in a folder that only its
//! account (and root) may enter, and asks for no password there.

mod binaries;
mod cluster;
mod connection;
mod durability;
mod error;
mod log;
mod paths;
mod server;

pub use durability::Durability;
pub use error::{LogTail, PostgresError};
pub use server::PostgresServer;
