//! Changes of the blocklist. Each writes the history in the same statement. Programs cannot change entries of staff
//! members: a repeated import or an expired ban must not undo a decision of staff.

mod store;

use ipnet::IpNet;
use time::OffsetDateTime;
use uuid::Uuid;

pub use store::{delete, delete_by_program, insert, lift_by_customer, purge_expired, update, upsert_external};

use super::entry::{BlockReason, BlockSource};

/// The content of an entry, as a staff member submits it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockDraft {
    pub reason: BlockReason,
    pub note: Option<String>,
    pub until: Option<OffsetDateTime>,
}

/// A block that a program reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalBlock {
    pub net: IpNet,
    pub note: Option<String>,
    pub since: OffsetDateTime,
    pub until: Option<OffsetDateTime>,
}

/// The program that reports blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportingProgram {
    pub reason: BlockReason,
    pub source: BlockSource,
    /// `None` for an import on the command line.
    pub token_id: Option<Uuid>,
}

/// The result of a report. Other entries existed with the same content, or are maintained by staff.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UpsertCounts {
    pub inserted: i64,
    pub updated: i64,
}
