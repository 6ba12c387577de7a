//! Tickets: each is one reported call or one logged-out SIP account.
//!
//! Every change is a function in [`command`]. It takes the connection, the actor and the time, and records exactly one
//! [`TicketEvent`]. This module knows nothing of staff pages and forms.

/// Defines an enum whose values have the same names in forms, URLs and the database, and a message as label.
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident, $sql:literal, $prefix:literal { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[sqlx(type_name = $sql)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] #[sqlx(rename = $text)] $variant),+
        }

        text_enum! { @names $name, $prefix { $($variant = $text),+ } }
    };
    // without a type in the database
    ($(#[$doc:meta])* $name:ident, $prefix:literal { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant),+
        }

        text_enum! { @names $name, $prefix { $($variant = $text),+ } }
    };
    (@names $name:ident, $prefix:literal { $($variant:ident = $text:literal),+ }) => {
        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The name in forms, URLs and the database.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The id of the message with its name for users.
            pub const fn label(self) -> &'static str {
                match self { $($name::$variant => concat!($prefix, "-", $text)),+ }
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<$name, ()> {
                $name::ALL.iter().copied().find(|value| value.as_str() == text).ok_or(())
            }
        }
    };
}
pub(crate) use text_enum;

mod text;
mod access_key;
mod fields;
mod failure;
mod columns;
mod ticket;
mod call_detail;
mod completeness;
pub mod call_example;
mod event;
mod row;
mod store;
mod transition;
pub mod command;

pub use crate::ticket_reference::TicketReference;
pub use crate::token::AccessKey;
pub use call_detail::{DetailChange, DetailValue};
pub use call_example::{CallExample, NewCallExample};
pub use columns::{FailureColumns, PartyColumns, REPORT_COLUMNS};
pub use completeness::KnownCallDetails;
pub(crate) use event::TimelineHeading;
pub use event::{
    actor::{Actor, ActorKind},
    history::TicketEvent,
    kind::{EventKind, WaitingFor},
    notification::EmailKind,
};
pub use failure::{CallParty, PartialReport, ReportedFailure};
pub use fields::{
    AudioSymptom, BillingPresence, CallDetail, InferredField, Service, TicketCategory, TicketChannel, TicketStatus,
};
pub use store::{
    DuplicateTicket, find_by_access_key, find_by_id, find_by_reference, find_expected_versions, list_duplicates,
    list_events,
};
pub use text::{CustomerMessage, Note, Reply};
pub use ticket::{GivenAnswer, GuideHistory, NewTicket, Ticket};
pub use transition::command::TicketCommand;

pub use crate::call_time::CallTimePrecision;
