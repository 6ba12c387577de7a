//! The private database server: without a `DATABASE_URL` the program runs a PostgreSQL server of its own, so that no
//! database has to be set up.
//!
//! Several programs may share one server (the web server, `dzwoni staff add`, a test run), and each may be killed at any
//! moment. Two file locks, which the kernel releases in any case, coordinate them:
//! - `start.lock` is held while the cluster is created, started or stopped, so these never overlap;
//! - `users.lock` is held shared by each program that uses the server; a program that gets it exclusively is the last one.
//!
//! Access is controlled by the file system alone: the server listens only on a unix socket in a folder that only its
//! account (and root) can enter, without a password.

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
