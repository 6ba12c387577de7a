//! What happened to a ticket: one event a change, so that its history can be read as sentences.

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Channel, Message, Note, Piece, Reference, Reply, Status, Value, incident::How, settle::Corrected};

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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
    /// Nobody has it any more.
    Released {
        was: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
    /// The status changed, other than by the verbs below.
    StatusChanged {
        from: Status,
        to: Status,
        #[serde(default, skip_serializing_if = "is_false")]
        took: bool,
    },
    /// Staff wait for somebody, perhaps until a day.
    Waits {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whom: Option<Whom>,
        #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
        until: Option<OffsetDateTime>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
        #[serde(default, skip_serializing_if = "is_false")]
        took: bool,
    },
    /// The day came.
    CameBack,
    /// The trouble is over; the text is for the customer.
    Resolved {
        text: Option<Reply>,
        #[serde(default, skip_serializing_if = "is_false")]
        took: bool,
    },
    /// It was not over.
    Reopened {
        from: Status,
        #[serde(default, skip_serializing_if = "is_false")]
        took: bool,
    },
    MarkedSpam,
    /// A note that only staff see.
    Noted {
        text: Note,
    },
    /// An answer that the customer sees.
    Replied {
        text: Reply,
        #[serde(default, skip_serializing_if = "is_false")]
        took: bool,
    },
    /// It tells of the same trouble as another ticket, which may be over already,
    MergedInto {
        main: Reference,
        #[serde(default, skip_serializing_if = "is_false")]
        resolved: bool,
    },
    /// which heard of it.
    Absorbed {
        duplicates: Vec<Reference>,
    },
    /// It was another trouble after all, or the main ticket was spam,
    Separated {
        main: Reference,
        #[serde(default, skip_serializing_if = "is_false")]
        took: bool,
        #[serde(default, skip_serializing_if = "is_false")]
        spam: bool,
    },
    /// which the main ticket heard of.
    LetGo {
        duplicates: Vec<Reference>,
    },
    /// The main ticket was resolved, and this one with it.
    ResolvedWith {
        main: Reference,
    },
    /// The main ticket was opened again.
    FollowsAgain {
        main: Reference,
    },
    /// What was read out of an e-mail was confirmed, or put right.
    Settled {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        corrected: Vec<Corrected>,
    },
    /// What was done to many tickets at once was taken back.
    Undone,
    /// It is part of an incident, which had this title in both languages then.
    JoinedIncident {
        incident: i64,
        title: [String; 2],
        how: How,
    },
    LeftIncident {
        incident: i64,
        title: [String; 2],
    },
    /// The incident is over; the text is for all who joined.
    ResolvedInIncident {
        incident: i64,
        text: Reply,
    },
    /// Staff asked the customer for a piece of the call.
    Asked {
        piece: Piece,
        #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
        until: Option<OffsetDateTime>,
        #[serde(default, skip_serializing_if = "is_false")]
        took: bool,
    },
    /// They need no answer after all.
    TookBack {
        piece: Piece,
        #[serde(default, skip_serializing_if = "is_false")]
        took: bool,
    },
    /// A piece came in its place: the customer answered, or staff heard it elsewhere.
    Filled {
        piece: Piece,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Value>,
        now: Value,
        #[serde(default, skip_serializing_if = "is_false")]
        took: bool,
    },
    /// The customer wrote.
    Wrote {
        text: Message,
        #[serde(default, skip_serializing_if = "Back::is_nothing")]
        back: Back,
    },
    /// The customer says that it works now, which is the end of it unless others have the same trouble.
    Works {
        #[serde(default, skip_serializing_if = "is_false")]
        resolved: bool,
    },
    /// The customer says that it still fails.
    Fails {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Message>,
        #[serde(default, skip_serializing_if = "Back::is_nothing")]
        back: Back,
    },
    /// The customer told of another call.
    Example {
        example: Uuid,
        #[serde(default, skip_serializing_if = "Back::is_nothing")]
        back: Back,
    },
    /// The customer of a duplicate did one of these.
    HeardFrom {
        duplicate: Reference,
    },
    /// The key was replaced: older links lead nowhere.
    Rekeyed,
    /// Somebody who knows the ticket's e-mail address asked for its link.
    Link,
}

/// What became of a ticket that was over when its customer spoke.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Back {
    /// It is open again,
    #[serde(default, skip_serializing_if = "is_false")]
    pub reopened: bool,
    /// and no duplicate of this one any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Reference>,
}

impl Back {
    fn is_nothing(&self) -> bool {
        *self == Back::default()
    }
}

/// Whom staff wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    Customer,
    Carrier,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(took: &bool) -> bool {
    !took
}

/// What an event carries beside its kind.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Carried<'a> {
    pub reply: Option<&'a Reply>,
    /// What the customer wrote.
    pub message: Option<&'a Message>,
    pub note: Option<&'a Note>,
    pub reason: Option<&'a Note>,
    /// Somebody worked on a ticket that nobody had, and has it since.
    pub took: bool,
}

impl What {
    /// What staff wrote for the customer, if it is that. Nothing else of an event may leave the house.
    pub fn for_customer(&self) -> Option<&Reply> {
        self.carried().reply
    }

    pub(super) fn carried(&self) -> Carried<'_> {
        let nothing = Carried::default();
        match self {
            What::Assigned { reason, .. } | What::Released { reason, .. } => {
                Carried { reason: reason.as_ref(), ..nothing }
            }
            What::StatusChanged { took, .. } | What::Reopened { took, .. } | What::Separated { took, .. } => {
                Carried { took: *took, ..nothing }
            }
            What::Waits { reason, took, .. } => Carried { reason: reason.as_ref(), took: *took, ..nothing },
            What::Resolved { text, took } => Carried { reply: text.as_ref(), took: *took, ..nothing },
            What::Replied { text, took } => Carried { reply: Some(text), took: *took, ..nothing },
            What::ResolvedInIncident { text, .. } => Carried { reply: Some(text), ..nothing },
            What::Noted { text } => Carried { note: Some(text), ..nothing },
            What::Asked { took, .. } | What::TookBack { took, .. } | What::Filled { took, .. } => {
                Carried { took: *took, ..nothing }
            }
            What::Wrote { text, .. } => Carried { message: Some(text), ..nothing },
            What::Fails { text, .. } => Carried { message: text.as_ref(), ..nothing },
            What::Opened { .. }
            | What::SentAgain { .. }
            | What::CameBack
            | What::MarkedSpam
            | What::MergedInto { .. }
            | What::Absorbed { .. }
            | What::LetGo { .. }
            | What::ResolvedWith { .. }
            | What::FollowsAgain { .. }
            | What::JoinedIncident { .. }
            | What::LeftIncident { .. }
            | What::Settled { .. }
            | What::Works { .. }
            | What::Example { .. }
            | What::HeardFrom { .. }
            | What::Rekeyed
            | What::Link
            | What::Undone => nothing,
        }
    }
}

impl Whom {
    pub const ALL: [Whom; 2] = [Whom::Customer, Whom::Carrier];

    pub const fn as_str(self) -> &'static str {
        match self {
            Whom::Customer => "customer",
            Whom::Carrier => "carrier",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Whom::Customer => "whom-customer",
            Whom::Carrier => "whom-carrier",
        }
    }

    pub fn named(name: &str) -> Option<Whom> {
        Whom::ALL.into_iter().find(|whom| whom.as_str() == name)
    }
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
    /// It was done to many tickets at once, and taken back. Staff see it struck through, customers not at all.
    pub withdrawn: bool,
}

impl Event {
    /// What staff wrote for the customer, if the event is that.
    pub fn for_customer(&self) -> Option<&Reply> {
        self.what.for_customer()
    }

    /// What the customer wrote, if the event is that.
    pub fn from_customer(&self) -> Option<&Message> {
        self.what.carried().message
    }

    /// What staff wrote for each other, if the event is that.
    pub fn note(&self) -> Option<&Note> {
        self.what.carried().note
    }

    /// What the customer sent again, if the event is that.
    pub fn sent_again(&self) -> Option<&[(String, String)]> {
        match &self.what.0 {
            What::SentAgain { typed } => Some(typed),
            _ => None,
        }
    }
}
