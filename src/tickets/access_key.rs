//! What is made from the portal's own secret: the key to a ticket's page, of which the database keeps only a hash, and
//! marks that show that a word is ours.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::PgConnection;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::token::{encode_crockford32, sha256};

/// A key as it stands in a link: 26 characters, 128 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey(pub String);

impl AccessKey {
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.0.to_ascii_uppercase())
    }
}

/// The secret, which only the database knows.
pub struct SigningSecret([u8; 32]);

impl SigningSecret {
    /// # Errors
    /// When the database is away.
    pub async fn load(db: &mut PgConnection) -> Result<SigningSecret, sqlx::Error> {
        let secret = sqlx::query_scalar!("select value from signing_secret").fetch_one(db).await?;
        secret.try_into().map(SigningSecret).map_err(|_| sqlx::Error::RowNotFound)
    }

    /// One that is known, for tests.
    pub const fn from_bytes(secret: [u8; 32]) -> SigningSecret {
        SigningSecret(secret)
    }

    /// The key of a ticket: an HMAC-SHA-256 (RFC 2104), cut to 128 bits, of what the ticket keeps of its form and of how
    /// often the key was replaced (`generation`). It is the same whenever it is made: for a form that is sent twice, and for
    /// each letter that has the link in it. See [`super::command::access_link::current`].
    pub fn access_key(&self, submission_hash: &[u8], generation: i32) -> AccessKey {
        let first = match generation {
            0 => submission_hash.to_vec(),
            _ => [submission_hash, &generation.to_be_bytes()].concat(),
        };
        AccessKey(encode_crockford32(&self.hmac("key to a ticket", &first)[..16]))
    }

    /// The key to something else that has a name, of which nothing is kept: it is made again to be compared. A `purpose` of its
    /// own for each use.
    pub fn derive_key(&self, purpose: &str, name: &str) -> AccessKey {
        AccessKey(encode_crockford32(&self.hmac(purpose, name.as_bytes())[..16]))
    }

    /// What shows that we wrote `text`: 80 bits in sixteen small letters and digits. A `purpose` of its own for each use.
    pub fn compute_tag(&self, purpose: &str, text: &str) -> String {
        encode_crockford32(&self.hmac(purpose, text.as_bytes())[..10]).to_ascii_lowercase()
    }

    fn hmac(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("any length will do"));
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text);
        mac.finalize().into_bytes().into()
    }
}

/// Makes keys for new forms; reads the secret once.
#[derive(Default)]
pub struct CachedSecret {
    secret: OnceCell<SigningSecret>,
}

impl CachedSecret {
    /// # Errors
    /// When the secret has not been read yet and the database is away.
    pub async fn secret(&self, db: &mut PgConnection) -> Result<&SigningSecret, sqlx::Error> {
        self.secret.get_or_try_init(|| SigningSecret::load(db)).await
    }

    /// The first key for a form.
    ///
    /// # Errors
    /// When the secret has not been read yet and the database is away.
    pub async fn initial_access_key(&self, db: &mut PgConnection, submission: Uuid) -> Result<AccessKey, sqlx::Error> {
        Ok(self.secret(db).await?.access_key(&hash_submission_id(submission), 0))
    }
}

/// What a ticket keeps of its form's id.
pub(super) fn hash_submission_id(submission: Uuid) -> [u8; 32] {
    sha256(submission.to_string())
}

#[cfg(test)]
mod tests {
    use crate::tickets::access_key::*;

    #[test]
    fn keys_and_marks_are_each_their_own() {
        let seal = SigningSecret::from_bytes([7; 32]);
        let key = seal.access_key(b"one", 0).0;
        assert_eq!(key.len(), 26);
        assert_eq!(key, seal.access_key(b"one", 0).0);
        assert_ne!(key, seal.access_key(b"two", 0).0);
        assert_ne!(key, seal.access_key(b"one", 1).0);
        assert_ne!(seal.access_key(b"one", 2).0, seal.access_key(b"one", 1).0);
        assert_ne!(key, SigningSecret([8; 32]).access_key(b"one", 0).0);
        assert_eq!(seal.derive_key("follow", "1").0.len(), 26);
        assert_ne!(seal.derive_key("follow", "1").0, seal.derive_key("follow", "2").0);
        assert_ne!(seal.derive_key("follow", "1").0, seal.derive_key("follow1", "").0);
        let mark = seal.compute_tag("letter", "1");
        assert_eq!(mark.len(), 16);
        assert_ne!(mark, seal.compute_tag("letter", "2"));
        assert_ne!(mark, seal.compute_tag("reply", "1"));
        // the purpose ends somewhere
        assert_ne!(seal.compute_tag("lette", "r1"), seal.compute_tag("letter", "1"));
    }
}
