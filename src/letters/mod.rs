//! Letters to customers: put together when they are sent, handed to the mail server, and never lost.
//!
//! `tickets` writes a row for each letter in the statement that writes the event. [`Post`] takes the rows that are due.
//! Nothing is sent twice: from the moment in which a letter's text is handed over until the server has said that it has
//! it, the letter is marked; one that is found so after a crash, or whose answer never came, is for a person to decide.
//! The price is that such a letter may have to be sent by hand. It is rare, and it is seen; see README, "Letters".

pub mod address;
mod follower;
mod line;
mod message;
pub mod pages;
mod post;
mod store;
mod text;
mod told;
mod written;

use time::{Duration, OffsetDateTime};

pub use follower::follower_key;
pub use line::Patience;
pub use post::{Post, Sent};
pub use store::{answers, came_back, incident_of_letter, of_ticket, ticket_of_letter};
pub use told::{Told, for_customer, not_gone};

/// Where a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "letter_state", rename_all = "lowercase")]
pub enum State {
    Waiting,
    /// Its text is being handed over.
    Sending,
    Sent,
    /// A person has to decide.
    Stuck,
    /// Never to be sent.
    Dropped,
}

/// Why a letter has not gone yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "letter_trouble", rename_all = "lowercase")]
pub enum Trouble {
    /// The mail server can't be reached or takes nothing from us: the operator's matter, which no letter is given up for
    /// before its days are over.
    Server,
    /// The server said: not now.
    Later,
    /// The server said: never.
    Refused,
    /// The text was handed over and no answer came.
    Unsure,
    /// It can't be put together, or its address is none.
    Unwritable,
    /// It could not be sent for days.
    Late,
}

impl Trouble {
    /// The message that tells staff.
    pub const fn label(self) -> &'static str {
        match self {
            Trouble::Server => "letter-trouble-server",
            Trouble::Later => "letter-trouble-later",
            Trouble::Refused => "letter-trouble-refused",
            Trouble::Unsure => "letter-trouble-unsure",
            Trouble::Unwritable => "letter-trouble-unwritable",
            Trouble::Late => "letter-trouble-late",
        }
    }
}

/// How long a letter that the server did not want yet waits after its first try, its second and so on; the last holds for
/// all that follow.
const PAUSES: [Duration; 6] = [
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
const RESTS: [Duration; 4] = [Duration::seconds(10), Duration::seconds(30), Duration::minutes(1), Duration::minutes(5)];

/// A letter is given up, and shown to a person, when it is this old: what it says is no news any more.
const DAYS: Duration = Duration::days(5);

fn of<const N: usize>(table: [Duration; N], tries: usize) -> Duration {
    table[tries.saturating_sub(1).min(N - 1)]
}

/// When a letter that has been tried so often is tried again.
fn next(now: OffsetDateTime, tries: usize) -> OffsetDateTime {
    now + of(PAUSES, tries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_after_days() {
        assert!(PAUSES.is_sorted() && RESTS.is_sorted());
        let (mut age, mut tries) = (Duration::ZERO, 0);
        while age < DAYS {
            tries += 1;
            age += of(PAUSES, tries);
        }
        assert!((15..25).contains(&tries), "{tries}");
        assert_eq!(of(RESTS, 100), Duration::minutes(5));
    }
}
