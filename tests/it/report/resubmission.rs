//! A form is one ticket, however often it is sent. With other content it is another ticket.

use std::collections::BTreeSet;

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

/// Somebody goes back to the form that was sent and reports another call in it. It may also be somebody else, at the same
/// browser: the page of the first ticket and its key are not theirs.
#[tokio::test]
async fn another_call_in_the_same_form_is_another_ticket() {
    let world = World::new().await;
    let report = given::report();
    let (first, first_page) = report.accepted(&world).await;
    let other = given::report()
        .with("submission", report.value("submission"))
        .with("callee", "0048 58 555 02 20")
        .with("email", "ewa.lis@example.com");
    let (second, second_page) = other.accepted(&world).await;
    assert_ne!(first, second);
    let key = |page: &str| page.split_once("?key=").unwrap().1.to_owned();
    assert_ne!(key(&first_page), key(&second_page), "who knows the form's id does not get the ticket's key");
    // each form once, however often and in which order they are sent
    for (report, page) in [(&report, &first_page), (&other, &second_page), (&report, &first_page)] {
        assert_eq!(report.send(&world.second().visitor()).await.expect(303).location(), page);
    }
    assert_eq!((world.count(COUNT_TICKETS).await, world.count(COUNT_EVENTS).await), (2, 2));
    let emails = "select count(distinct ticket_id) from outgoing_email where kind = 'received'";
    assert_eq!(world.count(emails).await, 2);
    world.visitor().get(&first_page).await.expect(200).assert_hides("58 555 02 20").assert_hides("ewa.lis");
    world.visitor().get(&second_page).await.expect(200).assert_shows("58 555 02 20");
}

#[tokio::test]
async fn the_same_form_and_another_one_with_its_id_sent_at_once_are_two_tickets() {
    let world = World::new().await;
    let id = given::uuid();
    let mut requests = JoinSet::new();
    for at in 0..20 {
        let description = if at % 2 == 0 { "Raz" } else { "Jeszcze inne" };
        let report = given::report().with("submission", &id).with("description", description);
        let visitor = world.visitor();
        requests.spawn(async move { report.send(&visitor).await.expect(303).location().to_owned() });
    }
    let locations: BTreeSet<_> = requests.join_all().await.into_iter().collect();
    assert_eq!(locations.len(), 2, "{locations:?}");
    assert_eq!((world.count(COUNT_TICKETS).await, world.count(COUNT_EVENTS).await), (2, 2));
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
