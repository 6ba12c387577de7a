//! Staff members: accounts, login, and the [`Staff`] extractor, without which no handler serves a staff page.

pub mod accounts;
mod layout;
pub mod pages;
mod hash_queue;
mod password;
mod session;
mod known_browser;
mod published_password;
mod store;

use serde::Deserialize;
use strum::{IntoStaticStr, VariantArray};
use time::Duration;
use uuid::Uuid;

use crate::i18n::Label;

pub use layout::StaffLayout;
pub use password::{PUBLISHED_PASSWORD, Password};
pub use published_password::revoke_published_passwords;
pub use session::{PassiveStaff, Staff};
pub use store::{find_by_email, insert, is_empty, list_active, purge_expired, set_password, upsert_invitation};

/// What a staff member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum, sqlx::Type, IntoStaticStr, VariantArray)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "staff_role", rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum StaffRole {
    /// Works on tickets.
    Agent,
    /// Also manages accounts.
    Admin,
}

impl Label for StaffRole {
    const MESSAGE_PREFIX: &str = "role";
}

/// A staff member as others see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    pub id: Uuid,
    pub name: String,
}

/// A session ends when it was not used for the length of a shift.
const SESSION_IDLE_TIMEOUT: Duration = Duration::hours(8);
/// A session ends after this time even if it is in use.
const SESSION_MAX_AGE: Duration = Duration::days(7);
/// How long the link for setting a password is valid.
const INVITATION_TTL: Duration = Duration::days(3);

/// Failed logins without a delay. Each further failure doubles the delay. Counted per account and client address, so
/// that an attacker cannot lock a staff member out.
const FREE_FAILURES_PER_ACCOUNT_AND_IP: i32 = 3;
/// The same per account alone, against guessing from many addresses.
const FREE_FAILURES_PER_ACCOUNT: i32 = 30;
const MAX_LOGIN_DELAY: Duration = Duration::minutes(15);
/// How long failed logins count.
const LOGIN_FAILURE_TTL: Duration = Duration::days(1);

/// The delay after `failures` failed logins, of which the first `free` cause none.
fn login_delay(failures: i32, free: i32) -> Duration {
    match failures - free {
        ..=0 => Duration::ZERO,
        excess => Duration::seconds(1_i64 << excess.min(20)).min(MAX_LOGIN_DELAY),
    }
}

/// The initials of the first and the last name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_delay_doubles_with_each_failure_up_to_the_maximum() {
        let seconds = |failures| login_delay(failures, FREE_FAILURES_PER_ACCOUNT_AND_IP).whole_seconds();
        assert_eq!([0, 1, 3, 4, 5, 6].map(seconds), [0, 0, 0, 2, 4, 8]);
        assert_eq!(seconds(1_000_000), MAX_LOGIN_DELAY.whole_seconds());
    }

    #[test]
    fn initials_are_taken_from_the_first_and_the_last_name() {
        assert_eq!(initials("Anna Maria Nowak"), "AN");
        assert_eq!(initials("łucja"), "Ł");
        assert_eq!(initials(""), "");
    }
}
