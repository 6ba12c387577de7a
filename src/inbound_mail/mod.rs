//! Inbound mail: each message from a mail server is added to the ticket that it answers, opens a ticket, or is discarded and
//! counted. Staff can see every message, whatever became of it.
//!
//! The crate `inbound_mail` parses, classifies and extracts without a database ([`analysis`]). [`Inbox::ingest`] routes and
//! stores the message in one transaction.

mod analysis;
mod disposition;
mod ingest;
mod limits;
pub mod maildir;
pub mod pages;
mod partial_report;
mod raw_message;
pub mod receive_command;
mod routing;
mod store;

pub use ::inbound_mail::Attachment;
pub use disposition::{Disposition, IngestOutcome};
pub use ingest::Inbox;
pub use raw_message::RawMessage;
pub use store::{InboundMail, list_for_ticket, purge_expired};
