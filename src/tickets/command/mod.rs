//! Commands: every change to a ticket. Each takes the connection, the actor and the time, and leaves exactly one event.

pub mod bulk;
pub mod incident;
pub mod access_link;
mod merge;
pub mod confirm_details;
pub mod update;
