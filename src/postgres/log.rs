//! The log of a server and of the programs that make and start it: the only place that says what went wrong.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Stdio;

use super::error::{Error, Tail};
use super::place::Place;

/// The log, opened at its end.
pub(super) struct Log {
    path: PathBuf,
    file: File,
    since: u64,
}

impl Log {
    pub fn open(place: &Place) -> Result<Log, Error> {
        let path = place.log();
        let mut options = OpenOptions::new();
        // Statements that failed are in it, with what people wrote: nobody else may read them.
        options.read(true).append(true).create(true).mode(0o600);
        let file = options.open(&path).map_err(Error::io("open", &path))?;
        place.account.own(&path)?;
        let since = file.metadata().map_err(Error::io("read", &path))?.len();
        Ok(Log { path, file, since })
    }

    /// For a program to write into. Never a pipe: the server would inherit it, and its reader would wait for ever.
    pub fn output(&self) -> Result<Stdio, Error> {
        self.file.try_clone().map(Stdio::from).map_err(Error::io("share", &self.path))
    }

    /// The last of what was added since it was opened.
    pub fn tail(&self) -> Tail {
        let mut added = Vec::new();
        let mut file = &self.file;
        let _ = file.seek(SeekFrom::Start(self.since)).and_then(|_| file.read_to_end(&mut added));
        let last = &added[added.len().saturating_sub(LONGEST_TAIL)..];
        Tail { log: self.path.clone(), text: String::from_utf8_lossy(last).trim().to_owned() }
    }
}

const LONGEST_TAIL: usize = 2000;
