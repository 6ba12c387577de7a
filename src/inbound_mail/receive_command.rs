//! `dzwoni mail receive`: what a mail server's pipe transport starts for each message, and the exit codes that it knows.

use std::{io, process::ExitCode};

use time::OffsetDateTime;

use super::{Inbox, IngestOutcome, ingest::RawMessage, maildir::read_raw_message};

/// Exit codes of `sysexits.h`. Postfix and Exim try again after 75 and send the message back after any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiveExitCode {
    Ok = 0,
    /// There is no message: nothing can be lost.
    NoMessage = 65,
    /// Try again later: whatever is wrong is not the message's fault.
    TemporaryFailure = 75,
}

impl From<ReceiveExitCode> for ExitCode {
    fn from(exit: ReceiveExitCode) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Reads a message from standard input. `None` when there is none.
///
/// # Errors
/// When it can't be read to its end.
pub fn read_from_stdin() -> io::Result<Option<RawMessage>> {
    let raw = read_raw_message(io::stdin().lock())?;
    Ok(Some(raw).filter(|raw| !raw.bytes.iter().all(u8::is_ascii_whitespace)))
}

/// Takes it, and says in two words what became of it.
///
/// # Errors
/// When the database is away.
pub async fn run(postbox: &Inbox, raw: RawMessage, now: OffsetDateTime) -> Result<String, sqlx::Error> {
    let IngestOutcome { disposition: fate, reason: why } = postbox.ingest(raw, now).await?;
    Ok(format!("{} {why}", fate.as_str()))
}
