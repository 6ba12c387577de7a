//! A cause of failure, and where to look for it.

/// Why a call failed.
#[derive(Debug, PartialEq)]
pub struct FailureCause {
    /// Its name in addresses.
    pub id: String,
    /// Final responses of SIP (RFC 3261, section 21, and the registry "Response Codes" that IANA keeps).
    pub sip: Vec<i16>,
    /// Causes of ITU-T Q.850.
    pub q850: Vec<u8>,
    /// How phones say it.
    pub phrases: Vec<String>,
    pub fault_location: FaultLocation,
    /// False when nothing is broken.
    pub is_fault: bool,
    /// The guide and its step that treat it.
    pub guide_step: Option<(String, String)>,
    pub source: String,
    /// The messages that name it, explain it, and say what to try first.
    pub name: String,
    pub meaning: String,
    pub first_step: String,
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultLocation {
    Caller,
    #[serde(rename = "called")]
    Callee,
    Account,
    Device,
    Network,
}

impl FaultLocation {
    /// The message that names it to people.
    pub const fn label(self) -> &'static str {
        match self {
            FaultLocation::Caller => "fault-location-caller",
            FaultLocation::Callee => "fault-location-callee",
            FaultLocation::Account => "fault-location-account",
            FaultLocation::Device => "fault-location-device",
            FaultLocation::Network => "fault-location-network",
        }
    }
}
