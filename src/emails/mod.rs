//! Letters to customers: put together when they are sent, handed to the mail server, and never lost.
//!
//! `tickets` writes a row for each letter in the statement that writes the event. [`Post`] takes the rows that are due.
//! Nothing is sent twice: from the moment in which a letter's text is handed over until the server has said that it has
//! it, the letter is marked; one that is found so after a crash, or whose answer never came, is for a person to decide.
//! The price is that such a letter may have to be sent by hand. It is rare, and it is seen; see README, "Letters".

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

use time::{Duration, OffsetDateTime};

pub use delivery_status::{EmailDelivery, pending_message, status_for_customer};
pub use mailer::{Mailer, SendSummary};
pub use smtp::SmtpTimeouts;
pub use store::{find_incident_of_email, find_ticket_of_email, list_for_ticket, mark_bounced, set_in_reply_to};
pub use subscriber_email::derive_subscriber_key;

/// Where a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "email_state", rename_all = "lowercase")]
pub enum EmailState {
    Queued,
    /// Its text is being handed over.
    Sending,
    Sent,
    /// A person has to decide.
    Failed,
    /// Never to be sent.
    Cancelled,
}

/// Why a letter has not gone yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "delivery_failure", rename_all = "snake_case")]
pub enum DeliveryFailure {
    /// The mail server can't be reached or takes nothing from us: the operator's matter, which no letter is given up for
    /// before its days are over.
    ServerUnavailable,
    /// The server said: not now.
    Deferred,
    /// The server said: never.
    Rejected,
    /// The text was handed over and no answer came.
    Unconfirmed,
    /// It can't be put together, or its address is none.
    Invalid,
    /// It could not be sent for days.
    Expired,
}

impl DeliveryFailure {
    /// The message that tells staff.
    pub const fn label(self) -> &'static str {
        match self {
            DeliveryFailure::ServerUnavailable => "email-failure-server",
            DeliveryFailure::Deferred => "email-failure-deferred",
            DeliveryFailure::Rejected => "email-failure-refused",
            DeliveryFailure::Unconfirmed => "email-failure-unsure",
            DeliveryFailure::Invalid => "email-failure-cannot-compose",
            DeliveryFailure::Expired => "email-failure-expired",
        }
    }
}

/// How long a letter that the server did not want yet waits after its first try, its second and so on; the last holds for
/// all that follow.
const RETRY_DELAYS: [Duration; 6] = [
    // a hiccup of the server's
    Duration::minutes(1),
    // greylisting: strangers are let in after five minutes
    Duration::minutes(5),
    // greylisting that wants more
    Duration::minutes(15),
    // somebody is repairing it
    Duration::hours(1),
    // the recipient's server is away for the night
    Duration::hours(4),
    // a mailbox that is full until its owner comes back
    Duration::hours(8),
];

/// How long a server that can't be reached is left alone: short, since it is ours and costs nobody anything.
const SERVER_DOWN_BACKOFFS: [Duration; 4] =
    [Duration::seconds(10), Duration::seconds(30), Duration::minutes(1), Duration::minutes(5)];

/// A letter is given up, and shown to a person, when it is this old: what it says is no news any more.
const MAX_EMAIL_AGE: Duration = Duration::days(5);

fn nth_delay<const N: usize>(table: [Duration; N], tries: usize) -> Duration {
    table[tries.saturating_sub(1).min(N - 1)]
}

/// When a letter that has been tried so often is tried again.
fn next_attempt(now: OffsetDateTime, tries: usize) -> OffsetDateTime {
    now + nth_delay(RETRY_DELAYS, tries)
}

#[cfg(test)]
mod tests {
    use crate::emails::*;

    #[test]
    fn pauses_grow_and_end_after_days() {
        assert!(RETRY_DELAYS.is_sorted() && SERVER_DOWN_BACKOFFS.is_sorted());
        let (mut age, mut tries) = (Duration::ZERO, 0);
        while age < MAX_EMAIL_AGE {
            tries += 1;
            age += nth_delay(RETRY_DELAYS, tries);
        }
        assert!((15..25).contains(&tries), "{tries}");
        assert_eq!(nth_delay(SERVER_DOWN_BACKOFFS, 100), Duration::minutes(5));
    }
}
