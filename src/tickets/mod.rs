//! THE noun that everybody shares: a reported call, or a logged-out account, and the verbs that change it.
//!
//! Every change is a function in [`verbs`] that takes the connection, an [`Actor`] and the time, and leaves exactly
//! one [`Event`]. This room knows nothing of desks and forms.

pub mod bulk;
mod change;
mod event;
pub mod example;
mod findable;
pub mod incident;
mod key;
mod letter;
pub mod link;
mod merge;
pub mod piece;
mod plan;
pub mod reference;
mod row;
mod said;
mod sentence;
pub mod settle;
mod store;
mod told;
pub mod verbs;

use std::{net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

pub use change::{FAILS_FOR, Verb};
pub use event::{Actor, ActorKind, Event, What, Whom};
pub use example::{Example, NewExample};
pub use findable::Known;
pub use key::{Key, KeyMaker, Seal};
pub use letter::LetterKind;
pub use piece::{Fill, Value};
pub use reference::Reference;
pub use said::{Message, Note, Reply};
pub use store::{Duplicate, by_id, by_key, by_reference, duplicates, events, seen};
pub use told::Told;

use crate::{phone::Party, words::Lang};

/// Makes an enum that stands in forms, addresses and the database under the same names, with a label in `words`.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident, $sql:literal, $prefix:literal { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[sqlx(type_name = $sql)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] #[sqlx(rename = $text)] $variant),+
        }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The name in forms, addresses and the database.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The message that names it to people.
            pub const fn label(self) -> &'static str {
                match self { $($name::$variant => concat!($prefix, "-", $text)),+ }
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<$name, ()> {
                $name::ALL.iter().copied().find(|one| one.as_str() == text).ok_or(())
            }
        }
    };
}
pub(crate) use named;

named! {
    /// The four problems; each has a guide. And what nobody can tell yet, which only e-mails are.
    Category, "ticket_category", "category" {
        LoggedOut = "logged-out",
        Audio = "audio",
        Incoming = "incoming",
        Outgoing = "outgoing",
        Unknown = "unknown",
    }
}
named! {
    /// Where a ticket stands.
    Status, "ticket_status", "status" {
        /// Nobody has looked at it.
        New = "new",
        /// Somebody works on it.
        Open = "open",
        /// Staff wait for the customer or a carrier.
        Waiting = "waiting",
        Resolved = "resolved",
        Spam = "spam",
        /// Tells of the same trouble as another ticket, and ends with that one.
        Duplicate = "duplicate",
    }
}
named! {
    /// How the report came.
    Channel, "ticket_channel", "channel" {
        Web = "web",
        Phone = "phone",
        Chat = "chat",
        Email = "email",
    }
}
named! {
    /// Which of the operator's products it is about.
    Service, "service", "service" {
        VirtualPbx = "virtual-pbx",
        MiniVoip = "mini-voip",
        SingleNumber = "single-number",
        Unknown = "unknown",
    }
}
named! {
    /// How sure the time of the call is.
    Precision, "call_precision", "precision" {
        Exact = "exact",
        FiveMinutes = "5min",
        HalfHour = "30min",
    }
}
named! {
    /// Whether the call stands in the customer's call history (Biling).
    Billing, "billing_entry", "billing" {
        Yes = "yes",
        No = "no",
        Unknown = "unknown",
    }
}
named! {
    /// What is wrong with the sound.
    Symptom, "audio_symptom", "symptom" {
        /// Nobody hears anybody.
        Silence = "none",
        /// The reporter does not hear the other side.
        OneWayMe = "one-way-me",
        /// The other side does not hear the reporter.
        OneWayThem = "one-way-them",
        Choppy = "choppy",
        Echo = "echo",
        Noise = "noise",
        Dropped = "dropped",
        Delay = "delay",
    }
}

named! {
    /// A field of a ticket that was guessed.
    Guess, "guess", "guess" {
        Category = "category",
        Caller = "caller",
        Callee = "callee",
        When = "when",
        Error = "error",
        Symptom = "symptom",
        Account = "account",
    }
}

named! {
    /// A piece of what a call is found by: what staff may ask a customer for.
    Piece, "call_piece", "piece" {
        Caller = "caller",
        Callee = "callee",
        Time = "time",
        Message = "message",
    }
}

impl Category {
    /// Those that have a guide and a form.
    pub const KNOWN: [Category; 4] = [Category::LoggedOut, Category::Audio, Category::Incoming, Category::Outgoing];
}

impl Precision {
    /// How far the call may lie from the time given, in minutes to either side.
    pub const fn minutes(self) -> u8 {
        match self {
            Precision::Exact => 1,
            Precision::FiveMinutes => 5,
            Precision::HalfHour => 30,
        }
    }
}

impl Status {
    /// The colour of its sign, beside its word.
    pub const fn tone(self) -> &'static str {
        match self {
            Status::New => "plum",
            Status::Open => "info",
            Status::Waiting => "warn",
            Status::Resolved => "ok",
            Status::Spam | Status::Duplicate => "",
        }
    }

    /// Whether staff still have something to do.
    pub const fn is_active(self) -> bool {
        match self {
            Status::New | Status::Open | Status::Waiting => true,
            Status::Resolved | Status::Spam | Status::Duplicate => false,
        }
    }
}

/// One side of the call: what was typed and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    pub typed: String,
    pub party: Party,
}

/// What failed.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// A call from A to B.
    Call {
        caller: Side,
        callee: Side,
        at: OffsetDateTime,
        precision: Precision,
        in_billing: Billing,
        /// Only for [`Category::Audio`].
        symptom: Option<Symptom>,
    },
    /// A SIP account that does not log in.
    LoggedOut { account: Party, device: Option<String>, public_ip: Option<IpAddr> },
    /// An e-mail that did not tell all of it.
    Told(Box<Told>),
}

/// A question of a guide and the answer given, as they were then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GivenAnswer {
    pub question: String,
    pub answer: String,
}

/// The walk through a guide that led to the report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trail {
    /// Its address, such as `outgoing/yes/abroad`.
    pub path: Option<String>,
    pub answers: Vec<GivenAnswer>,
}

/// A report, checked and ready to be stored.
#[derive(Debug, Clone)]
pub struct NewTicket {
    pub category: Category,
    pub channel: Channel,
    pub lang: Lang,
    pub service: Service,
    pub failure: Failure,
    pub error_text: Option<String>,
    pub description: Option<String>,
    pub email: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    pub client_ip: IpAddr,
    pub client_agent: String,
    pub trail: Trail,
    /// The form's own id: the same one again gives the same ticket.
    pub submission: Uuid,
    /// The form as it was typed, to notice a second one that differs.
    pub typed: Vec<(String, String)>,
    /// Filled in by a program, not by a person.
    pub by_robot: bool,
}

/// A ticket as it is read: one row.
#[derive(Debug, Clone)]
pub struct Ticket {
    pub id: Uuid,
    pub reference: Reference,
    pub category: Category,
    pub status: Status,
    pub channel: Channel,
    pub lang: Lang,
    pub service: Service,
    pub failure: Failure,
    pub error_text: Option<String>,
    /// The code that stands in the error text.
    pub sip_code: Option<i16>,
    pub description: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub client_ip: IpAddr,
    pub client_agent: String,
    pub trail: Option<String>,
    pub answers: Json<Vec<GivenAnswer>>,
    pub assignee: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub waiting_since: OffsetDateTime,
    /// When a ticket that waits comes back by itself.
    pub waiting_until: Option<OffsetDateTime>,
    pub resolved_at: Option<OffsetDateTime>,
    /// The ticket that it is a duplicate of, and that one's reference.
    pub merged_into: Option<Uuid>,
    pub main: Option<Reference>,
    /// What was read out of an e-mail by guessing, and nobody has confirmed.
    pub guessed: Vec<Guess>,
    /// What the customer was asked for; see [`Ticket::questions`].
    pub asked: Vec<Piece>,
    /// How often its key was replaced.
    pub key_generation: i32,
    pub version: i32,
}

impl Ticket {
    /// Whether nobody does anything about it any more.
    pub fn is_over(&self) -> bool {
        self.status == Status::Resolved
    }

    /// Whether it is over for good: who still has the trouble reports it anew.
    pub fn is_closed(&self, now: OffsetDateTime) -> bool {
        self.is_over() && self.resolved_at.is_some_and(|at| now > at + FAILS_FOR)
    }

    /// The ticket as it was read.
    pub fn seen(&self) -> verbs::Seen {
        verbs::Seen { id: self.id, version: self.version }
    }
}
