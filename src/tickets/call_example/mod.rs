//! Another call of the same trouble, which the customer tells of on the ticket's page. Staff find the ticket by its
//! numbers, too.

pub(super) mod store;

use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

pub use store::list_for_ticket;

use super::{CallParty, CallTimePrecision};
use crate::{causes, phone::PartyKind};

/// The most that a ticket keeps: whoever has more of them has shown enough.
pub const MAX_CALL_EXAMPLES: usize = 20;

/// A call as the customer told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCallExample {
    pub caller: CallParty,
    pub callee: CallParty,
    pub call_at: OffsetDateTime,
    pub precision: CallTimePrecision,
    pub error_text: Option<String>,
}

/// One that is kept.
#[derive(Debug, Clone)]
pub struct CallExample {
    pub id: Uuid,
    pub added_at: OffsetDateTime,
    pub caller: CallParty,
    pub callee: CallParty,
    pub call_at: OffsetDateTime,
    pub precision: CallTimePrecision,
    pub error_text: Option<String>,
    pub sip_code: Option<i16>,
}

/// An example as columns of `call_example`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct CallExampleColumns {
    pub id: Uuid,
    caller_kind: PartyKind,
    caller: Option<String>,
    caller_extension: Option<String>,
    caller_raw: String,
    callee_kind: PartyKind,
    callee: Option<String>,
    callee_extension: Option<String>,
    callee_raw: String,
    #[serde(with = "time::serde::rfc3339")]
    call_at: OffsetDateTime,
    call_precision: CallTimePrecision,
    error_text: Option<String>,
    sip_code: Option<i16>,
}

impl CallExampleColumns {
    pub fn from_new(example: &NewCallExample) -> CallExampleColumns {
        let canonical = |side: &CallParty| Some(side.party.canonical()).filter(|text| !text.is_empty());
        let extension = |side: &CallParty| side.party.extension().map(str::to_owned);
        CallExampleColumns {
            id: Uuid::now_v7(),
            caller_kind: example.caller.party.kind(),
            caller: canonical(&example.caller),
            caller_extension: extension(&example.caller),
            caller_raw: example.caller.raw_text.clone(),
            callee_kind: example.callee.party.kind(),
            callee: canonical(&example.callee),
            callee_extension: extension(&example.callee),
            callee_raw: example.callee.raw_text.clone(),
            call_at: example.call_at,
            call_precision: example.precision,
            error_text: example.error_text.clone(),
            sip_code: example.error_text.as_deref().and_then(causes::extract_sip_code),
        }
    }

    /// What makes it another one, whenever it was typed.
    pub fn fingerprint(&self) -> String {
        format!(
            "{:?}",
            (&self.caller_raw, &self.callee_raw, self.call_at, self.call_precision.as_str(), &self.error_text)
        )
    }
}
