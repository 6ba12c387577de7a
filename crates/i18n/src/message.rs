//! Messages that are built before the language of the reader is known.

use std::borrow::Cow;

/// A message id and its arguments, formatted later in the language of the reader.
#[derive(Debug, Clone, PartialEq)]
pub struct UiMessage {
    pub id: Cow<'static, str>,
    pub args: Vec<(&'static str, MessageArg)>,
}

/// An argument of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum MessageArg {
    Text(String),
    Number(i64),
    /// A number with one decimal.
    Decimal1(i64),
    Message(Box<UiMessage>),
    /// A text per language, from the operator's file.
    PerLang(Box<[String; 2]>),
}

impl UiMessage {
    pub fn new(id: impl Into<Cow<'static, str>>) -> UiMessage {
        UiMessage { id: id.into(), args: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<MessageArg>) -> UiMessage {
        self.args.push((name, value.into()));
        self
    }
}

impl From<String> for MessageArg {
    fn from(text: String) -> MessageArg {
        MessageArg::Text(text)
    }
}
impl From<&str> for MessageArg {
    fn from(text: &str) -> MessageArg {
        MessageArg::Text(text.to_owned())
    }
}
impl From<i64> for MessageArg {
    fn from(number: i64) -> MessageArg {
        MessageArg::Number(number)
    }
}
impl From<u16> for MessageArg {
    fn from(number: u16) -> MessageArg {
        MessageArg::Number(number.into())
    }
}
impl From<usize> for MessageArg {
    fn from(number: usize) -> MessageArg {
        MessageArg::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
impl From<UiMessage> for MessageArg {
    fn from(say: UiMessage) -> MessageArg {
        MessageArg::Message(Box::new(say))
    }
}
