//! A handle of the private server, which several programs may share.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::cluster::Cluster;
use super::connection;
use super::durability::Durability;
use super::error::PostgresError;
use super::paths::ClusterPaths;

/// A private server that listens on a unix socket.
///
/// Call [`PostgresServer::stop`] at the end of the program. Dropping the handle, or a crash, does not stop the server: the
/// next [`PostgresServer::start`] uses it.
#[derive(Debug)]
pub struct PostgresServer {
    folder: PathBuf,
    cluster: Cluster,
    users_lock: File,
    durability: Durability,
    stopped: AtomicBool,
}

impl PostgresServer {
    /// Starts the server with its data in `folder`, or uses the one that runs there already.
    ///
    /// Creates the folder and the database cluster if they are missing. Blocks until the server accepts connections. A
    /// server that runs already keeps the durability that it was started with.
    ///
    /// For root the server runs as another account. If that account cannot reach `folder`, the data is stored in a folder
    /// under `/var/tmp`, whose name is derived from the path of `folder`; [`PostgresServer::home`] returns it.
    pub fn start(folder: &Path, durability: Durability) -> Result<PostgresServer, PostgresError> {
        fs::create_dir_all(folder).map_err(PostgresError::from_io("create", folder))?;
        let folder = folder.canonicalize().map_err(PostgresError::from_io("find", folder))?;
        let changing = lock_exclusively(&folder)?;
        let users = open_lock_file(&folder.join(USERS_LOCK_FILE))?;

        let place = ClusterPaths::resolve(&folder)?;
        place.account.chown(&folder.join(START_LOCK_FILE))?;
        place.account.chown(&folder.join(USERS_LOCK_FILE))?;
        let cluster = Cluster::open(place, &changing, durability)?;
        cluster.ensure_running(&changing, durability)?;

        users.lock_shared().map_err(PostgresError::from_io("lock", &folder.join(USERS_LOCK_FILE)))?;
        Ok(PostgresServer { folder, cluster, users_lock: users, durability, stopped: AtomicBool::new(false) })
    }

    /// The connection URL of a database, for sqlx and libpq.
    pub fn url(&self, database: &str) -> String {
        let socket = self.cluster.socket_dir().as_os_str();
        // The port is part of the socket's name. Explicit values take precedence over PGPORT and PGSSLMODE.
        format!(
            "postgres:///{}?host={}&port={}&user={}&sslmode=disable",
            percent_encode(database.as_bytes(), URL_RESERVED),
            percent_encode(socket.as_encoded_bytes(), URL_RESERVED),
            connection::PORT,
            connection::SUPERUSER,
        )
    }

    /// The folder of the data, the log (`log`) and usually the socket.
    pub fn home(&self) -> &Path {
        self.cluster.home()
    }

    /// Creates the database unless it exists.
    pub fn ensure_database(&self, name: &str) -> Result<(), PostgresError> {
        // Not concurrently: the template allows one connection only.
        let _changing = lock_exclusively(&self.folder)?;
        self.cluster.ensure_database(name)
    }

    /// Drops the database if it exists, and closes connections to it.
    pub fn drop_database(&self, name: &str) -> Result<(), PostgresError> {
        self.cluster.drop_database(name)
    }

    /// Restarts the server if it has exited unexpectedly, and returns whether it had. To be called periodically: the server
    /// may be killed by an administrator or by the kernel when memory is short.
    pub fn restart_if_dead(&self) -> Result<bool, PostgresError> {
        if !self.cluster.is_down()? {
            return Ok(false);
        }
        let changing = lock_exclusively(&self.folder)?;
        if self.stopped.load(Ordering::Relaxed) || !self.cluster.is_down()? {
            return Ok(false);
        }
        self.cluster.ensure_running(&changing, self.durability)?;
        Ok(true)
    }

    /// Stops the server and waits until it has exited, unless another program uses it.
    ///
    /// The last program that uses the server stops it, whichever started it. Close the connections first; open ones are
    /// terminated.
    pub fn stop(&self) -> Result<(), PostgresError> {
        let changing = lock_exclusively(&self.folder)?;
        self.stopped.store(true, Ordering::Relaxed);
        let path = self.folder.join(USERS_LOCK_FILE);
        self.users_lock.unlock().map_err(PostgresError::from_io("unlock", &path))?;
        match self.users_lock.try_lock() {
            Ok(()) => {
                let stopped = self.cluster.stop(&changing);
                // other programs may use it again
                self.users_lock.unlock().map_err(PostgresError::from_io("unlock", &path))?;
                stopped
            }
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(source)) => Err(PostgresError::from_io("lock", &path)(source)),
        }
    }
}

/// Releases the shared lock of this program.
impl Drop for PostgresServer {
    fn drop(&mut self) {
        // Closing the file is not enough: a child process that another thread is starting may hold a copy for a moment.
        let _ = self.users_lock.unlock();
    }
}

const START_LOCK_FILE: &str = "start.lock";
const USERS_LOCK_FILE: &str = "users.lock";

/// Locks the server of this folder for creating, starting or stopping it, until the returned file is dropped.
fn lock_exclusively(folder: &Path) -> Result<File, PostgresError> {
    let path = folder.join(START_LOCK_FILE);
    let file = open_lock_file(&path)?;
    file.lock().map_err(PostgresError::from_io("lock", &path))?;
    Ok(file)
}

fn open_lock_file(path: &Path) -> Result<File, PostgresError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path).map_err(PostgresError::from_io("open", path))
}

/// Characters that are percent-encoded in the query of a URL.
const URL_RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
