//! Texts that people write: a [`Note`] by staff for staff, a [`Reply`] by staff for the customer, and a
//! [`CustomerMessage`]. There is no conversion between them: code that sends text to a customer takes a `Reply`, and a
//! note does not compile.
//!
//! ```compile_fail,E0308
//! # use dzwoni::tickets::{Note, Reply};
//! fn send(_: &Reply) {}
//! send(&Note::parse("nie dla klienta".to_owned()).unwrap());
//! ```
//!
//! ```
//! # use dzwoni::tickets::Reply;
//! fn send(_: &Reply) {}
//! send(&Reply::parse("dla klienta".to_owned()).unwrap());
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::i18n::UiMessage;

/// Maximum length of a text, in characters.
const MAX_TEXT_LEN: usize = 5000;

/// Visible to staff only. It has no `Display`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Note(String);

/// Visible to the customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reply(String);

/// Written by the customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomerMessage(String);

impl CustomerMessage {
    /// # Errors
    /// The message for the form when the text is empty or too long.
    pub fn parse(text: String) -> Result<CustomerMessage, UiMessage> {
        if text.is_empty() {
            Err(UiMessage::new("customer-write-missing"))
        } else {
            validate_length(text).map(CustomerMessage)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Note {
    /// # Errors
    /// The message for the form when the text is empty or too long.
    pub fn parse(text: String) -> Result<Note, UiMessage> {
        validate_length(text).map(Note)
    }

    pub fn as_staff_text(&self) -> &str {
        &self.0
    }
}

impl Reply {
    /// # Errors
    /// The message for the form when the text is empty or too long.
    pub fn parse(text: String) -> Result<Reply, UiMessage> {
        validate_length(text).map(Reply)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn validate_length(text: String) -> Result<String, UiMessage> {
    let length = text.chars().count();
    match length {
        0 => Err(UiMessage::new("desk-text-missing")),
        1..=MAX_TEXT_LEN => Ok(text),
        _ => Err(UiMessage::new("report-too-long").with("count", length).with("most", MAX_TEXT_LEN)),
    }
}
