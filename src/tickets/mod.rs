//! Tickets: each is one reported call or one logged-out SIP account.
//!
//! Every change is a function in [`command`]. It takes the connection, the actor and the time, and records exactly one
//! [`TicketEvent`]. This module knows nothing of staff pages and forms.

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
