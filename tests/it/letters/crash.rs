//! Nothing is sent twice, whoever falls over and when.

use std::time::Duration as Patience;

use dzwoni::emails::{Mailer, SendSummary};
use serde_json::json;
use time::Duration;
use tokio::time::timeout;

use super::{hasty, reports, sent, states, written};
use crate::{given, support::World};

/// Longer than a program has its letters.
const LEASE: Duration = Duration::minutes(20);
const UNSURE: SendSummary = SendSummary { sent: 0, deferred: 0, failed: 1, may_have_more: false };

#[tokio::test]
async fn a_crash_before_the_text_costs_nothing_but_time() {
    let (server, world, post) = written().await;
    given::report().accepted(&world).await;
    server.order(json!({"hold": "greeting"})).await;
    // the program ends while it talks to the server
    let dies = async {
        tokio::select! { done = post.send_due(&world.app) => panic!("{done:?}"), () = server.held() => {} }
    };
    dies.await;
    server.obey().await;
    let other = world.second_with_mail(&server.config());
    assert_eq!(Mailer::default().send_due(&other.app).await.unwrap(), sent(0), "the first may still be at it");
    other.advance(LEASE);
    assert_eq!(Mailer::default().send_due(&other.app).await.unwrap(), sent(1));
    assert_eq!(server.took().await.len(), 1);
}

#[tokio::test]
async fn a_crash_between_sending_and_recording_sends_nothing_twice() {
    let (server, world, post) = written().await;
    let (reference, _) = given::report().accepted(&world).await;
    server.order(json!({"hold": "data"})).await;
    let dies = async {
        tokio::select! { done = post.send_due(&world.app) => panic!("{done:?}"), () = server.held() => {} }
    };
    dies.await;
    server.obey().await;
    let first = server.only().await;
    assert_eq!(states(&world).await, ["received sending"]);

    let other = world.second_with_mail(&server.config());
    other.advance(LEASE);
    assert_eq!(Mailer::default().send_due(&other.app).await.unwrap(), UNSURE);
    assert_eq!(states(&world).await, ["received stuck unsure"]);
    assert_eq!(server.took().await, Vec::<String>::new(), "nobody knows, so nobody sends");
    // other letters of the ticket are not held up by it
    let anna = other.agent("Anna").await;
    super::reply(&anna, &reference, "Sprawdzamy.").await;
    assert_eq!(Mailer::default().send_due(&other.app).await.unwrap(), sent(1));
    server.took().await;

    // a person who says so sends it again, under the same name: mail programs show it once
    let page = anna.get("/staff/letters").await.expect(200);
    page.must_show("Nie wiadomo, czy e-mail dotarł").must_show("klient może dostać go podwójnie");
    let letter = page.body.split("action=\"/staff/letters/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    anna.post(&format!("/staff/letters/{letter}"), &[("wish", "again")]).await.expect(303);
    assert_eq!(Mailer::default().send_due(&other.app).await.unwrap(), sent(1));
    assert_eq!(server.only().await.header("Message-ID"), first.header("Message-ID"));
}

#[tokio::test]
async fn an_answer_that_never_comes_sends_nothing_twice() {
    let (server, world, _) = written().await;
    given::report().accepted(&world).await;
    server.order(json!({"hold": "data"})).await;
    assert_eq!(hasty().send_due(&world.app).await.unwrap(), UNSURE);
    server.obey().await;
    given::report().accepted(&world).await;
    server.took().await;
    server.order(json!({"disconnect": "data"})).await;
    assert_eq!(hasty().send_due(&world.app).await.unwrap(), UNSURE);
    world.advance(Duration::days(2));
    assert_eq!(Mailer::default().send_due(&world.app).await.unwrap(), sent(0));
    assert_eq!(states(&world).await, ["received stuck unsure"; 2]);
    assert_eq!(server.took().await, Vec::<String>::new());
}

#[tokio::test]
async fn who_was_too_slow_has_the_letter_no_more() {
    let (server, world, post) = written().await;
    given::report().accepted(&world).await;
    server.order(json!({"hold": "greeting"})).await;
    let other = world.second_with_mail(&server.config());
    other.advance(LEASE);
    let slow = post.send_due(&world.app);
    let quick = async {
        server.held().await;
        server.order(json!({"hold": null})).await;
        let done = Mailer::default().send_due(&other.app).await.unwrap();
        server.obey().await;
        done
    };
    let (slow, quick) = tokio::join!(slow, quick);
    assert_eq!((slow.unwrap(), quick), (sent(0), sent(1)));
    assert_eq!(server.took().await.len(), 1);
}

#[tokio::test]
async fn programs_share_the_letters() {
    let (server, world, _) = written().await;
    reports(&world, 30).await;
    let others: Vec<World> = (0..3).map(|_| world.second_with_mail(&server.config())).collect();
    let posts: Vec<_> = others.iter().map(|_| Mailer::default()).collect();
    let ticks = others.iter().zip(&posts).map(|(other, post)| post.send_due(&other.app));
    let done = futures_util::future::join_all(ticks).await;
    assert_eq!(done.into_iter().map(|done| done.unwrap().sent).sum::<usize>(), 30);
    let mut took = server.took().await;
    assert_eq!(took.len(), 30);
    took.sort();
    took.dedup();
    assert_eq!(took.len(), 30, "each once");
}

#[tokio::test]
async fn a_program_that_ends_finishes_the_letter_in_its_hands() {
    let (server, world, post) = written().await;
    reports(&world, 20).await;
    server.order(json!({"hold": "data"})).await;
    let ends = async {
        server.held().await;
        let close = post.shutdown(Patience::from_secs(20));
        tokio::pin!(close);
        // it has begun to end before the server answers
        assert!(timeout(Patience::from_millis(50), &mut close).await.is_err());
        server.obey().await;
        close.await;
    };
    let (done, ()) = tokio::join!(post.send_due(&world.app), ends);
    let done = done.unwrap();
    assert!((1..=4).contains(&done.sent), "{done:?}");
    assert_eq!(server.took().await.len(), done.sent);
    let free = "select count(*) from outgoing_email where state = 'waiting' and claimed_until is null";
    assert_eq!(world.count(free).await, 20 - i64::try_from(done.sent).unwrap(), "the others have the rest at once");
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0));
}
