//! A maildir (<https://cr.yp.to/proto/maildir.html>) that a mail server delivers into: each file in `new` is one message,
//! whole from the moment it is there. It is moved to `cur` after it was stored. If the program ends in between, the message
//! comes again, and is known.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use time::OffsetDateTime;

use super::{Disposition, Inbox, MAX_MESSAGE_BYTES, ingest::RawMessage};

/// Messages that are taken in one turn. Those that are stuck don't count, or they would keep all newer ones.
const BATCH_SIZE: usize = 200;

/// What came of a look into the folder.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct MaildirReport {
    pub ingested_count: usize,
    /// Files that can't be read or moved: they stay, and are tried again.
    pub failed_count: usize,
}

/// Why nothing could be taken.
#[derive(Debug, thiserror::Error)]
pub enum MaildirError {
    #[error("the maildir {0} can't be read")]
    ReadFolder(PathBuf, #[source] io::Error),
    #[error("messages in the maildir {0} can't be moved to cur")]
    MoveToCur(PathBuf, #[source] io::Error),
    #[error("the database is away")]
    Database(#[from] sqlx::Error),
}

/// Takes the messages that are in a maildir, the oldest first.
///
/// # Errors
/// When the folder can't be read, or the database is away; what was not taken stays.
pub async fn ingest_new_files(
    folder: &Path,
    postbox: &Inbox,
    now: OffsetDateTime,
) -> Result<MaildirReport, MaildirError> {
    let mut taken = MaildirReport::default();
    let listed = run_blocking(folder, list_new_files)
        .await
        .map_err(|error| MaildirError::ReadFolder(folder.to_owned(), error))?;
    if !listed.is_empty() {
        run_blocking(folder, ensure_cur_is_writable)
            .await
            .map_err(|error| MaildirError::MoveToCur(folder.to_owned(), error))?;
    }
    for file in listed {
        if taken.ingested_count == BATCH_SIZE {
            break;
        }
        let raw = match run_blocking(&file, |file| File::open(file).and_then(read_raw_message)).await {
            Ok(raw) => raw,
            // another program has taken it
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                tracing::warn!(%error, "a message in the maildir can't be read");
                taken.failed_count += 1;
                continue;
            }
        };
        let received = postbox.ingest(raw, now).await?;
        let cur = folder.join("cur");
        match run_blocking(&file, move |file| move_to_cur(&cur, file, received.disposition)).await {
            Ok(()) => taken.ingested_count += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(%error, "a message in the maildir can't be moved");
                taken.failed_count += 1;
            }
        }
    }
    Ok(taken)
}

/// Does what may take its time off the threads that answer requests.
async fn run_blocking<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let path = path.to_owned();
    let done = tokio::task::spawn_blocking(move || work(&path)).await;
    done.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// Files in `new`, in the order of their names, which begin with the time.
fn list_new_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.join("new"))? {
        let entry = entry?;
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !is_hidden && entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

/// Makes `cur` where it is missing, and moves a file of its own there, which readers of maildirs don't see: where that fails,
/// every message would be read and stored again and again. Another program may do the same with the same file.
fn ensure_cur_is_writable(folder: &Path) -> io::Result<()> {
    let not = |kind| move |error: io::Error| if error.kind() == kind { Ok(()) } else { Err(error) };
    let cur = folder.join("cur");
    fs::create_dir(&cur).or_else(not(io::ErrorKind::AlreadyExists))?;
    let [from, to] = ["new", "cur"].map(|part| folder.join(part).join(".dzwoni"));
    File::create(&from)?;
    let moved = fs::rename(&from, &to).or_else(not(io::ErrorKind::NotFound));
    let left = if moved.is_ok() { to } else { from };
    fs::remove_file(left).or_else(not(io::ErrorKind::NotFound))?;
    moved
}

/// A message, or as much of it as is taken, and its length.
pub fn read_raw_message(mut from: impl Read) -> io::Result<RawMessage> {
    let mut bytes = Vec::new();
    from.by_ref().take(MAX_MESSAGE_BYTES as u64).read_to_end(&mut bytes)?;
    let rest = io::copy(&mut from, &mut io::sink())?;
    let size = bytes.len() as u64 + rest;
    Ok(RawMessage { bytes, size })
}

/// Moves a file to `cur`: seen, and flagged where staff must look at it.
fn move_to_cur(cur: &Path, file: &Path, fate: Disposition) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    // what stands behind a colon are flags, which no file in `new` should have
    if !name.as_encoded_bytes().contains(&b':') {
        name.push(match fate {
            Disposition::Unreadable => ":2,FS",
            Disposition::TicketOpened
            | Disposition::AddedToTicket
            | Disposition::Bounce
            | Disposition::Automatic
            | Disposition::Loop
            | Disposition::Flood => ":2,S",
        });
    }
    fs::rename(file, cur.join(name))
}
