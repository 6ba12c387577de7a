//! Splits text into tokens with line numbers. Memory use does not depend on the length of lines or tokens.

use std::io::{self, BufRead};

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListToken {
    /// From 1.
    pub(super) line: u64,
    /// Cut to the maximum length.
    pub(super) text: String,
}

/// Splits text at delimiters, which must include line ends. Empty tokens are skipped.
pub(crate) struct ListTokenizer<R> {
    input: R,
    is_delimiter: fn(u8) -> bool,
    /// In bytes.
    max_token_len: usize,
    line: u64,
}

impl<R: BufRead> ListTokenizer<R> {
    pub(super) fn new(input: R, max_token_len: usize, is_delimiter: fn(u8) -> bool) -> ListTokenizer<R> {
        ListTokenizer { input, is_delimiter, max_token_len, line: 1 }
    }

    pub(super) fn next_token(&mut self) -> io::Result<Option<ListToken>> {
        let (mut token_bytes, line) = (Vec::new(), self.line);
        let mut token = ListToken { line, text: String::new() };
        loop {
            let bytes = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            if bytes.is_empty() {
                return Ok((!token_bytes.is_empty()).then(|| ListToken { text: decode_text(&token_bytes), ..token }));
            }
            let end = bytes.iter().position(|byte| (self.is_delimiter)(*byte));
            let part = &bytes[..end.unwrap_or(bytes.len())];
            let kept_len = self.max_token_len.saturating_sub(token_bytes.len()).min(part.len());
            token_bytes.extend_from_slice(&part[..kept_len]);
            let is_line_end = end.is_some_and(|end| bytes[end] == b'\n');
            let consumed = end.map_or(bytes.len(), |end| end + 1);
            self.input.consume(consumed);
            if is_line_end {
                self.line += 1;
            }
            match end {
                Some(_) if token_bytes.is_empty() => token.line = self.line,
                Some(_) => return Ok(Some(ListToken { text: decode_text(&token_bytes), ..token })),
                None => {}
            }
        }
    }
}

/// Decodes UTF-8 and removes the byte order mark that some editors write.
fn decode_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn tokenize(text: &[u8], buffer: usize) -> Vec<(u64, String)> {
        let is_delimiter = |byte: u8| byte.is_ascii_whitespace() || byte == b',';
        let mut tokenizer = ListTokenizer::new(BufReader::with_capacity(buffer, text), 5, is_delimiter);
        let mut tokens = Vec::new();
        while let Some(token) = tokenizer.next_token().unwrap() {
            tokens.push((token.line, token.text));
        }
        tokens
    }

    #[test]
    fn tokens_and_lines_do_not_depend_on_the_buffer_size() {
        let text = b"\xef\xbb\xbfab\n\n,c d,\r\nlonger-than-five\n\xff";
        for buffer in [1, 2, 3, 7, 1000] {
            let expected = [(1, "ab"), (3, "c"), (3, "d"), (4, "longe"), (5, "\u{fffd}")];
            assert_eq!(tokenize(text, buffer), expected.map(|(line, text)| (line, text.to_owned())), "{buffer}");
        }
        assert!(tokenize(b"", 8).is_empty() && tokenize(b"\n \n", 8).is_empty());
    }
}
