//! Figures about the reports of some days: how many, of what, how soon they were answered, and what the guides saved.

mod arrivals;
mod chart;
mod durations;
mod figures;
pub mod pages;
mod span;
mod store;
mod table;
mod walks;

pub use pages::routes;
