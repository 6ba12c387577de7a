//! A text cut into pieces, with the line of each. However long a line or a piece is, little of it is kept in memory.

use std::io::{self, BufRead};

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListToken {
    /// From 1.
    pub line: u64,
    /// Without what is longer than anything that can be read.
    pub text: String,
}

/// Cuts a text at each byte that `ends` a piece; line ends must be among them. Empty pieces are left out.
pub(crate) struct ListTokenizer<R> {
    input: R,
    is_delimiter: fn(u8) -> bool,
    /// Bytes of a piece that are kept.
    max_token_len: usize,
    line: u64,
}

impl<R: BufRead> ListTokenizer<R> {
    pub fn new(input: R, longest: usize, ends: fn(u8) -> bool) -> ListTokenizer<R> {
        ListTokenizer { input, is_delimiter: ends, max_token_len: longest, line: 1 }
    }

    pub fn next_token(&mut self) -> io::Result<Option<ListToken>> {
        let (mut kept, line) = (Vec::new(), self.line);
        let mut piece = ListToken { line, text: String::new() };
        loop {
            let bytes = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            if bytes.is_empty() {
                return Ok((!kept.is_empty()).then(|| ListToken { text: decode_text(&kept), ..piece }));
            }
            let end = bytes.iter().position(|byte| (self.is_delimiter)(*byte));
            let part = &bytes[..end.unwrap_or(bytes.len())];
            let room = self.max_token_len.saturating_sub(kept.len()).min(part.len());
            kept.extend_from_slice(&part[..room]);
            let is_line_end = end.is_some_and(|end| bytes[end] == b'\n');
            let used = end.map_or(bytes.len(), |end| end + 1);
            self.input.consume(used);
            if is_line_end {
                self.line += 1;
            }
            match end {
                Some(_) if kept.is_empty() => piece.line = self.line,
                Some(_) => return Ok(Some(ListToken { text: decode_text(&kept), ..piece })),
                None => {}
            }
        }
    }
}

/// Without the mark that some editors begin a file with.
fn decode_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use crate::blocklist::import::tokenizer::*;

    fn tokenize(text: &[u8], buffer: usize) -> Vec<(u64, String)> {
        let ends = |byte: u8| byte.is_ascii_whitespace() || byte == b',';
        let mut pieces = ListTokenizer::new(BufReader::with_capacity(buffer, text), 5, ends);
        let mut all = Vec::new();
        while let Some(piece) = pieces.next_token().unwrap() {
            all.push((piece.line, piece.text));
        }
        all
    }

    #[test]
    fn pieces_know_their_lines_however_they_come() {
        let text = b"\xef\xbb\xbfab\n\n,c d,\r\nlonger-than-five\n\xff";
        for buffer in [1, 2, 3, 7, 1000] {
            let expected = [(1, "ab"), (3, "c"), (3, "d"), (4, "longe"), (5, "\u{fffd}")];
            assert_eq!(tokenize(text, buffer), expected.map(|(line, text)| (line, text.to_owned())), "{buffer}");
        }
        assert!(tokenize(b"", 8).is_empty() && tokenize(b"\n \n", 8).is_empty());
    }
}
