//! Snoozing a ticket: the form's fields, and the page that asks for them.

pub(in crate::desk) mod form;
pub(in crate::desk) mod page;
