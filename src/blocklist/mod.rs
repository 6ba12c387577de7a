//! Addresses that the operator's network shuts out, as far as people and programs have told the portal: why, since when,
//! until when, and who may lift it.

mod entry;
pub mod import;
pub mod net;
pub mod pages;
pub mod store;
pub mod mutations;

pub use entry::{
    BlockChange, BlockChangeKind, BlockEntry, BlockReason, BlockSource, SelfServiceLift, check_self_service,
    effective_entry,
};
pub use net::AddressScope;
