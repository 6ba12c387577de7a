//! The blocklist: addresses that the operator's network blocks, as reported by staff and programs, with reason,
//! duration and history. Customers may lift some blocks themselves. The portal itself does not block any traffic.

mod entry;
pub mod import;
pub mod mutations;
pub mod net;
pub mod pages;
pub mod store;

pub use entry::{
    BlockChange, BlockChangeKind, BlockEntry, BlockReason, BlockSource, CustomerLift, SelfServiceLift,
    check_self_service, effective_entry,
};
pub use net::AddressScope;
