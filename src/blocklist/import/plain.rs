//! Lists with one address or block per line and an optional note.

use std::io::{self, BufRead};

use super::{
    reader::{ListReader, ParsedEntry},
    tokenizer::ListTokenizer,
};
use crate::web::form;

/// The maximum length of a line, in bytes. The rest is ignored.
const MAX_LINE_LEN: usize = 4096;
/// The maximum length of a note, in characters. The rest is ignored.
const MAX_NOTE_LEN: usize = 500;

pub(crate) struct PlainReader<R>(ListTokenizer<R>);

impl<R: BufRead> PlainReader<R> {
    pub(super) fn new(input: R) -> PlainReader<R> {
        PlainReader(ListTokenizer::new(input, MAX_LINE_LEN, |byte| byte == b'\n'))
    }
}

impl<R: BufRead> ListReader for PlainReader<R> {
    fn next_entry(&mut self) -> io::Result<Option<ParsedEntry>> {
        while let Some(token) = self.0.next_token()? {
            let line = form::single_line(&token.text);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (net, rest) = line.split_once([' ', ';', ',', '#']).unwrap_or((&line, ""));
            let note: String = rest.trim_start_matches([' ', ';', ',', '#']).chars().take(MAX_NOTE_LEN).collect();
            let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
            return Ok(Some(ParsedEntry { note, ..ParsedEntry::parse(token.line, net) }));
        }
        Ok(None)
    }
}
