//! One address or block a line, and perhaps a note.

use std::io::{self, BufRead};

use super::{Reads, Told, pieces::Pieces};
use crate::web::form;

/// The longest line that is read; of notes less is kept.
const LONGEST: usize = 4096;
/// The longest note, in characters.
const NOTE: usize = 500;

pub(super) struct Plain<R>(Pieces<R>);

impl<R: BufRead> Plain<R> {
    pub fn new(input: R) -> Plain<R> {
        Plain(Pieces::new(input, LONGEST, |byte| byte == b'\n'))
    }
}

impl<R: BufRead> Reads for Plain<R> {
    fn next(&mut self) -> io::Result<Option<Told>> {
        while let Some(piece) = self.0.next()? {
            let line = form::line(&piece.text);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (net, rest) = line.split_once([' ', ';', ',', '#']).unwrap_or((&line, ""));
            let note: String = rest.trim_start_matches([' ', ';', ',', '#']).chars().take(NOTE).collect();
            let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
            return Ok(Some(Told { note, ..Told::of(piece.line, net) }));
        }
        Ok(None)
    }
}
