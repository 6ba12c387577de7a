//! Another call of the same trouble, which the customer tells of on the ticket's page. Staff find the ticket by its
//! numbers, too.

pub(super) mod store;

use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

pub use store::of;

use super::{Precision, Side};
use crate::{causes, phone::Kind};

/// The most that a ticket keeps: whoever has more of them has shown enough.
pub const MOST: usize = 20;

/// A call as the customer told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewExample {
    pub caller: Side,
    pub callee: Side,
    pub at: OffsetDateTime,
    pub precision: Precision,
    pub error_text: Option<String>,
}

/// One that is kept.
#[derive(Debug, Clone)]
pub struct Example {
    pub id: Uuid,
    pub added_at: OffsetDateTime,
    pub caller: Side,
    pub callee: Side,
    pub at: OffsetDateTime,
    pub precision: Precision,
    pub error_text: Option<String>,
    pub sip_code: Option<i16>,
}

/// An example as columns of `call_example`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Columns {
    pub id: Uuid,
    caller_kind: Kind,
    caller: Option<String>,
    caller_extension: Option<String>,
    caller_typed: String,
    callee_kind: Kind,
    callee: Option<String>,
    callee_extension: Option<String>,
    callee_typed: String,
    #[serde(with = "time::serde::rfc3339")]
    call_at: OffsetDateTime,
    call_precision: Precision,
    error_text: Option<String>,
    sip_code: Option<i16>,
}

impl Columns {
    pub fn of(example: &NewExample) -> Columns {
        let canonical = |side: &Side| Some(side.party.canonical()).filter(|text| !text.is_empty());
        let extension = |side: &Side| side.party.extension().map(str::to_owned);
        Columns {
            id: Uuid::now_v7(),
            caller_kind: example.caller.party.kind(),
            caller: canonical(&example.caller),
            caller_extension: extension(&example.caller),
            caller_typed: example.caller.typed.clone(),
            callee_kind: example.callee.party.kind(),
            callee: canonical(&example.callee),
            callee_extension: extension(&example.callee),
            callee_typed: example.callee.typed.clone(),
            call_at: example.at,
            call_precision: example.precision,
            error_text: example.error_text.clone(),
            sip_code: example.error_text.as_deref().and_then(causes::sip_code),
        }
    }

    /// What makes it another one, whenever it was typed.
    pub fn told(&self) -> String {
        format!(
            "{:?}",
            (&self.caller_typed, &self.callee_typed, self.call_at, self.call_precision.as_str(), &self.error_text)
        )
    }
}
