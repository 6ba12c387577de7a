//! The table of causes, parsed once.

use std::sync::LazyLock;

use super::{
    cause::FailureCause,
    parse_table::{CAUSES_TOML, parse},
};

#[expect(clippy::panic, reason = "the table is part of the program and tested")]
static CAUSES: LazyLock<Vec<FailureCause>> = LazyLock::new(|| {
    parse(CAUSES_TOML).unwrap_or_else(|faults| panic!("the causes can't be read: {}", faults.join("; ")))
});

/// All causes in the order of the table.
pub fn all() -> &'static [FailureCause] {
    &CAUSES
}

pub fn find_by_id(id: &str) -> Option<&'static FailureCause> {
    all().iter().find(|cause| cause.id == id)
}

pub(super) fn find_by_sip_code(code: i16) -> Option<&'static FailureCause> {
    all().iter().find(|cause| cause.sip.contains(&code))
}

pub(super) fn find_by_q850_cause(code: u8) -> Option<&'static FailureCause> {
    all().iter().find(|cause| cause.q850.contains(&code))
}

/// The id of the message that explains a SIP code. `None` for codes that no call ends with.
pub fn sip_code_label(code: i16) -> Option<&'static str> {
    find_by_sip_code(code).map(|cause| cause.name.as_str())
}
