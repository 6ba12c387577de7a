//! The key to a ticket's page. The database keeps only its hash.

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

/// Makes keys. A key must come out the same when the same form is sent twice, so it is not drawn by lot: it is an
/// HMAC-SHA-256 (RFC 2104), cut to 128 bits, of the form's id, which only the reporter's browser knows and of which the
/// database keeps a hash, under a secret that only the database knows. Neither side alone can make it.
#[derive(Default)]
pub struct KeyMaker {
    secret: OnceCell<[u8; 32]>,
}

impl KeyMaker {
    /// The key for a form.
    ///
    /// # Errors
    /// When the secret has not been read yet and the database is away.
    pub async fn key(&self, db: &mut PgConnection, submission: Uuid) -> Result<Key, sqlx::Error> {
        let secret = self.secret.get_or_try_init(|| read_secret(db)).await?;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap_or_else(|_| unreachable!("any length will do"));
        mac.update(b"ticket key");
        mac.update(submission.as_bytes());
        Ok(Key(encode(&mac.finalize().into_bytes()[..16])))
    }
}

async fn read_secret(db: &mut PgConnection) -> Result<[u8; 32], sqlx::Error> {
    let secret = sqlx::query_scalar!("select value from secret").fetch_one(db).await?;
    secret.try_into().map_err(|_| sqlx::Error::RowNotFound)
}
