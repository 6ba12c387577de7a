//! The log of the server and of the programs that create and start it. Only the log contains the reason of a failure.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Stdio;

use super::error::{LogTail, PostgresError};
use super::paths::ClusterPaths;

/// The log, opened for appending.
pub(super) struct ServerLog {
    path: PathBuf,
    file: File,
    start_offset: u64,
}

impl ServerLog {
    pub(super) fn open(place: &ClusterPaths) -> Result<ServerLog, PostgresError> {
        let path = place.log_file();
        let mut options = OpenOptions::new();
        // It contains failed statements with personal data, so only the account may read it.
        options.read(true).append(true).create(true).mode(0o600);
        let file = options.open(&path).map_err(PostgresError::from_io("open", &path))?;
        place.account.chown(&path)?;
        let since = file.metadata().map_err(PostgresError::from_io("read", &path))?.len();
        Ok(ServerLog { path, file, start_offset: since })
    }

    /// The output of a child process. Not a pipe: the server would inherit it, and its reader would wait forever.
    pub(super) fn to_stdio(&self) -> Result<Stdio, PostgresError> {
        self.file.try_clone().map(Stdio::from).map_err(PostgresError::from_io("share", &self.path))
    }

    /// The last lines that were added since it was opened.
    pub(super) fn tail(&self) -> LogTail {
        let mut added = Vec::new();
        let mut file = &self.file;
        let _ = file.seek(SeekFrom::Start(self.start_offset)).and_then(|_| file.read_to_end(&mut added));
        let last = &added[added.len().saturating_sub(MAX_TAIL_BYTES)..];
        LogTail { path: self.path.clone(), text: String::from_utf8_lossy(last).trim().to_owned() }
    }
}

const MAX_TAIL_BYTES: usize = 2000;
