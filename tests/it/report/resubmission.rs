//! A form is one ticket, however often it is sent.

use tokio::task::JoinSet;

use crate::{given, support::World};

const COUNT_TICKETS: &str = "select count(*) from ticket";
const COUNT_EVENTS: &str = "select count(*) from ticket_event";

#[tokio::test]
async fn a_report_sent_twice_is_one_ticket() {
    let world = World::new().await;
    let report = given::report();
    let first = report.send(&world.visitor()).await.expect(303);
    let second = report.send(&world.visitor()).await.expect(303);
    assert_eq!(first.location(), second.location());
    let (reference, page) = report.accepted(&world.second()).await;
    assert_eq!(page, first.location(), "a second process opened {reference} again");
    assert_eq!((world.count(COUNT_TICKETS).await, world.count(COUNT_EVENTS).await), (1, 1));
    world.visitor().get(&page).await.expect(200);
}

#[tokio::test]
async fn a_report_sent_twenty_times_at_once_is_one_ticket() {
    let world = World::new().await;
    let id = uuid::Uuid::new_v4().to_string();
    let mut requests = JoinSet::new();
    for _ in 0..20 {
        let (visitor, report) = (world.visitor(), given::report().with("submission", &id));
        requests.spawn(async move { report.send(&visitor).await.expect(303).location().to_owned() });
    }
    let mut locations = requests.join_all().await;
    locations.dedup();
    assert_eq!(locations.len(), 1, "{locations:?}");
    assert_eq!((world.count(COUNT_TICKETS).await, world.count(COUNT_EVENTS).await), (1, 1));
}

#[tokio::test]
async fn a_changed_report_with_the_same_submission_is_added_to_the_ticket() {
    let world = World::new().await;
    let id = uuid::Uuid::new_v4().to_string();
    let report = given::report().with("submission", &id);
    let first = report.send(&world.visitor()).await.expect(303);
    let changed = given::report().with("submission", &id).with("description", "Dzwoniłem też wczoraj");
    let second = changed.send(&world.visitor()).await.expect(303);
    assert_eq!(first.location(), second.location());
    // the change is stored once, however often it is sent
    changed.send(&world.visitor()).await.expect(303);
    assert_eq!((world.count(COUNT_TICKETS).await, world.count(COUNT_EVENTS).await), (1, 2));
    let change = "select count(*) from ticket_event
        where payload->>'kind' = 'sent_again' and payload->'typed' @> '[[\"description\", \"Dzwoniłem też wczoraj\"]]'";
    assert_eq!(world.count(change).await, 1);
    world
        .visitor()
        .follow(&second)
        .await
        .expect(200)
        .assert_shows("Formularz przyszedł drugi raz, nowe dane są dopisane");
}

#[tokio::test]
async fn a_report_without_a_valid_submission_is_always_a_new_ticket() {
    let world = World::new().await;
    let invalid_ids =
        ["", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "1234", "' or 1=1 --"];
    for submission in invalid_ids.iter().flat_map(|id| [id, id]) {
        given::report().with("submission", submission).accepted(&world).await;
    }
    given::report().without("submission").accepted(&world).await;
    given::report().without("submission").accepted(&world).await;
    assert_eq!(world.count(COUNT_TICKETS).await, 12);
}

#[tokio::test]
async fn two_reports_with_the_same_text_are_two_tickets() {
    let world = World::new().await;
    let (first, _) = given::report().accepted(&world).await;
    let (second, _) = given::report().accepted(&world).await;
    assert_ne!(first, second);
}
