//! A cause of failed calls and the location of the fault.

use i18n::Label;
use strum::{IntoStaticStr, VariantArray};

/// Why a call failed.
#[derive(Debug, PartialEq)]
pub struct FailureCause {
    /// Its name in URLs.
    pub id: String,
    /// Final responses of SIP (RFC 3261, section 21, and the registry "Response Codes" that IANA keeps).
    pub sip: Vec<i16>,
    /// ITU-T Q.850 causes.
    pub q850: Vec<u8>,
    /// Error messages of phones and announcements.
    pub phrases: Vec<String>,
    pub fault_location: FaultLocation,
    /// Whether something is broken; a busy line is no fault.
    pub is_fault: bool,
    /// The guide and its step about this cause.
    pub guide_step: Option<(String, String)>,
    pub source: String,
    /// The ids of the messages with its name, its explanation and the first thing to try.
    pub name: String,
    pub meaning: String,
    pub first_step: String,
}

/// The location of the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum FaultLocation {
    Caller,
    #[serde(rename = "called")]
    Callee,
    Account,
    Device,
    Network,
}

impl Label for FaultLocation {
    const MESSAGE_PREFIX: &str = "fault-location";
}
