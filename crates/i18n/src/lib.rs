//! Every sentence of the interface, in both languages, so that no Rust file and no template contains one.
//!
//! The messages are Project Fluent files, one a room and language, in `templates/locales`.

mod bundles;
mod lang;
mod message;
mod typography;

pub use lang::Lang;
pub use message::{MessageArg, UiMessage};
pub use typography::{nbsp_digit_groups, strip_typography, typeset};
