//! What happened to a ticket: one event a change, so that its history can be read as sentences.

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Channel, Note, Reply, Status};
use crate::words::Say;

/// A change, with what it needs to be told later. Stored as JSON by these names: rename nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// The report came in.
    Opened {
        channel: Channel,
    },
    /// The same form came again with other content: kept, so that nothing written is lost.
    SentAgain {
        typed: Vec<(String, String)>,
    },
    /// Staff took the ticket, or gave it to somebody.
    Assigned {
        to: Uuid,
        name: String,
        was: Option<String>,
    },
    /// Nobody has it any more.
    Released {
        was: String,
    },
    /// The status changed, other than by the verbs below.
    StatusChanged {
        from: Status,
        to: Status,
    },
    /// The trouble is over; the text is for the customer.
    Resolved {
        text: Option<Reply>,
    },
    /// It was not over.
    Reopened {
        from: Status,
    },
    MarkedSpam,
    /// A note that only staff see.
    Noted {
        text: Note,
    },
    /// An answer that the customer sees.
    Replied {
        text: Reply,
    },
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    Customer,
    Staff(Uuid),
    System,
}

/// Who did it, as a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "actor", rename_all = "lowercase")]
pub enum ActorKind {
    Customer,
    Staff,
    System,
}

impl Actor {
    pub fn kind(self) -> ActorKind {
        match self {
            Actor::Customer => ActorKind::Customer,
            Actor::Staff(_) => ActorKind::Staff,
            Actor::System => ActorKind::System,
        }
    }

    pub fn staff(self) -> Option<Uuid> {
        match self {
            Actor::Staff(id) => Some(id),
            Actor::Customer | Actor::System => None,
        }
    }
}

/// An event as it is read.
#[derive(Debug, Clone)]
pub struct Event {
    pub at: OffsetDateTime,
    pub actor: ActorKind,
    pub staff: Option<Uuid>,
    /// The person's name, for staff.
    pub name: Option<String>,
    pub what: Json<What>,
}

impl Event {
    /// The event as a sentence for staff.
    pub fn sentence(&self) -> Say {
        let who = self.name.clone().unwrap_or_default();
        let say = |id| Say::new(id).with("who", who.clone());
        match &self.what.0 {
            What::Opened { channel } => Say::new("event-opened").with("channel", Say::new(channel.label())),
            What::SentAgain { .. } => Say::new("event-sent-again"),
            What::Assigned { name, was: None, .. } if *name == who => say("event-taken"),
            What::Assigned { name, was: Some(was), .. } if *name == who => {
                say("event-taken-over").with("was", was.as_str())
            }
            What::Assigned { name, .. } => say("event-assigned").with("name", name.as_str()),
            What::Released { was } if *was == who => say("event-released"),
            What::Released { was } => say("event-released-of").with("was", was.as_str()),
            What::StatusChanged { to, .. } => say("event-status").with("status", Say::new(to.label())),
            What::Resolved { .. } => say("event-resolved"),
            What::Reopened { .. } => say("event-reopened"),
            What::MarkedSpam => say("event-spam"),
            What::Noted { .. } => say("event-noted"),
            What::Replied { .. } => say("event-replied"),
        }
    }

    /// What staff wrote for the customer, if the event is that.
    pub fn for_customer(&self) -> Option<&Reply> {
        match &self.what.0 {
            What::Replied { text } | What::Resolved { text: Some(text) } => Some(text),
            What::Opened { .. }
            | What::SentAgain { .. }
            | What::Assigned { .. }
            | What::Released { .. }
            | What::StatusChanged { .. }
            | What::Resolved { text: None }
            | What::Reopened { .. }
            | What::MarkedSpam
            | What::Noted { .. } => None,
        }
    }

    /// What staff wrote for each other, if the event is that.
    pub fn note(&self) -> Option<&Note> {
        match &self.what.0 {
            What::Noted { text } => Some(text),
            _ => None,
        }
    }

    /// What the customer sent again, if the event is that.
    pub fn sent_again(&self) -> Option<&[(String, String)]> {
        match &self.what.0 {
            What::SentAgain { typed } => Some(typed),
            _ => None,
        }
    }
}
