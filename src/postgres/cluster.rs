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

use super::Durability;
use super::error::Error;
use super::log::Log;
use super::place::{Place, version_of};
use super::programs;
use super::wire::{self, Connection, Failure};

/// A cluster that exists, and the programs of its version.
#[derive(Debug)]
pub(super) struct Cluster {
    place: Place,
    programs: PathBuf,
}

impl Cluster {
    /// Creates the cluster if there is none.
    pub fn open(place: Place, lock: &File, durability: Durability) -> Result<Cluster, Error> {
        let programs = programs::find(&place.data())?;
        let cluster = Cluster { place, programs };
        if version_of(&cluster.place.data())?.is_none() {
            cluster.create(lock, durability)?;
        }
        Ok(cluster)
    }

    pub fn home(&self) -> &Path {
        &self.place.home
    }

    pub fn socket_folder(&self) -> &Path {
        &self.place.socket
    }

    /// Returns when the server answers, after starting it if it does not run.
    pub fn run(&self, lock: &File, durability: Durability) -> Result<(), Error> {
        let log = Log::open(&self.place)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let failed = match self.state()? {
                State::Up => return Ok(()),
                State::Busy => false,
                State::Down => !self.launch(lock, durability)?,
            };
            if failed || Instant::now() > deadline {
                return Err(Error::NotStarted(log.tail()));
            }
            sleep(SHORTLY);
        }
    }

    pub fn ensure_database(&self, name: &str) -> Result<(), Error> {
        let literal = name.replace('\'', "''");
        let identifier = name.replace('"', "\"\"");
        let find = format!("SELECT FROM pg_database WHERE datname = '{literal}'");
        let create = format!("CREATE DATABASE \"{identifier}\"");

        let mut connection = Connection::open(&self.place.socket)?;
        if connection.run(&find)? == 0 {
            connection.run(&create)?;
        }
        Ok(())
    }

    /// Drops the database, whoever is connected to it, if it is there.
    pub fn drop_database(&self, name: &str) -> Result<(), Error> {
        let identifier = name.replace('"', "\"\"");
        Connection::open(&self.place.socket)?.run(&format!("DROP DATABASE IF EXISTS \"{identifier}\" WITH (FORCE)"))?;
        Ok(())
    }

    /// Returns when the server has ended. Connections are cut, nothing that was committed is lost.
    pub fn stop(&self, lock: &File) -> Result<(), Error> {
        if self.state()? != State::Down {
            let log = Log::open(&self.place)?;
            let mut command = self.command("pg_ctl", lock, &log)?;
            command.args(["stop", "--mode=fast", "--pgdata=data", "--silent", WAIT]);
            // In a process group of its own, a second, impatient Ctrl-C does not cut it short.
            let stopped = succeeds(command.process_group(0))?;
            if !stopped && self.state()? != State::Down {
                return Err(Error::NotStopped(log.tail()));
            }
        }
        self.place.tidy();
        Ok(())
    }

    /// Under another name first: initdb writes the version before the rest, so one that was killed would look complete.
    fn create(&self, lock: &File, durability: Durability) -> Result<(), Error> {
        let new = self.place.home.join("data.new");
        if fs::exists(&new).map_err(Error::io("read", &new))? {
            fs::remove_dir_all(&new).map_err(Error::io("remove", &new))?;
        }
        self.place.account.private_folder(&new)?;

        let log = Log::open(&self.place)?;
        let mut command = self.command("initdb", lock, &log)?;
        command.args(["--pgdata=data.new", "--auth=trust", "--no-locale"]);
        command.args(["--encoding=UTF8", "--username", wire::USER]);
        if durability == Durability::Fast {
            command.arg("--no-sync");
        }
        if !succeeds(&mut command)? {
            return Err(Error::NotCreated(log.tail()));
        }
        let data = self.place.data();
        fs::rename(&new, &data).map_err(Error::io("create", &data))
    }

    /// Whether the server came up, or may do so in a moment.
    ///
    /// `pg_ctl` gives it a session of its own, so Ctrl-C at our terminal does not reach it. Until it is up, Ctrl-C does
    /// reach `pg_ctl`, which takes the half-started server along: nothing is left behind.
    fn launch(&self, lock: &File, durability: Durability) -> Result<bool, Error> {
        self.place.account.private_folder(&self.place.socket)?;
        self.forget_the_dead()?;

        let mut options = format!("-k {} -p {}", self.place.socket_option(), wire::PORT);
        options += SETTINGS;
        if durability == Durability::Fast {
            options += FAST;
        }
        let log = Log::open(&self.place)?;
        let mut command = self.command("pg_ctl", lock, &log)?;
        command.args(["start", "--pgdata=data", "--log=log", "--silent", WAIT]);
        let started = succeeds(command.args(["--options", &options]))?;
        // Children of a server that was killed live on for a moment, and PostgreSQL rightly waits for their end.
        let orphans = || log.tail().text.contains("shared memory block");
        Ok(started || orphans() || self.state()? != State::Down)
    }

    /// A killed server leaves two files with its process number, and PostgreSQL does not start while a process has that
    /// number: be it a zombie nobody has buried or an unrelated process. The number is replaced by one no process can have.
    /// The rest of the file stays, for by it PostgreSQL sees whether children of the killed one still write to the data.
    fn forget_the_dead(&self) -> Result<(), Error> {
        let mut socket_lock = wire::file_in(&self.place.socket).into_os_string();
        socket_lock.push(".lock");
        for file in [self.place.data().join("postmaster.pid"), socket_lock.into()] {
            let text = fs::read_to_string(&file).unwrap_or_default();
            if text.lines().next().is_some_and(was_given_away) {
                // Done by the account: root should not write where another user may have put a link.
                let mut command = self.place.account.command(Path::new("sed"));
                command.args(["-i", NO_PROCESS]).arg(file);
                succeeds(&mut command)?;
            }
        }
        Ok(())
    }

    fn command(&self, name: &str, lock: &File, log: &Log) -> Result<Command, Error> {
        let home = self.home();
        let lock = lock.try_clone().map_err(Error::io("lock", home))?;
        let mut command = self.place.account.command(&self.programs.join(name));
        command.current_dir(home).stdin(lock);
        command.stdout(log.output()?).stderr(log.output()?);
        Ok(command)
    }

    fn state(&self) -> Result<State, Error> {
        match Connection::open(&self.place.socket) {
            Err(Failure::Server { code, .. }) if code == CANNOT_CONNECT_NOW => Ok(State::Busy),
            Ok(_) | Err(Failure::Server { .. }) => Ok(State::Up),
            Err(Failure::Io(source)) => match source.kind() {
                ErrorKind::NotFound | ErrorKind::ConnectionRefused => Ok(State::Down),
                ErrorKind::PermissionDenied => Err(Error::io("enter", &self.place.socket)(source)),
                _ => Ok(State::Busy),
            },
        }
    }
}

/// What the socket says.
#[derive(PartialEq, Eq)]
enum State {
    /// Nobody listens.
    Down,
    /// Somebody does, but is just starting, stopping or recovering.
    Busy,
    Up,
}

/// Time must not depend on the machine; the memory suits a small one.
const SETTINGS: &str = " -c listen_addresses= -c shared_buffers=64MB -c timezone=UTC -c log_timezone=UTC";
const FAST: &str = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300";
/// How long to wait for a server to start, recovering from a crash included, or to stop.
const PATIENCE: Duration = Duration::from_secs(60);
const WAIT: &str = "--timeout=60";
const SHORTLY: Duration = Duration::from_millis(20);
/// For the first line of `postmaster.pid`: Linux counts processes to 2^22.
const NO_PROCESS: &str = "1s/.*/4194305/";
/// SQLSTATE of a server that is starting, stopping or recovering.
const CANNOT_CONNECT_NOW: &str = "57P03";

/// Whether something has this process number, but not a server. What is gone has no file here, and PostgreSQL sees that by
/// itself; a zombie has no command line.
fn was_given_away(process: &str) -> bool {
    let Ok(line) = fs::read(format!("/proc/{}/cmdline", process.trim())) else {
        return false;
    };
    let line = String::from_utf8_lossy(&line);
    let program = Path::new(line.split('\0').next().unwrap_or_default());
    program.file_name().is_none_or(|name| name != "postgres")
}

fn succeeds(command: &mut Command) -> Result<bool, Error> {
    let doing = format!("run {}", command.get_program().display());
    let status = command.status().map_err(|source| Error::Io { doing, source })?;
    Ok(status.success())
}
