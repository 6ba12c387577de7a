//! The details that were extracted from an email: the form on the ticket's page, and their confirmation by staff.

pub(super) mod confirm;
pub(super) mod form;
