//! Reports that arrive at the same time.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use uuid::Uuid;

use crate::{given, support::World};

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_reports_are_each_stored_once() {
    let world = World::new().await;
    let visitor = world.visitor();
    let twice = given::report().with("submission", &Uuid::new_v4().to_string());
    let reports: Vec<_> = (0..20).map(|_| given::report()).collect();
    let sending = reports.iter().chain([&twice, &twice, &twice]).map(|report| report.send(&visitor));
    let responses = join_all(sending).await;

    let locations: Vec<_> = responses.iter().map(|response| response.location().to_owned()).collect();
    assert_eq!(locations.iter().collect::<BTreeSet<_>>().len(), 21);
    assert_eq!(locations[20], locations[21]);
    assert_eq!(locations[20], locations[22]);
    assert_eq!(world.count("select count(*) from ticket").await, 21);
    assert_eq!(world.count("select count(*) from ticket_event").await, 21);
    for location in locations {
        visitor.get(&location).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_get_the_same_forms_return_the_same_tickets() {
    let world = World::new().await;
    let second = world.second();
    let (first, other) = (world.visitor(), second.visitor());
    let reports: Vec<_> = (0..10).map(|_| given::report()).collect();
    let sent = reports.iter().map(|report| report.send(&first));
    let sent_reversed = reports.iter().rev().map(|report| report.send(&other));
    let (sent, mut sent_reversed) = tokio::join!(join_all(sent), join_all(sent_reversed));
    sent_reversed.reverse();
    for (first, other) in sent.iter().zip(&sent_reversed) {
        assert_eq!(first.location(), other.location());
    }
    assert_eq!(world.count("select count(*) from ticket").await, 10);
}
