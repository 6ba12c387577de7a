//! The staff queue: its query, its rows, search, export and bulk selection.

pub(super) mod flash;
pub(super) mod page;
pub(super) mod query;
pub(super) mod listing;
pub(super) mod row;
pub(super) mod export;
pub(super) mod search;
pub(super) mod store;
pub(super) mod take_next;
