//! All texts of the interface, in both languages. Rust files and templates contain message ids only.
//!
//! The messages are Project Fluent files, one per module and language, in `templates/locales`.

mod bundles;
mod label;
mod lang;
mod message;
mod typography;

pub use label::Label;
pub use lang::Lang;
pub use message::{MessageArg, UiMessage};
pub use typography::{nbsp_digit_groups, strip_typography, typeset};
