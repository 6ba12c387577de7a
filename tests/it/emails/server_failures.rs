//! A mail server that is unreachable, slow or refuses e-mails, and recovers.

use dzwoni::emails::{Mailer, SendSummary};
use serde_json::json;
use time::Duration;

use super::{email_states, mailer_with_short_timeouts, send_reports, sent_summary, world_with_mail_server};
use crate::given;

const DEFERRED: SendSummary = SendSummary { sent: 0, deferred: 1, failed: 0, may_have_more: false };
const FAILED: SendSummary = SendSummary { sent: 0, deferred: 0, failed: 1, may_have_more: false };

#[tokio::test]
async fn emails_wait_while_the_server_is_down_and_are_sent_when_it_is_up() {
    let (server, world, mailer) = world_with_mail_server().await;
    server.command(json!({"stop": true})).await;
    send_reports(&world, 20).await;
    let first = mailer.send_due(&world.app).await.unwrap();
    assert!(first.sent == 0 && first.deferred >= 1 && first.failed == 0, "{first:?}");
    // the server is not tried again immediately,
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0));
    // and then with a single e-mail
    for pause in [10, 30, 60, 300, 300] {
        world.advance(Duration::seconds(pause));
        assert_eq!(mailer.send_due(&world.app).await.unwrap(), DEFERRED);
        world.advance(Duration::seconds(-1));
        assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0));
        world.advance(Duration::seconds(1));
    }
    server.command(json!({"start": true})).await;
    world.advance(Duration::minutes(5));
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(1));
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(19));
    let mut subjects = server.take_subjects().await;
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), 20, "each is sent once");
    assert_eq!(email_states(&world).await, ["received sent"; 20]);
}

#[tokio::test]
async fn a_deferred_email_is_retried_with_growing_delays() {
    let (server, world, mailer) = world_with_mail_server().await;
    for stage in ["rcpt", "data"] {
        send_reports(&world, 1).await;
        server.refuse(stage, 451).await;
        let mut delays = Vec::new();
        for _ in 0..7 {
            assert_eq!(mailer.send_due(&world.app).await.unwrap(), DEFERRED, "{stage}");
            let next_attempt =
                "select extract(epoch from max(next_attempt_at))::bigint from outgoing_email where state = 'queued'";
            let delay = Duration::seconds(world.count(next_attempt).await - world.clock.now().unix_timestamp());
            delays.push(delay.whole_minutes());
            world.advance(delay - Duration::seconds(1));
            assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0), "{stage}");
            world.advance(Duration::seconds(1));
        }
        assert_eq!(delays, [1, 5, 15, 60, 240, 480, 480], "{stage}");
        server.reset().await;
        assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(1), "{stage}");
        assert_eq!(server.take_subjects().await.len(), 1);
    }
}

#[tokio::test]
async fn a_refused_recipient_does_not_block_other_emails() {
    let (server, world, mailer) = world_with_mail_server().await;
    let refuse = json!({"stage": "rcpt", "code": 550, "text": "5.1.1 no such user", "to": "klient1@example.com"});
    server.command(json!({"refuse": refuse})).await;
    send_reports(&world, 5).await;
    assert_eq!(
        mailer.send_due(&world.app).await.unwrap(),
        SendSummary { sent: 4, failed: 1, ..SendSummary::default() }
    );
    world.advance(Duration::days(1));
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0), "a refused e-mail is not retried");
    let response: String = sqlx::query_scalar("select server_response from outgoing_email where state = 'failed'")
        .fetch_one(world.sql().await)
        .await
        .unwrap();
    assert!(response.contains("550") && response.contains("no such user"), "{response}");
    // the same if the data is refused
    server.refuse("data", 554).await;
    send_reports(&world, 1).await;
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), FAILED);
    assert_eq!(server.take_subjects().await.len(), 4);
}

#[tokio::test]
async fn errors_that_concern_the_sender_count_as_server_failures() {
    let (server, world, _) = world_with_mail_server().await;
    given::report().accepted(&world).await;
    for (stage, code) in
        [("connect", 554), ("connect", 421), ("mail", 550), ("mail", 451), ("rcpt", 530), ("rcpt", 421)]
    {
        server.refuse(stage, code).await;
        for _ in 0..3 {
            assert_eq!(Mailer::default().send_due(&world.app).await.unwrap(), DEFERRED, "{stage} {code}");
        }
        assert_eq!(email_states(&world).await, ["received queued server_unavailable"], "{stage} {code}");
    }
    server.reset().await;
    assert_eq!(Mailer::default().send_due(&world.app).await.unwrap(), sent_summary(1));
}

#[tokio::test]
async fn an_email_fails_after_five_days_of_retries() {
    let (server, world, _) = world_with_mail_server().await;
    server.command(json!({"stop": true})).await;
    given::report().accepted(&world).await;
    let mut tries = 0;
    let start = world.clock.now();
    loop {
        let summary = Mailer::default().send_due(&world.app).await.unwrap();
        if summary == FAILED {
            break;
        }
        assert_eq!(summary, DEFERRED);
        tries += 1;
        world.advance(Duration::hours(12));
    }
    assert_eq!(world.clock.now() - start, Duration::days(5));
    assert_eq!(tries, 10);
    assert_eq!(email_states(&world).await, ["received failed expired"]);
}

#[tokio::test]
async fn an_interrupted_connection_is_reopened() {
    let (server, world, mailer) = world_with_mail_server().await;
    let impatient = mailer_with_short_timeouts();
    given::report().accepted(&world).await;
    server.command(json!({"disconnect": "mail"})).await;
    assert_eq!(
        impatient.send_due(&world.app).await.unwrap(),
        DEFERRED,
        "a failure on a new connection counts as a server failure"
    );
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(1));
    assert_eq!(server.take_subjects().await.len(), 1);
    // servers may close a connection after some e-mails
    server.command(json!({"maxPerConnection": 2})).await;
    send_reports(&world, 20).await;
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(20));
    assert!(server.connections() >= 10, "{} connections", server.connections());
    let mut subjects = server.take_subjects().await;
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), 20, "each is sent once");
}

#[tokio::test]
async fn a_silent_server_causes_a_timeout() {
    let (server, world, _) = world_with_mail_server().await;
    given::report().accepted(&world).await;
    server.command(json!({"hold": "greeting"})).await;
    assert_eq!(mailer_with_short_timeouts().send_due(&world.app).await.unwrap(), DEFERRED);
    server.reset().await;
    assert_eq!(Mailer::default().send_due(&world.app).await.unwrap(), sent_summary(1));
    assert_eq!(server.take_subjects().await.len(), 1);
}

#[tokio::test]
async fn internationalized_domains_are_sent_in_ascii() {
    let (server, world, mailer) = world_with_mail_server().await;
    given::report().with("email", "jan@gęślą.pl").accepted(&world).await;
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(1));
    assert_eq!(server.take_only().await.header("To").as_deref(), Some("jan@xn--gl-qla2f4p.pl"));
}
