//! Reports that come at the same moment.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{given, support::World};

#[tokio::test(flavor = "multi_thread")]
async fn reports_that_come_together_are_all_stored_once_and_each_has_its_own_ticket() {
    let world = World::new().await;
    let visitor = world.visitor();
    let twice = given::report().with("submission", &Uuid::new_v4().to_string());
    let reports: Vec<_> = (0..20).map(|_| given::report()).collect();
    let sending = reports.iter().chain([&twice, &twice, &twice]).map(|report| report.send(&visitor));
    let answers = futures(sending).await;

    let ways: Vec<_> = answers.iter().map(|answer| answer.location().to_owned()).collect();
    assert_eq!(ways.iter().collect::<BTreeSet<_>>().len(), 21);
    assert_eq!(ways[20], ways[21]);
    assert_eq!(ways[20], ways[22]);
    assert_eq!(world.count("select count(*) from ticket").await, 21);
    assert_eq!(world.count("select count(*) from ticket_event").await, 21);
    for way in ways {
        visitor.get(&way).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_that_are_sent_the_same_forms_agree() {
    let world = World::new().await;
    let second = world.second();
    let (one, other) = (world.visitor(), second.visitor());
    let reports: Vec<_> = (0..10).map(|_| given::report()).collect();
    let there = reports.iter().map(|report| report.send(&one));
    let back = reports.iter().rev().map(|report| report.send(&other));
    let (there, mut back) = tokio::join!(futures(there), futures(back));
    back.reverse();
    for (one, other) in there.iter().zip(&back) {
        assert_eq!(one.location(), other.location());
    }
    assert_eq!(world.count("select count(*) from ticket").await, 10);
}

/// All at the same time.
async fn futures<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<_> = futures.map(Box::pin).collect();
    let mut results: Vec<_> = running.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, result) in running.iter_mut().zip(&mut results) {
            if result.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *result = Some(value);
            }
        }
        if results.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    results.into_iter().flatten().collect()
}
