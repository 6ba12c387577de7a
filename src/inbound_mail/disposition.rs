//! The disposition of a message.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::tickets::text_enum;

text_enum! {
    /// The disposition of a message, in the order of the tabs of the list.
    Disposition, "mail_disposition", "inbound-mail-disposition" {
        TicketOpened = "ticket",
        AddedToTicket = "message",
        /// No ticket can be opened automatically. Staff look at it.
        Unreadable = "unreadable",
        /// A report that an email of ours was not delivered.
        Bounce = "bounce",
        /// Written by a machine.
        Automatic = "automatic",
        /// Our own, or in a loop between servers.
        Loop = "loop",
        /// Its sender exceeds the rate limit.
        Flood = "flood",
    }
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
