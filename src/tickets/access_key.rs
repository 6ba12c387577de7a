//! The key that opens a ticket's page. It is derived from the portal's secret; the database stores only its hash.

use time::Duration;
use uuid::Uuid;

use crate::{
    signing::SigningSecret,
    token::{AccessKey, sha256},
};

/// How long a link opens the page of a resolved ticket: as long as the customer may still want to read the reply. A link
/// in an old mailbox must not open it for ever.
pub const ACCESS_LINK_TTL_AFTER_RESOLUTION: Duration = Duration::weeks(8);

const ACCESS_KEY_DOMAIN: &str = "key to a ticket";

impl AccessKey {
    /// The key of a form that was not sent before.
    pub fn initial(secret: &SigningSecret, submission_id: Uuid) -> AccessKey {
        AccessKey::for_ticket(secret, &hash_submission_id(submission_id), 0)
    }

    /// The key of a ticket. It is derived from what the ticket stores: the hash of its form's id, and how often the key
    /// was rotated. It is therefore the same for a form that is sent twice, and in each email that has the link.
    pub(crate) fn for_ticket(secret: &SigningSecret, submission_hash: &[u8], generation: i32) -> AccessKey {
        let input = match generation {
            0 => submission_hash.to_vec(),
            _ => [submission_hash, &generation.to_be_bytes()].concat(),
        };
        AccessKey(secret.derive_key(ACCESS_KEY_DOMAIN, input))
    }
}

/// What a ticket stores of its form's id.
pub(super) fn hash_submission_id(submission_id: Uuid) -> [u8; 32] {
    sha256(submission_id.to_string())
}

#[cfg(test)]
mod tests {
    use crate::tickets::access_key::*;

    #[test]
    fn each_form_and_each_rotation_has_its_own_key() {
        let key = |submission_hash: &[u8], generation| {
            AccessKey::for_ticket(&SigningSecret::from_bytes([7; 32]), submission_hash, generation).0
        };
        assert_eq!(key(b"one", 0).len(), 26);
        assert_eq!(key(b"one", 0), key(b"one", 0));
        assert_ne!(key(b"one", 0), key(b"two", 0));
        assert_ne!(key(b"one", 0), key(b"one", 1));
        assert_ne!(key(b"one", 2), key(b"one", 1));
    }
}
