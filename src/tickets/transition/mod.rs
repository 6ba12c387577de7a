//! What a command changes: the rules, without a database, and the SQL that applies the result.

pub(super) mod state;
pub(super) mod command;
pub(super) mod duplicates;
mod customer;
pub(super) mod decide;
pub(super) mod plan;
pub(super) mod store;
