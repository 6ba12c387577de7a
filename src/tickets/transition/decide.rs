//! The rules: what a command changes on a ticket, without a database.
//!
//! A staff member who works on an unassigned ticket gets it: replying, snoozing, resolving and reopening assign it to them
//! in the same event. A new ticket is never assigned; an open one always is.
//!
//! Duplicates follow their main ticket: see [`super::duplicates::follow_main`].

use time::OffsetDateTime;

use super::{
    command::TicketCommand,
    customer,
    duplicates::separate,
    state::{TicketState, TicketTransition, TransitionDecision, active_status},
};
use crate::tickets::{
    event::{actor::Actor, kind::EventKind},
    fields::TicketStatus,
};

/// What `command` changes on a ticket.
pub(in crate::tickets) fn decide(
    command: &TicketCommand,
    state: &TicketState,
    actor: Actor,
    now: OffsetDateTime,
) -> TransitionDecision {
    let is_merged = state.merged_into.is_some();
    let auto_assigned = state.assignee.is_none() && actor.staff_id().is_some();
    let with_assignee = TicketState { assignee: state.assignee.or(actor.staff_id()), ..state.clone() };
    match command {
        TicketCommand::Assign { assignee, .. } if state.assignee == Some(assignee.id) => TransitionDecision::NoChange,
        TicketCommand::Assign { reason: None, .. }
            if state.assignee.is_some() && state.assignee != actor.staff_id() =>
        {
            TransitionDecision::AssignedToOther
        }
        TicketCommand::Assign { assignee, reason } => {
            let status = if state.status == TicketStatus::New { TicketStatus::Open } else { state.status };
            TransitionDecision::apply(
                TicketState { status, assignee: Some(assignee.id), ..state.clone() },
                EventKind::Assigned {
                    assignee_id: assignee.id,
                    assignee_name: assignee.name.clone(),
                    previous_assignee_name: state.assignee_name.clone(),
                    reason: reason.clone(),
                },
            )
        }
        TicketCommand::Unassign { .. } if state.assignee.is_none() => TransitionDecision::NoChange,
        TicketCommand::Unassign { reason } => {
            let status = if state.status == TicketStatus::Open { TicketStatus::New } else { state.status };
            let previous_assignee_name = state.assignee_name_or_empty();
            TransitionDecision::apply(
                TicketState { status, assignee: None, ..state.clone() },
                EventKind::Unassigned { previous_assignee_name, reason: reason.clone() },
            )
        }
        // a separated ticket keeps its assignee
        TicketCommand::Separate => separate(state, state.assignee, now),
        TicketCommand::SetOpen if is_merged => separate(state, with_assignee.assignee, now),
        TicketCommand::ReturnToNew if is_merged => separate(state, None, now),
        TicketCommand::SetOpen => {
            let status = active_status(with_assignee.assignee);
            let after = TicketState { status, ..with_assignee }.back_in_queue(state, now);
            match (state.status, after.status) {
                (from, to) if from == to => TransitionDecision::NoChange,
                (from @ (TicketStatus::Resolved | TicketStatus::Spam | TicketStatus::Duplicate), _) => {
                    TransitionDecision::apply(after, EventKind::Reopened { from, auto_assigned })
                }
                (from @ (TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting), to) => {
                    TransitionDecision::apply(after, EventKind::StatusChanged { from, to, auto_assigned })
                }
            }
        }
        TicketCommand::ReturnToNew => {
            let to = TicketStatus::New;
            let after = TicketState { status: to, assignee: None, ..state.clone() }.back_in_queue(state, now);
            match state.status {
                TicketStatus::New => TransitionDecision::NoChange,
                TicketStatus::Open | TicketStatus::Waiting if state.assignee.is_some() => {
                    let previous_assignee_name = state.assignee_name_or_empty();
                    TransitionDecision::apply(after, EventKind::Unassigned { previous_assignee_name, reason: None })
                }
                from @ (TicketStatus::Open | TicketStatus::Waiting) => {
                    TransitionDecision::apply(after, EventKind::StatusChanged { from, to, auto_assigned: false })
                }
                from @ (TicketStatus::Resolved | TicketStatus::Spam | TicketStatus::Duplicate) => {
                    TransitionDecision::apply(after, EventKind::Reopened { from, auto_assigned: false })
                }
            }
        }
        TicketCommand::Snooze { .. } | TicketCommand::MarkSpam if is_merged => TransitionDecision::IsDuplicate,
        TicketCommand::Snooze { waiting_for: None, until, reason: None }
            if state.status == TicketStatus::Waiting && state.snoozed_until == *until =>
        {
            TransitionDecision::NoChange
        }
        TicketCommand::Snooze { waiting_for, until, reason } => {
            let after = with_assignee.back_in_queue(state, now);
            TransitionDecision::apply(
                TicketState { status: TicketStatus::Waiting, snoozed_until: *until, ..after },
                EventKind::Snoozed { waiting_for: *waiting_for, until: *until, reason: reason.clone(), auto_assigned },
            )
        }
        TicketCommand::Resolve { text: None } if state.status == TicketStatus::Resolved => TransitionDecision::NoChange,
        TicketCommand::Resolve { .. } if is_merged => TransitionDecision::IsDuplicate,
        TicketCommand::Resolve { text } => {
            let (status, resolved_at) = (TicketStatus::Resolved, state.resolved_at.or(Some(now)));
            TransitionDecision::apply(
                TicketState { status, resolved_at, snoozed_until: None, ..with_assignee },
                EventKind::Resolved { text: text.clone(), auto_assigned },
            )
        }
        TicketCommand::MarkSpam if state.status == TicketStatus::Spam => TransitionDecision::NoChange,
        TicketCommand::MarkSpam => {
            let status = TicketStatus::Spam;
            TransitionDecision::apply(
                TicketState { status, resolved_at: None, snoozed_until: None, ..state.clone() },
                EventKind::MarkedSpam,
            )
        }
        TicketCommand::AddNote { text } => {
            TransitionDecision::apply(state.clone(), EventKind::NoteAdded { text: text.clone() })
        }
        TicketCommand::SendReply { text } => {
            let is_new = state.status == TicketStatus::New;
            let status = if is_new { active_status(with_assignee.assignee) } else { state.status };
            TransitionDecision::apply(
                TicketState { status, ..with_assignee },
                EventKind::Replied { text: text.clone(), auto_assigned },
            )
        }
        TicketCommand::RequestDetail { .. } if matches!(state.status, TicketStatus::Resolved | TicketStatus::Spam) => {
            TransitionDecision::Closed
        }
        TicketCommand::RequestDetail { detail, .. } if state.requested_details.contains(detail) => {
            TransitionDecision::NoChange
        }
        TicketCommand::RequestDetail { detail, until } => {
            // a duplicate keeps its status: its main ticket decides
            let until = until.filter(|_| !is_merged);
            let after = match is_merged {
                true => with_assignee,
                false => TicketState { status: TicketStatus::Waiting, snoozed_until: until, ..with_assignee },
            };
            let requested_details = state.requested_details.iter().chain([detail]).copied().collect();
            TransitionDecision::apply(
                TicketState { requested_details, ..after },
                EventKind::DetailRequested { detail: *detail, until, auto_assigned },
            )
        }
        TicketCommand::WithdrawDetailRequest { detail } if !state.requested_details.contains(detail) => {
            TransitionDecision::NoChange
        }
        TicketCommand::WithdrawDetailRequest { detail } => {
            let requested_details: Vec<_> =
                state.requested_details.iter().filter(|requested| *requested != detail).copied().collect();
            let status = match state.status {
                TicketStatus::Waiting if requested_details.is_empty() => active_status(with_assignee.assignee),
                TicketStatus::New => active_status(with_assignee.assignee),
                status => status,
            };
            // `awaiting_staff_since` stays: the customer does not lose their place in the queue
            let snoozed_until = state.snoozed_until.filter(|_| status == TicketStatus::Waiting);
            TransitionDecision::apply(
                TicketState { status, requested_details, snoozed_until, ..with_assignee },
                EventKind::DetailRequestWithdrawn { detail: *detail, auto_assigned },
            )
        }
        TicketCommand::ProvideDetail(change) => customer::provide_detail(change, state, actor, now),
        TicketCommand::AddCustomerMessage { text } => {
            customer::add_message(state, now, |reopening| EventKind::CustomerWrote { text: text.clone(), reopening })
        }
        TicketCommand::ConfirmFixed => customer::confirm_fixed(state, now),
        TicketCommand::ReportStillBroken { text } => customer::add_message(state, now, |reopening| {
            EventKind::CustomerStillBroken { text: text.clone(), reopening }
        }),
        TicketCommand::AddCallExample(example) => customer::add_call_example(example, state, now),
    }
}

/// The snooze of the ticket has ended.
pub(in crate::tickets) fn end_snooze(state: &TicketState, now: OffsetDateTime) -> TicketTransition {
    let status = active_status(state.assignee);
    TicketTransition::new(
        TicketState { status, awaiting_staff_since: now, snoozed_until: None, ..state.clone() },
        EventKind::SnoozeEnded,
    )
}

#[cfg(test)]
mod tests;
