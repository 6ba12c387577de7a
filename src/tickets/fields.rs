//! The fields of a ticket that have a closed list of values.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::i18n::Label;

/// The problem that a report is about. Each has a guide and a form, except `Unknown`: only emails have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "kebab-case")]
#[strum(const_into_str, serialize_all = "kebab-case")]
#[sqlx(type_name = "ticket_category", rename_all = "kebab-case")]
pub enum TicketCategory {
    LoggedOut,
    Audio,
    Incoming,
    Outgoing,
    Unknown,
}

impl Label for TicketCategory {
    const MESSAGE_PREFIX: &str = "category";
}

/// The status of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
#[sqlx(type_name = "ticket_status", rename_all = "lowercase")]
pub enum TicketStatus {
    /// Not assigned and not worked on yet.
    New,
    /// A staff member works on it.
    Open,
    /// Staff wait for the customer or for a carrier.
    Waiting,
    Resolved,
    Spam,
    /// Reports the same problem as another ticket, and is resolved together with it.
    Duplicate,
}

impl Label for TicketStatus {
    const MESSAGE_PREFIX: &str = "status";
}

/// How a report was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
#[sqlx(type_name = "ticket_channel", rename_all = "lowercase")]
pub enum TicketChannel {
    Web,
    Phone,
    Chat,
    Email,
}

impl Label for TicketChannel {
    const MESSAGE_PREFIX: &str = "channel";
}

/// The operator's product that a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "kebab-case")]
#[strum(const_into_str, serialize_all = "kebab-case")]
#[sqlx(type_name = "service", rename_all = "kebab-case")]
pub enum Service {
    VirtualPbx,
    MiniVoip,
    SingleNumber,
    Unknown,
}

impl Label for Service {
    const MESSAGE_PREFIX: &str = "service";
}

/// Whether the call is listed in the customer's call history (Biling).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
#[sqlx(type_name = "billing_entry", rename_all = "lowercase")]
pub enum BillingPresence {
    Yes,
    No,
    Unknown,
}

impl Label for BillingPresence {
    const MESSAGE_PREFIX: &str = "billing";
}

/// What is wrong with the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
#[sqlx(type_name = "audio_symptom", rename_all = "lowercase")]
pub enum AudioSymptom {
    /// Neither side hears the other.
    #[serde(rename = "none")]
    #[strum(serialize = "none")]
    #[sqlx(rename = "none")]
    NoAudio,
    /// The reporter does not hear the other side.
    #[serde(rename = "one-way-me")]
    #[strum(serialize = "one-way-me")]
    #[sqlx(rename = "one-way-me")]
    NoInboundAudio,
    /// The other side does not hear the reporter.
    #[serde(rename = "one-way-them")]
    #[strum(serialize = "one-way-them")]
    #[sqlx(rename = "one-way-them")]
    NoOutboundAudio,
    Choppy,
    Echo,
    Noise,
    Dropped,
    Delay,
}

impl Label for AudioSymptom {
    const MESSAGE_PREFIX: &str = "symptom";
}

/// A field that was extracted from an email and may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[strum(const_into_str, serialize_all = "snake_case")]
#[sqlx(type_name = "inferred_field", rename_all = "snake_case")]
pub enum InferredField {
    Category,
    Caller,
    Callee,
    CallTime,
    ErrorText,
    Symptom,
    Account,
}

impl Label for InferredField {
    const MESSAGE_PREFIX: &str = "inferred";
}

/// A detail that helps to find a call in the call records. Staff may request it from the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
#[sqlx(type_name = "call_detail", rename_all = "lowercase")]
pub enum CallDetail {
    Caller,
    Callee,
    #[serde(rename = "time")]
    #[strum(serialize = "time")]
    #[sqlx(rename = "time")]
    CallTime,
    #[serde(rename = "message")]
    #[strum(serialize = "message")]
    #[sqlx(rename = "message")]
    ErrorText,
}

impl Label for CallDetail {
    const MESSAGE_PREFIX: &str = "call-detail";
}

impl TicketCategory {
    /// The categories that have a guide and a form.
    pub const WITH_GUIDE: [TicketCategory; 4] =
        [TicketCategory::LoggedOut, TicketCategory::Audio, TicketCategory::Incoming, TicketCategory::Outgoing];
}

impl TicketStatus {
    /// The colour of the status badge.
    pub const fn tone(self) -> &'static str {
        match self {
            TicketStatus::New => "plum",
            TicketStatus::Open => "info",
            TicketStatus::Waiting => "warn",
            TicketStatus::Resolved => "ok",
            TicketStatus::Spam | TicketStatus::Duplicate => "",
        }
    }

    /// Whether staff still have to work on the ticket itself.
    pub const fn is_active(self) -> bool {
        match self {
            TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting => true,
            TicketStatus::Resolved | TicketStatus::Spam | TicketStatus::Duplicate => false,
        }
    }
}
