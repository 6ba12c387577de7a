//! A mail server that is cut off, slow, refuses, and comes back.

use dzwoni::emails::{Mailer, SendSummary};
use serde_json::json;
use time::Duration;

use super::{hasty, reports, sent, states, written};
use crate::given;

const LATER: SendSummary = SendSummary { sent: 0, deferred: 1, failed: 0, may_have_more: false };
const STUCK: SendSummary = SendSummary { sent: 0, deferred: 0, failed: 1, may_have_more: false };

#[tokio::test]
async fn letters_wait_while_the_server_is_away_and_go_when_it_is_back() {
    let (server, world, post) = written().await;
    server.order(json!({"stop": true})).await;
    reports(&world, 20).await;
    let first = post.send_due(&world.app).await.unwrap();
    assert!(first.sent == 0 && first.deferred >= 1 && first.failed == 0, "{first:?}");
    // it is left alone for a moment,
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0));
    // then tried with one letter, however many wait
    for pause in [10, 30, 60, 300, 300] {
        world.advance(Duration::seconds(pause));
        assert_eq!(post.send_due(&world.app).await.unwrap(), LATER);
        world.advance(Duration::seconds(-1));
        assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0));
        world.advance(Duration::seconds(1));
    }
    server.order(json!({"start": true})).await;
    world.advance(Duration::minutes(5));
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(1));
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(19));
    let mut took = server.took().await;
    took.sort();
    took.dedup();
    assert_eq!(took.len(), 20, "each once");
    assert_eq!(states(&world).await, ["received sent"; 20]);
}

#[tokio::test]
async fn a_letter_that_the_server_puts_off_is_tried_with_growing_pauses() {
    let (server, world, post) = written().await;
    for stage in ["rcpt", "data"] {
        reports(&world, 1).await;
        server.refuse(stage, 451).await;
        let mut waited = Vec::new();
        for _ in 0..7 {
            assert_eq!(post.send_due(&world.app).await.unwrap(), LATER, "{stage}");
            let pause =
                "select extract(epoch from max(next_attempt_at))::bigint from outgoing_email where state = 'waiting'";
            let pause = Duration::seconds(world.count(pause).await - world.clock.now().unix_timestamp());
            waited.push(pause.whole_minutes());
            world.advance(pause - Duration::seconds(1));
            assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0), "{stage}");
            world.advance(Duration::seconds(1));
        }
        assert_eq!(waited, [1, 5, 15, 60, 240, 480, 480], "{stage}");
        server.obey().await;
        assert_eq!(post.send_due(&world.app).await.unwrap(), sent(1), "{stage}");
        assert_eq!(server.took().await.len(), 1);
    }
}

#[tokio::test]
async fn one_recipient_who_is_refused_holds_nobody_up() {
    let (server, world, post) = written().await;
    let refuse = json!({"stage": "rcpt", "code": 550, "text": "5.1.1 no such user", "to": "klient1@example.com"});
    server.order(json!({"refuse": refuse})).await;
    reports(&world, 5).await;
    assert_eq!(post.send_due(&world.app).await.unwrap(), SendSummary { sent: 4, failed: 1, ..SendSummary::default() });
    world.advance(Duration::days(1));
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0), "it is not tried again");
    let said: String = sqlx::query_scalar("select server_response from outgoing_email where state = 'stuck'")
        .fetch_one(world.sql().await)
        .await
        .unwrap();
    assert!(said.contains("550") && said.contains("no such user"), "{said}");
    // the same when the text is refused
    server.refuse("data", 554).await;
    reports(&world, 1).await;
    assert_eq!(post.send_due(&world.app).await.unwrap(), STUCK);
    assert_eq!(server.took().await.len(), 4);
}

#[tokio::test]
async fn what_is_wrong_with_us_is_no_letters_fault() {
    let (server, world, _) = written().await;
    given::report().accepted(&world).await;
    for (stage, code) in
        [("connect", 554), ("connect", 421), ("mail", 550), ("mail", 451), ("rcpt", 530), ("rcpt", 421)]
    {
        server.refuse(stage, code).await;
        for _ in 0..3 {
            assert_eq!(Mailer::default().send_due(&world.app).await.unwrap(), LATER, "{stage} {code}");
        }
        assert_eq!(states(&world).await, ["received waiting server"], "{stage} {code}");
    }
    server.obey().await;
    assert_eq!(Mailer::default().send_due(&world.app).await.unwrap(), sent(1));
}

#[tokio::test]
async fn after_five_days_a_person_decides() {
    let (server, world, _) = written().await;
    server.order(json!({"stop": true})).await;
    given::report().accepted(&world).await;
    let mut tries = 0;
    let begun = world.clock.now();
    loop {
        let done = Mailer::default().send_due(&world.app).await.unwrap();
        if done == STUCK {
            break;
        }
        assert_eq!(done, LATER);
        tries += 1;
        world.advance(Duration::hours(12));
    }
    assert_eq!(world.clock.now() - begun, Duration::days(5));
    assert_eq!(tries, 10);
    assert_eq!(states(&world).await, ["received stuck late"]);
}

#[tokio::test]
async fn a_line_that_breaks_before_the_text_is_opened_anew() {
    let (server, world, post) = written().await;
    let other = hasty();
    given::report().accepted(&world).await;
    server.order(json!({"disconnect": "mail"})).await;
    assert_eq!(other.send_due(&world.app).await.unwrap(), LATER, "a new line that breaks is the server's trouble");
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(1));
    assert_eq!(server.took().await.len(), 1);
    // one that has carried letters may be ended for that
    server.order(json!({"maxPerConnection": 2})).await;
    reports(&world, 20).await;
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(20));
    assert!(server.lines() >= 10, "{} lines", server.lines());
    let mut took = server.took().await;
    took.sort();
    took.dedup();
    assert_eq!(took.len(), 20, "each once");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up_in_time() {
    let (server, world, _) = written().await;
    given::report().accepted(&world).await;
    server.order(json!({"hold": "greeting"})).await;
    assert_eq!(hasty().send_due(&world.app).await.unwrap(), LATER);
    server.obey().await;
    assert_eq!(Mailer::default().send_due(&world.app).await.unwrap(), sent(1));
    assert_eq!(server.took().await.len(), 1);
}

#[tokio::test]
async fn addresses_with_letters_of_their_own_go_where_the_server_can() {
    let (server, world, post) = written().await;
    given::report().with("email", "jan@gęślą.pl").accepted(&world).await;
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(1));
    assert_eq!(server.only().await.header("To").as_deref(), Some("jan@xn--gl-qla2f4p.pl"));
}
