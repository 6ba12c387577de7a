//! Why there is no private server, in a sentence for the person at the terminal.

use std::fmt::{self, Display, Formatter};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::wire::Failure;

/// Why the private server could not be started, asked or stopped, and what to do about it.
#[derive(Debug)]
pub enum Error {
    /// No server programs were found anywhere.
    NotInstalled,
    /// `PG_BIN_DIR` names a folder without the server programs.
    NoProgramsIn(PathBuf),
    /// The data was written by a major version whose programs are not here; no other can read it.
    OtherVersion { data: PathBuf, version: String },
    /// Root may not run PostgreSQL, and there is no account that could.
    NoAccount,
    /// The account that must run the server cannot reach the data.
    OutOfReach(PathBuf),
    /// A file or folder that belongs to another user, as a rule.
    NotYours(PathBuf),
    /// The folder of ours under `/var/tmp` belongs to another user.
    Taken(PathBuf),
    /// `initdb` failed.
    NotCreated(Tail),
    /// The server ended at once, or does not answer in time.
    NotStarted(Tail),
    /// The server does not end in time.
    NotStopped(Tail),
    /// The server answered with an error.
    Refused(String),
    /// The operating system refused something else.
    Io { doing: String, source: io::Error },
}

/// The end of a log.
#[derive(Debug)]
pub struct Tail {
    pub log: PathBuf,
    pub text: String,
}

impl Error {
    /// For `map_err`: what was being done to which path.
    pub(super) fn io(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
        move |source| match source.kind() {
            ErrorKind::PermissionDenied => Error::NotYours(path.to_owned()),
            _ => Error::Io { doing: format!("{verb} {}", path.display()), source },
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotInstalled => write!(
                f,
                "PostgreSQL's server programs are not installed: run `apt-get install postgresql`, or set PG_BIN_DIR to \
                 their folder, or DATABASE_URL to a server"
            ),
            Error::NoProgramsIn(folder) => write!(
                f,
                "PG_BIN_DIR is {}, but postgres, initdb and pg_ctl are not all there: correct it or leave it out",
                folder.display()
            ),
            Error::OtherVersion { data, version } => write!(
                f,
                "The data in {} was written by PostgreSQL {version}, whose server programs were not found: run `apt-get \
                 install postgresql-{version}`, or set PG_BIN_DIR to their folder, or DATABASE_URL to a server",
                data.display()
            ),
            Error::NoAccount => write!(
                f,
                "PostgreSQL refuses to run as root, and there is neither an account postgres nor nobody: run this as an \
                 ordinary user, or set DATABASE_URL"
            ),
            Error::OutOfReach(path) => write!(
                f,
                "The account that owns the database in {} cannot enter that folder: allow it (chmod o+x on the folders \
                 above), or move the data",
                path.display()
            ),
            Error::NotYours(path) => write!(
                f,
                "{} is not open to this user: run this as its owner or as root, or choose another data folder",
                path.display()
            ),
            Error::Taken(path) => write!(
                f,
                "{} belongs to another user, and the database needs a folder of that name: run this as that user, or \
                 remove it",
                path.display()
            ),
            Error::NotCreated(tail) => write!(f, "The database could not be created: see {tail}"),
            Error::NotStarted(tail) => write!(f, "PostgreSQL did not start: see {tail}"),
            Error::NotStopped(tail) => write!(f, "PostgreSQL did not stop: see {tail}"),
            Error::Refused(message) => write!(f, "The private PostgreSQL refused: {message}"),
            Error::Io { doing, source } => write!(f, "Could not {doing}: {source}"),
        }
    }
}

impl Display for Tail {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}, which ends:\n{}", self.log.display(), self.text)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        match failure {
            Failure::Server { message, .. } => Error::Refused(message),
            Failure::Io(source) => Error::Io { doing: "talk to the private PostgreSQL".into(), source },
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
