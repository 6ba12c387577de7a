//! A server as a program uses it, beside others that may use it too.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::cluster::Cluster;
use super::connection;
use super::durability::Durability;
use super::error::PostgresError;
use super::paths::ClusterPaths;

/// A private server that answers on a unix socket.
///
/// Call [`PostgresServer::stop`] at the end of the program. Dropping it, or dying, does not stop the server: it runs on, and the
/// next [`PostgresServer::start`] adopts it.
#[derive(Debug)]
pub struct PostgresServer {
    folder: PathBuf,
    cluster: Cluster,
    users_lock: File,
    durability: Durability,
    stopped: AtomicBool,
}

impl PostgresServer {
    /// Starts the server whose data lives under `folder`, or adopts the one that still runs there.
    ///
    /// Makes the folder and the database cluster when they are missing. Blocks until the server answers. A server that
    /// is adopted keeps the durability it was started with.
    ///
    /// Root's server runs as another account. If that account cannot reach `folder`, the data is kept in a folder under
    /// `/var/tmp`, named after the path of `folder` and found by it again; [`PostgresServer::home`] says where.
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

    /// The address of one of its databases, for sqlx and libpq.
    pub fn url(&self, database: &str) -> String {
        let socket = self.cluster.socket_dir().as_os_str();
        // The port is part of the socket's name; said here, a stray PGPORT cannot change it, nor PGSSLMODE the rest.
        format!(
            "postgres:///{}?host={}&port={}&user={}&sslmode=disable",
            percent_encode(database.as_bytes(), URL_RESERVED),
            percent_encode(socket.as_encoded_bytes(), URL_RESERVED),
            connection::PORT,
            connection::SUPERUSER,
        )
    }

    /// Where the data, the log (`log`) and usually the socket are.
    pub fn home(&self) -> &Path {
        self.cluster.home()
    }

    /// Creates the database unless it is there.
    pub fn ensure_database(&self, name: &str) -> Result<(), PostgresError> {
        // Two at once would disturb each other: the template may have one visitor only.
        let _changing = lock_exclusively(&self.folder)?;
        self.cluster.ensure_database(name)
    }

    /// Drops the database, whoever is connected to it, if it is there.
    pub fn drop_database(&self, name: &str) -> Result<(), PostgresError> {
        self.cluster.drop_database(name)
    }

    /// Starts the server again if it has ended though nobody was to end it; says whether it had. To be asked now and then:
    /// a server may be killed, by a hand or for its memory, and nobody else would start it.
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

    /// Stops the server and waits for its end, unless another program uses it: then it is left to that one.
    ///
    /// It does not matter who started it: whoever goes last stops it. Close the connections first; those that are open are
    /// cut.
    pub fn stop(&self) -> Result<(), PostgresError> {
        let changing = lock_exclusively(&self.folder)?;
        self.stopped.store(true, Ordering::Relaxed);
        let path = self.folder.join(USERS_LOCK_FILE);
        self.users_lock.unlock().map_err(PostgresError::from_io("unlock", &path))?;
        match self.users_lock.try_lock() {
            Ok(()) => {
                let stopped = self.cluster.stop(&changing);
                // others may come again
                self.users_lock.unlock().map_err(PostgresError::from_io("unlock", &path))?;
                stopped
            }
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(source)) => Err(PostgresError::from_io("lock", &path)(source)),
        }
    }
}

/// Says that this program no longer uses the server, and nothing else.
impl Drop for PostgresServer {
    fn drop(&mut self) {
        // Closing the file is not enough: a child that another thread is just starting may hold a copy for a moment.
        let _ = self.users_lock.unlock();
    }
}

const START_LOCK_FILE: &str = "start.lock";
const USERS_LOCK_FILE: &str = "users.lock";

/// Waits until nobody else makes, starts or stops the server of this folder; then it is ours until the file is dropped.
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

/// What a path may hold in the query of a URL; everything else is percent-encoded.
const URL_RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
