//! The emails that changes send. The statement that records an event also queues its email, so neither exists without the
//! other; `emails` composes and sends it.

use serde::Serialize;

/// The purpose of an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "email_kind", rename_all = "snake_case")]
pub enum EmailKind {
    /// Confirms the report, with the link to the ticket's page.
    Received,
    /// A reply by staff.
    Replied,
    /// Staff request a detail.
    DetailRequested,
    Resolved,
    Reopened,
    /// The link to the ticket's page, on request.
    AccessLink,
    /// An update of the ticket's incident.
    IncidentUpdate,
    /// The last update of the ticket's incident.
    IncidentResolved,
    /// Asks whether the address wants to subscribe to an incident.
    IncidentSubscription,
}
