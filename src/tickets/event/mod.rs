//! What happened to a ticket: one event a change, so that its history can be read as sentences.

pub(super) mod notification;
pub(super) mod description;

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    CallDetail, CustomerMessage, DetailValue, Note, Reply, TicketChannel, TicketReference, TicketStatus,
    command::{confirm_details::Correction, incident::JoinSource},
};

/// A change, with what it needs to be told later. Stored as JSON by these names: rename nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// The report came in.
    Opened {
        channel: TicketChannel,
    },
    /// The same form came again with other content: kept, so that nothing written is lost.
    #[serde(rename = "sent_again")]
    Resubmitted {
        #[serde(rename = "typed")]
        raw_fields: Vec<(String, String)>,
    },
    /// Staff took the ticket, or gave it to somebody.
    Assigned {
        #[serde(rename = "to")]
        assignee_id: Uuid,
        #[serde(rename = "name")]
        assignee_name: String,
        #[serde(rename = "was")]
        previous_assignee_name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
    /// Nobody has it any more.
    #[serde(rename = "released")]
    Unassigned {
        #[serde(rename = "was")]
        previous_assignee_name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
    /// The status changed, other than by the verbs below.
    StatusChanged {
        from: TicketStatus,
        to: TicketStatus,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// Staff wait for somebody, perhaps until a day.
    #[serde(rename = "waits")]
    Snoozed {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(rename = "whom")]
        waiting_for: Option<WaitingFor>,
        #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
        until: Option<OffsetDateTime>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// The day came.
    #[serde(rename = "came_back")]
    SnoozeEnded,
    /// The trouble is over; the text is for the customer.
    Resolved {
        text: Option<Reply>,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// It was not over.
    Reopened {
        from: TicketStatus,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    MarkedSpam,
    /// A note that only staff see.
    #[serde(rename = "noted")]
    NoteAdded {
        text: Note,
    },
    /// An answer that the customer sees.
    Replied {
        text: Reply,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// It tells of the same trouble as another ticket, which may be over already,
    MergedInto {
        #[serde(rename = "main")]
        main_reference: TicketReference,
        #[serde(default, skip_serializing_if = "is_false")]
        resolved: bool,
    },
    /// which heard of it.
    #[serde(rename = "absorbed")]
    DuplicatesAdded {
        duplicates: Vec<TicketReference>,
    },
    /// It was another trouble after all, or the main ticket was spam,
    Separated {
        #[serde(rename = "main")]
        main_reference: TicketReference,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "spam")]
        main_is_spam: bool,
    },
    /// which the main ticket heard of.
    #[serde(rename = "let_go")]
    DuplicatesRemoved {
        duplicates: Vec<TicketReference>,
    },
    /// The main ticket was resolved, and this one with it.
    #[serde(rename = "resolved_with")]
    ResolvedWithMain {
        #[serde(rename = "main")]
        main_reference: TicketReference,
    },
    /// The main ticket was opened again.
    #[serde(rename = "follows_again")]
    ReopenedWithMain {
        #[serde(rename = "main")]
        main_reference: TicketReference,
    },
    /// What was read out of an e-mail was confirmed, or put right.
    #[serde(rename = "settled")]
    DetailsConfirmed {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[serde(rename = "corrected")]
        corrections: Vec<Correction>,
    },
    /// What was done to many tickets at once was taken back.
    #[serde(rename = "undone")]
    BulkUpdateUndone,
    /// It is part of an incident, which had this title in both languages then.
    JoinedIncident {
        #[serde(rename = "incident")]
        incident_id: i64,
        title: [String; 2],
        #[serde(rename = "how")]
        source: JoinSource,
    },
    LeftIncident {
        #[serde(rename = "incident")]
        incident_id: i64,
        title: [String; 2],
    },
    /// The incident is over; the text is for all who joined.
    ResolvedInIncident {
        #[serde(rename = "incident")]
        incident_id: i64,
        text: Reply,
    },
    /// Staff asked the customer for a piece of the call.
    #[serde(rename = "asked")]
    DetailRequested {
        #[serde(rename = "piece")]
        detail: CallDetail,
        #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
        until: Option<OffsetDateTime>,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// They need no answer after all.
    #[serde(rename = "took_back")]
    DetailRequestWithdrawn {
        #[serde(rename = "piece")]
        detail: CallDetail,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// A piece came in its place: the customer answered, or staff heard it elsewhere.
    #[serde(rename = "filled")]
    DetailProvided {
        #[serde(rename = "piece")]
        detail: CallDetail,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(rename = "was")]
        previous_value: Option<DetailValue>,
        #[serde(rename = "now")]
        new_value: DetailValue,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// The customer wrote.
    #[serde(rename = "wrote")]
    CustomerWrote {
        text: CustomerMessage,
        #[serde(default, skip_serializing_if = "Reopening::is_empty")]
        #[serde(rename = "back")]
        reopening: Reopening,
    },
    /// The customer says that it works now, which is the end of it unless others have the same trouble.
    #[serde(rename = "works")]
    CustomerConfirmedFixed {
        #[serde(default, skip_serializing_if = "is_false")]
        resolved: bool,
    },
    /// The customer says that it still fails.
    #[serde(rename = "fails")]
    CustomerStillBroken {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<CustomerMessage>,
        #[serde(default, skip_serializing_if = "Reopening::is_empty")]
        #[serde(rename = "back")]
        reopening: Reopening,
    },
    /// The customer told of another call.
    #[serde(rename = "example")]
    CallExampleAdded {
        #[serde(rename = "example")]
        example_id: Uuid,
        #[serde(default, skip_serializing_if = "Reopening::is_empty")]
        #[serde(rename = "back")]
        reopening: Reopening,
    },
    /// The customer of a duplicate did one of these.
    #[serde(rename = "heard_from")]
    DuplicateActivity {
        duplicate: TicketReference,
    },
    /// The key was replaced: older links lead nowhere.
    #[serde(rename = "rekeyed")]
    AccessKeyRotated,
    /// Somebody who knows the ticket's e-mail address asked for its link.
    #[serde(rename = "link")]
    AccessLinkRequested,
}

/// What became of a ticket that was over when its customer spoke.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reopening {
    /// It is open again,
    #[serde(default, skip_serializing_if = "is_false")]
    pub reopened: bool,
    /// and no duplicate of this one any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "left")]
    pub separated_from: Option<TicketReference>,
}

impl Reopening {
    fn is_empty(&self) -> bool {
        *self == Reopening::default()
    }
}

/// Whom staff wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingFor {
    Customer,
    Carrier,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(took: &bool) -> bool {
    !took
}

/// What an event carries beside its kind.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct EventPayload<'a> {
    pub reply: Option<&'a Reply>,
    /// What the customer wrote.
    pub message: Option<&'a CustomerMessage>,
    pub note: Option<&'a Note>,
    pub reason: Option<&'a Note>,
    /// Somebody worked on a ticket that nobody had, and has it since.
    pub auto_assigned: bool,
}

impl EventKind {
    /// What staff wrote for the customer, if it is that. Nothing else of an event may leave the house.
    pub fn reply(&self) -> Option<&Reply> {
        self.payload().reply
    }

    pub(super) fn payload(&self) -> EventPayload<'_> {
        let nothing = EventPayload::default();
        match self {
            EventKind::Assigned { reason, .. } | EventKind::Unassigned { reason, .. } => {
                EventPayload { reason: reason.as_ref(), ..nothing }
            }
            EventKind::StatusChanged { auto_assigned: took, .. }
            | EventKind::Reopened { auto_assigned: took, .. }
            | EventKind::Separated { auto_assigned: took, .. } => EventPayload { auto_assigned: *took, ..nothing },
            EventKind::Snoozed { reason, auto_assigned: took, .. } => {
                EventPayload { reason: reason.as_ref(), auto_assigned: *took, ..nothing }
            }
            EventKind::Resolved { text, auto_assigned: took } => {
                EventPayload { reply: text.as_ref(), auto_assigned: *took, ..nothing }
            }
            EventKind::Replied { text, auto_assigned: took } => {
                EventPayload { reply: Some(text), auto_assigned: *took, ..nothing }
            }
            EventKind::ResolvedInIncident { text, .. } => EventPayload { reply: Some(text), ..nothing },
            EventKind::NoteAdded { text } => EventPayload { note: Some(text), ..nothing },
            EventKind::DetailRequested { auto_assigned: took, .. }
            | EventKind::DetailRequestWithdrawn { auto_assigned: took, .. }
            | EventKind::DetailProvided { auto_assigned: took, .. } => EventPayload { auto_assigned: *took, ..nothing },
            EventKind::CustomerWrote { text, .. } => EventPayload { message: Some(text), ..nothing },
            EventKind::CustomerStillBroken { text, .. } => EventPayload { message: text.as_ref(), ..nothing },
            EventKind::Opened { .. }
            | EventKind::Resubmitted { .. }
            | EventKind::SnoozeEnded
            | EventKind::MarkedSpam
            | EventKind::MergedInto { .. }
            | EventKind::DuplicatesAdded { .. }
            | EventKind::DuplicatesRemoved { .. }
            | EventKind::ResolvedWithMain { .. }
            | EventKind::ReopenedWithMain { .. }
            | EventKind::JoinedIncident { .. }
            | EventKind::LeftIncident { .. }
            | EventKind::DetailsConfirmed { .. }
            | EventKind::CustomerConfirmedFixed { .. }
            | EventKind::CallExampleAdded { .. }
            | EventKind::DuplicateActivity { .. }
            | EventKind::AccessKeyRotated
            | EventKind::AccessLinkRequested
            | EventKind::BulkUpdateUndone => nothing,
        }
    }
}

impl WaitingFor {
    pub const ALL: [WaitingFor; 2] = [WaitingFor::Customer, WaitingFor::Carrier];

    pub const fn as_str(self) -> &'static str {
        match self {
            WaitingFor::Customer => "customer",
            WaitingFor::Carrier => "carrier",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            WaitingFor::Customer => "waiting-for-customer",
            WaitingFor::Carrier => "waiting-for-carrier",
        }
    }

    pub fn parse(name: &str) -> Option<WaitingFor> {
        WaitingFor::ALL.into_iter().find(|whom| whom.as_str() == name)
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

    pub fn staff_id(self) -> Option<Uuid> {
        match self {
            Actor::Staff(id) => Some(id),
            Actor::Customer | Actor::System => None,
        }
    }
}

/// An event as it is read.
#[derive(Debug, Clone)]
pub struct TicketEvent {
    pub at: OffsetDateTime,
    pub actor: ActorKind,
    pub staff_id: Option<Uuid>,
    /// The person's name, for staff.
    pub staff_name: Option<String>,
    pub kind: Json<EventKind>,
    /// It was done to many tickets at once, and taken back. Staff see it struck through, customers not at all.
    pub undone: bool,
}

impl TicketEvent {
    /// What staff wrote for the customer, if the event is that.
    pub fn reply(&self) -> Option<&Reply> {
        self.kind.reply()
    }

    /// What the customer wrote, if the event is that.
    pub fn customer_message(&self) -> Option<&CustomerMessage> {
        self.kind.payload().message
    }

    /// What staff wrote for each other, if the event is that.
    pub fn note(&self) -> Option<&Note> {
        self.kind.payload().note
    }

    /// What the customer sent again, if the event is that.
    pub fn resubmitted_fields(&self) -> Option<&[(String, String)]> {
        match &self.kind.0 {
            EventKind::Resubmitted { raw_fields: typed } => Some(typed),
            _ => None,
        }
    }
}
