//! Made-up tickets, for people who want to see the desk at work: a few that go through the same form and the same verbs
//! as real ones, or a year of a busy call centre, straight into the tables.

mod calendar;
mod chance;
mod copy;
mod few;
mod many;
mod people;
mod store;
mod texts;
mod ticket;
mod trouble;
mod walks;
mod year;

pub use few::fill as fill_empty;
pub use many::fill;

use crate::staff::Role;

/// The sign-in that everybody knows. The server refuses to offer it to any other machine.
pub const EMAIL: &str = "demo@example.com";
pub const PASSWORD: &str = "dzwoni na probe";

/// Those who are always there.
const COLLEAGUES: [(&str, &str, Role); 3] = [
    (EMAIL, "Kamil Wrona", Role::Admin),
    ("anna@example.com", "Anna Nowicka", Role::Agent),
    ("marek@example.com", "Marek Zięba", Role::Agent),
];
