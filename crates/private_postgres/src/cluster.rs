//! Creates, starts and stops a database cluster.
//!
//! All of this requires `start.lock`. Each child process inherits the lock as its standard input: if this process is
//! killed, the next one waits until `initdb` or `pg_ctl` has finished.
//!
//! The programs run in the home folder with short relative paths, because they pass them to a shell.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::binaries;
use super::connection::{self, ConnectionError};
use super::durability::Durability;
use super::error::PostgresError;
use super::log::ServerLog;
use super::paths::{ClusterPaths, data_version};

/// An existing cluster, and the programs of its version.
#[derive(Debug)]
pub(super) struct Cluster {
    paths: ClusterPaths,
    bin_dir: PathBuf,
}

impl Cluster {
    /// Creates the cluster if there is none.
    pub(super) fn open(place: ClusterPaths, lock: &File, durability: Durability) -> Result<Cluster, PostgresError> {
        let programs = binaries::find_bin_dir(&place.data_dir())?;
        let cluster = Cluster { paths: place, bin_dir: programs };
        if data_version(&cluster.paths.data_dir())?.is_none() {
            cluster.create(lock, durability)?;
        }
        Ok(cluster)
    }

    pub(super) fn home(&self) -> &Path {
        &self.paths.home
    }

    pub(super) fn socket_dir(&self) -> &Path {
        &self.paths.socket_dir
    }

    /// Starts the server unless it runs, and returns when it accepts connections.
    pub(super) fn ensure_running(&self, lock: &File, durability: Durability) -> Result<(), PostgresError> {
        let log = ServerLog::open(&self.paths)?;
        let deadline = Instant::now() + START_STOP_TIMEOUT;
        loop {
            let failed = match self.state()? {
                ServerState::Up => return Ok(()),
                ServerState::Busy => false,
                ServerState::Down => !self.start(lock, durability)?,
            };
            if failed || Instant::now() > deadline {
                return Err(PostgresError::StartFailed(log.tail()));
            }
            sleep(STATE_POLL_INTERVAL);
        }
    }

    /// Whether no server listens on the socket, not even one that is starting.
    pub(super) fn is_down(&self) -> Result<bool, PostgresError> {
        Ok(self.state()? == ServerState::Down)
    }

    pub(super) fn ensure_database(&self, name: &str) -> Result<(), PostgresError> {
        let literal = name.replace('\'', "''");
        let identifier = name.replace('"', "\"\"");
        let find = format!("SELECT 1 FROM pg_database WHERE datname = '{literal}'");
        let create = format!("CREATE DATABASE \"{identifier}\"");

        connection::execute(&self.paths.socket_dir, &[find, create])?;
        Ok(())
    }

    /// Drops the database if it exists, and closes connections to it.
    pub(super) fn drop_database(&self, name: &str) -> Result<(), PostgresError> {
        let identifier = name.replace('"', "\"\"");
        let drop = format!("DROP DATABASE IF EXISTS \"{identifier}\" WITH (FORCE)");
        connection::execute(&self.paths.socket_dir, &[drop])?;
        Ok(())
    }

    /// Stops the server and waits until it has exited. Connections are closed; committed data is not lost.
    pub(super) fn stop(&self, lock: &File) -> Result<(), PostgresError> {
        if self.state()? != ServerState::Down {
            let log = ServerLog::open(&self.paths)?;
            let mut command = self.command("pg_ctl", lock, &log)?;
            command.args(["stop", "--mode=fast", "--pgdata=data", "--silent", PG_CTL_TIMEOUT_ARG]);
            // A process group of its own, so that a second Ctrl-C does not interrupt it.
            let stopped = run_succeeds(command.process_group(0))?;
            if !stopped && self.state()? != ServerState::Down {
                return Err(PostgresError::StopFailed(log.tail()));
            }
        }
        self.paths.remove_empty_dirs();
        Ok(())
    }

    /// Uses another name first: initdb writes the version before the rest, so an interrupted cluster would look complete.
    fn create(&self, lock: &File, durability: Durability) -> Result<(), PostgresError> {
        let new = self.paths.home.join("data.new");
        if fs::exists(&new).map_err(PostgresError::from_io("read", &new))? {
            fs::remove_dir_all(&new).map_err(PostgresError::from_io("remove", &new))?;
        }
        self.paths.account.create_private_dir(&new)?;

        let log = ServerLog::open(&self.paths)?;
        let mut command = self.command("initdb", lock, &log)?;
        command.args(["--pgdata=data.new", "--auth=trust", "--no-locale"]);
        command.args(["--encoding=UTF8", "--username", connection::SUPERUSER]);
        if durability == Durability::Fast {
            command.arg("--no-sync");
        }
        if !run_succeeds(&mut command)? {
            return Err(PostgresError::InitFailed(log.tail()));
        }
        let data = self.paths.data_dir();
        fs::rename(&new, &data).map_err(PostgresError::from_io("create", &data))
    }

    /// Starts the server. Returns whether it has started, or may still do so.
    ///
    /// `pg_ctl` starts it in a session of its own, so Ctrl-C in the terminal does not reach it. Until it has started,
    /// Ctrl-C reaches `pg_ctl`, which stops the server too.
    fn start(&self, lock: &File, durability: Durability) -> Result<bool, PostgresError> {
        self.paths.account.create_private_dir(&self.paths.socket_dir)?;
        self.clear_stale_pid_files()?;

        let mut options = format!("-k {} -p {}", self.paths.socket_option(), connection::PORT);
        options += SERVER_SETTINGS;
        if durability == Durability::Fast {
            options += FAST_SETTINGS;
        }
        let log = ServerLog::open(&self.paths)?;
        let mut command = self.command("pg_ctl", lock, &log)?;
        command.args(["start", "--pgdata=data", "--log=log", "--silent", PG_CTL_TIMEOUT_ARG]);
        let started = run_succeeds(command.args(["--options", &options]))?;
        // Children of a killed server live on for a moment, and PostgreSQL waits until they have exited.
        let orphans = || log.tail().text.contains("shared memory block");
        Ok(started || orphans() || self.state()? != ServerState::Down)
    }

    /// A killed server leaves two files with its process id, and PostgreSQL does not start while a process has that id,
    /// even if it is a zombie or an unrelated process. The id is replaced by one that no process can have. The rest of the
    /// file stays: by it PostgreSQL detects whether children of the killed server still write to the data.
    fn clear_stale_pid_files(&self) -> Result<(), PostgresError> {
        let mut socket_lock = connection::socket_path(&self.paths.socket_dir).into_os_string();
        socket_lock.push(".lock");
        for file in [self.paths.data_dir().join("postmaster.pid"), socket_lock.into()] {
            let text = fs::read_to_string(&file).unwrap_or_default();
            if text.lines().next().is_some_and(pid_was_reused) {
                // As the account: root must not write where another user may have created a link.
                let mut command = self.paths.account.command(Path::new("sed"));
                command.args(["-i", REPLACE_PID_SED_SCRIPT]).arg(file);
                run_succeeds(&mut command)?;
            }
        }
        Ok(())
    }

    fn command(&self, name: &str, lock: &File, log: &ServerLog) -> Result<Command, PostgresError> {
        let home = self.home();
        let lock = lock.try_clone().map_err(PostgresError::from_io("lock", home))?;
        let mut command = self.paths.account.command(&self.bin_dir.join(name));
        command.current_dir(home).stdin(lock);
        command.stdout(log.to_stdio()?).stderr(log.to_stdio()?);
        Ok(command)
    }

    fn state(&self) -> Result<ServerState, PostgresError> {
        match connection::ping(&self.paths.socket_dir) {
            Err(ConnectionError::Server { code, .. }) if code == CANNOT_CONNECT_NOW => Ok(ServerState::Busy),
            Ok(_) | Err(ConnectionError::Server { .. }) => Ok(ServerState::Up),
            Err(ConnectionError::Io(source)) => match source.kind() {
                ErrorKind::NotFound | ErrorKind::ConnectionRefused => Ok(ServerState::Down),
                ErrorKind::PermissionDenied => Err(PostgresError::from_io("enter", &self.paths.socket_dir)(source)),
                _ => Ok(ServerState::Busy),
            },
        }
    }
}

/// The state of the server, found by connecting to its socket.
#[derive(PartialEq, Eq)]
enum ServerState {
    /// No server listens.
    Down,
    /// A server listens, but is starting, stopping or recovering.
    Busy,
    Up,
}

/// Settings of the cluster: UTC, and memory for a small machine.
const SERVER_SETTINGS: &str = " -c listen_addresses= -c shared_buffers=64MB -c timezone=UTC -c log_timezone=UTC";
const FAST_SETTINGS: &str = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300";
/// How long to wait for a server to start, including crash recovery, or to stop.
const START_STOP_TIMEOUT: Duration = Duration::from_secs(60);
const PG_CTL_TIMEOUT_ARG: &str = "--timeout=60";
const STATE_POLL_INTERVAL: Duration = Duration::from_millis(20);
/// A process id that does not exist, for the first line of `postmaster.pid`: the maximum on Linux is 2^22.
const REPLACE_PID_SED_SCRIPT: &str = "1s/.*/4194305/";
/// SQLSTATE of a server that is starting, stopping or recovering.
const CANNOT_CONNECT_NOW: &str = "57P03";

/// Whether the process with this id is not a server. If it has exited, it has no file here, and PostgreSQL detects that by
/// itself. A zombie has no command line.
fn pid_was_reused(process: &str) -> bool {
    let Ok(line) = fs::read(format!("/proc/{}/cmdline", process.trim())) else {
        return false;
    };
    let line = String::from_utf8_lossy(&line);
    let program = Path::new(line.split('\0').next().unwrap_or_default());
    program.file_name().is_none_or(|name| name != "postgres")
}

fn run_succeeds(command: &mut Command) -> Result<bool, PostgresError> {
    let doing = format!("run {}", command.get_program().display());
    let status = command.status().map_err(|source| PostgresError::Io { action: doing, source })?;
    Ok(status.success())
}
