//! A ticket's history: its events as they are loaded.

use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{actor::ActorKind, kind::EventKind};
use crate::tickets::text::{CustomerMessage, Note, Reply};

/// A stored event.
#[derive(Debug, Clone)]
pub struct TicketEvent {
    pub at: OffsetDateTime,
    pub actor: ActorKind,
    pub staff_id: Option<Uuid>,
    pub staff_name: Option<String>,
    pub kind: Json<EventKind>,
    /// It was part of a bulk action that was undone. Staff see it struck through, customers do not see it.
    pub undone: bool,
}

impl TicketEvent {
    pub fn reply(&self) -> Option<&Reply> {
        self.kind.payload().reply
    }

    pub fn customer_message(&self) -> Option<&CustomerMessage> {
        self.kind.payload().customer_message
    }

    pub fn note(&self) -> Option<&Note> {
        self.kind.payload().note
    }

    pub fn resubmitted_fields(&self) -> Option<&[(String, String)]> {
        self.kind.payload().resubmitted_fields
    }
}
