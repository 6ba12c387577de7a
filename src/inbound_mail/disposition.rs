//! The disposition of a message.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

use crate::i18n::Label;

/// The disposition of a message, in the order of the tabs of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
#[sqlx(type_name = "mail_disposition", rename_all = "lowercase")]
pub enum Disposition {
    #[serde(rename = "ticket")]
    #[strum(serialize = "ticket")]
    #[sqlx(rename = "ticket")]
    TicketOpened,
    #[serde(rename = "message")]
    #[strum(serialize = "message")]
    #[sqlx(rename = "message")]
    AddedToTicket,
    /// No ticket can be opened automatically. Staff look at it.
    Unreadable,
    /// A report that an email of ours was not delivered.
    Bounce,
    /// Written by a machine.
    Automatic,
    /// Our own, or in a loop between servers.
    Loop,
    /// Its sender exceeds the rate limit.
    Flood,
}

impl Label for Disposition {
    const MESSAGE_PREFIX: &str = "inbound-mail-disposition";
}

impl Disposition {
    /// Whether the message needs no attention by staff.
    pub(crate) const fn is_discarded(self) -> bool {
        match self {
            Disposition::Bounce | Disposition::Automatic | Disposition::Loop | Disposition::Flood => true,
            Disposition::TicketOpened | Disposition::AddedToTicket | Disposition::Unreadable => false,
        }
    }
}

/// The disposition of a message, and the rule that decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IngestOutcome {
    pub disposition: Disposition,
    /// The name of the rule, such as `signed-address`.
    pub reason: &'static str,
}

/// What is stored about a message besides the message itself.
pub(crate) struct RoutingResult {
    pub outcome: IngestOutcome,
    pub ticket_id: Option<Uuid>,
    /// The sender is the ticket's customer, as far as that can be known.
    pub is_trusted: bool,
}

impl RoutingResult {
    pub(crate) fn without_ticket(disposition: Disposition, reason: &'static str) -> RoutingResult {
        RoutingResult { outcome: IngestOutcome { disposition, reason }, ticket_id: None, is_trusted: false }
    }
}
