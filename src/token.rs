//! Things that open a door: random or derived, shown once, kept only as hashes.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Crockford's base 32 (<https://www.crockford.com/base32.html>): no letter that is taken for a digit.
pub const CROCKFORD_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new token of 256 random bits.
pub fn random() -> String {
    encode_crockford32(&rand::random::<[u8; 32]>())
}

/// Bytes as text, five bits a character, the last one filled up with zeros.
pub fn encode_crockford32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut buffer, mut bits) = (0_u32, 0);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(CROCKFORD_ALPHABET[(buffer >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(CROCKFORD_ALPHABET[(buffer << (5 - bits)) as usize & 31]));
    }
    text
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// What is kept instead of a thing that must not be read back: its SHA-256. Good for random things only; passwords go
/// through Argon2.
pub fn sha256(text: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// An id that comes out the same for the same text.
pub fn uuid_from_hash(text: impl AsRef<[u8]>) -> Uuid {
    let hash = sha256(text);
    uuid::Builder::from_custom_bytes(std::array::from_fn(|at| hash[at])).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bytes_make_twenty_six_characters() {
        assert_eq!(encode_crockford32(&[0xff; 16]), "ZZZZZZZZZZZZZZZZZZZZZZZZZW");
        assert_eq!(encode_crockford32(&[0; 5]), "00000000");
        assert_eq!(encode_crockford32(b""), "");
        assert_eq!(random().len(), 52);
        assert_eq!(hex(&[0, 0x1f, 0xa0, 0xff]), "001fa0ff");
    }
}
