//! A message as the mail server delivers it.

use std::io::{self, Read};

use super::limits::MAX_MESSAGE_BYTES;

#[derive(Debug)]
pub struct RawMessage {
    /// The whole message, or its first [`MAX_MESSAGE_BYTES`].
    pub bytes: Vec<u8>,
    /// The size of the whole message, in bytes.
    pub size: u64,
}

impl RawMessage {
    /// Reads to the end of the source. What exceeds the size limit is counted and dropped.
    pub fn read_from(mut source: impl Read) -> io::Result<RawMessage> {
        let mut bytes = Vec::new();
        source.by_ref().take(MAX_MESSAGE_BYTES as u64).read_to_end(&mut bytes)?;
        let excess = io::copy(&mut source, &mut io::sink())?;
        let size = bytes.len() as u64 + excess;
        Ok(RawMessage { bytes, size })
    }
}
