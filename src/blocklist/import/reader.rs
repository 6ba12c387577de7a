//! What the readers of all formats have in common.

use std::io;

use ipnet::IpNet;
use time::OffsetDateTime;

use crate::blocklist::net::{self, NetParseError};

/// The maximum length of an address or word, in bytes. Longer text is cut.
pub(super) const MAX_TOKEN_LEN: usize = 256;

/// The maximum length of invalid text in an error message, in characters.
const MAX_ERROR_TEXT_LEN: usize = 60;

/// A reader of one format.
pub(super) trait ListReader {
    /// Returns the next entry, or `None` at the end of the list.
    fn next_entry(&mut self) -> io::Result<Option<ParsedEntry>>;
}

/// An entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParsedEntry {
    /// From 1.
    pub(super) line: u64,
    pub(super) text: String,
    pub(super) net: Result<IpNet, NetParseError>,
    pub(super) note: Option<String>,
    pub(super) since: Option<OffsetDateTime>,
    pub(super) until: Option<OffsetDateTime>,
}

impl ParsedEntry {
    /// Parses an address or block. Bits after the prefix are dropped, because the meaning is clear.
    pub(super) fn parse(line: u64, text: &str) -> ParsedEntry {
        let net = net::parse_with_host_bits(text).map(|net| net.trunc());
        let text = text.chars().take(MAX_ERROR_TEXT_LEN).collect();
        ParsedEntry { line, text, net, note: None, since: None, until: None }
    }
}
