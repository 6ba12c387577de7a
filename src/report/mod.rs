//! The report form. Its fields become a ticket, or all errors at once, each beside its field.

mod form;
mod validation;
mod new_ticket;
mod call_details;
pub mod form_view;
mod batch_writer;
pub mod pages;

pub use form::ReportForm;
pub use validation::{FieldErrors, ParsedReport};
