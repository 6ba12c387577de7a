//! Random tokens, keys in links, hashes and their encoding. Tokens are shown once and stored only as hashes.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The alphabet of Crockford's base 32 (<https://www.crockford.com/base32.html>). It has no letters that look like
/// digits.
pub const CROCKFORD_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A key as it is written in a link: 26 characters, 128 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey(pub String);

impl AccessKey {
    /// What is stored or compared in place of the key. Upper and lower case are the same.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.0.to_ascii_uppercase())
    }
}

/// Returns a new token of 256 random bits.
pub fn random() -> String {
    encode_crockford32(&rand::random::<[u8; 32]>())
}

/// Encodes bytes, five bits per character. The last character is padded with zero bits.
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

/// The SHA-256 hash that is stored in place of a token. Suitable for random values only; passwords are hashed with
/// Argon2.
pub fn sha256(text: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// Derives a UUID. The same text gives the same UUID.
pub fn uuid_from_hash(text: impl AsRef<[u8]>) -> Uuid {
    let hash = sha256(text);
    uuid::Builder::from_custom_bytes(std::array::from_fn(|index| hash[index])).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_encoded_in_base_32_with_padding_bits() {
        assert_eq!(encode_crockford32(&[0xff; 16]), "ZZZZZZZZZZZZZZZZZZZZZZZZZW");
        assert_eq!(encode_crockford32(&[0; 5]), "00000000");
        assert_eq!(encode_crockford32(b""), "");
        assert_eq!(random().len(), 52);
    }
}
