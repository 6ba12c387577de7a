use proptest::{prelude::*, sample::select};
use strum::VariantArray;
use time::macros::datetime;
use uuid::Uuid;

use crate::{
    call_time::CallTimePrecision,
    phone::Party,
    staff::StaffMember,
    tickets::{
        TicketReference,
        call_detail::{DetailChange, DetailValue},
        call_example::example::NewCallExample,
        event::kind::WaitingFor,
        failure::CallParty,
        fields::CallDetail,
        text::{CustomerMessage, Note, Reply},
        transition::{
            decide::*,
            duplicates::{follow_main, merge_into},
        },
    },
};

const NOW: OffsetDateTime = datetime!(2026-11-20 13:30 UTC);
const BEFORE: OffsetDateTime = datetime!(2026-11-19 13:30 UTC);

fn member(number: u128) -> StaffMember {
    StaffMember { id: Uuid::from_u128(number), name: format!("Osoba {number}") }
}

/// A state that the table's checks allow.
fn any_state() -> impl Strategy<Value = TicketState> {
    let assignee = prop_oneof![Just(None), (1_u128..4).prop_map(Some)];
    let requested = prop::collection::btree_set(select(CallDetail::VARIANTS), 0..=4);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let parts = (select(TicketStatus::VARIANTS), assignee, flags, requested);
    parts.prop_map(|(status, assignee, (merged, until, has_duplicates), requested)| {
        let assignee = match status {
            TicketStatus::New => None,
            TicketStatus::Open => assignee.or(Some(1)),
            TicketStatus::Waiting | TicketStatus::Resolved | TicketStatus::Spam | TicketStatus::Duplicate => assignee,
        };
        let merged = status == TicketStatus::Duplicate || (status == TicketStatus::Resolved && merged);
        TicketState {
            id: Uuid::from_u128(100),
            reference: TicketReference::random(),
            version: 7,
            status,
            assignee: assignee.map(|assignee| member(assignee).id),
            assignee_name: assignee.map(|assignee| member(assignee).name),
            awaiting_staff_since: BEFORE,
            snoozed_until: (status == TicketStatus::Waiting && until).then_some(BEFORE),
            resolved_at: (status == TicketStatus::Resolved).then_some(BEFORE),
            merged_into: merged.then_some(Uuid::from_u128(200)),
            main_reference: merged.then(TicketReference::random),
            has_duplicates: has_duplicates && !merged,
            requested_details: requested.into_iter().collect(),
        }
    })
}

fn any_command() -> impl Strategy<Value = TicketCommand> {
    let note = || any::<bool>().prop_map(|some| some.then(|| Note::parse("bo tak".to_owned()).unwrap()));
    let reply = || Reply::parse("działa".to_owned()).unwrap();
    prop_oneof![
        (1_u128..4, note()).prop_map(|(assignee, reason)| TicketCommand::Assign { assignee: member(assignee), reason }),
        note().prop_map(|reason| TicketCommand::Unassign { reason }),
        Just(TicketCommand::SetOpen),
        Just(TicketCommand::ReturnToNew),
        (any::<bool>(), note()).prop_map(|(until, reason)| TicketCommand::Snooze {
            waiting_for: until.then_some(WaitingFor::Carrier),
            until: until.then_some(NOW),
            reason
        }),
        any::<bool>().prop_map(move |text| TicketCommand::Resolve { text: text.then(reply) }),
        Just(TicketCommand::MarkSpam),
        Just(TicketCommand::AddNote { text: Note::parse("a".to_owned()).unwrap() }),
        Just(TicketCommand::SendReply { text: reply() }),
        Just(TicketCommand::Separate),
        customer_commands(),
        select(CallDetail::VARIANTS).prop_map(|detail| TicketCommand::WithdrawDetailRequest { detail }),
        (select(CallDetail::VARIANTS), any::<bool>())
            .prop_map(|(detail, until)| TicketCommand::RequestDetail { detail, until: until.then_some(NOW) }),
    ]
}

/// What customers do. Staff can provide details too.
fn customer_commands() -> impl Strategy<Value = TicketCommand> {
    let message = || CustomerMessage::parse("nadal cisza".to_owned()).unwrap();
    let example = NewCallExample {
        caller: call_party("22 555 01 20"),
        callee: call_party("0044 20 8190 0322"),
        call_at: BEFORE,
        precision: CallTimePrecision::Exact,
        error_text: None,
    };
    prop_oneof![
        Just(TicketCommand::AddCustomerMessage { text: message() }),
        Just(TicketCommand::ConfirmFixed),
        any::<bool>().prop_map(move |text| TicketCommand::ReportStillBroken { text: text.then(message) }),
        Just(TicketCommand::AddCallExample(Box::new(example))),
        select(CallDetail::VARIANTS).prop_map(|detail| {
            let new_value = DetailValue::ErrorText { text: "503".to_owned() };
            TicketCommand::ProvideDetail(Box::new(DetailChange { detail, previous_value: None, new_value }))
        }),
    ]
}

fn call_party(text: &str) -> CallParty {
    CallParty { raw_text: text.to_owned(), party: Party::parse_caller(text).unwrap() }
}

fn any_actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        (1_u128..4).prop_map(|id| Actor::Staff(Uuid::from_u128(id))),
        Just(Actor::Customer),
        Just(Actor::System)
    ]
}

/// The table's checks, and the rules that hold after every command.
fn assert_invariants(state: &TicketState) -> Result<(), TestCaseError> {
    prop_assert!(
        state.status != TicketStatus::New || state.assignee.is_none(),
        "a new ticket is unassigned: {state:?}"
    );
    prop_assert!(
        state.status != TicketStatus::Open || state.assignee.is_some(),
        "an open ticket is assigned: {state:?}"
    );
    prop_assert_eq!(state.status == TicketStatus::Resolved, state.resolved_at.is_some());
    prop_assert!(state.snoozed_until.is_none() || state.status == TicketStatus::Waiting, "{state:?}");
    match state.status {
        TicketStatus::Duplicate => prop_assert!(state.merged_into.is_some(), "{state:?}"),
        TicketStatus::Resolved => {}
        TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting | TicketStatus::Spam => {
            prop_assert!(state.merged_into.is_none(), "{state:?}")
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_invariants_hold_after_every_command_on_every_state(
        state in any_state(), command in any_command(), actor in any_actor()
    ) {
        assert_invariants(&state)?;
        match decide(&command, &state, actor, NOW) {
            TransitionDecision::Apply(transition) => {
                let TicketTransition { after, event, .. } = *transition;
                assert_invariants(&after)?;
                prop_assert_eq!((after.id, after.version), (state.id, state.version));
                // a ticket that returns to the queue waits from now on
                let is_in_queue = |status: TicketStatus| matches!(status, TicketStatus::New | TicketStatus::Open);
                if is_in_queue(after.status)
                    && matches!(state.status, TicketStatus::Waiting | TicketStatus::Resolved | TicketStatus::Spam)
                    && !matches!(command, TicketCommand::Unassign { .. } | TicketCommand::WithdrawDetailRequest { .. })
                {
                    prop_assert_eq!(after.awaiting_staff_since, NOW);
                }
                let becomes_assigned = state.assignee.is_none() && after.assignee.is_some();
                let is_assignment = matches!(event, EventKind::Assigned { .. });
                prop_assert_eq!(becomes_assigned && !is_assignment, event.payload().auto_assigned, "{:?}", event);
                // the same command again changes nothing, unless it adds a text
                let again = decide(&command, &after, actor, NOW);
                let is_repeatable = matches!(
                    command,
                    TicketCommand::AddNote { .. }
                        | TicketCommand::SendReply { .. }
                        | TicketCommand::AddCustomerMessage { .. }
                        | TicketCommand::ReportStillBroken { .. }
                        | TicketCommand::AddCallExample(_)
                        | TicketCommand::Resolve { text: Some(_) }
                )
                    || matches!(event, EventKind::CustomerConfirmedFixed { resolved: false })
                    || (matches!(command, TicketCommand::ProvideDetail(_)) && actor.staff_id().is_some())
                    || matches!(
                        &command,
                        TicketCommand::Snooze { waiting_for, reason, .. } if waiting_for.is_some() || reason.is_some()
                    );
                prop_assert!(is_repeatable || again == TransitionDecision::NoChange, "{command:?} twice: {again:?}");
            }
            TransitionDecision::NoChange => {}
            TransitionDecision::AssignedToOther => {
                let is_takeover = matches!(command, TicketCommand::Assign { reason: None, .. });
                prop_assert!(is_takeover, "only taking over needs a reason");
                prop_assert!(state.assignee.is_some() && state.assignee != actor.staff_id());
            }
            TransitionDecision::IsDuplicate => prop_assert!(state.merged_into.is_some()),
            TransitionDecision::Closed => {
                let is_request = matches!(command, TicketCommand::RequestDetail { .. });
                prop_assert!(is_request, "a day after the resolution the customer can still reopen");
                prop_assert!(matches!(state.status, TicketStatus::Resolved | TicketStatus::Spam));
            }
        }
    }

    #[test]
    fn a_snoozed_ticket_returns_to_its_assignee(state in any_state()) {
        let state = TicketState { status: TicketStatus::Waiting, resolved_at: None, ..state.without_main() };
        let after = end_snooze(&state, NOW).after;
        assert_invariants(&after)?;
        prop_assert_eq!((after.assignee, after.awaiting_staff_since), (state.assignee, NOW));
    }

    #[test]
    fn a_duplicate_is_resolved_with_its_main_ticket_and_separated_from_spam(state in any_state(), main in any_state()) {
        let main = main.without_main();
        let merged = merge_into(&state, &main, NOW).after;
        assert_invariants(&merged)?;
        prop_assert_eq!(merged.merged_into, Some(main.id));
        let duplicate = TicketState { status: TicketStatus::Duplicate, resolved_at: None, snoozed_until: None, ..merged };
        let transition = follow_main(&duplicate, &main, NOW);
        if let Some(transition) = &transition {
            assert_invariants(&transition.after)?;
            prop_assert_eq!(transition.after.merged_into.is_none(), main.status == TicketStatus::Spam);
            prop_assert!(follow_main(&transition.after, &main, NOW).is_none());
        }
        let is_active = !matches!(main.status, TicketStatus::Resolved | TicketStatus::Spam);
        prop_assert_eq!(transition.is_none(), is_active, "an active main ticket changes nothing");
    }
}
