//! What staff and customers see of e-mails, and what staff can do with them.

use dzwoni::emails::Mailer;
use serde_json::json;
use time::Duration;

use super::{email_states, mailer_with_short_timeouts, reply, send_reports, sent_summary, world_with_mail_server};
use crate::{given, support::World};

#[tokio::test]
async fn without_a_mail_server_emails_wait_and_the_pages_say_so() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    assert_eq!(Mailer::default().send_due(&world.app).await.unwrap(), sent_summary(0));
    let anna = world.agent("Anna").await;
    let list = anna.get("/staff/emails").await.expect(200);
    list.assert_shows("E-maile nie wychodzą").assert_shows("DZWONI_SMTP_URL").assert_shows(&reference.to_string());
    anna.get(&format!("/staff/tickets/{reference}")).await.assert_shows("Przyjęcie zgłoszenia do wysłania");
    world.visitor().get(&page).await.assert_shows("Piszemy na adres j…@example.com. E-mail jeszcze nie wyszedł");
    assert_eq!(email_states(&world).await, ["received queued"]);
}

#[tokio::test]
async fn the_ticket_pages_show_the_state_of_their_emails() {
    let (server, world, mailer) = world_with_mail_server().await;
    let (reference, page) = given::report().accepted(&world).await;
    mailer.send_due(&world.app).await.unwrap();
    let anna = world.agent("Anna").await;
    let ticket = format!("/staff/tickets/{reference}");
    anna.get(&ticket).await.assert_shows("Przyjęcie zgłoszenia wysłano: 14:30");
    world.visitor().get(&page).await.assert_shows("Ostatni e-mail wysłaliśmy: 14:30.");
    server.refuse("rcpt", 451).await;
    reply(&anna, &reference, "Sprawdzamy.").await;
    mailer.send_due(&world.app).await.unwrap();
    anna.get(&ticket).await.assert_shows("Odpowiedź wyjdzie: 14:31 Serwer poczty odłożył przyjęcie na później.");
    world.visitor().get(&page).await.assert_shows("E-mail jeszcze nie wyszedł");
    server.refuse("rcpt", 550).await;
    world.advance(Duration::minutes(1));
    mailer.send_due(&world.app).await.unwrap();
    anna.get(&ticket)
        .await
        .assert_shows("Odpowiedź nie wysłano, trzeba zdecydować Serwer poczty odmówił.")
        .assert_shows("550");
    world.visitor().get(&page).await.assert_shows("nie dotarł").assert_hides("550");
    let by_phone = given::report().without("email").with("phone", "601 555 210");
    let (reference, page) = by_phone.accepted(&world).await;
    anna.get(&format!("/staff/tickets/{reference}")).await.assert_shows("Klient nie podał adresu e-mail");
    world.visitor().get(&page).await.assert_hides("Piszemy na adres");
}

#[tokio::test]
async fn staff_send_a_failed_email_again_or_cancel_it() {
    let (server, world, mailer) = world_with_mail_server().await;
    server.refuse("rcpt", 550).await;
    send_reports(&world, 3).await;
    assert_eq!(mailer.send_due(&world.app).await.unwrap().failed, 3);
    let anna = world.agent("Anna").await;
    mailer.send_due(&world.app).await.unwrap();
    // on the button of the menu, and at the page in it
    let queue = anna.get("/staff").await.expect(200);
    queue.assert_shows("Więcej do decyzji: 3");
    assert_eq!(queue.body.matches("attention-count").count(), 2);
    let list = anna.get("/staff/emails").await.expect(200);
    list.assert_shows("Do decyzji 3").assert_shows("klient0@example.com").assert_shows("Serwer poczty odmówił");
    let email_path = |number: usize| {
        let rest = list.body.split("action=\"/staff/emails/").nth(number).unwrap();
        format!("/staff/emails/{}", rest.split('"').next().unwrap())
    };
    server.reset().await;
    anna.post(&email_path(1), &[("command", "resend"), ("view", "failed")]).await.expect(303);
    anna.post(&email_path(2), &[("command", "discard"), ("view", "failed")]).await.expect(303);
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(1));
    assert_eq!(
        email_states(&world).await,
        ["received sent", "received cancelled rejected", "received failed rejected"]
    );
    // sent twice or too late, the form changes nothing
    for action in ["resend", "discard"] {
        anna.post(&email_path(1), &[("command", action)]).await.expect(303);
        anna.post(&email_path(2), &[("command", action)]).await.expect(303);
    }
    anna.post(&email_path(3), &[("command", "nonsense")]).await.expect(400);
    anna.post("/staff/emails/nonsense", &[("command", "resend")]).await.expect(404);
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0));
    // all of them in one step
    anna.post("/staff/emails", &[("command", "resend")]).await.expect(303);
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(1));
    assert_eq!(server.take_subjects().await.len(), 2);
    anna.get("/staff/emails?view=failed").await.assert_shows("Żaden e-mail nie wymaga decyzji.");
    anna.get("/staff/emails?view=waiting").await.assert_shows("Nie ma e-maili do wysłania.");
    world.visitor().get("/staff/emails").await.expect(303);
    world.visitor().post(&email_path(1), &[("command", "resend")]).await.expect(303);
}

#[tokio::test]
async fn an_email_cancelled_before_its_data_is_not_sent() {
    let (server, world, _) = world_with_mail_server().await;
    given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let list = anna.get("/staff/emails").await.expect(200);
    let id = list.body.split("action=\"/staff/emails/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // a process has claimed it but not sent the data yet
    server.command(json!({"hold": "greeting"})).await;
    let mailer = Mailer::default();
    let cancel = async {
        server.wait_until_held().await;
        anna.post(&format!("/staff/emails/{id}"), &[("command", "discard"), ("view", "waiting")]).await.expect(303);
        server.reset().await;
    };
    let (done, ()) = tokio::join!(mailer.send_due(&world.app), cancel);
    assert_eq!(done.unwrap(), sent_summary(0));
    assert_eq!(server.take_subjects().await, Vec::<String>::new());
    assert_eq!(email_states(&world).await, ["received cancelled"]);
    assert_eq!(mailer_with_short_timeouts().send_due(&world.app).await.unwrap(), sent_summary(0));
}

#[tokio::test]
async fn the_list_of_emails_is_paged() {
    let world = World::new().await;
    send_reports(&world, 60).await;
    let anna = world.agent("Anna").await;
    let first = anna.get("/staff/emails").await.expect(200);
    assert_eq!(first.body.matches("action=\"/staff/emails/").count(), 50);
    let cursor =
        first.body.split("href=\"/staff/emails?view=waiting&#38;after=").nth(1).unwrap().split('"').next().unwrap();
    let second = anna.get(&format!("/staff/emails?view=waiting&after={cursor}")).await.expect(200);
    assert_eq!(second.body.matches("action=\"/staff/emails/").count(), 10);
    anna.get("/staff/emails?view=waiting&after=nonsense").await.expect(200);
    let after_the_end = anna.get("/staff/emails?view=waiting&after=99999999999999999.1").await.expect(200);
    after_the_end.assert_shows("Dalej nie ma już e-maili.");
}
