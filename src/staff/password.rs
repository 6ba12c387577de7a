//! Passwords: Argon2id with the crate's defaults (19 MiB, two passes), off the threads that answer requests.

use std::{
    sync::{LazyLock, mpsc},
    thread,
};

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::oneshot;

use crate::{web::Error, words::Say};

type Job = Box<dyn FnOnce() + Send>;

/// One thread hashes for everybody: each hash takes 19 MB, and of these the allocator keeps as much as there were threads.
static HASHING: LazyLock<mpsc::Sender<Job>> = LazyLock::new(|| {
    let (sender, jobs) = mpsc::channel::<Job>();
    thread::spawn(move || jobs.into_iter().for_each(|job| job()));
    sender
});

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

/// Works when it is this one's turn. Who has left meanwhile is not worked for.
async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    let (answer, done) = oneshot::channel();
    let job = move || {
        if !answer.is_closed() {
            let _ = answer.send(work());
        }
    };
    // where nobody works any more, nobody answers either
    let _ = HASHING.send(Box::new(job));
    done.await.map_err(|error| Error::Internal(error.into()))?
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
    async fn one_password_is_hashed_after_the_other() {
        let (release, held) = mpsc::channel::<()>();
        let first = tokio::spawn(in_turn(move || Ok(held.recv().is_err())));
        let second = tokio::spawn(verify("nonsense".into(), None));
        // as long as it takes to hash some
        for _ in 0..3 {
            hash("a password").unwrap();
        }
        assert!(!second.is_finished());
        drop(release);
        assert!(first.await.unwrap().unwrap());
        assert!(!second.await.unwrap().unwrap());
    }

    #[test]
    fn a_password_is_as_long_as_it_is_said_to_be() {
        let is_taken = |length: usize| Password::new(&"x".repeat(length), "anna@example.com").is_ok();
        assert_eq!([SHORTEST - 1, SHORTEST, LONGEST, LONGEST + 1].map(is_taken), [false, true, true, false]);
    }
}
