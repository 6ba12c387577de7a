//! Statistics about the reports of a period: their number, their kinds, the response times and the guides' outcomes.

mod period;
mod chart;
mod table;
mod durations;
mod volume;
mod store;
mod guide_outcomes;
mod figures;
mod pages;

pub use pages::routes;
