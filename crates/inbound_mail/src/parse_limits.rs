//! Limits for hostile messages: a hundred thousand parts, deeply nested messages, a header of megabytes. Messages that
//! people send stay far below them; of any other message the beginning is parsed.

use mail_parser::{Message, PartType};

/// Maximum number of lines that may be structure: a boundary, or the start of a header. Each costs the parser memory.
const MAX_STRUCTURE_LINES: usize = 50_000;
/// Maximum number of multiparts. The parser searches for the boundary of each in everything that follows.
const MAX_MULTIPARTS: usize = 100;
/// A header's name ends, and its value starts, within this many bytes of its line.
const MAX_HEADER_START_BYTES: usize = 80;

/// Returns the beginning of a message that is within the limits.
pub(crate) fn truncate_structure(raw: &[u8]) -> &[u8] {
    let (mut len, mut lines, mut multiparts) = (0, 0, 0);
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
            return &raw[..len];
        }
        len += line.len();
    }
    raw
}

fn has_boundary(line: &[u8]) -> bool {
    line.windows(8).any(|window| window.eq_ignore_ascii_case(b"boundary"))
}

/// Drops a message without recursion: messages may be nested thousands of levels deep.
pub(crate) fn drop_iteratively(message: Message<'_>) {
    let mut pending = vec![message];
    while let Some(message) = pending.pop() {
        for part in message.parts {
            if let PartType::Message(nested) = part.body {
                pending.push(nested);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::parse_limits::*;

    #[test]
    fn a_large_message_of_a_person_is_not_truncated() {
        let mut mail = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n".to_vec();
        for _ in 0..200_000 {
            mail.extend_from_slice(&[b'A'; 76]);
            mail.extend_from_slice(b"\r\n");
        }
        assert!(truncate_structure(&mail) == mail);
        assert_eq!(truncate_structure(b""), b"");
    }

    #[test]
    fn a_message_with_too_much_structure_is_truncated() {
        for structure in
            ["--b\n\n", "a:\n", "Content-Type: message/rfc822\n\n", "Content-Type: multipart/x;\n boundary=b\n\n"]
        {
            let mail = structure.repeat(100_000);
            let kept_len = truncate_structure(mail.as_bytes()).len();
            assert!((500..mail.len()).contains(&kept_len), "{structure:?}");
        }
    }
}
