//! Errors of the private server, worded for the operator at the terminal.

use std::fmt::{self, Display, Formatter};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::connection::ConnectionError;

/// Why the private server could not be started, queried or stopped, and what to do about it.
#[derive(Debug)]
pub enum PostgresError {
    /// No server programs were found.
    NotInstalled,
    /// `PG_BIN_DIR` names a folder without the server programs.
    MissingBinaries(PathBuf),
    /// The data was written by a major version whose programs are not installed; no other can read it.
    VersionMismatch { data: PathBuf, version: String },
    /// Root cannot run PostgreSQL, and there is no other account for it.
    NoUnprivilegedAccount,
    /// The account that must run the server cannot reach the data.
    DataDirUnreachable(PathBuf),
    /// Permission denied, usually because a file or folder belongs to another user.
    PermissionDenied(PathBuf),
    /// The fallback folder under `/var/tmp` belongs to another user.
    FallbackDirNotOwned(PathBuf),
    /// `initdb` failed.
    InitFailed(LogTail),
    /// The server exited at once, or does not accept connections in time.
    StartFailed(LogTail),
    /// The server does not stop in time.
    StopFailed(LogTail),
    /// The server returned an error.
    ServerError(String),
    /// Another error of the operating system.
    Io { action: String, source: io::Error },
}

/// The last lines of a log.
#[derive(Debug)]
pub struct LogTail {
    pub path: PathBuf,
    pub text: String,
}

impl PostgresError {
    /// For `map_err`: the operation and the path that failed.
    pub(super) fn from_io(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PostgresError {
        move |source| match source.kind() {
            ErrorKind::PermissionDenied => PostgresError::PermissionDenied(path.to_owned()),
            _ => PostgresError::Io { action: format!("{operation} {}", path.display()), source },
        }
    }
}

impl Display for PostgresError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            PostgresError::NotInstalled => write!(
                f,
                "PostgreSQL's server programs are not installed: run `apt-get install postgresql`, or set PG_BIN_DIR to \
                 their folder, or DATABASE_URL to a server"
            ),
            PostgresError::MissingBinaries(folder) => write!(
                f,
                "PG_BIN_DIR is {}, but postgres, initdb and pg_ctl are not all there: correct it or leave it out",
                folder.display()
            ),
            PostgresError::VersionMismatch { data, version } => write!(
                f,
                "The data in {} was written by PostgreSQL {version}, whose server programs were not found: run `apt-get \
                 install postgresql-{version}`, or set PG_BIN_DIR to their folder, or DATABASE_URL to a server",
                data.display()
            ),
            PostgresError::NoUnprivilegedAccount => write!(
                f,
                "PostgreSQL refuses to run as root, and there is neither an account postgres nor nobody: run this as an \
                 ordinary user, or set DATABASE_URL"
            ),
            PostgresError::DataDirUnreachable(path) => write!(
                f,
                "The account that owns the database in {} cannot enter that folder: allow it (chmod o+x on the folders \
                 above), or move the data",
                path.display()
            ),
            PostgresError::PermissionDenied(path) => write!(
                f,
                "{} is not open to this user: run this as its owner or as root, or choose another data folder",
                path.display()
            ),
            PostgresError::FallbackDirNotOwned(path) => write!(
                f,
                "{} belongs to another user, and the database needs a folder of that name: run this as that user, or \
                 remove it",
                path.display()
            ),
            PostgresError::InitFailed(tail) => write!(f, "The database could not be created: see {tail}"),
            PostgresError::StartFailed(tail) => write!(f, "PostgreSQL did not start: see {tail}"),
            PostgresError::StopFailed(tail) => write!(f, "PostgreSQL did not stop: see {tail}"),
            PostgresError::ServerError(message) => write!(f, "The private PostgreSQL refused: {message}"),
            PostgresError::Io { action: doing, source } => write!(f, "Could not {doing}: {source}"),
        }
    }
}

impl Display for LogTail {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}, which ends:\n{}", self.path.display(), self.text)
    }
}

impl From<ConnectionError> for PostgresError {
    fn from(failure: ConnectionError) -> PostgresError {
        match failure {
            ConnectionError::Server { message, .. } => PostgresError::ServerError(message),
            ConnectionError::Io(source) => {
                PostgresError::Io { action: "talk to the private PostgreSQL".into(), source }
            }
        }
    }
}

impl std::error::Error for PostgresError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            PostgresError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
