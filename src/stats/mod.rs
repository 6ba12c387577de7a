//! Figures about the reports of some days: how many, of what, how soon they were answered, and what the guides saved.

mod volume;
mod chart;
mod durations;
mod figures;
pub mod pages;
mod period;
mod store;
mod table;
mod guide_outcomes;

pub use pages::routes;
