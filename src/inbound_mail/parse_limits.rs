//! Messages that are made to hurt: a hundred thousand parts, messages within messages within messages, a header as long as
//! a book. What a person sends stays far below these bounds; of anything else the beginning is read.

use mail_parser::{Message, PartType};

/// Lines that may make structure: a boundary, or a header's beginning. Each costs the parser memory.
const MAX_STRUCTURE_LINES: usize = 50_000;
/// Multiparts; the parser looks for each one's boundary through all that follows.
const MAX_MULTIPARTS: usize = 100;
/// A header field's name and value begin within so many bytes of its line.
const MAX_HEADER_START_BYTES: usize = 80;

/// The part of a message that may be parsed, and whether that is all of it.
pub fn truncate_structure(raw: &[u8]) -> (&[u8], bool) {
    let (mut at, mut lines, mut multiparts) = (0, 0, 0);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let start = &line[..line.len().min(MAX_HEADER_START_BYTES)];
        let is_long = line.len() > MAX_HEADER_START_BYTES;
        if line.starts_with(b"--") || start.contains(&b':') || is_long {
            lines += 1;
            multiparts += usize::from(has_boundary(line));
        } else if start.starts_with(b" ") || start.starts_with(b"\t") {
            multiparts += usize::from(has_boundary(line));
        }
        if lines > MAX_STRUCTURE_LINES || multiparts > MAX_MULTIPARTS {
            return (&raw[..at], false);
        }
        at += line.len();
    }
    (raw, true)
}

fn has_boundary(line: &[u8]) -> bool {
    line.windows(8).any(|window| window.eq_ignore_ascii_case(b"boundary"))
}

/// Drops a message without calling itself: messages within messages may be thousands deep.
pub fn drop_iteratively(message: Message<'_>) {
    let mut left = vec![message];
    while let Some(message) = left.pop() {
        for part in message.parts {
            if let PartType::Message(inner) = part.body {
                left.push(inner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::inbound_mail::parse_limits::*;

    #[test]
    fn what_people_send_is_read_whole() {
        let mut mail = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n".to_vec();
        for _ in 0..200_000 {
            mail.extend_from_slice(&[b'A'; 76]);
            mail.extend_from_slice(b"\r\n");
        }
        assert_eq!(truncate_structure(&mail), (&mail[..], true));
        assert_eq!(truncate_structure(b""), (&b""[..], true));
    }

    #[test]
    fn structure_without_end_is_cut() {
        for piece in
            ["--b\n\n", "a:\n", "Content-Type: message/rfc822\n\n", "Content-Type: multipart/x;\n boundary=b\n\n"]
        {
            let mail = piece.repeat(100_000);
            let (kept, whole) = truncate_structure(mail.as_bytes());
            assert!(!whole && kept.len() < mail.len(), "{piece:?}");
            assert!(kept.len() > 500, "{piece:?}");
        }
    }
}
