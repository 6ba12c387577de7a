//! THE noun that everybody shares: a reported call, or a logged-out account, and the verbs that change it.
//!
//! Every change is a function in [`verbs`] that takes the connection, an [`Actor`] and the time, and leaves exactly
//! one [`Event`]. This room knows nothing of desks and forms.

pub mod command;
mod transition;
mod event;
pub mod call_example;
mod completeness;

mod access_key;

pub mod call_detail;

pub mod reference;
mod row;
mod text;

mod store;
mod partial_report;

use std::{net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

pub use access_key::{AccessKey, CachedSecret, SigningSecret};
pub use call_detail::{DetailChange, DetailValue};
pub use call_example::{CallExample, NewCallExample};
pub use completeness::KnownCallDetails;
pub use event::notification::EmailKind;
pub use event::{Actor, ActorKind, EventKind, TicketEvent, WaitingFor};
pub use partial_report::PartialReport;
pub use reference::TicketReference;
pub use store::{
    DuplicateTicket, find_by_access_key, find_by_id, find_by_reference, find_expected_versions, list_duplicates,
    list_events,
};
pub use text::{CustomerMessage, Note, Reply};
pub use transition::decide::{REOPEN_WINDOW, TicketCommand};

use crate::{i18n::Lang, phone::Party};

/// Makes an enum that stands in forms, addresses and the database under the same names, with a label in `words`.
macro_rules! text_enum {
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
pub(crate) use text_enum;

text_enum! {
    /// The four problems; each has a guide. And what nobody can tell yet, which only e-mails are.
    TicketCategory, "ticket_category", "category" {
        LoggedOut = "logged-out",
        Audio = "audio",
        Incoming = "incoming",
        Outgoing = "outgoing",
        Unknown = "unknown",
    }
}
text_enum! {
    /// Where a ticket stands.
    TicketStatus, "ticket_status", "status" {
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
text_enum! {
    /// How the report came.
    TicketChannel, "ticket_channel", "channel" {
        Web = "web",
        Phone = "phone",
        Chat = "chat",
        Email = "email",
    }
}
text_enum! {
    /// Which of the operator's products it is about.
    Service, "service", "service" {
        VirtualPbx = "virtual-pbx",
        MiniVoip = "mini-voip",
        SingleNumber = "single-number",
        Unknown = "unknown",
    }
}
text_enum! {
    /// How sure the time of the call is.
    CallTimePrecision, "call_precision", "precision" {
        Exact = "exact",
        FiveMinutes = "5min",
        HalfHour = "30min",
    }
}
text_enum! {
    /// Whether the call stands in the customer's call history (Biling).
    BillingPresence, "billing_entry", "billing" {
        Yes = "yes",
        No = "no",
        Unknown = "unknown",
    }
}
text_enum! {
    /// What is wrong with the sound.
    AudioSymptom, "audio_symptom", "symptom" {
        /// Nobody hears anybody.
        NoAudio = "none",
        /// The reporter does not hear the other side.
        NoInboundAudio = "one-way-me",
        /// The other side does not hear the reporter.
        NoOutboundAudio = "one-way-them",
        Choppy = "choppy",
        Echo = "echo",
        Noise = "noise",
        Dropped = "dropped",
        Delay = "delay",
    }
}

text_enum! {
    /// A field of a ticket that was guessed.
    InferredField, "inferred_field", "inferred" {
        Category = "category",
        Caller = "caller",
        Callee = "callee",
        CallTime = "call_time",
        ErrorText = "error_text",
        Symptom = "symptom",
        Account = "account",
    }
}

text_enum! {
    /// A piece of what a call is found by: what staff may ask a customer for.
    CallDetail, "call_detail", "call-detail" {
        Caller = "caller",
        Callee = "callee",
        CallTime = "time",
        ErrorText = "message",
    }
}

impl TicketCategory {
    /// Those that have a guide and a form.
    pub const WITH_GUIDE: [TicketCategory; 4] =
        [TicketCategory::LoggedOut, TicketCategory::Audio, TicketCategory::Incoming, TicketCategory::Outgoing];
}

impl CallTimePrecision {
    /// How far the call may lie from the time given, in minutes to either side.
    pub const fn tolerance_minutes(self) -> u8 {
        match self {
            CallTimePrecision::Exact => 1,
            CallTimePrecision::FiveMinutes => 5,
            CallTimePrecision::HalfHour => 30,
        }
    }
}

impl TicketStatus {
    /// The colour of its sign, beside its word.
    pub const fn tone(self) -> &'static str {
        match self {
            TicketStatus::New => "plum",
            TicketStatus::Open => "info",
            TicketStatus::Waiting => "warn",
            TicketStatus::Resolved => "ok",
            TicketStatus::Spam | TicketStatus::Duplicate => "",
        }
    }

    /// Whether staff still have something to do.
    pub const fn is_active(self) -> bool {
        match self {
            TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting => true,
            TicketStatus::Resolved | TicketStatus::Spam | TicketStatus::Duplicate => false,
        }
    }
}

/// One side of the call: what was typed and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct CallParty {
    pub raw_text: String,
    pub party: Party,
}

/// What failed.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportedFailure {
    /// A call from A to B.
    Call {
        caller: CallParty,
        callee: CallParty,
        call_at: OffsetDateTime,
        precision: CallTimePrecision,
        in_billing: BillingPresence,
        /// Only for [`Category::Audio`].
        symptom: Option<AudioSymptom>,
    },
    /// A SIP account that does not log in.
    LoggedOut { account: Party, device: Option<String>, public_ip: Option<IpAddr> },
    /// An e-mail that did not tell all of it.
    Partial(Box<PartialReport>),
}

/// A question of a guide and the answer given, as they were then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GivenAnswer {
    pub question: String,
    pub answer: String,
}

/// The walk through a guide that led to the report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GuideHistory {
    /// Its address, such as `outgoing/yes/abroad`.
    pub path: Option<String>,
    pub answers: Vec<GivenAnswer>,
}

/// A report, checked and ready to be stored.
#[derive(Debug, Clone)]
pub struct NewTicket {
    pub category: TicketCategory,
    pub channel: TicketChannel,
    pub lang: Lang,
    pub service: Service,
    pub failure: ReportedFailure,
    pub error_text: Option<String>,
    pub description: Option<String>,
    pub email: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    pub client_ip: IpAddr,
    pub user_agent: String,
    pub guide_history: GuideHistory,
    /// The form's own id: the same one again gives the same ticket.
    pub submission_id: Uuid,
    /// The form as it was typed, to notice a second one that differs.
    pub raw_fields: Vec<(String, String)>,
    /// Filled in by a program, not by a person.
    pub is_bot: bool,
}

/// A ticket as it is read: one row.
#[derive(Debug, Clone)]
pub struct Ticket {
    pub id: Uuid,
    pub reference: TicketReference,
    pub category: TicketCategory,
    pub status: TicketStatus,
    pub channel: TicketChannel,
    pub lang: Lang,
    pub service: Service,
    pub failure: ReportedFailure,
    pub error_text: Option<String>,
    /// The code that stands in the error text.
    pub sip_code: Option<i16>,
    pub description: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub client_ip: IpAddr,
    pub user_agent: String,
    pub guide_path: Option<String>,
    pub guide_answers: Json<Vec<GivenAnswer>>,
    pub assignee: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub awaiting_staff_since: OffsetDateTime,
    /// When a ticket that waits comes back by itself.
    pub snoozed_until: Option<OffsetDateTime>,
    pub resolved_at: Option<OffsetDateTime>,
    /// The ticket that it is a duplicate of, and that one's reference.
    pub merged_into: Option<Uuid>,
    pub main_reference: Option<TicketReference>,
    /// What was read out of an e-mail by guessing, and nobody has confirmed.
    pub inferred_fields: Vec<InferredField>,
    /// What the customer was asked for; see [`Ticket::questions`].
    pub requested_details: Vec<CallDetail>,
    /// How often its key was replaced.
    pub access_key_generation: i32,
    pub version: i32,
}

impl Ticket {
    /// Whether nobody does anything about it any more.
    pub fn is_resolved(&self) -> bool {
        self.status == TicketStatus::Resolved
    }

    /// Whether it is over for good: who still has the trouble reports it anew.
    pub fn is_closed(&self, now: OffsetDateTime) -> bool {
        self.is_resolved() && self.resolved_at.is_some_and(|at| now > at + REOPEN_WINDOW)
    }

    /// The ticket as it was read.
    pub fn expected_version(&self) -> command::update::ExpectedVersion {
        command::update::ExpectedVersion { id: self.id, version: self.version }
    }
}
