//! What changes the list. Each leaves a line in its history in the same statement. What a person has written, programs
//! leave alone: a list that is read in again, or a ban that runs out somewhere, must not undo what staff decided.

mod store;

use ipnet::IpNet;
use time::OffsetDateTime;
use uuid::Uuid;

pub use store::{delete, delete_by_program, insert, lift_by_customer, purge_expired, update, upsert_external};

use super::{BlockReason, BlockSource};

/// What staff want an entry to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockDraft {
    pub reason: BlockReason,
    pub note: Option<String>,
    pub until: Option<OffsetDateTime>,
}

/// What a program tells of one address or block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalBlock {
    pub net: IpNet,
    pub note: Option<String>,
    pub since: OffsetDateTime,
    pub until: Option<OffsetDateTime>,
}

/// A program that tells, and how it calls itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportingProgram {
    pub reason: BlockReason,
    pub source: BlockSource,
    /// Nothing for a list that somebody reads in on the machine.
    pub token_id: Option<Uuid>,
}

/// What came of what a program told: the rest was there already, or is kept by staff.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UpsertCounts {
    pub inserted: i64,
    pub updated: i64,
}
