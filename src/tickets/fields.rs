//! The fields of a ticket that have a closed list of values.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

text_enum! {
    /// The problem that a report is about. Each has a guide and a form, except `Unknown`: only emails have it.
    TicketCategory, "ticket_category", "category" {
        LoggedOut = "logged-out",
        Audio = "audio",
        Incoming = "incoming",
        Outgoing = "outgoing",
        Unknown = "unknown",
    }
}
text_enum! {
    /// The status of a ticket.
    TicketStatus, "ticket_status", "status" {
        /// Not assigned and not worked on yet.
        New = "new",
        /// A staff member works on it.
        Open = "open",
        /// Staff wait for the customer or for a carrier.
        Waiting = "waiting",
        Resolved = "resolved",
        Spam = "spam",
        /// Reports the same problem as another ticket, and is resolved together with it.
        Duplicate = "duplicate",
    }
}
text_enum! {
    /// How a report was received.
    TicketChannel, "ticket_channel", "channel" {
        Web = "web",
        Phone = "phone",
        Chat = "chat",
        Email = "email",
    }
}
text_enum! {
    /// The operator's product that a report is about.
    Service, "service", "service" {
        VirtualPbx = "virtual-pbx",
        MiniVoip = "mini-voip",
        SingleNumber = "single-number",
        Unknown = "unknown",
    }
}
text_enum! {
    /// Whether the call is listed in the customer's call history (Biling).
    BillingPresence, "billing_entry", "billing" {
        Yes = "yes",
        No = "no",
        Unknown = "unknown",
    }
}
text_enum! {
    /// What is wrong with the sound.
    AudioSymptom, "audio_symptom", "symptom" {
        /// Neither side hears the other.
        NoAudio = "none",
        /// The reporter does not hear the other side.
        NoInboundAudio = "one-way-me",
        /// The other side does not hear the reporter.
        NoOutboundAudio = "one-way-them",
        Choppy = "choppy",
        Echo = "echo",
        Noise = "noise",
        Dropped = "dropped",
        Delay = "delay",
    }
}
text_enum! {
    /// A field that was extracted from an email and may be wrong.
    InferredField, "inferred_field", "inferred" {
        Category = "category",
        Caller = "caller",
        Callee = "callee",
        CallTime = "call_time",
        ErrorText = "error_text",
        Symptom = "symptom",
        Account = "account",
    }
}
text_enum! {
    /// A detail that helps to find a call in the call records. Staff may request it from the customer.
    CallDetail, "call_detail", "call-detail" {
        Caller = "caller",
        Callee = "callee",
        CallTime = "time",
        ErrorText = "message",
    }
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
