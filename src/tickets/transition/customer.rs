//! The rules for what customers do. It returns a waiting or resolved ticket to the queue. Spam stays spam, and a duplicate
//! stays with its main ticket.

use time::OffsetDateTime;

use super::state::{TicketState, TicketTransition, TransitionDecision, active_status};
use crate::tickets::{
    call_detail::{CallDetailColumns, DetailChange},
    call_example::example::{CallExampleColumns, NewCallExample},
    event::{
        actor::Actor,
        kind::{EventKind, Reopening},
    },
    fields::TicketStatus,
    ticket::REOPEN_WINDOW,
};

/// A detail of the call. If a staff member enters it, an unassigned ticket is assigned to them.
pub(super) fn provide_detail(
    change: &DetailChange,
    state: &TicketState,
    actor: Actor,
    now: OffsetDateTime,
) -> TransitionDecision {
    let (after, auto_assigned) = match actor.staff_id() {
        Some(staff) => {
            let assignee = state.assignee.or(Some(staff));
            let status = if state.status == TicketStatus::New { TicketStatus::Open } else { state.status };
            (TicketState { status, assignee, ..state.clone() }, state.assignee.is_none())
        }
        None if state.status == TicketStatus::Resolved || !state.requested_details.contains(&change.detail) => {
            return TransitionDecision::NoChange;
        }
        None => (return_to_staff(state, now), false),
    };
    let event = EventKind::DetailProvided {
        detail: change.detail,
        previous_value: change.previous_value.clone(),
        new_value: change.new_value.clone(),
        auto_assigned,
    };
    let requested_details =
        state.requested_details.iter().filter(|detail| **detail != change.detail).copied().collect();
    let transition = TicketTransition::new(TicketState { requested_details, ..after }, event);
    TransitionDecision::Apply(Box::new(TicketTransition {
        call_detail: Some(CallDetailColumns::from_change(change)),
        ..transition
    }))
}

/// A message, or the report that the problem persists.
pub(super) fn add_message(
    state: &TicketState,
    now: OffsetDateTime,
    event: impl FnOnce(Reopening) -> EventKind,
) -> TransitionDecision {
    match reopen_if_resolved(state, now) {
        Some((after, reopening)) => TransitionDecision::apply(after, event(reopening)),
        None => TransitionDecision::Closed,
    }
}

pub(super) fn add_call_example(
    example: &NewCallExample,
    state: &TicketState,
    now: OffsetDateTime,
) -> TransitionDecision {
    let Some((after, reopening)) = reopen_if_resolved(state, now) else { return TransitionDecision::Closed };
    let columns = CallExampleColumns::from(example);
    let event = EventKind::CallExampleAdded { example_id: columns.id, reopening };
    let transition = TicketTransition::new(after, event);
    TransitionDecision::Apply(Box::new(TicketTransition { call_example: Some(columns), ..transition }))
}

/// Resolves the ticket, unless it has duplicates: this customer does not know whether it works for the others.
pub(super) fn confirm_fixed(state: &TicketState, now: OffsetDateTime) -> TransitionDecision {
    let (after, resolved) = match state.status {
        TicketStatus::Resolved => return TransitionDecision::NoChange,
        TicketStatus::Spam | TicketStatus::Duplicate => (state.clone(), false),
        TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting if state.has_duplicates => {
            (return_to_staff(state, now), false)
        }
        TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting => {
            let status = TicketStatus::Resolved;
            (TicketState { status, resolved_at: Some(now), snoozed_until: None, ..state.clone() }, true)
        }
    };
    TransitionDecision::apply(after, EventKind::CustomerConfirmedFixed { resolved })
}

/// The state after a customer's message; `None` when the ticket can no longer be reopened.
fn reopen_if_resolved(state: &TicketState, now: OffsetDateTime) -> Option<(TicketState, Reopening)> {
    if state.status != TicketStatus::Resolved {
        return Some((return_to_staff(state, now), Reopening::default()));
    }
    if state.resolved_at.is_some_and(|resolved_at| now > resolved_at + REOPEN_WINDOW) {
        return None;
    }
    // the main ticket is resolved, so this problem was a different one
    let reopening = Reopening { reopened: true, separated_from: state.main_reference.clone() };
    Some((return_to_staff(&state.clone().without_main(), now), reopening))
}

/// The state in which staff have to look at the ticket again.
fn return_to_staff(state: &TicketState, now: OffsetDateTime) -> TicketState {
    match state.status {
        TicketStatus::New | TicketStatus::Open | TicketStatus::Spam | TicketStatus::Duplicate => state.clone(),
        TicketStatus::Waiting | TicketStatus::Resolved => {
            TicketState { status: active_status(state.assignee), ..state.clone() }.back_in_queue(state, now)
        }
    }
}
