//! A maildir (<https://cr.yp.to/proto/maildir.html>) that a mail server delivers into: each file in `new` is one complete
//! message. It is moved to `cur` after it was stored. If the program stops in between, the message is ingested again and
//! recognized as a redelivery.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use time::OffsetDateTime;

use super::{disposition::Disposition, ingest::Inbox, raw_message::RawMessage};

/// Maximum number of messages ingested in one run. Files that fail don't count, or they would block all newer ones.
const BATCH_SIZE: usize = 200;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct MaildirReport {
    pub ingested_count: usize,
    /// Files that can't be read or moved. They stay and are tried again.
    pub failed_count: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum MaildirError {
    #[error("the maildir {0} can't be read")]
    ReadFolder(PathBuf, #[source] io::Error),
    #[error("messages in the maildir {0} can't be moved to cur")]
    MoveToCur(PathBuf, #[source] io::Error),
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
}

/// Ingests the messages in a maildir, the oldest first. After an error the remaining messages stay.
pub async fn ingest_new_files(
    folder: &Path,
    inbox: &Inbox,
    now: OffsetDateTime,
) -> Result<MaildirReport, MaildirError> {
    let mut report = MaildirReport::default();
    let files = run_blocking(folder, list_new_files)
        .await
        .map_err(|error| MaildirError::ReadFolder(folder.to_owned(), error))?;
    if !files.is_empty() {
        run_blocking(folder, ensure_cur_is_writable)
            .await
            .map_err(|error| MaildirError::MoveToCur(folder.to_owned(), error))?;
    }
    for file in files {
        if report.ingested_count == BATCH_SIZE {
            break;
        }
        let raw = match run_blocking(&file, |file| File::open(file).and_then(RawMessage::read_from)).await {
            Ok(raw) => raw,
            // another program has moved it
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                tracing::warn!(%error, "a message in the maildir can't be read");
                report.failed_count += 1;
                continue;
            }
        };
        let outcome = inbox.ingest(raw, now).await?;
        let cur = folder.join("cur");
        match run_blocking(&file, move |file| move_to_cur(&cur, file, outcome.disposition)).await {
            Ok(()) => report.ingested_count += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(%error, "a message in the maildir can't be moved");
                report.failed_count += 1;
            }
        }
    }
    Ok(report)
}

/// Runs file operations outside the threads that serve requests.
async fn run_blocking<T: Send + 'static>(
    path: &Path,
    operation: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let path = path.to_owned();
    let result = tokio::task::spawn_blocking(move || operation(&path)).await;
    result.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// Lists the files in `new` by name. Names start with the time of delivery.
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

/// Creates `cur` if it is missing, and moves a hidden file there as a test. If moving fails, every message would be ingested
/// again and again. Another program may do the same with the same file at the same time.
fn ensure_cur_is_writable(folder: &Path) -> io::Result<()> {
    let unless = |kind| move |error: io::Error| if error.kind() == kind { Ok(()) } else { Err(error) };
    let cur = folder.join("cur");
    fs::create_dir(&cur).or_else(unless(io::ErrorKind::AlreadyExists))?;
    let [from, to] = ["new", "cur"].map(|part| folder.join(part).join(".dzwoni"));
    File::create(&from)?;
    let moved = fs::rename(&from, &to).or_else(unless(io::ErrorKind::NotFound));
    let test_file = if moved.is_ok() { to } else { from };
    fs::remove_file(test_file).or_else(unless(io::ErrorKind::NotFound))?;
    moved
}

/// Moves a file to `cur`, marked as seen, and as flagged if staff must look at it.
fn move_to_cur(cur: &Path, file: &Path, disposition: Disposition) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    // a colon starts the flags, which no file in `new` should have
    if !name.as_encoded_bytes().contains(&b':') {
        name.push(match disposition {
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
