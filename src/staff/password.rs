//! Passwords: Argon2id with the crate's defaults (19 MiB, two passes), off the threads that answer requests.

use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::{web::Error, words::Say};

/// How many are hashed at once, whoever asks: each takes 19 MB.
static AT_ONCE: Semaphore = Semaphore::const_new(TURNS as usize);
const TURNS: u32 = 2;

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
            length if length > LONGEST => Err(Say::new("password-long").with("most", LONGEST)),
            _ if typed.eq_ignore_ascii_case(email) => Err(Say::new("password-email")),
            _ => Ok(Password(typed.to_owned())),
        }
    }

    pub async fn hash(self) -> Result<String, Error> {
        in_turn(move || hash(&self.0)).await
    }
}

/// Whether `typed` is the password behind `hash`. Takes as long when there is no account, so that nobody learns who has
/// one.
pub async fn verify(typed: String, hash: Option<String>) -> Result<bool, Error> {
    in_turn(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.clone());
        let typed: String = typed.chars().take(LONGEST).collect();
        let right = Argon2::default().verify_password(typed.as_bytes(), hash.as_str()).is_ok();
        Ok(known && right)
    })
    .await
}

/// Works off the threads that answer requests, when it is this one's turn. A visitor who leaves does not end the work, so the
/// turn is the work's own.
async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    let turn = AT_ONCE.acquire().await.map_err(|error| Error::Internal(error.into()))?;
    let work = move || {
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await?
}

static NOBODYS: LazyLock<String> = LazyLock::new(|| hash("nobody's password").unwrap_or_default());

fn hash(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Error::Internal(anyhow::anyhow!("argon2: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn only_so_many_passwords_are_hashed_at_once() {
        let all = AT_ONCE.acquire_many(TURNS).await.unwrap();
        let waiting = tokio::spawn(verify("nonsense".into(), None));
        // as long as it takes to hash some
        for _ in 0..3 {
            hash("a password").unwrap();
        }
        assert!(!waiting.is_finished());
        drop(all);
        assert!(!waiting.await.unwrap().unwrap());
    }

    #[test]
    fn a_password_is_as_long_as_it_is_said_to_be() {
        let is_taken = |length: usize| Password::new(&"x".repeat(length), "anna@example.com").is_ok();
        assert_eq!([SHORTEST - 1, SHORTEST, LONGEST, LONGEST + 1].map(is_taken), [false, true, true, false]);
    }
}
