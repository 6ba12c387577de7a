//! The search of the queue: one text field with a grammar. The text is parsed into terms, shown as chips, and executed.

mod condition;
mod tokens;
mod dates;
mod numbers;
mod parse;
mod chip;
mod criteria;
mod store;
mod execute;

pub(super) use condition::{SearchCondition, SearchTerm};
pub(super) use criteria::{SearchCandidate, SearchCriteria};
pub(super) use execute::{SearchHits, execute};
pub(crate) use parse::parse;
pub(super) use parse::{normalize_query, remove_term};

#[cfg(test)]
mod tests;
