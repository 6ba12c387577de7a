//! What a command makes of a ticket: the rules without a database, and the SQL that stores the result.

pub(super) mod store;
pub(super) mod customer;
pub(super) mod decide;
pub(super) mod plan;
