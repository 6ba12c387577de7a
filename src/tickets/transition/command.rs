//! The commands that change one ticket.

use time::OffsetDateTime;

use crate::{
    staff::StaffMember,
    tickets::{
        call_detail::DetailChange,
        call_example::example::NewCallExample,
        event::{
            actor::Actor,
            kind::{EventKind, WaitingFor},
        },
        fields::CallDetail,
        text::{CustomerMessage, Note, Reply},
    },
};

/// What can be done to a single ticket. Merging needs two: see `command::merge`.
#[derive(Debug, Clone)]
pub enum TicketCommand {
    /// Taking a ticket over from another staff member needs a reason.
    Assign {
        assignee: StaffMember,
        reason: Option<Note>,
    },
    Unassign {
        reason: Option<Note>,
    },
    /// Continues or reopens.
    SetOpen,
    /// Returns it to the new tickets, from any status.
    ReturnToNew,
    /// Waits, optionally until a time.
    Snooze {
        waiting_for: Option<WaitingFor>,
        until: Option<OffsetDateTime>,
        reason: Option<Note>,
    },
    Resolve {
        text: Option<Reply>,
    },
    MarkSpam,
    AddNote {
        text: Note,
    },
    SendReply {
        text: Reply,
    },
    /// It is not a duplicate after all.
    Separate,
    /// Requests a detail of the call from the customer, and waits for it.
    RequestDetail {
        detail: CallDetail,
        until: Option<OffsetDateTime>,
    },
    WithdrawDetailRequest {
        detail: CallDetail,
    },
    /// Staff can provide any detail, the customer only a requested one.
    ProvideDetail(Box<DetailChange>),
    AddCustomerMessage {
        text: CustomerMessage,
    },
    /// By the customer.
    ConfirmFixed,
    /// By the customer.
    ReportStillBroken {
        text: Option<CustomerMessage>,
    },
    AddCallExample(Box<NewCallExample>),
}

impl TicketCommand {
    /// Whether the duplicates may have to change too, or the main ticket has to record it.
    pub(in crate::tickets) fn affects_duplicates(&self) -> bool {
        match self {
            TicketCommand::SetOpen
            | TicketCommand::ReturnToNew
            | TicketCommand::Snooze { .. }
            | TicketCommand::Resolve { .. }
            | TicketCommand::MarkSpam
            | TicketCommand::Separate
            | TicketCommand::ProvideDetail(_)
            | TicketCommand::AddCustomerMessage { .. }
            | TicketCommand::ConfirmFixed
            | TicketCommand::ReportStillBroken { .. }
            | TicketCommand::AddCallExample(_) => true,
            TicketCommand::Assign { .. }
            | TicketCommand::Unassign { .. }
            | TicketCommand::AddNote { .. }
            | TicketCommand::SendReply { .. }
            | TicketCommand::RequestDetail { .. }
            | TicketCommand::WithdrawDetailRequest { .. } => false,
        }
    }

    /// Whether an event records exactly this command, whoever gave it.
    pub fn matches_event(&self, event: &EventKind) -> bool {
        match (self, event) {
            (TicketCommand::Resolve { text }, EventKind::Resolved { text: resolved_text, .. }) => text == resolved_text,
            (
                TicketCommand::Snooze { waiting_for, until, reason },
                EventKind::Snoozed { waiting_for: snoozed_for, until: snoozed_until, reason: snoozed_reason, .. },
            ) => (waiting_for, until, reason) == (snoozed_for, snoozed_until, snoozed_reason),
            // for other commands the ticket's state tells it: see `decide`
            _ => false,
        }
    }

    /// Whether it is applied to any version of the ticket: a written text must not be lost, and what the customer says is
    /// valid whatever staff did since.
    pub(super) fn ignores_version(&self, actor: Actor) -> bool {
        matches!(self, TicketCommand::AddNote { .. } | TicketCommand::SendReply { .. }) || actor == Actor::Customer
    }

    /// Whether the main ticket of a duplicate records it.
    pub(super) fn notifies_main(&self, actor: Actor) -> bool {
        let is_activity = matches!(
            self,
            TicketCommand::ProvideDetail(_)
                | TicketCommand::AddCustomerMessage { .. }
                | TicketCommand::ConfirmFixed
                | TicketCommand::ReportStillBroken { .. }
                | TicketCommand::AddCallExample(_)
        );
        is_activity && actor == Actor::Customer
    }
}
