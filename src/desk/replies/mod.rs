//! Saved replies: texts that staff send often, with placeholders that are filled in from the ticket.

mod template;
mod saved_reply;
mod store;
pub(super) mod pages;

pub(super) use saved_reply::SavedReplyOption;
pub(super) use store::{find, list_options};
pub(super) use template::unfilled_placeholder_error;
