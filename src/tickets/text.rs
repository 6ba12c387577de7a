//! What staff write: a [`Note`] for each other, a [`Reply`] for the customer; and what the customer writes, a [`Message`].
//! No way leads from one to the other, so what goes to a customer (the page behind the key, letters) asks for a `Reply` and
//! can't be handed a note.
//!
//! ```compile_fail,E0308
//! # use dzwoni::tickets::{Note, Reply};
//! fn letter(_: &Reply) {}
//! letter(&Note::written("nie dla klienta".to_owned()).unwrap());
//! ```
//!
//! ```
//! # use dzwoni::tickets::Reply;
//! fn letter(_: &Reply) {}
//! letter(&Reply::written("dla klienta".to_owned()).unwrap());
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::i18n::UiMessage;

/// The longest note or reply, in characters.
pub const MAX_TEXT_LEN: usize = 5000;

/// What only staff see. It does not print by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Note(String);

/// What the customer sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reply(String);

/// What the customer writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomerMessage(String);

impl CustomerMessage {
    /// A message with something in it.
    ///
    /// # Errors
    /// A complaint when it is empty or too long.
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
    /// A note with something in it.
    ///
    /// # Errors
    /// A complaint when it is empty or too long.
    pub fn parse(text: String) -> Result<Note, UiMessage> {
        validate_length(text).map(Note)
    }

    pub fn as_staff_text(&self) -> &str {
        &self.0
    }
}

impl Reply {
    /// A reply with something in it.
    ///
    /// # Errors
    /// A complaint when it is empty or too long.
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
    let count = text.chars().count();
    match count {
        0 => Err(UiMessage::new("desk-text-missing")),
        1..=MAX_TEXT_LEN => Ok(text),
        _ => Err(UiMessage::new("report-too-long").with("count", count).with("most", MAX_TEXT_LEN)),
    }
}
