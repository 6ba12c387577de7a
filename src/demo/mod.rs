//! Demo data: a small sample that is created through the report form and the ticket commands, or a year of tickets that
//! is written directly to the tables.

mod bulk;
mod calendar;
mod customers;
mod distributions;
mod generator;
mod guide_traffic;
mod incidents;
mod pg_copy;
mod sample;
mod store;
mod texts;
mod ticket;

pub use bulk::fill_bulk;
pub use sample::fill_empty;

use crate::staff::{PUBLISHED_PASSWORD, StaffRole};

/// Public demo credentials. They are for portals that are reached on this machine only.
pub const DEMO_EMAIL: &str = "demo@example.com";
pub const DEMO_PASSWORD: &str = PUBLISHED_PASSWORD;

/// Staff members that both the sample and the bulk data contain.
const DEMO_STAFF: [(&str, &str, StaffRole); 3] = [
    (DEMO_EMAIL, "Kamil Wrona", StaffRole::Admin),
    ("anna@example.com", "Anna Nowicka", StaffRole::Agent),
    ("marek@example.com", "Marek Zięba", StaffRole::Agent),
];
