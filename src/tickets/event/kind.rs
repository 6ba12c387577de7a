//! The kinds of events: one event per change, so that a ticket's history reads as sentences.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    i18n::Label,
    tickets::{
        TicketReference,
        call_detail::DetailValue,
        fields::{CallDetail, InferredField, TicketChannel, TicketStatus},
        text::{CustomerMessage, Note, Reply},
    },
};

/// Whom staff wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum WaitingFor {
    Customer,
    Carrier,
}

impl Label for WaitingFor {
    const MESSAGE_PREFIX: &str = "waiting-for";
}

/// How a ticket joined an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "incident_join_source", rename_all = "snake_case")]
pub enum JoinSource {
    /// The customer chose the incident.
    Customer,
    Staff,
    /// It was part of a proposed incident that a staff member confirmed.
    Matched,
}

/// A field that staff corrected, and its previous value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    #[serde(rename = "what")]
    pub field: InferredField,
    #[serde(rename = "was")]
    pub previous_value: Option<String>,
}

/// A change of a ticket, with what its description needs. Stored as JSON under these names: do not change them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// The report was received.
    Opened {
        channel: TicketChannel,
    },
    /// The same submission came again with other content, which is stored here so that it is not lost.
    #[serde(rename = "sent_again")]
    Resubmitted {
        #[serde(rename = "typed")]
        raw_fields: Vec<(String, String)>,
    },
    /// A staff member took the ticket or assigned it to another.
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
    /// The ticket is no longer assigned.
    #[serde(rename = "released")]
    Unassigned {
        #[serde(rename = "was")]
        previous_assignee_name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
    /// The status changed in a way that has no event of its own below.
    StatusChanged {
        from: TicketStatus,
        to: TicketStatus,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// Staff wait for the customer or a carrier, optionally until a time.
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
    /// The snooze ended, and the ticket returned to the queue.
    #[serde(rename = "came_back")]
    SnoozeEnded,
    /// The problem is resolved. The text is for the customer.
    Resolved {
        text: Option<Reply>,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// The problem was not resolved after all, or the ticket was not spam.
    Reopened {
        from: TicketStatus,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    MarkedSpam,
    #[serde(rename = "noted")]
    NoteAdded {
        text: Note,
    },
    Replied {
        text: Reply,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// The ticket became a duplicate of a main ticket, which may be resolved already.
    MergedInto {
        #[serde(rename = "main")]
        main_reference: TicketReference,
        #[serde(default, skip_serializing_if = "is_false")]
        resolved: bool,
    },
    /// The same on the main ticket.
    #[serde(rename = "absorbed")]
    DuplicatesAdded {
        duplicates: Vec<TicketReference>,
    },
    /// It is no longer a duplicate: it was a different problem, or the main ticket was spam.
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
    /// The same on the main ticket.
    #[serde(rename = "let_go")]
    DuplicatesRemoved {
        duplicates: Vec<TicketReference>,
    },
    /// The main ticket was resolved, and this duplicate with it.
    #[serde(rename = "resolved_with")]
    ResolvedWithMain {
        #[serde(rename = "main")]
        main_reference: TicketReference,
    },
    /// The main ticket was reopened, and this duplicate with it.
    #[serde(rename = "follows_again")]
    ReopenedWithMain {
        #[serde(rename = "main")]
        main_reference: TicketReference,
    },
    /// Staff confirmed or corrected what was extracted from an email.
    #[serde(rename = "settled")]
    DetailsConfirmed {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[serde(rename = "corrected")]
        corrections: Vec<Correction>,
    },
    /// A bulk action was undone.
    #[serde(rename = "undone")]
    BulkUpdateUndone,
    /// The ticket joined an incident. The title is the one it had then, in both languages.
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
    /// The ticket was resolved with its incident. The text is for all customers of the incident.
    ResolvedInIncident {
        #[serde(rename = "incident")]
        incident_id: i64,
        text: Reply,
    },
    /// Staff requested a detail of the call from the customer.
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
    #[serde(rename = "took_back")]
    DetailRequestWithdrawn {
        #[serde(rename = "piece")]
        detail: CallDetail,
        #[serde(default, skip_serializing_if = "is_false")]
        #[serde(rename = "took")]
        auto_assigned: bool,
    },
    /// The customer provided a detail, or staff entered it.
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
    #[serde(rename = "wrote")]
    CustomerWrote {
        text: CustomerMessage,
        #[serde(default, skip_serializing_if = "Reopening::is_empty")]
        #[serde(rename = "back")]
        reopening: Reopening,
    },
    /// The customer says that it works now. This resolves the ticket unless it has duplicates.
    #[serde(rename = "works")]
    CustomerConfirmedFixed {
        #[serde(default, skip_serializing_if = "is_false")]
        resolved: bool,
    },
    #[serde(rename = "fails")]
    CustomerStillBroken {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<CustomerMessage>,
        #[serde(default, skip_serializing_if = "Reopening::is_empty")]
        #[serde(rename = "back")]
        reopening: Reopening,
    },
    #[serde(rename = "example")]
    CallExampleAdded {
        #[serde(rename = "example")]
        example_id: Uuid,
        #[serde(default, skip_serializing_if = "Reopening::is_empty")]
        #[serde(rename = "back")]
        reopening: Reopening,
    },
    /// On the main ticket: the customer of a duplicate did one of the above.
    #[serde(rename = "heard_from")]
    DuplicateActivity {
        duplicate: TicketReference,
    },
    /// The access key was rotated. Older links no longer work.
    #[serde(rename = "rekeyed")]
    AccessKeyRotated,
    /// The link was requested by a person who knows the ticket's email address.
    #[serde(rename = "link")]
    AccessLinkRequested,
}

/// What a customer's message changed on a resolved ticket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reopening {
    /// It was reopened.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reopened: bool,
    /// It is no longer a duplicate of this ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "left")]
    pub separated_from: Option<TicketReference>,
}

impl Reopening {
    fn is_empty(&self) -> bool {
        *self == Reopening::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
