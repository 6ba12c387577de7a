//! Passwords: Argon2id with the crate's defaults (19 MiB, two passes), off the threads that answer requests.

use std::{
    cell::RefCell,
    sync::{LazyLock, mpsc},
    thread,
};

use argon2::{
    Algorithm, Argon2, Block, CustomizedPasswordHasher, Params, PasswordHash, PasswordVerifier, Version,
    password_hash::{
        self, generate_salt,
        phc::{Output, ParamsString, Salt},
    },
};
use tokio::sync::oneshot;

use crate::{i18n::UiMessage, web::AppError};

type HashJob = Box<dyn FnOnce() + Send>;

/// One thread hashes for everybody, in memory that it keeps. Each hash takes 19 MB; were these taken from the allocator
/// each time, sixty sign-ins at once would leave it with two hundred.
static HASHING_THREAD: LazyLock<mpsc::Sender<HashJob>> = LazyLock::new(|| {
    let (sender, jobs) = mpsc::channel::<HashJob>();
    thread::spawn(move || jobs.into_iter().for_each(|job| job()));
    sender
});

const MIN_PASSWORD_LEN: usize = 12;
const MAX_PASSWORD_LEN: usize = 200;

/// A password that is good enough to be set. Length is what counts (NIST SP 800-63B, 5.1.1.2); no rules about signs.
pub struct Password(String);

impl Password {
    /// # Errors
    /// With the sentence to show when it is too short, too long or the person's own address.
    pub fn new(typed: &str, email: &str) -> Result<Password, UiMessage> {
        match typed.chars().count() {
            ..MIN_PASSWORD_LEN => Err(UiMessage::new("password-too-short").with("least", MIN_PASSWORD_LEN)),
            length if length > MAX_PASSWORD_LEN => {
                Err(UiMessage::new("password-too-long").with("most", MAX_PASSWORD_LEN))
            }
            _ if typed.eq_ignore_ascii_case(email) => Err(UiMessage::new("password-is-email")),
            _ => Ok(Password(typed.to_owned())),
        }
    }

    pub async fn hash(self) -> Result<String, AppError> {
        on_hashing_thread(move || hash_password(&self.0)).await
    }
}

/// Whether `typed` is the password behind `hash`. Takes as long when there is no account, so that nobody learns who has
/// one.
pub async fn verify(typed: String, hash: Option<String>) -> Result<bool, AppError> {
    on_hashing_thread(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY_HASH.clone());
        let typed: String = typed.chars().take(MAX_PASSWORD_LEN).collect();
        let hash = PasswordHash::new(&hash).map_err(to_internal_error)?;
        let right = Argon2Hasher.verify_password(typed.as_bytes(), &hash).is_ok();
        Ok(known && right)
    })
    .await
}

/// Works when it is this one's turn. Who has left meanwhile is not worked for.
async fn on_hashing_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let (answer, done) = oneshot::channel();
    let job = move || {
        if !answer.is_closed() {
            let _ = answer.send(work());
        }
    };
    // where nobody works any more, nobody answers either
    let _ = HASHING_THREAD.send(Box::new(job));
    done.await.map_err(|error| AppError::Internal(error.into()))?
}

static DUMMY_HASH: LazyLock<String> = LazyLock::new(|| hash_password("nobody's password").unwrap_or_default());

fn hash_password(password: &str) -> Result<String, AppError> {
    let hash =
        Argon2Hasher.hash_password_customized(password.as_bytes(), &generate_salt(), None, None, Params::default());
    hash.map(|hash| hash.to_string()).map_err(to_internal_error)
}

fn to_internal_error(error: impl std::fmt::Display) -> AppError {
    AppError::Internal(anyhow::anyhow!("argon2: {error}"))
}

thread_local! {
    static HASH_MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// Argon2 in the memory that its thread keeps.
struct Argon2Hasher;

impl CustomizedPasswordHasher<PasswordHash> for Argon2Hasher {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        HASH_MEMORY.with_borrow_mut(|memory| {
            memory.resize(params.block_count(), Block::default());
            let argon2 = Argon2::new(algorithm, version, params.clone());
            argon2.hash_password_into_with_memory(password, salt, &mut output, memory)
        })?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(&output)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn one_password_is_hashed_after_the_other() {
        let (release, held) = mpsc::channel::<()>();
        let first = tokio::spawn(on_hashing_thread(move || Ok(held.recv().is_err())));
        let second = tokio::spawn(verify("nonsense".into(), None));
        // as long as it takes to hash some
        for _ in 0..3 {
            hash_password("a password").unwrap();
        }
        assert!(!second.is_finished());
        drop(release);
        assert!(first.await.unwrap().unwrap());
        assert!(!second.await.unwrap().unwrap());
    }

    #[tokio::test]
    async fn hashes_are_those_that_everybody_makes() {
        use argon2::PasswordHasher;

        let theirs = Argon2::default().hash_password(b"correct horse battery").unwrap().to_string();
        for hash in [theirs, hash_password("correct horse battery").unwrap()] {
            assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
            assert!(Argon2::default().verify_password(b"correct horse battery", hash.as_str()).is_ok());
            assert!(verify("correct horse battery".into(), Some(hash.clone())).await.unwrap());
            assert!(!verify("correct horse battery ".into(), Some(hash)).await.unwrap());
        }
    }

    #[test]
    fn a_password_is_as_long_as_it_is_said_to_be() {
        let is_taken = |length: usize| Password::new(&"x".repeat(length), "anna@example.com").is_ok();
        assert_eq!(
            [MIN_PASSWORD_LEN - 1, MIN_PASSWORD_LEN, MAX_PASSWORD_LEN, MAX_PASSWORD_LEN + 1].map(is_taken),
            [false, true, true, false]
        );
    }
}
