//! Finds the session of a datagram before anything else parses it. A browser's first datagrams are STUN binding requests
//! that carry the session's id.

const HEADER_LEN: usize = 20;
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const USERNAME_ATTRIBUTE: u16 = 0x0006;

/// The session id in a STUN binding request: the first part of the attribute USERNAME, our ICE username fragment
/// (RFC 8489, 14.3; RFC 8445, 7.2.2).
pub fn parse_session_id(datagram: &[u8]) -> Option<&str> {
    let header = datagram.get(..HEADER_LEN)?;
    let is_binding_request = header[..2] == [0, 1] && header[4..8] == MAGIC_COOKIE;
    let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    if !is_binding_request || length != datagram.len() - HEADER_LEN {
        return None;
    }
    let mut rest = &datagram[HEADER_LEN..];
    while let Some((head, body)) = rest.split_at_checked(4) {
        let kind = u16::from_be_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let value = body.get(..length)?;
        if kind == USERNAME_ATTRIBUTE {
            return std::str::from_utf8(value).ok()?.split_once(':').map(|(local_ufrag, _)| local_ufrag);
        }
        rest = body.get(length.next_multiple_of(4)..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn binding_request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, value) in attributes {
            body.extend(kind.to_be_bytes());
            body.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            body.extend(*value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let mut datagram = vec![0, 1];
        datagram.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        datagram.extend(MAGIC_COOKIE);
        datagram.extend([7; 12]);
        datagram.extend(body);
        datagram
    }

    #[test]
    fn the_session_id_is_found_at_any_attribute_position() {
        assert_eq!(parse_session_id(&binding_request(&[(USERNAME_ATTRIBUTE, b"ours:theirs")])), Some("ours"));
        assert_eq!(
            parse_session_id(&binding_request(&[(0x0024, &[0; 4]), (0x8029, &[1; 3]), (USERNAME_ATTRIBUTE, b"a:b")])),
            Some("a")
        );
    }

    #[test]
    fn other_datagrams_have_no_session_id() {
        let valid = binding_request(&[(USERNAME_ATTRIBUTE, b"ours:theirs")]);
        assert_eq!(parse_session_id(&valid[..valid.len() - 1]), None);
        assert_eq!(parse_session_id(&[&valid[..], &[0]].concat()), None);
        for offset in [0, 1, 4, 7] {
            let mut invalid = valid.clone();
            invalid[offset] ^= 0x40;
            assert_eq!(parse_session_id(&invalid), None);
        }
        assert_eq!(parse_session_id(&binding_request(&[(USERNAME_ATTRIBUTE, b"no colon")])), None);
        assert_eq!(parse_session_id(&binding_request(&[(USERNAME_ATTRIBUTE, b"\xff\xfe:x")])), None);
        assert_eq!(parse_session_id(&binding_request(&[(0x0024, &[0; 4])])), None);
        assert_eq!(parse_session_id(b""), None);
    }

    proptest! {
        #[test]
        fn parsing_never_panics(mut bytes in prop::collection::vec(any::<u8>(), 0..200), has_valid_header in any::<bool>()) {
            if has_valid_header && bytes.len() >= HEADER_LEN {
                let length = u16::try_from(bytes.len() - HEADER_LEN).unwrap().to_be_bytes();
                bytes[..8].copy_from_slice(&[0, 1, length[0], length[1], 0x21, 0x12, 0xa4, 0x42]);
            }
            let _ = parse_session_id(&bytes);
        }
    }
}
