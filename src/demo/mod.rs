//! Made-up tickets, for people who want to see the desk at work: a few that go through the same form and the same verbs
//! as real ones, or a year of a busy call centre, straight into the tables.

mod calendar;
mod distributions;
mod pg_copy;
mod sample;
mod bulk;
mod customers;
mod store;
mod texts;
mod ticket;
mod incidents;
mod guide_traffic;
mod generator;

pub use bulk::fill_bulk;
pub use sample::fill_empty;

use crate::staff::StaffRole;

/// The sign-in that everybody knows. The server refuses to offer it to any other machine.
pub const DEMO_EMAIL: &str = "demo@example.com";
pub const DEMO_PASSWORD: &str = "dzwoni na probe";

/// Those who are always there.
const DEMO_STAFF: [(&str, &str, StaffRole); 3] = [
    (DEMO_EMAIL, "Kamil Wrona", StaffRole::Admin),
    ("anna@example.com", "Anna Nowicka", StaffRole::Agent),
    ("marek@example.com", "Marek Zięba", StaffRole::Agent),
];
