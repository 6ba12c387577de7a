//! The portal's secret, which only the database stores, and what is derived from it: keys in links, and tags that prove
//! that a text comes from the portal.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::PgConnection;
use tokio::sync::OnceCell;

use crate::token::encode_crockford32;

/// The secret: 256 bits.
#[derive(Clone)]
pub struct SigningSecret([u8; 32]);

impl SigningSecret {
    /// Reads it from the database. The program does this once: see [`CachedSecret`].
    pub async fn load(db: &mut PgConnection) -> Result<SigningSecret, sqlx::Error> {
        let secret = sqlx::query_scalar!("select value from signing_secret").fetch_one(db).await?;
        secret.try_into().map(SigningSecret).map_err(|_| sqlx::Error::RowNotFound)
    }

    /// A known secret, for tests.
    pub const fn from_bytes(secret: [u8; 32]) -> SigningSecret {
        SigningSecret(secret)
    }

    /// A key: an HMAC-SHA-256 (RFC 2104) cut to 128 bits, in 26 characters. The same input always has the same key, so a
    /// key need not be stored. Each kind of key needs a `purpose` of its own.
    pub fn derive_key(&self, purpose: &str, input: impl AsRef<[u8]>) -> String {
        encode_crockford32(&self.hmac(purpose, input.as_ref())[..16])
    }

    /// A tag of 80 bits in 16 lower-case letters and digits. Each kind of tag needs a `purpose` of its own.
    pub fn compute_tag(&self, purpose: &str, text: &str) -> String {
        encode_crockford32(&self.hmac(purpose, text.as_bytes())[..10]).to_ascii_lowercase()
    }

    fn hmac(&self, purpose: &str, input: &[u8]) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("any key length is valid"));
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(input);
        mac.finalize().into_bytes().into()
    }
}

/// The secret of the running program, read from the database on first use. Clones share it.
#[derive(Clone, Default)]
pub struct CachedSecret(Arc<OnceCell<SigningSecret>>);

impl CachedSecret {
    pub async fn get(&self, db: &mut PgConnection) -> Result<&SigningSecret, sqlx::Error> {
        self.0.get_or_try_init(|| SigningSecret::load(db)).await
    }
}

#[cfg(test)]
mod tests {
    use crate::signing::*;

    const SECRET: SigningSecret = SigningSecret::from_bytes([7; 32]);

    #[test]
    fn a_key_depends_on_the_secret_the_purpose_and_the_input() {
        let key = SECRET.derive_key("follow", "1");
        assert_eq!(key.len(), 26);
        assert_eq!(key, SECRET.derive_key("follow", "1"));
        assert_ne!(key, SECRET.derive_key("follow", "2"));
        assert_ne!(key, SECRET.derive_key("follow1", ""));
        assert_ne!(key, SigningSecret::from_bytes([8; 32]).derive_key("follow", "1"));
    }

    #[test]
    fn a_tag_depends_on_the_purpose_and_the_text_and_where_one_ends() {
        let tag = SECRET.compute_tag("letter", "1");
        assert_eq!(tag.len(), 16);
        assert_ne!(tag, SECRET.compute_tag("letter", "2"));
        assert_ne!(tag, SECRET.compute_tag("reply", "1"));
        assert_ne!(tag, SECRET.compute_tag("lette", "r1"));
    }
}
