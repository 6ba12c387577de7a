//! What is made from the portal's own secret: the key to a ticket's page, of which the database keeps only a hash, and
//! marks that show that a word is ours.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::PgConnection;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::token::{encode, hash};

/// A key as it stands in a link: 26 characters, 128 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(pub String);

impl Key {
    pub fn hash(&self) -> [u8; 32] {
        hash(self.0.to_ascii_uppercase())
    }
}

/// The secret, which only the database knows.
pub struct Seal([u8; 32]);

impl Seal {
    /// # Errors
    /// When the database is away.
    pub async fn read(db: &mut PgConnection) -> Result<Seal, sqlx::Error> {
        let secret = sqlx::query_scalar!("select value from secret").fetch_one(db).await?;
        secret.try_into().map(Seal).map_err(|_| sqlx::Error::RowNotFound)
    }

    /// One that is known, for tests.
    pub const fn of(secret: [u8; 32]) -> Seal {
        Seal(secret)
    }

    /// The key of a ticket: an HMAC-SHA-256 (RFC 2104), cut to 128 bits, of what the ticket keeps of its form and of how
    /// often the key was replaced (`generation`). It is the same whenever it is made: for a form that is sent twice, and for
    /// each letter that has the link in it. See [`super::link::current`].
    pub fn key(&self, submission_hash: &[u8], generation: i32) -> Key {
        let first = match generation {
            0 => submission_hash.to_vec(),
            _ => [submission_hash, &generation.to_be_bytes()].concat(),
        };
        Key(encode(&self.mac("key to a ticket", &first)[..16]))
    }

    /// The key to something else that has a name, of which nothing is kept: it is made again to be compared. A `purpose` of its
    /// own for each use.
    pub fn key_to(&self, purpose: &str, name: &str) -> Key {
        Key(encode(&self.mac(purpose, name.as_bytes())[..16]))
    }

    /// What shows that we wrote `text`: 80 bits in sixteen small letters and digits. A `purpose` of its own for each use.
    pub fn mark(&self, purpose: &str, text: &str) -> String {
        encode(&self.mac(purpose, text.as_bytes())[..10]).to_ascii_lowercase()
    }

    fn mac(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("any length will do"));
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text);
        mac.finalize().into_bytes().into()
    }
}

/// Makes keys for new forms; reads the secret once.
#[derive(Default)]
pub struct KeyMaker {
    seal: OnceCell<Seal>,
}

impl KeyMaker {
    /// # Errors
    /// When the secret has not been read yet and the database is away.
    pub async fn seal(&self, db: &mut PgConnection) -> Result<&Seal, sqlx::Error> {
        self.seal.get_or_try_init(|| Seal::read(db)).await
    }

    /// The first key for a form.
    ///
    /// # Errors
    /// When the secret has not been read yet and the database is away.
    pub async fn key(&self, db: &mut PgConnection, submission: Uuid) -> Result<Key, sqlx::Error> {
        Ok(self.seal(db).await?.key(&submission_hash(submission), 0))
    }
}

/// What a ticket keeps of its form's id.
pub(super) fn submission_hash(submission: Uuid) -> [u8; 32] {
    hash(submission.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_marks_are_each_their_own() {
        let seal = Seal::of([7; 32]);
        let key = seal.key(b"one", 0).0;
        assert_eq!(key.len(), 26);
        assert_eq!(key, seal.key(b"one", 0).0);
        assert_ne!(key, seal.key(b"two", 0).0);
        assert_ne!(key, seal.key(b"one", 1).0);
        assert_ne!(seal.key(b"one", 2).0, seal.key(b"one", 1).0);
        assert_ne!(key, Seal([8; 32]).key(b"one", 0).0);
        assert_eq!(seal.key_to("follow", "1").0.len(), 26);
        assert_ne!(seal.key_to("follow", "1").0, seal.key_to("follow", "2").0);
        assert_ne!(seal.key_to("follow", "1").0, seal.key_to("follow1", "").0);
        let mark = seal.mark("letter", "1");
        assert_eq!(mark.len(), 16);
        assert_ne!(mark, seal.mark("letter", "2"));
        assert_ne!(mark, seal.mark("reply", "1"));
        // the purpose ends somewhere
        assert_ne!(seal.mark("lette", "r1"), seal.mark("letter", "1"));
    }
}
