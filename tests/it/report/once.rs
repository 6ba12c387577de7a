//! A form is one ticket, however often it is sent.

use tokio::task::JoinSet;

use crate::{given, support::World};

const TICKETS: &str = "select count(*) from ticket";
const EVENTS: &str = "select count(*) from ticket_event";

#[tokio::test]
async fn the_same_form_twice_is_one_ticket() {
    let world = World::new().await;
    let report = given::report();
    let first = report.send(&world.visitor()).await.expect(303);
    let second = report.send(&world.visitor()).await.expect(303);
    assert_eq!(first.location(), second.location());
    let (reference, page) = report.accepted(&world.second()).await;
    assert_eq!(page, first.location(), "a second node made {reference} anew");
    assert_eq!((world.count(TICKETS).await, world.count(EVENTS).await), (1, 1));
    world.visitor().get(&page).await.expect(200);
}

#[tokio::test]
async fn the_same_form_twenty_times_at_once_is_one_ticket() {
    let world = World::new().await;
    let id = uuid::Uuid::new_v4().to_string();
    let mut sending = JoinSet::new();
    for _ in 0..20 {
        let (visitor, report) = (world.visitor(), given::report().with("submission", &id));
        sending.spawn(async move { report.send(&visitor).await.expect(303).location().to_owned() });
    }
    let mut places = sending.join_all().await;
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!((world.count(TICKETS).await, world.count(EVENTS).await), (1, 1));
}

#[tokio::test]
async fn the_same_form_with_other_words_is_the_same_ticket_and_the_words_are_kept() {
    let world = World::new().await;
    let id = uuid::Uuid::new_v4().to_string();
    let report = given::report().with("submission", &id);
    let first = report.send(&world.visitor()).await.expect(303);
    let changed = given::report().with("submission", &id).with("description", "Dzwoniłem też wczoraj");
    let second = changed.send(&world.visitor()).await.expect(303);
    assert_eq!(first.location(), second.location());
    // the change is kept once, not as often as it is sent
    changed.send(&world.visitor()).await.expect(303);
    assert_eq!((world.count(TICKETS).await, world.count(EVENTS).await), (1, 2));
    let kept = "select count(*) from ticket_event
        where payload->>'kind' = 'sent_again' and payload->'typed' @> '[[\"description\", \"Dzwoniłem też wczoraj\"]]'";
    assert_eq!(world.count(kept).await, 1);
    world.visitor().follow(&second).await.expect(200).must_show("Formularz przyszedł drugi raz, nowe dane są dopisane");
}

#[tokio::test]
async fn a_form_without_an_id_of_its_own_is_a_ticket_of_its_own() {
    let world = World::new().await;
    let strange =
        ["", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "1234", "' or 1=1 --"];
    for submission in strange.iter().flat_map(|one| [one, one]) {
        given::report().with("submission", submission).accepted(&world).await;
    }
    given::report().without("submission").accepted(&world).await;
    given::report().without("submission").accepted(&world).await;
    assert_eq!(world.count(TICKETS).await, 12);
}

#[tokio::test]
async fn two_forms_with_the_same_words_are_two_tickets() {
    let world = World::new().await;
    let (one, _) = given::report().accepted(&world).await;
    let (other, _) = given::report().accepted(&world).await;
    assert_ne!(one, other);
}
