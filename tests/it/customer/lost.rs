//! Who lost the link gives the reference and the e-mail address, and learns nothing but that.

use std::time::Duration as Patience;

use dzwoni::tickets::TicketReference;
use time::Duration;

use crate::{
    given,
    support::{Answer, World, eventually},
    tickets::{act, history, must_be_sound},
};

async fn ask(world: &World, ip: &str, reference: &str, email: &str) -> Answer {
    world.visitor().from_ip(ip).post("/pl/ticket", &[("reference", reference), ("email", email)]).await
}

async fn sent(world: &World, reference: &TicketReference) -> usize {
    history(world, reference).await.iter().filter(|kind| *kind == "link").count()
}

#[tokio::test]
async fn the_answer_is_always_the_same_and_the_link_goes_to_the_tickets_own_address() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let (resolved, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    act(&anna, &resolved, "status", &[("status", "resolved")]).await.expect(303);
    let right = ask(&world, "198.51.100.1", &reference.to_string(), "Jan.Nowak@Example.com").await.expect(200);
    right.must_show("Sprawdź pocztę").must_not_show("jan.nowak");
    let unknown = TicketReference::random().to_string();
    for (reference, email) in
        [(unknown.as_str(), "jan.nowak@example.com"), (&reference.to_string(), "somebody@example.com")]
    {
        let wrong = ask(&world, "198.51.100.2", reference, email).await.expect(200);
        assert_eq!(wrong.body, right.body);
    }
    eventually(Patience::from_secs(20), || async { sent(&world, &reference).await == 1 }).await;
    assert_eq!(sent(&world, &resolved).await, 0);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn nobody_can_fill_a_mailbox() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let typed = reference.to_string();
    // from many addresses at once
    let asked = (1..20).map(|from| {
        let (world, typed) = (&world, &typed);
        async move { ask(world, &format!("198.51.100.{from}"), typed, "jan.nowak@example.com").await.expect(200) }
    });
    futures_util::future::join_all(asked).await;
    eventually(Patience::from_secs(20), || async { sent(&world, &reference).await == 1 }).await;
    for count in 2..=5 {
        world.advance(Duration::minutes(11));
        ask(&world, "203.0.113.77", &typed, "jan.nowak@example.com").await.expect(200);
        eventually(Patience::from_secs(20), || async { sent(&world, &reference).await == count }).await;
    }
    // five a day are enough; told by the rule itself, since what does not happen can't be waited for
    world.advance(Duration::minutes(11));
    let mut tx = world.app.db.begin().await.unwrap();
    let send = dzwoni::tickets::command::access_link::request_link(
        &mut tx,
        &reference,
        "jan.nowak@example.com",
        world.clock.now(),
    );
    assert!(!send.await.unwrap());
    tx.rollback().await.unwrap();

    let mut last = 200;
    for _ in 0..20 {
        let answer = ask(&world, "203.0.113.99", &typed, "jan.nowak@example.com").await;
        last = answer.status.as_u16();
        if last == 429 {
            assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
            break;
        }
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn a_link_is_not_sent_for_spam_or_for_what_is_long_over() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (spam, _) = given::report().accepted(&world).await;
    let (over, _) = given::report().accepted(&world).await;
    act(&anna, &spam, "status", &[("status", "spam")]).await.expect(303);
    act(&anna, &over, "status", &[("status", "resolved")]).await.expect(303);
    let mut tx = world.app.db.begin().await.unwrap();
    let now = world.clock.now();
    let mut sends = Vec::new();
    for (reference, at) in [(&spam, now), (&over, now), (&over, now + Duration::weeks(9))] {
        sends.push(
            dzwoni::tickets::command::access_link::request_link(&mut tx, reference, "jan.nowak@example.com", at)
                .await
                .unwrap(),
        );
    }
    assert_eq!(sends, [false, true, false]);
}

#[tokio::test]
async fn what_is_missing_is_said_beside_its_field() {
    let world = World::new().await;
    let page = ask(&world, "198.51.100.9", "DZ-1", "jan").await.expect(422);
    page.must_show("Numer zgłoszenia ma litery DZ").must_show("To nie wygląda na adres e-mail");
    assert_eq!((page.value("reference"), page.value("email")), ("DZ-1".to_owned(), "jan".to_owned()));
}
