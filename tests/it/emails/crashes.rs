//! No e-mail is sent twice, whatever crashes and when.

use std::time::Duration as StdDuration;

use dzwoni::emails::{Mailer, SendSummary};
use serde_json::json;
use time::Duration;
use tokio::time::timeout;

use super::{email_states, mailer_with_short_timeouts, send_reports, sent_summary, world_with_mail_server};
use crate::{given, support::World};

/// Longer than a process may keep the e-mails that it has claimed.
const CLAIM_EXPIRY: Duration = Duration::minutes(20);
const UNSURE: SendSummary = SendSummary { sent: 0, deferred: 0, failed: 1, may_have_more: false };

#[tokio::test]
async fn an_email_is_sent_later_if_the_process_crashes_before_the_data() {
    let (server, world, mailer) = world_with_mail_server().await;
    given::report().accepted(&world).await;
    server.command(json!({"hold": "greeting"})).await;
    // the process is killed while it talks to the server
    let crash = async {
        tokio::select! { done = mailer.send_due(&world.app) => panic!("{done:?}"), () = server.wait_until_held() => {} }
    };
    crash.await;
    server.reset().await;
    let other = world.second_with_mail(&server.config());
    assert_eq!(
        Mailer::default().send_due(&other.app).await.unwrap(),
        sent_summary(0),
        "the first process may still be sending"
    );
    other.advance(CLAIM_EXPIRY);
    assert_eq!(Mailer::default().send_due(&other.app).await.unwrap(), sent_summary(1));
    assert_eq!(server.take_subjects().await.len(), 1);
}

#[tokio::test]
async fn an_email_is_not_sent_twice_if_the_process_crashes_before_recording_it() {
    let (server, world, mailer) = world_with_mail_server().await;
    let (reference, _) = given::report().accepted(&world).await;
    server.command(json!({"hold": "data"})).await;
    let crash = async {
        tokio::select! { done = mailer.send_due(&world.app) => panic!("{done:?}"), () = server.wait_until_held() => {} }
    };
    crash.await;
    server.reset().await;
    let first = server.take_only().await;
    assert_eq!(email_states(&world).await, ["received sending"]);

    let other = world.second_with_mail(&server.config());
    other.advance(CLAIM_EXPIRY);
    assert_eq!(Mailer::default().send_due(&other.app).await.unwrap(), UNSURE);
    assert_eq!(email_states(&world).await, ["received failed unconfirmed"]);
    assert_eq!(server.take_subjects().await, Vec::<String>::new(), "an e-mail in doubt is not sent again");
    // it does not block other e-mails of the ticket
    let anna = other.agent("Anna").await;
    super::reply(&anna, &reference, "Sprawdzamy.").await;
    assert_eq!(Mailer::default().send_due(&other.app).await.unwrap(), sent_summary(1));
    server.take_subjects().await;

    // staff can send it again, with the same Message-ID, so that mail programs show it once
    let page = anna.get("/staff/emails").await.expect(200);
    page.assert_shows("Nie wiadomo, czy e-mail dotarł").assert_shows("klient może dostać go podwójnie");
    let id = page.body.split("action=\"/staff/emails/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    anna.post(&format!("/staff/emails/{id}"), &[("command", "resend")]).await.expect(303);
    assert_eq!(Mailer::default().send_due(&other.app).await.unwrap(), sent_summary(1));
    assert_eq!(server.take_only().await.header("Message-ID"), first.header("Message-ID"));
}

#[tokio::test]
async fn an_email_is_not_sent_twice_if_the_server_never_confirms_it() {
    let (server, world, _) = world_with_mail_server().await;
    given::report().accepted(&world).await;
    server.command(json!({"hold": "data"})).await;
    assert_eq!(mailer_with_short_timeouts().send_due(&world.app).await.unwrap(), UNSURE);
    server.reset().await;
    given::report().accepted(&world).await;
    server.take_subjects().await;
    server.command(json!({"disconnect": "data"})).await;
    assert_eq!(mailer_with_short_timeouts().send_due(&world.app).await.unwrap(), UNSURE);
    world.advance(Duration::days(2));
    assert_eq!(Mailer::default().send_due(&world.app).await.unwrap(), sent_summary(0));
    assert_eq!(email_states(&world).await, ["received failed unconfirmed"; 2]);
    assert_eq!(server.take_subjects().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_process_whose_claim_expired_does_not_send_the_email() {
    let (server, world, mailer) = world_with_mail_server().await;
    given::report().accepted(&world).await;
    server.command(json!({"hold": "greeting"})).await;
    let other = world.second_with_mail(&server.config());
    other.advance(CLAIM_EXPIRY);
    let slow = mailer.send_due(&world.app);
    let fast = async {
        server.wait_until_held().await;
        server.command(json!({"hold": null})).await;
        let done = Mailer::default().send_due(&other.app).await.unwrap();
        server.reset().await;
        done
    };
    let (slow, fast) = tokio::join!(slow, fast);
    assert_eq!((slow.unwrap(), fast), (sent_summary(0), sent_summary(1)));
    assert_eq!(server.take_subjects().await.len(), 1);
}

#[tokio::test]
async fn processes_share_the_emails_without_sending_any_twice() {
    let (server, world, _) = world_with_mail_server().await;
    send_reports(&world, 30).await;
    let processes: Vec<World> = (0..3).map(|_| world.second_with_mail(&server.config())).collect();
    let mailers: Vec<_> = processes.iter().map(|_| Mailer::default()).collect();
    let batches = processes.iter().zip(&mailers).map(|(process, mailer)| mailer.send_due(&process.app));
    let done = futures_util::future::join_all(batches).await;
    assert_eq!(done.into_iter().map(|done| done.unwrap().sent).sum::<usize>(), 30);
    let mut subjects = server.take_subjects().await;
    assert_eq!(subjects.len(), 30);
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), 30, "each is sent once");
}

#[tokio::test]
async fn shutdown_finishes_emails_in_progress_and_releases_the_others() {
    let (server, world, mailer) = world_with_mail_server().await;
    send_reports(&world, 20).await;
    server.command(json!({"hold": "data"})).await;
    let ending = async {
        server.wait_until_held().await;
        let shutdown = mailer.shutdown(StdDuration::from_secs(20));
        tokio::pin!(shutdown);
        // the shutdown begins before the server responds
        assert!(timeout(StdDuration::from_millis(50), &mut shutdown).await.is_err());
        server.reset().await;
        shutdown.await;
    };
    let (done, ()) = tokio::join!(mailer.send_due(&world.app), ending);
    let done = done.unwrap();
    assert!((1..=4).contains(&done.sent), "{done:?}");
    assert_eq!(server.take_subjects().await.len(), done.sent);
    let free = "select count(*) from outgoing_email where state = 'queued' and claimed_until is null";
    assert_eq!(
        world.count(free).await,
        20 - i64::try_from(done.sent).unwrap(),
        "the other e-mails are released immediately"
    );
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0));
}
