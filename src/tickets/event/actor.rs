//! Who made a change.

use uuid::Uuid;

/// Who made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    Customer,
    Staff(Uuid),
    System,
}

/// The actor as a column; the staff member has a column of its own.
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

    pub fn staff_id(self) -> Option<Uuid> {
        match self {
            Actor::Staff(id) => Some(id),
            Actor::Customer | Actor::System => None,
        }
    }
}
