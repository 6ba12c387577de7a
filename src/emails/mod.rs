//! Emails to customers and incident subscribers: composed when they are sent, and never lost.
//!
//! `tickets` inserts a row for each email in the statement that inserts the event. [`Mailer`] claims the rows that are
//! due. No email is sent twice: its state is `sending` from the start of the SMTP data until the server has accepted it.
//! An email that is still in this state after a crash, or for which no response came, is left to a staff member. The
//! price is that such an email may have to be sent again by hand. It is rare, and staff see it on every page.

pub mod reply_address;
mod subscriber_email;
mod smtp;
mod mime;
pub mod pages;
mod mailer;
mod store;
mod ticket_email;
mod delivery_status;
mod compose;

use strum::{IntoStaticStr, VariantArray};
use time::{Duration, OffsetDateTime};

use crate::i18n::Label;

pub use delivery_status::{EmailDelivery, pending_message, status_for_customer};
pub use mailer::{Mailer, SendSummary};
pub use smtp::SmtpTimeouts;
pub use store::{find_incident_of_email, find_ticket_of_email, list_for_ticket, mark_bounced, set_in_reply_to};
pub use subscriber_email::derive_subscriber_key;

/// The state of an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "email_state", rename_all = "lowercase")]
pub enum EmailState {
    Queued,
    /// The SMTP data is being sent.
    Sending,
    Sent,
    /// A staff member has to decide.
    Failed,
    /// Not to be sent.
    Cancelled,
}

/// Why an email has not been sent yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type, IntoStaticStr, VariantArray)]
#[sqlx(type_name = "delivery_failure", rename_all = "snake_case")]
#[strum(const_into_str, serialize_all = "kebab-case")]
pub enum DeliveryFailure {
    /// Our mail server cannot be reached or accepts nothing from us. This is not the email's fault, so it is retried until
    /// [`MAX_EMAIL_AGE`].
    ServerUnavailable,
    /// The server rejected it temporarily.
    Deferred,
    /// The server rejected it permanently.
    Rejected,
    /// The data was sent and no response came.
    Unconfirmed,
    /// It cannot be composed, or its recipient's address is not valid.
    Invalid,
    /// It could not be sent within [`MAX_EMAIL_AGE`].
    Expired,
}

impl Label for DeliveryFailure {
    const MESSAGE_PREFIX: &str = "email-failure";
}

/// Delay after the first, second, and each further attempt that the server rejected temporarily. The last value holds for
/// all later attempts.
const RETRY_DELAYS: [Duration; 6] = [
    // a short failure of the server
    Duration::minutes(1),
    // greylisting: unknown senders are accepted after five minutes
    Duration::minutes(5),
    // stricter greylisting
    Duration::minutes(15),
    // the server is being repaired
    Duration::hours(1),
    // the recipient's server is down for a night
    Duration::hours(4),
    // a mailbox is full until its owner returns
    Duration::hours(8),
];

/// Pause after the first, second, and each further failure to reach our mail server. Short, because the server is ours.
const SERVER_DOWN_BACKOFFS: [Duration; 4] =
    [Duration::seconds(10), Duration::seconds(30), Duration::minutes(1), Duration::minutes(5)];

/// An email that is this old is outdated: it is no longer retried, and a staff member decides.
const MAX_EMAIL_AGE: Duration = Duration::days(5);

/// The delay after `attempts` failed attempts.
fn nth_delay<const N: usize>(delays: [Duration; N], attempts: usize) -> Duration {
    delays[attempts.saturating_sub(1).min(N - 1)]
}

/// When the next attempt is due after `attempts` temporary rejections.
fn next_attempt(now: OffsetDateTime, attempts: usize) -> OffsetDateTime {
    now + nth_delay(RETRY_DELAYS, attempts)
}

#[cfg(test)]
mod tests {
    use crate::emails::*;

    #[test]
    fn retry_delays_grow_and_give_about_twenty_attempts_before_an_email_expires() {
        assert!(RETRY_DELAYS.is_sorted() && SERVER_DOWN_BACKOFFS.is_sorted());
        let (mut age, mut attempts) = (Duration::ZERO, 0);
        while age < MAX_EMAIL_AGE {
            attempts += 1;
            age += nth_delay(RETRY_DELAYS, attempts);
        }
        assert!((15..25).contains(&attempts), "{attempts}");
        assert_eq!(nth_delay(SERVER_DOWN_BACKOFFS, 100), Duration::minutes(5));
    }
}
