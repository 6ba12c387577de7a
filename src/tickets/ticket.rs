//! A ticket, before it is stored and as it is loaded.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    TicketReference,
    command::context::ExpectedVersion,
    failure::ReportedFailure,
    fields::{CallDetail, InferredField, Service, TicketCategory, TicketChannel, TicketStatus},
};
use crate::{email_address::EmailAddress, i18n::Lang};

/// How long after the resolution the customer can report that the problem persists. A problem that returns later is a
/// new one: its call has to be looked up anew.
pub(super) const REOPEN_WINDOW: Duration = Duration::days(14);

/// A question of a guide and the customer's answer, both as they were worded then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GivenAnswer {
    pub question: String,
    pub answer: String,
}

/// The path through a guide that led to the report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GuideHistory {
    /// The path in the URL, such as `outgoing/yes/abroad`.
    pub path: Option<String>,
    pub answers: Vec<GivenAnswer>,
}

/// A validated report that is not stored yet.
#[derive(Debug, Clone)]
pub struct NewTicket {
    pub category: TicketCategory,
    pub channel: TicketChannel,
    pub lang: Lang,
    pub service: Service,
    pub failure: ReportedFailure,
    pub error_text: Option<String>,
    pub description: Option<String>,
    pub email: Option<EmailAddress>,
    /// E.164.
    pub phone: Option<String>,
    pub client_ip: IpAddr,
    pub user_agent: String,
    pub guide_history: GuideHistory,
    /// The id of the form. The same id again leads to the same ticket.
    pub submission_id: Uuid,
    /// The form as typed, or the email's text.
    pub raw_fields: Vec<(String, String)>,
    /// Filled in by a program, not by a person.
    pub is_bot: bool,
}

/// A ticket as it is loaded: one row.
#[derive(Debug, Clone)]
pub struct Ticket {
    pub id: Uuid,
    pub reference: TicketReference,
    pub category: TicketCategory,
    pub status: TicketStatus,
    pub channel: TicketChannel,
    pub lang: Lang,
    pub service: Service,
    pub failure: ReportedFailure,
    pub error_text: Option<String>,
    /// The SIP status code found in the error text.
    pub sip_code: Option<i16>,
    pub description: Option<String>,
    pub email: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    pub client_ip: IpAddr,
    pub user_agent: String,
    pub guide_path: Option<String>,
    pub guide_answers: Json<Vec<GivenAnswer>>,
    pub assignee: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    /// Since when the customer has been waiting for staff.
    pub awaiting_staff_since: OffsetDateTime,
    /// When a waiting ticket returns to the queue by itself.
    pub snoozed_until: Option<OffsetDateTime>,
    pub resolved_at: Option<OffsetDateTime>,
    /// The main ticket of a duplicate.
    pub merged_into: Option<Uuid>,
    pub main_reference: Option<TicketReference>,
    /// The fields that were extracted from an email and not confirmed yet.
    pub inferred_fields: Vec<InferredField>,
    /// What the customer was asked for; see [`Ticket::open_detail_requests`].
    pub requested_details: Vec<CallDetail>,
    /// How often the access key was rotated.
    pub access_key_generation: i32,
    pub version: i32,
}

impl Ticket {
    pub fn is_resolved(&self) -> bool {
        self.status == TicketStatus::Resolved
    }

    /// Whether it is resolved and can no longer be reopened by the customer.
    pub fn is_closed(&self, now: OffsetDateTime) -> bool {
        self.is_resolved() && self.resolved_at.is_some_and(|resolved_at| now > resolved_at + REOPEN_WINDOW)
    }

    /// The version that was loaded.
    pub fn expected_version(&self) -> ExpectedVersion {
        ExpectedVersion { id: self.id, version: self.version }
    }
}
