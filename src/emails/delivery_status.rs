//! The delivery status of a ticket's emails: of each for staff, of the last one for the customer.

use time::OffsetDateTime;

use super::{DeliveryFailure, EmailState};
use crate::{
    email_address::mask_email_address,
    i18n::{Label, UiMessage},
    local_time,
    tickets::EmailKind,
};

/// An email, as its ticket's page shows it.
#[derive(Debug, Clone)]
pub struct EmailDelivery {
    pub kind: EmailKind,
    pub state: EmailState,
    pub created_at: OffsetDateTime,
    pub next_attempt_at: OffsetDateTime,
    pub sent_at: Option<OffsetDateTime>,
    pub failure: Option<DeliveryFailure>,
    pub server_response: Option<String>,
}

/// The message that names a kind of email.
pub(crate) const fn kind_label(kind: EmailKind) -> &'static str {
    match kind {
        EmailKind::Received => "email-received",
        EmailKind::Replied => "email-reply",
        EmailKind::DetailRequested => "email-detail-requested",
        EmailKind::Resolved => "email-resolved",
        EmailKind::Reopened => "email-reopened",
        EmailKind::AccessLink => "email-access-link",
        EmailKind::IncidentUpdate => "email-incident-update",
        EmailKind::IncidentResolved => "email-incident-resolved",
        EmailKind::IncidentSubscription => "email-incident-subscription",
    }
}

impl EmailDelivery {
    pub fn kind_label(&self) -> &'static str {
        kind_label(self.kind)
    }

    /// The state of the email, for staff.
    pub fn state_message(&self, now: OffsetDateTime) -> UiMessage {
        match (self.state, self.sent_at) {
            (EmailState::Sent, at) => UiMessage::new("email-state-sent")
                .with("moment", local_time::format_short(at.unwrap_or(self.created_at), now)),
            (EmailState::Queued, _) if self.next_attempt_at > now => UiMessage::new("email-state-scheduled")
                .with("moment", local_time::format_short(self.next_attempt_at, now)),
            (EmailState::Queued, _) => UiMessage::new("email-state-waiting"),
            (EmailState::Sending, _) => UiMessage::new("email-state-sending"),
            (EmailState::Failed, _) => UiMessage::new("email-state-needs-attention"),
            (EmailState::Cancelled, _) => UiMessage::new("email-state-dropped"),
        }
    }

    /// Why the email was not sent, as long as that matters.
    pub fn failure_label(&self) -> Option<String> {
        self.failure
            .filter(|_| matches!(self.state, EmailState::Queued | EmailState::Failed))
            .map(DeliveryFailure::label)
    }

    /// The color of the state's tag.
    pub fn tone(&self) -> &'static str {
        match self.state {
            EmailState::Sent => "ok",
            EmailState::Queued | EmailState::Sending => "info",
            EmailState::Failed => "bad",
            EmailState::Cancelled => "",
        }
    }
}

/// The customer's message while the email is not sent. Bots, which get no email, are shown the same.
pub fn pending_message(email: &str) -> UiMessage {
    UiMessage::new("email-status-waiting").with("email", mask_email_address(email))
}

/// The state of the last email, for the customer with the address `email`.
pub fn status_for_customer(deliveries: &[EmailDelivery], email: &str, now: OffsetDateTime) -> Option<UiMessage> {
    let last = deliveries.iter().rev().find(|delivery| delivery.state != EmailState::Cancelled)?;
    let masked_email = mask_email_address(email);
    Some(match (last.state, last.failure) {
        (EmailState::Sent, _) => {
            let at = last.sent_at.unwrap_or(last.created_at);
            UiMessage::new("email-status-sent")
                .with("email", masked_email)
                .with("moment", local_time::format_short(at, now))
        }
        (EmailState::Failed, Some(DeliveryFailure::Rejected | DeliveryFailure::Invalid)) => {
            UiMessage::new("email-status-refused").with("email", masked_email)
        }
        (EmailState::Queued | EmailState::Sending | EmailState::Failed | EmailState::Cancelled, _) => {
            pending_message(email)
        }
    })
}
