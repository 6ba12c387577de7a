//! Durability of the data.

/// What a crash of the machine may lose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// No committed data.
    Safe,
    /// All data. For tests, which create their data and need many connections.
    Fast,
}
