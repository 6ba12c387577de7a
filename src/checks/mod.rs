//! The checks: what a visitor can find out without staff. A result says its summary in one sentence before any number. It
//! is stored for thirty days under a random id and can be attached to a report.

mod describe;
mod address;
mod lamps;
mod line_test;
mod line_test_assessment;
mod message;
mod number;
mod sound;
mod outcome;
mod store;
mod result_store;
pub mod pages;

pub use address::{AddressBlockStatus, AddressResult};
pub use describe::Describe;
pub use lamps::{Lamp, LampResult};
pub use line_test::{ConnectionType, LineTestResult, round_to_integer, round_to_tenths};
pub use line_test_assessment::{MetricAssessment, MetricRating, assess_metrics};
pub use message::{MessageResult, causes_without_step, find_guide_step};
pub use number::NumberResult;
pub use outcome::{CheckOutcome, RESULT_RETENTION, StoredCheckResult};
pub use result_store::CheckResultStore;
pub use sound::{AudibleSpeakers, MicrophoneStatus, SoundResult};
pub use store::{attach_to_tickets, delete_expired, find_by_ids, find_or_insert, list_for_ticket};
