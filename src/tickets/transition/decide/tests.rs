use proptest::{prelude::*, sample::select};
use time::macros::datetime;

use super::*;
use crate::{
    phone::Party,
    tickets::{CallParty, CallTimePrecision, DetailValue},
};

const NOW: OffsetDateTime = datetime!(2026-11-20 13:30 UTC);
const BEFORE: OffsetDateTime = datetime!(2026-11-19 13:30 UTC);

fn person(number: u128) -> StaffMember {
    StaffMember { id: Uuid::from_u128(number), name: format!("Osoba {number}") }
}

/// A ticket as the table lets it be.
fn any_state() -> impl Strategy<Value = TicketState> {
    let who = prop_oneof![Just(None), (1_u128..4).prop_map(Some)];
    let asked = prop::collection::btree_set(select(CallDetail::ALL), 0..=4);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (select(TicketStatus::ALL), who, flags, asked).prop_map(|(status, who, (merged, until, has_duplicates), asked)| {
        let who = match status {
            TicketStatus::New => None,
            TicketStatus::Open => who.or(Some(1)),
            TicketStatus::Waiting | TicketStatus::Resolved | TicketStatus::Spam | TicketStatus::Duplicate => who,
        };
        let merged = status == TicketStatus::Duplicate || (status == TicketStatus::Resolved && merged);
        TicketState {
            id: Uuid::from_u128(100),
            reference: TicketReference::random(),
            version: 7,
            status,
            assignee: who.map(|who| person(who).id),
            assignee_name: who.map(|who| person(who).name),
            awaiting_staff_since: BEFORE,
            snoozed_until: (status == TicketStatus::Waiting && until).then_some(BEFORE),
            resolved_at: (status == TicketStatus::Resolved).then_some(BEFORE),
            merged_into: merged.then_some(Uuid::from_u128(200)),
            main_reference: merged.then(TicketReference::random),
            has_duplicates: has_duplicates && !merged,
            requested_details: asked.into_iter().collect(),
        }
    })
}

fn any_command() -> impl Strategy<Value = TicketCommand> {
    let note = || any::<bool>().prop_map(|some| some.then(|| Note::parse("bo tak".to_owned()).unwrap()));
    let reply = || Reply::parse("działa".to_owned()).unwrap();
    prop_oneof![
        (1_u128..4, note()).prop_map(|(to, reason)| TicketCommand::Assign { assignee: person(to), reason }),
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
        select(CallDetail::ALL).prop_map(|piece| TicketCommand::WithdrawDetailRequest { detail: piece }),
        (select(CallDetail::ALL), any::<bool>())
            .prop_map(|(piece, until)| TicketCommand::RequestDetail { detail: piece, until: until.then_some(NOW) }),
    ]
}

/// EventKind customers do; filling in is for staff, too.
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
        select(CallDetail::ALL).prop_map(|piece| {
            let now = DetailValue::ErrorText { text: "503".to_owned() };
            TicketCommand::ProvideDetail(Box::new(DetailChange { detail: piece, previous_value: None, new_value: now }))
        }),
    ]
}

fn call_party(typed: &str) -> CallParty {
    CallParty { raw_text: typed.to_owned(), party: Party::parse_caller(typed).unwrap() }
}

fn any_actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        (1_u128..4).prop_map(|id| Actor::Staff(Uuid::from_u128(id))),
        Just(Actor::Customer),
        Just(Actor::System)
    ]
}

/// The table's own rules, and those that every verb keeps.
fn assert_invariants(at: &TicketState) -> Result<(), TestCaseError> {
    prop_assert!(at.status != TicketStatus::New || at.assignee.is_none(), "a new ticket is nobody's: {at:?}");
    prop_assert!(at.status != TicketStatus::Open || at.assignee.is_some(), "what is worked on is somebody's: {at:?}");
    prop_assert_eq!(at.status == TicketStatus::Resolved, at.resolved_at.is_some());
    prop_assert!(at.snoozed_until.is_none() || at.status == TicketStatus::Waiting, "{at:?}");
    match at.status {
        TicketStatus::Duplicate => prop_assert!(at.merged_into.is_some(), "{at:?}"),
        TicketStatus::Resolved => {}
        TicketStatus::New | TicketStatus::Open | TicketStatus::Waiting | TicketStatus::Spam => {
            prop_assert!(at.merged_into.is_none(), "{at:?}")
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn whatever_is_done_to_whatever_ticket_the_rules_hold(at in any_state(), verb in any_command(), by in any_actor()) {
        assert_invariants(&at)?;
        match decide(&verb, &at, by, NOW) {
            TransitionDecision::Apply(step) => {
                assert_invariants(&step.after)?;
                prop_assert_eq!((step.after.id, step.after.version), (at.id, at.version));
                // a ticket that waits no more for staff and then does, waits from then on
                let works = |status: TicketStatus| matches!(status, TicketStatus::New | TicketStatus::Open);
                if works(step.after.status) && matches!(at.status, TicketStatus::Waiting | TicketStatus::Resolved | TicketStatus::Spam)
                    && !matches!(verb, TicketCommand::Unassign { .. } | TicketCommand::WithdrawDetailRequest { .. })
                {
                    prop_assert_eq!(step.after.awaiting_staff_since, NOW);
                }
                let took = at.assignee.is_none() && step.after.assignee.is_some();
                let is_given = matches!(step.event, EventKind::Assigned { .. });
                prop_assert_eq!(took && !is_given, step.event.payload().auto_assigned, "{:?}", step.event);
                // the same again changes nothing, or says something again
                let again = decide(&verb, &step.after, by, NOW);
                let says = matches!(verb, TicketCommand::AddNote { .. } | TicketCommand::SendReply { .. })
                    || matches!(verb, TicketCommand::AddCustomerMessage { .. } | TicketCommand::ReportStillBroken { .. } | TicketCommand::AddCallExample(_))
                    || matches!(step.event, EventKind::CustomerConfirmedFixed { resolved: false })
                    || (matches!(verb, TicketCommand::ProvideDetail(_)) && by.staff_id().is_some())
                    || matches!(verb, TicketCommand::Resolve { text: Some(_) })
                    || matches!(&verb, TicketCommand::Snooze { waiting_for: whom, reason, .. } if whom.is_some() || reason.is_some());
                prop_assert!(says || again == TransitionDecision::NoChange, "{verb:?} twice: {again:?}");
            }
            TransitionDecision::NoChange => {}
            TransitionDecision::AssignedToOther => {
                prop_assert!(matches!(verb, TicketCommand::Assign { reason: None, .. }), "only taking over needs a reason");
                prop_assert!(at.assignee.is_some() && at.assignee != by.staff_id());
            }
            TransitionDecision::IsDuplicate => prop_assert!(at.merged_into.is_some()),
            TransitionDecision::Closed => {
                prop_assert!(matches!(verb, TicketCommand::RequestDetail { .. }), "a day after the end, a customer is heard");
                prop_assert!(matches!(at.status, TicketStatus::Resolved | TicketStatus::Spam));
            }
        }
    }

    #[test]
    fn what_waits_comes_back_to_who_has_it(at in any_state()) {
        let at = TicketState { status: TicketStatus::Waiting, merged_into: None, main_reference: None, resolved_at: None, ..at };
        let back = end_snooze(&at, NOW);
        assert_invariants(&back.after)?;
        prop_assert_eq!((back.after.assignee, back.after.awaiting_staff_since), (at.assignee, NOW));
    }

    #[test]
    fn a_duplicate_follows_its_main(at in any_state(), main in any_state()) {
        let main = TicketState { merged_into: None, main_reference: None, ..main };
        let merged = merge_into(&at, &main, NOW).after;
        assert_invariants(&merged)?;
        prop_assert_eq!(merged.merged_into, Some(main.id));
        // wherever its main ticket goes, and from wherever
        let duplicate = TicketState { status: TicketStatus::Duplicate, resolved_at: None, snoozed_until: None, ..merged };
        let after = follow_main(&duplicate, &main, NOW);
        if let Some(step) = &after {
            assert_invariants(&step.after)?;
            prop_assert_eq!(step.after.merged_into.is_none(), main.status == TicketStatus::Spam);
            prop_assert!(follow_main(&step.after, &main, NOW).is_none());
        }
        let is_over = matches!(main.status, TicketStatus::Resolved | TicketStatus::Spam);
        prop_assert_eq!(after.is_some(), is_over, "nobody waits for what is over");
    }
}
