//! What all check results have in common.

use crate::i18n::{MessageArg, UiMessage};

/// The texts of a result. They are the same on its page, in the report form, for the customer and for staff.
pub trait Describe {
    /// One word for the database: lower case letters, digits and hyphens.
    fn verdict(&self) -> &str;
    /// One plain sentence.
    fn summary(&self) -> UiMessage;
    /// Details for staff: name and value.
    fn details(&self) -> Vec<(UiMessage, MessageArg)>;
}
