//! What a ticket tells of its letters: to staff each of them, to the customer the last.

use time::OffsetDateTime;

use super::{State, Trouble};
use crate::{email::masked, tickets::LetterKind, words::Say, zone};

/// A letter, as its ticket's page reads it.
#[derive(Debug, Clone)]
pub struct Told {
    pub kind: LetterKind,
    pub state: State,
    pub created_at: OffsetDateTime,
    pub next_at: OffsetDateTime,
    pub sent_at: Option<OffsetDateTime>,
    pub trouble: Option<Trouble>,
    pub said: Option<String>,
}

/// The message that names a kind of letter.
pub(super) const fn label(kind: LetterKind) -> &'static str {
    match kind {
        LetterKind::Received => "letter-received",
        LetterKind::Answered => "letter-answered",
        LetterKind::Asked => "letter-asked",
        LetterKind::Resolved => "letter-resolved",
        LetterKind::Reopened => "letter-reopened",
        LetterKind::Link => "letter-link",
        LetterKind::IncidentUpdate => "letter-incident-update",
        LetterKind::IncidentResolved => "letter-incident-resolved",
        LetterKind::IncidentFollow => "letter-incident-follow",
    }
}

impl Told {
    pub fn label(&self) -> &'static str {
        label(self.kind)
    }

    /// Where the letter is, for staff.
    pub fn state(&self, now: OffsetDateTime) -> Say {
        match (self.state, self.sent_at) {
            (State::Sent, at) => {
                Say::new("letter-state-sent").with("moment", zone::moment(at.unwrap_or(self.created_at), now))
            }
            (State::Waiting, _) if self.next_at > now => {
                Say::new("letter-state-until").with("moment", zone::moment(self.next_at, now))
            }
            (State::Waiting, _) => Say::new("letter-state-waiting"),
            (State::Sending, _) => Say::new("letter-state-sending"),
            (State::Stuck, _) => Say::new("letter-state-stuck"),
            (State::Dropped, _) => Say::new("letter-state-dropped"),
        }
    }

    /// Why, if it has not gone as it should.
    pub fn why(&self) -> Option<&'static str> {
        self.trouble.filter(|_| matches!(self.state, State::Waiting | State::Stuck)).map(Trouble::label)
    }

    /// The colour of its sign.
    pub fn tone(&self) -> &'static str {
        match self.state {
            State::Sent => "ok",
            State::Waiting | State::Sending => "info",
            State::Stuck => "bad",
            State::Dropped => "",
        }
    }
}

/// What a customer is told while the letter has not gone; and what a robot is told, to whom none goes.
pub fn not_gone(email: &str) -> Say {
    Say::new("letter-told-waiting").with("email", masked(email))
}

/// Where the last letter is, for the customer whom we write to at `email`.
pub fn for_customer(letters: &[Told], email: &str, now: OffsetDateTime) -> Option<Say> {
    let last = letters.iter().rev().find(|letter| letter.state != State::Dropped)?;
    let not_gone = not_gone(email);
    let email = masked(email);
    Some(match (last.state, last.trouble) {
        (State::Sent, _) => {
            let at = last.sent_at.unwrap_or(last.created_at);
            Say::new("letter-told-sent").with("email", email).with("moment", zone::moment(at, now))
        }
        (State::Stuck, Some(Trouble::Refused | Trouble::Unwritable)) => {
            Say::new("letter-told-refused").with("email", email)
        }
        (State::Waiting | State::Sending | State::Stuck | State::Dropped, _) => not_gone,
    })
}
