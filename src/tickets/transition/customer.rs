//! What a customer's words make of a ticket. It comes back to staff when it waited, and when it was over; spam stays where
//! it is, and so does a duplicate, which stands where its main ticket does.

use time::OffsetDateTime;

use super::decide::{REOPEN_WINDOW, TicketState, TicketTransition, TransitionDecision, back_in_queue, new_transition};
use crate::tickets::{
    Actor, DetailChange, EventKind, NewCallExample, TicketStatus, call_detail::CallDetailColumns, call_example,
    event::Reopening,
};

/// A piece of the call. Staff who put it in have the ticket, as with everything that they do to it.
pub(crate) fn provide_detail(
    fill: &DetailChange,
    at: &TicketState,
    by: Actor,
    now: OffsetDateTime,
) -> TransitionDecision {
    let asked = at.requested_details.iter().filter(|piece| **piece != fill.detail).copied().collect();
    let (after, took) = match by.staff_id() {
        Some(staff) => {
            let assignee = at.assignee.or(Some(staff));
            let status = if at.status == TicketStatus::New { TicketStatus::Open } else { at.status };
            (TicketState { status, assignee, ..at.clone() }, at.assignee.is_none())
        }
        None if at.status == TicketStatus::Resolved || !at.requested_details.contains(&fill.detail) => {
            return TransitionDecision::NoChange;
        }
        None => (return_to_staff(at, now), false),
    };
    let what = EventKind::DetailProvided {
        detail: fill.detail,
        previous_value: fill.previous_value.clone(),
        new_value: fill.new_value.clone(),
        auto_assigned: took,
    };
    let step = new_transition(TicketState { requested_details: asked, ..after }, what);
    TransitionDecision::Apply(Box::new(TicketTransition {
        call_detail: Some(CallDetailColumns::from_change(fill)),
        ..step
    }))
}

/// Words, or that it still fails.
pub(crate) fn add_message(
    at: &TicketState,
    now: OffsetDateTime,
    what: impl FnOnce(Reopening) -> EventKind,
) -> TransitionDecision {
    match reopen_if_resolved(at, now) {
        Some((after, back)) => TransitionDecision::Apply(Box::new(new_transition(after, what(back)))),
        None => TransitionDecision::Closed,
    }
}

pub(crate) fn add_call_example(example: &NewCallExample, at: &TicketState, now: OffsetDateTime) -> TransitionDecision {
    let Some((after, back)) = reopen_if_resolved(at, now) else { return TransitionDecision::Closed };
    let columns = call_example::CallExampleColumns::from_new(example);
    let step = new_transition(after, EventKind::CallExampleAdded { example_id: columns.id, reopening: back });
    TransitionDecision::Apply(Box::new(TicketTransition { call_example: Some(columns), ..step }))
}

/// It works for this customer: whether for others, too, only they and staff can say.
pub(crate) fn confirm_fixed(at: &TicketState, now: OffsetDateTime) -> TransitionDecision {
    let (after, resolved) = match at.status {
        TicketStatus::Resolved => return TransitionDecision::NoChange,
        TicketStatus::Spam | TicketStatus::Duplicate => (at.clone(), false),
        TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting if at.has_duplicates => {
            (return_to_staff(at, now), false)
        }
        TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting => {
            let after = TicketState { resolved_at: Some(now), snoozed_until: None, ..at.clone() };
            (TicketState { status: TicketStatus::Resolved, ..after }, true)
        }
    };
    TransitionDecision::Apply(Box::new(new_transition(after, EventKind::CustomerConfirmedFixed { resolved })))
}

/// Where the ticket stands once staff have heard its customer; nothing when it is over for good.
fn reopen_if_resolved(at: &TicketState, now: OffsetDateTime) -> Option<(TicketState, Reopening)> {
    if at.status != TicketStatus::Resolved {
        return Some((return_to_staff(at, now), Reopening::default()));
    }
    if at.resolved_at.is_some_and(|resolved| now > resolved + REOPEN_WINDOW) {
        return None;
    }
    // a duplicate whose main ticket is over was another trouble after all
    let back = Reopening { reopened: true, separated_from: at.main_reference.clone() };
    Some((return_to_staff(&TicketState { merged_into: None, main_reference: None, ..at.clone() }, now), back))
}

/// The ticket is with staff: who has it, or anybody.
fn return_to_staff(at: &TicketState, now: OffsetDateTime) -> TicketState {
    match at.status {
        TicketStatus::New | TicketStatus::Open | TicketStatus::Spam | TicketStatus::Duplicate => at.clone(),
        TicketStatus::Waiting | TicketStatus::Resolved => {
            let status = if at.assignee.is_some() { TicketStatus::Open } else { TicketStatus::New };
            back_in_queue(TicketState { status, ..at.clone() }, at, now)
        }
    }
}
