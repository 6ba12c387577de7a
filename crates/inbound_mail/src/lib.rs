//! Reads an email without a database: [`parse`] turns bytes into a [`ParsedMessage`], [`classify`] distinguishes persons from
//! machines, [`extract`] reads the reported call out of the text.
//!
//! Any bytes are accepted. Results are limited in size and contain no control characters.

mod message;
mod address;
mod header;
mod parse_limits;
mod format_flowed;
mod html_to_text;
mod mime;
mod quotation;
mod attachments;
mod automation;
mod body;
mod parse;
mod classify;
mod extract;

pub use address::is_own_address;
pub use attachments::extract_attachment;
pub use classify::{MessageClass, classify};
pub use extract::{ExtractedCategory, ExtractedParty, ExtractedSymptom, Extraction, extract};
pub use message::{Attachment, AutomationHeaders, Bounce, ParsedMessage, Sender};
pub use parse::parse;
