//! Password hashing: Argon2id with the defaults of the crate (19 MiB, two passes), on a thread of its own.

use std::{cell::RefCell, sync::LazyLock};

use argon2::{
    Algorithm, Argon2, Block, CustomizedPasswordHasher, Params, PasswordHash, PasswordVerifier, Version,
    password_hash::{
        self, generate_salt,
        phc::{Output, ParamsString, Salt},
    },
};
use tokio::sync::oneshot;

use super::hash_queue::{self, HashPriority};
use crate::{i18n::UiMessage, web::AppError};

const MIN_PASSWORD_LEN: usize = 12;
const MAX_PASSWORD_LEN: usize = 200;

/// The password of the demo account. It is published, so it opens nothing outside this machine.
pub const PUBLISHED_PASSWORD: &str = "dzwoni na probe";

/// A password that is acceptable as a new one. Only the length is checked (NIST SP 800-63B, 5.1.1.2), not the kinds of
/// characters.
pub struct Password(String);

impl Password {
    /// # Errors
    /// Returns the message to show if the password is too short, too long, or the e-mail address of the account.
    pub fn new(password: &str, email: &str) -> Result<Password, UiMessage> {
        match password.chars().count() {
            ..MIN_PASSWORD_LEN => Err(UiMessage::new("password-too-short").with("least", MIN_PASSWORD_LEN)),
            length if length > MAX_PASSWORD_LEN => {
                Err(UiMessage::new("password-too-long").with("most", MAX_PASSWORD_LEN))
            }
            _ if password == PUBLISHED_PASSWORD || repeats_one_character(password) => {
                Err(UiMessage::new("password-too-common"))
            }
            _ if password.eq_ignore_ascii_case(email) => Err(UiMessage::new("password-is-email")),
            _ => Ok(Password(password.to_owned())),
        }
    }

    /// The password of the demo account.
    pub fn published() -> Password {
        Password(PUBLISHED_PASSWORD.to_owned())
    }

    pub async fn hash(self) -> Result<String, AppError> {
        on_hashing_thread(HashPriority::Known, move || hash_password(&self.0)).await
    }
}

/// Whether the password is one character again and again, such as a blank.
fn repeats_one_character(password: &str) -> bool {
    let mut characters = password.chars();
    let first = characters.next();
    characters.all(|character| Some(character) == first)
}

/// Whether `password` matches `hash`. Takes the same time without a hash, so that the response time does not reveal
/// which accounts exist.
pub(super) async fn verify(password: String, hash: Option<String>, priority: HashPriority) -> Result<bool, AppError> {
    on_hashing_thread(priority, move || {
        let has_hash = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY_HASH.clone());
        let password: String = password.chars().take(MAX_PASSWORD_LEN).collect();
        let hash = PasswordHash::new(&hash).map_err(to_internal_error)?;
        let matches = Argon2Hasher.verify_password(password.as_bytes(), &hash).is_ok();
        Ok(has_hash && matches)
    })
    .await
}

/// Runs `work` on the hashing thread, unless the caller has given up before its turn.
async fn on_hashing_thread<T: Send + 'static>(
    priority: HashPriority,
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let (sender, result) = oneshot::channel();
    let job = move || {
        if !sender.is_closed() {
            let _ = sender.send(work());
        }
    };
    hash_queue::submit(priority, Box::new(job))?;
    result.await.map_err(|error| AppError::Internal(error.into()))?
}

static DUMMY_HASH: LazyLock<String> = LazyLock::new(|| hash_password("the password of no account").unwrap_or_default());

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

/// Argon2 in memory that its thread reuses.
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
    use std::sync::mpsc;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn passwords_are_hashed_one_after_the_other() {
        let (release, blocked) = mpsc::channel::<()>();
        let first = tokio::spawn(on_hashing_thread(HashPriority::Known, move || Ok(blocked.recv().is_err())));
        let second = tokio::spawn(verify("some password".into(), None, HashPriority::Known));
        // long enough for several hashes
        for _ in 0..3 {
            hash_password("a password").unwrap();
        }
        assert!(!second.is_finished());
        drop(release);
        assert!(first.await.unwrap().unwrap());
        assert!(!second.await.unwrap().unwrap());
    }

    #[tokio::test]
    async fn hashes_are_compatible_with_the_argon2_crate() {
        use argon2::PasswordHasher;

        let reference = Argon2::default().hash_password(b"correct horse battery").unwrap().to_string();
        for hash in [reference, hash_password("correct horse battery").unwrap()] {
            assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
            assert!(Argon2::default().verify_password(b"correct horse battery", hash.as_str()).is_ok());
            assert!(verify("correct horse battery".into(), Some(hash.clone()), HashPriority::Known).await.unwrap());
            assert!(!verify("correct horse battery ".into(), Some(hash), HashPriority::Known).await.unwrap());
        }
    }

    #[test]
    fn password_length_limits_are_inclusive() {
        let is_accepted = |length: usize| Password::new(&"xy".repeat(length)[..length], "anna@example.com").is_ok();
        assert_eq!(
            [MIN_PASSWORD_LEN - 1, MIN_PASSWORD_LEN, MAX_PASSWORD_LEN, MAX_PASSWORD_LEN + 1].map(is_accepted),
            [false, true, true, false]
        );
    }
}
