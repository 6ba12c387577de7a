//! Making, starting and stopping the database cluster of one place.
//!
//! What is done here is done under `start.lock`, and each program called gets that lock as its standard input: if ours is
//! killed meanwhile, the next one waits until `initdb` or `pg_ctl` has come to its end instead of running into it.
//!
//! The programs are called from inside the home and told short relative paths, because they pass them on to a shell.

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

/// A cluster that exists, and the programs of its version.
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

    /// Returns when the server answers, after starting it if it does not run.
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

    /// Whether nobody listens on the socket: not even a server that is starting.
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

    /// Drops the database, whoever is connected to it, if it is there.
    pub(super) fn drop_database(&self, name: &str) -> Result<(), PostgresError> {
        let identifier = name.replace('"', "\"\"");
        let drop = format!("DROP DATABASE IF EXISTS \"{identifier}\" WITH (FORCE)");
        connection::execute(&self.paths.socket_dir, &[drop])?;
        Ok(())
    }

    /// Returns when the server has ended. Connections are cut, nothing that was committed is lost.
    pub(super) fn stop(&self, lock: &File) -> Result<(), PostgresError> {
        if self.state()? != ServerState::Down {
            let log = ServerLog::open(&self.paths)?;
            let mut command = self.command("pg_ctl", lock, &log)?;
            command.args(["stop", "--mode=fast", "--pgdata=data", "--silent", PG_CTL_TIMEOUT_ARG]);
            // In a process group of its own, a second, impatient Ctrl-C does not cut it short.
            let stopped = run_succeeds(command.process_group(0))?;
            if !stopped && self.state()? != ServerState::Down {
                return Err(PostgresError::StopFailed(log.tail()));
            }
        }
        self.paths.remove_empty_dirs();
        Ok(())
    }

    /// Under another name first: initdb writes the version before the rest, so one that was killed would look complete.
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

    /// Whether the server came up, or may do so in a moment.
    ///
    /// `pg_ctl` gives it a session of its own, so Ctrl-C at our terminal does not reach it. Until it is up, Ctrl-C does
    /// reach `pg_ctl`, which takes the half-started server along: nothing is left behind.
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
        // Children of a server that was killed live on for a moment, and PostgreSQL rightly waits for their end.
        let orphans = || log.tail().text.contains("shared memory block");
        Ok(started || orphans() || self.state()? != ServerState::Down)
    }

    /// A killed server leaves two files with its process number, and PostgreSQL does not start while a process has that
    /// number: be it a zombie nobody has buried or an unrelated process. The number is replaced by one no process can have.
    /// The rest of the file stays, for by it PostgreSQL sees whether children of the killed one still write to the data.
    fn clear_stale_pid_files(&self) -> Result<(), PostgresError> {
        let mut socket_lock = connection::socket_path(&self.paths.socket_dir).into_os_string();
        socket_lock.push(".lock");
        for file in [self.paths.data_dir().join("postmaster.pid"), socket_lock.into()] {
            let text = fs::read_to_string(&file).unwrap_or_default();
            if text.lines().next().is_some_and(pid_was_reused) {
                // Done by the account: root should not write where another user may have put a link.
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

/// What the socket says.
#[derive(PartialEq, Eq)]
enum ServerState {
    /// Nobody listens.
    Down,
    /// Somebody does, but is just starting, stopping or recovering.
    Busy,
    Up,
}

/// Time must not depend on the machine; the memory suits a small one.
const SERVER_SETTINGS: &str = " -c listen_addresses= -c shared_buffers=64MB -c timezone=UTC -c log_timezone=UTC";
const FAST_SETTINGS: &str = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300";
/// How long to wait for a server to start, recovering from a crash included, or to stop.
const START_STOP_TIMEOUT: Duration = Duration::from_secs(60);
const PG_CTL_TIMEOUT_ARG: &str = "--timeout=60";
const STATE_POLL_INTERVAL: Duration = Duration::from_millis(20);
/// For the first line of `postmaster.pid`: Linux counts processes to 2^22.
const REPLACE_PID_SED_SCRIPT: &str = "1s/.*/4194305/";
/// SQLSTATE of a server that is starting, stopping or recovering.
const CANNOT_CONNECT_NOW: &str = "57P03";

/// Whether something has this process number, but not a server. What is gone has no file here, and PostgreSQL sees that by
/// itself; a zombie has no command line.
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
