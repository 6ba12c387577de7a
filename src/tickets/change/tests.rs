use proptest::{prelude::*, sample::select};
use time::macros::datetime;

use super::*;
use crate::{
    phone::Party,
    tickets::{Precision, Side, Value},
};

const NOW: OffsetDateTime = datetime!(2026-11-20 13:30 UTC);
const BEFORE: OffsetDateTime = datetime!(2026-11-19 13:30 UTC);

fn somebody(number: u128) -> Person {
    Person { id: Uuid::from_u128(number), name: format!("Osoba {number}") }
}

/// A ticket as the table lets it be.
fn standing() -> impl Strategy<Value = Standing> {
    let who = prop_oneof![Just(None), (1_u128..4).prop_map(Some)];
    let asked = prop::collection::btree_set(select(Piece::ALL), 0..=4);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (select(Status::ALL), who, flags, asked).prop_map(|(status, who, (merged, until, has_duplicates), asked)| {
        let who = match status {
            Status::New => None,
            Status::Open => who.or(Some(1)),
            Status::Waiting | Status::Resolved | Status::Spam | Status::Duplicate => who,
        };
        let merged = status == Status::Duplicate || (status == Status::Resolved && merged);
        Standing {
            id: Uuid::from_u128(100),
            reference: Reference::random(),
            version: 7,
            status,
            assignee: who.map(|who| somebody(who).id),
            assignee_name: who.map(|who| somebody(who).name),
            waiting_since: BEFORE,
            waiting_until: (status == Status::Waiting && until).then_some(BEFORE),
            resolved_at: (status == Status::Resolved).then_some(BEFORE),
            merged_into: merged.then_some(Uuid::from_u128(200)),
            main: merged.then(Reference::random),
            has_duplicates: has_duplicates && !merged,
            asked: asked.into_iter().collect(),
        }
    })
}

fn verb() -> impl Strategy<Value = Verb> {
    let note = || any::<bool>().prop_map(|some| some.then(|| Note::written("bo tak".to_owned()).unwrap()));
    let reply = || Reply::written("działa".to_owned()).unwrap();
    prop_oneof![
        (1_u128..4, note()).prop_map(|(to, reason)| Verb::Give { to: somebody(to), reason }),
        note().prop_map(|reason| Verb::Release { reason }),
        Just(Verb::Open),
        Just(Verb::Renew),
        (any::<bool>(), note()).prop_map(|(until, reason)| Verb::Wait {
            whom: until.then_some(Whom::Carrier),
            until: until.then_some(NOW),
            reason
        }),
        any::<bool>().prop_map(move |text| Verb::Resolve { text: text.then(reply) }),
        Just(Verb::Spam),
        Just(Verb::Note { text: Note::written("a".to_owned()).unwrap() }),
        Just(Verb::Reply { text: reply() }),
        Just(Verb::Separate),
        customers(),
        select(Piece::ALL).prop_map(|piece| Verb::TakeBack { piece }),
        (select(Piece::ALL), any::<bool>()).prop_map(|(piece, until)| Verb::Ask { piece, until: until.then_some(NOW) }),
    ]
}

/// What customers do; filling in is for staff, too.
fn customers() -> impl Strategy<Value = Verb> {
    let message = || Message::written("nadal cisza".to_owned()).unwrap();
    let example = NewExample {
        caller: side("22 555 01 20"),
        callee: side("0044 20 8190 0322"),
        at: BEFORE,
        precision: Precision::Exact,
        error_text: None,
    };
    prop_oneof![
        Just(Verb::Write { text: message() }),
        Just(Verb::Works),
        any::<bool>().prop_map(move |text| Verb::Fails { text: text.then(message) }),
        Just(Verb::Example(Box::new(example))),
        select(Piece::ALL).prop_map(|piece| {
            let now = Value::Message { text: "503".to_owned() };
            Verb::Fill(Box::new(Fill { piece, was: None, now }))
        }),
    ]
}

fn side(typed: &str) -> Side {
    Side { typed: typed.to_owned(), party: Party::caller(typed).unwrap() }
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        (1_u128..4).prop_map(|id| Actor::Staff(Uuid::from_u128(id))),
        Just(Actor::Customer),
        Just(Actor::System)
    ]
}

/// The table's own rules, and those that every verb keeps.
fn holds(at: &Standing) -> Result<(), TestCaseError> {
    prop_assert!(at.status != Status::New || at.assignee.is_none(), "a new ticket is nobody's: {at:?}");
    prop_assert!(at.status != Status::Open || at.assignee.is_some(), "what is worked on is somebody's: {at:?}");
    prop_assert_eq!(at.status == Status::Resolved, at.resolved_at.is_some());
    prop_assert!(at.waiting_until.is_none() || at.status == Status::Waiting, "{at:?}");
    match at.status {
        Status::Duplicate => prop_assert!(at.merged_into.is_some(), "{at:?}"),
        Status::Resolved => {}
        Status::New | Status::Open | Status::Waiting | Status::Spam => prop_assert!(at.merged_into.is_none(), "{at:?}"),
    }
    Ok(())
}

proptest! {
    #[test]
    fn whatever_is_done_to_whatever_ticket_the_rules_hold(at in standing(), verb in verb(), by in actor()) {
        holds(&at)?;
        match decide(&verb, &at, by, NOW) {
            Decision::Change(step) => {
                holds(&step.to)?;
                prop_assert_eq!((step.to.id, step.to.version), (at.id, at.version));
                // a ticket that waits no more for staff and then does, waits from then on
                let works = |status: Status| matches!(status, Status::New | Status::Open);
                if works(step.to.status) && matches!(at.status, Status::Waiting | Status::Resolved | Status::Spam)
                    && !matches!(verb, Verb::Release { .. } | Verb::TakeBack { .. })
                {
                    prop_assert_eq!(step.to.waiting_since, NOW);
                }
                let took = at.assignee.is_none() && step.to.assignee.is_some();
                let is_given = matches!(step.what, What::Assigned { .. });
                prop_assert_eq!(took && !is_given, step.what.carried().took, "{:?}", step.what);
                // the same again changes nothing, or says something again
                let again = decide(&verb, &step.to, by, NOW);
                let says = matches!(verb, Verb::Note { .. } | Verb::Reply { .. })
                    || matches!(verb, Verb::Write { .. } | Verb::Fails { .. } | Verb::Example(_))
                    || matches!(step.what, What::Works { resolved: false })
                    || (matches!(verb, Verb::Fill(_)) && by.staff().is_some())
                    || matches!(verb, Verb::Resolve { text: Some(_) })
                    || matches!(&verb, Verb::Wait { whom, reason, .. } if whom.is_some() || reason.is_some());
                prop_assert!(says || again == Decision::Already, "{verb:?} twice: {again:?}");
            }
            Decision::Already => {}
            Decision::Held => {
                prop_assert!(matches!(verb, Verb::Give { reason: None, .. }), "only taking over needs a reason");
                prop_assert!(at.assignee.is_some() && at.assignee != by.staff());
            }
            Decision::Duplicate => prop_assert!(at.merged_into.is_some()),
            Decision::Closed => {
                prop_assert!(matches!(verb, Verb::Ask { .. }), "a day after the end, a customer is heard");
                prop_assert!(matches!(at.status, Status::Resolved | Status::Spam));
            }
        }
    }

    #[test]
    fn what_waits_comes_back_to_who_has_it(at in standing()) {
        let at = Standing { status: Status::Waiting, merged_into: None, main: None, resolved_at: None, ..at };
        let back = come_back(&at, NOW);
        holds(&back.to)?;
        prop_assert_eq!((back.to.assignee, back.to.waiting_since), (at.assignee, NOW));
    }

    #[test]
    fn a_duplicate_follows_its_main(at in standing(), main in standing()) {
        let main = Standing { merged_into: None, main: None, ..main };
        let merged = merge_into(&at, &main, NOW).to;
        holds(&merged)?;
        prop_assert_eq!(merged.merged_into, Some(main.id));
        // wherever its main ticket goes, and from wherever
        let duplicate = Standing { status: Status::Duplicate, resolved_at: None, waiting_until: None, ..merged };
        let after = follow(&duplicate, &main, NOW);
        if let Some(step) = &after {
            holds(&step.to)?;
            prop_assert_eq!(step.to.merged_into.is_none(), main.status == Status::Spam);
            prop_assert!(follow(&step.to, &main, NOW).is_none());
        }
        let is_over = matches!(main.status, Status::Resolved | Status::Spam);
        prop_assert_eq!(after.is_some(), is_over, "nobody waits for what is over");
    }
}
