//! Customers who lost the link request it with the reference and the e-mail address. The response reveals nothing.

use std::time::Duration as StdDuration;

use dzwoni::tickets::TicketReference;
use time::Duration;

use crate::{
    given,
    support::{TestResponse, World, eventually},
    tickets::{event_kinds, post_action},
};

async fn request_link(world: &World, ip: &str, reference: &str, email: &str) -> TestResponse {
    world.visitor().from_ip(ip).post("/pl/ticket", &[("reference", reference), ("email", email)]).await
}

async fn sent_count(world: &World, reference: &TicketReference) -> usize {
    event_kinds(world, reference).await.iter().filter(|kind| *kind == "link").count()
}

#[tokio::test]
async fn a_link_request_reveals_nothing_and_sends_the_link_to_the_address_of_the_ticket() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let (resolved, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    post_action(&anna, &resolved, "status", &[("status", "resolved")]).await.expect(303);
    let accepted =
        request_link(&world, "198.51.100.1", &reference.to_string(), "Jan.Nowak@Example.com").await.expect(200);
    accepted.assert_shows("Sprawdź pocztę").assert_hides("jan.nowak");
    let unknown = TicketReference::random().to_string();
    for (reference, email) in
        [(unknown.as_str(), "jan.nowak@example.com"), (&reference.to_string(), "somebody@example.com")]
    {
        let refused = request_link(&world, "198.51.100.2", reference, email).await.expect(200);
        assert_eq!(refused.body, accepted.body);
    }
    eventually(StdDuration::from_secs(20), || async { sent_count(&world, &reference).await == 1 }).await;
    assert_eq!(sent_count(&world, &resolved).await, 0);
}

#[tokio::test]
async fn link_requests_are_limited_per_ticket_and_per_client() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let reference_text = reference.to_string();
    // from many client addresses at once
    let requests = (1..20).map(|from| {
        let (world, reference_text) = (&world, &reference_text);
        async move {
            request_link(world, &format!("198.51.100.{from}"), reference_text, "jan.nowak@example.com")
                .await
                .expect(200)
        }
    });
    futures_util::future::join_all(requests).await;
    eventually(StdDuration::from_secs(20), || async { sent_count(&world, &reference).await == 1 }).await;
    for count in 2..=5 {
        world.advance(Duration::minutes(11));
        request_link(&world, "203.0.113.77", &reference_text, "jan.nowak@example.com").await.expect(200);
        eventually(StdDuration::from_secs(20), || async { sent_count(&world, &reference).await == count }).await;
    }
    // at most five a day; the command is called directly, because a test can not wait for an e-mail that is not sent
    world.advance(Duration::minutes(11));
    let mut tx = world.app.db.begin().await.unwrap();
    let secret = world.app.signing_secret.get(&mut tx).await.unwrap();
    let request = dzwoni::tickets::command::access_link::request_link(
        &mut tx,
        secret,
        &reference,
        "jan.nowak@example.com",
        world.clock.now(),
    );
    assert!(!request.await.unwrap());
    tx.rollback().await.unwrap();

    let mut last = 200;
    for _ in 0..20 {
        let response = request_link(&world, "203.0.113.99", &reference_text, "jan.nowak@example.com").await;
        last = response.status.as_u16();
        if last == 429 {
            assert!(response.header("retry-after").parse::<u32>().unwrap() > 0);
            break;
        }
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn a_link_is_not_sent_for_spam_or_after_the_key_has_expired() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (spam, _) = given::report().accepted(&world).await;
    let (resolved, _) = given::report().accepted(&world).await;
    post_action(&anna, &spam, "status", &[("status", "spam")]).await.expect(303);
    post_action(&anna, &resolved, "status", &[("status", "resolved")]).await.expect(303);
    let mut tx = world.app.db.begin().await.unwrap();
    let secret = world.app.signing_secret.get(&mut tx).await.unwrap();
    let now = world.clock.now();
    let mut sent = Vec::new();
    for (reference, at) in [(&spam, now), (&resolved, now), (&resolved, now + Duration::weeks(9))] {
        sent.push(
            dzwoni::tickets::command::access_link::request_link(
                &mut tx,
                secret,
                reference,
                "jan.nowak@example.com",
                at,
            )
            .await
            .unwrap(),
        );
    }
    assert_eq!(sent, [false, true, false]);
}

#[tokio::test]
async fn an_invalid_link_request_shows_an_error_beside_each_field() {
    let world = World::new().await;
    let page = request_link(&world, "198.51.100.9", "DZ-1", "jan").await.expect(422);
    page.assert_shows("Numer zgłoszenia ma litery DZ").assert_shows("To nie wygląda na adres e-mail");
    assert_eq!((page.value("reference"), page.value("email")), ("DZ-1".to_owned(), "jan".to_owned()));
}
