//! The rules for duplicates. A duplicate has one main ticket, which is no duplicate itself, and follows it.

use time::OffsetDateTime;
use uuid::Uuid;

use super::state::{TicketState, TicketTransition, TransitionDecision, active_status};
use crate::tickets::{
    TicketReference,
    event::{kind::EventKind, notification::EmailKind},
    fields::TicketStatus,
};

/// The ticket becomes a duplicate. If the main ticket is resolved, it is resolved too.
pub(in crate::tickets) fn merge_into(state: &TicketState, main: &TicketState, now: OffsetDateTime) -> TicketTransition {
    let resolved = main.status == TicketStatus::Resolved;
    let after = TicketState {
        status: if resolved { TicketStatus::Resolved } else { TicketStatus::Duplicate },
        merged_into: Some(main.id),
        snoozed_until: None,
        resolved_at: resolved.then_some(state.resolved_at.unwrap_or(now)),
        ..state.clone()
    };
    TicketTransition::new(after, EventKind::MergedInto { main_reference: main.reference.clone(), resolved })
}

/// The duplicate becomes an independent ticket.
pub(super) fn separate(state: &TicketState, assignee: Option<Uuid>, now: OffsetDateTime) -> TransitionDecision {
    let Some(main_reference) = state.main_reference.clone() else { return TransitionDecision::NoChange };
    // the customer has been waiting all the time, unless the ticket was resolved
    let was_resolved = state.status == TicketStatus::Resolved;
    let awaiting_staff_since = if was_resolved { now } else { state.awaiting_staff_since };
    let after = TicketState {
        status: active_status(assignee),
        assignee,
        resolved_at: None,
        awaiting_staff_since,
        ..state.clone().without_main()
    };
    let event = EventKind::Separated {
        main_reference,
        auto_assigned: state.assignee.is_none() && assignee.is_some(),
        main_is_spam: false,
    };
    // the customer was notified that it is resolved
    let email_kind = was_resolved.then_some(EmailKind::Reopened);
    TransitionDecision::Apply(Box::new(TicketTransition { email_kind, ..TicketTransition::new(after, event) }))
}

/// What changes on a duplicate after its main ticket has changed to `main`. They are resolved together and reopened
/// together. If the main ticket is spam, the duplicate is separated: its customer must not wait for a ticket that nobody
/// looks at.
pub(in crate::tickets) fn follow_main(
    state: &TicketState,
    main: &TicketState,
    now: OffsetDateTime,
) -> Option<TicketTransition> {
    let main_reference = main.reference.clone();
    match (main.status, state.status) {
        (TicketStatus::Resolved, TicketStatus::Duplicate) => {
            let after = TicketState { status: TicketStatus::Resolved, resolved_at: Some(now), ..state.clone() };
            Some(TicketTransition::new(after, EventKind::ResolvedWithMain { main_reference }))
        }
        (TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting, TicketStatus::Resolved) => {
            let after = TicketState { status: TicketStatus::Duplicate, resolved_at: None, ..state.clone() };
            Some(TicketTransition::new(after, EventKind::ReopenedWithMain { main_reference }))
        }
        (TicketStatus::Spam, TicketStatus::Duplicate) => {
            let after = TicketState { status: active_status(state.assignee), ..state.clone().without_main() };
            let event = EventKind::Separated { main_reference, auto_assigned: false, main_is_spam: true };
            Some(TicketTransition::new(after, event))
        }
        _ => None,
    }
}

/// The main ticket records what the customer of a duplicate did.
pub(super) fn notify_main(main: &TicketState, duplicate: &TicketReference) -> TicketTransition {
    TicketTransition::new(main.clone(), EventKind::DuplicateActivity { duplicate: duplicate.clone() })
}
