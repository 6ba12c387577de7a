//! `dzwoni mail receive`: the command that a mail server's pipe transport starts for each message, and its exit codes.

use std::{io, process::ExitCode};

use time::OffsetDateTime;

use super::{disposition::IngestOutcome, ingest::Inbox, raw_message::RawMessage};

/// Exit codes of `sysexits.h`. Postfix and Exim retry after 75 and bounce the message after any other failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiveExitCode {
    Ok = 0,
    /// Standard input is empty, so nothing can be lost.
    NoMessage = 65,
    /// The mail server must retry, because the message is not at fault.
    TemporaryFailure = 75,
}

impl From<ReceiveExitCode> for ExitCode {
    fn from(code: ReceiveExitCode) -> ExitCode {
        ExitCode::from(code as u8)
    }
}

/// Reads a message from standard input. Returns `None` if there is nothing but white space.
pub fn read_from_stdin() -> io::Result<Option<RawMessage>> {
    let raw = RawMessage::read_from(io::stdin().lock())?;
    Ok(Some(raw).filter(|raw| !raw.bytes.iter().all(u8::is_ascii_whitespace)))
}

/// Ingests a message. Returns the disposition and the rule as the command prints them.
pub async fn run(inbox: &Inbox, raw: RawMessage, now: OffsetDateTime) -> Result<String, sqlx::Error> {
    let IngestOutcome { disposition, reason } = inbox.ingest(raw, now).await?;
    Ok(format!("{} {reason}", disposition.into_str()))
}
