//! Names of closed lists of values, as people read them.

use strum::VariantArray;

/// A closed list of values that have names for people.
pub trait Label: VariantArray + Copy + Into<&'static str> {
    /// The beginning of the message ids. The value's own name follows after a hyphen.
    const MESSAGE_PREFIX: &str;

    /// The id of the message that names this value.
    fn label(self) -> String {
        format!("{}-{}", Self::MESSAGE_PREFIX, self.into())
    }
}
