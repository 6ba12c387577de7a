//! A further call, before it is stored and as it is loaded.

use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    call_time::CallTimePrecision,
    causes,
    phone::PartyKind,
    tickets::{columns::PartyColumns, failure::CallParty},
};

/// Maximum per ticket: more examples would not help to find the cause.
pub const MAX_CALL_EXAMPLES: usize = 20;

/// A validated example that is not stored yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCallExample {
    pub caller: CallParty,
    pub callee: CallParty,
    pub call_at: OffsetDateTime,
    pub precision: CallTimePrecision,
    pub error_text: Option<String>,
}

/// A stored example.
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
pub(in crate::tickets) struct CallExampleColumns {
    pub id: Uuid,
    caller_kind: Option<PartyKind>,
    caller: Option<String>,
    caller_extension: Option<String>,
    caller_raw: Option<String>,
    callee_kind: Option<PartyKind>,
    callee: Option<String>,
    callee_extension: Option<String>,
    callee_raw: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    call_at: OffsetDateTime,
    call_precision: CallTimePrecision,
    error_text: Option<String>,
    sip_code: Option<i16>,
}

impl From<&NewCallExample> for CallExampleColumns {
    fn from(example: &NewCallExample) -> CallExampleColumns {
        let (caller, callee) = (PartyColumns::from(&example.caller), PartyColumns::from(&example.callee));
        CallExampleColumns {
            id: Uuid::now_v7(),
            caller_kind: caller.kind,
            caller: caller.canonical,
            caller_extension: caller.extension,
            caller_raw: caller.raw_text,
            callee_kind: callee.kind,
            callee: callee.canonical,
            callee_extension: callee.extension,
            callee_raw: callee.raw_text,
            call_at: example.call_at,
            call_precision: example.precision,
            error_text: example.error_text.clone(),
            sip_code: example.error_text.as_deref().and_then(causes::extract_sip_code),
        }
    }
}

impl CallExampleColumns {
    /// The content as text: an example that is sent twice has the same.
    pub(crate) fn fingerprint(&self) -> String {
        format!(
            "{:?}",
            (&self.caller_raw, &self.callee_raw, self.call_at, self.call_precision.into_str(), &self.error_text)
        )
    }
}
