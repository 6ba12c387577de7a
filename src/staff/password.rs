//! Passwords: Argon2id with the crate's defaults (19 MiB, two passes), off the threads that answer requests.

use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::{web::Error, words::Say};

const SHORTEST: usize = 12;
const LONGEST: usize = 200;

/// A password that is good enough to be set. Length is what counts (NIST SP 800-63B, 5.1.1.2); no rules about signs.
pub struct Password(String);

impl Password {
    /// # Errors
    /// With the sentence to show when it is too short, too long or the person's own address.
    pub fn new(typed: &str, email: &str) -> Result<Password, Say> {
        match typed.chars().count() {
            ..SHORTEST => Err(Say::new("password-short").with("least", SHORTEST)),
            LONGEST.. => Err(Say::new("password-long").with("most", LONGEST)),
            _ if typed.eq_ignore_ascii_case(email) => Err(Say::new("password-email")),
            _ => Ok(Password(typed.to_owned())),
        }
    }

    pub async fn hash(self) -> Result<String, Error> {
        tokio::task::spawn_blocking(move || hash(&self.0)).await?
    }
}

/// Whether `typed` is the password behind `hash`. Takes as long when there is no account, so that nobody learns who has
/// one.
pub async fn verify(typed: String, hash: Option<String>) -> Result<bool, Error> {
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.clone());
        let typed: String = typed.chars().take(LONGEST).collect();
        let right = Argon2::default().verify_password(typed.as_bytes(), hash.as_str()).is_ok();
        Ok(known && right)
    })
    .await?
}

static NOBODYS: LazyLock<String> = LazyLock::new(|| hash("nobody's password").unwrap_or_default());

fn hash(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Error::Internal(anyhow::anyhow!("argon2: {error}")))
}
