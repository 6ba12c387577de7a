//! The staff page of one ticket, and every action on it.

pub(super) mod return_link;
pub(super) mod confirm_email;
pub(super) mod page;
pub(super) mod snooze_until;
pub(super) mod conflict;
pub(super) mod waiting;
pub(super) mod actions;
pub(super) mod call_details;
pub(super) mod access_link;
pub(super) mod merge;
pub(super) mod incident;
