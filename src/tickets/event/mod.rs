//! What happened to a ticket: one event per change.

pub(super) mod notification;
pub(super) mod actor;
pub(super) mod kind;
mod payload;
pub(super) mod history;
mod description;

pub(crate) use payload::TimelineHeading;
