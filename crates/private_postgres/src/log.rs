//! The log of a server and of the programs that make and start it: the only place that says what went wrong.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Stdio;

use super::error::{LogTail, PostgresError};
use super::paths::ClusterPaths;

/// The log, opened at its end.
pub(super) struct ServerLog {
    path: PathBuf,
    file: File,
    start_offset: u64,
}

impl ServerLog {
    pub(super) fn open(place: &ClusterPaths) -> Result<ServerLog, PostgresError> {
        let path = place.log_file();
        let mut options = OpenOptions::new();
        // Statements that failed are in it, with what people wrote: nobody else may read them.
        options.read(true).append(true).create(true).mode(0o600);
        let file = options.open(&path).map_err(PostgresError::from_io("open", &path))?;
        place.account.chown(&path)?;
        let since = file.metadata().map_err(PostgresError::from_io("read", &path))?.len();
        Ok(ServerLog { path, file, start_offset: since })
    }

    /// For a program to write into. Never a pipe: the server would inherit it, and its reader would wait for ever.
    pub(super) fn to_stdio(&self) -> Result<Stdio, PostgresError> {
        self.file.try_clone().map(Stdio::from).map_err(PostgresError::from_io("share", &self.path))
    }

    /// The last of what was added since it was opened.
    pub(super) fn tail(&self) -> LogTail {
        let mut added = Vec::new();
        let mut file = &self.file;
        let _ = file.seek(SeekFrom::Start(self.start_offset)).and_then(|_| file.read_to_end(&mut added));
        let last = &added[added.len().saturating_sub(MAX_TAIL_BYTES)..];
        LogTail { path: self.path.clone(), text: String::from_utf8_lossy(last).trim().to_owned() }
    }
}

const MAX_TAIL_BYTES: usize = 2000;
