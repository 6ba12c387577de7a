//! E-mail subscriptions to an incident: request, confirmation, updates, unsubscription, purge.

use dzwoni::{emails::Mailer, incidents, jobs};
use time::Duration;

use super::*;
use crate::support::mail::{MailServer, ReceivedEmail};

async fn subscribe(browser: &Browser, email: &str) -> TestResponse {
    browser.post("/pl/incident/1/follow", &[("email", email)]).await
}

/// Sends everything that is due; returns the e-mails.
async fn send_all(world: &World, server: &MailServer) -> Vec<ReceivedEmail> {
    let mailer = Mailer::default();
    while mailer.send_due(&world.app).await.unwrap().sent > 0 {}
    let emails = server.emails().await;
    server.take_subjects().await;
    emails
}

/// Subscribes and confirms an address; returns the path of its page.
async fn confirmed_subscription(world: &World, server: &MailServer, email: &str) -> String {
    let visitor = world.visitor();
    subscribe(&visitor, email).await.expect(303);
    let emails = send_all(world, server).await;
    let link = emails.iter().find(|received| received.to == email).unwrap().link();
    let response = visitor.post(&link.replace("?key=", "/confirm?key="), &[]).await.expect(303);
    visitor.follow(&response).await.expect(200).assert_shows("Piszemy do Ciebie o tym utrudnieniu");
    link
}

async fn world_with_incident() -> (MailServer, World, Browser, String) {
    let server = MailServer::start().await;
    let world = World::with_mail(&server.config()).await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    (server, world, anna, incident)
}

fn subjects(emails: &[ReceivedEmail]) -> Vec<String> {
    emails.iter().map(|email| format!("{}: {}", email.to, email.subject())).collect()
}

#[tokio::test]
async fn a_confirmed_subscriber_gets_each_update_once() {
    let (server, world, anna, incident) = world_with_incident().await;
    let visitor = world.visitor();
    visitor.get("/pl/incident/1").await.expect(200).assert_shows("Napisać do Ciebie o zmianach?");
    let response = subscribe(&visitor, "ola@example.com").await.expect(303);
    visitor.follow(&response).await.expect(200).assert_shows("Sprawdź pocztę").assert_hides("ola@");
    let confirmation = send_all(&world, &server).await;
    assert_eq!(subjects(&confirmation), [format!("ola@example.com: Potwierdź adres: {TITLE}")]);
    let link = confirmation[0].link();

    // opening the link does not confirm, because mail programs prefetch links
    visitor.get(&link).await.expect(200).assert_shows("Czy pisać do Ciebie").assert_shows("o…@example.com");
    post_incident_action(&anna, &incident, "updates", &update_form(&given::uuid())).await.expect(303);
    assert!(send_all(&world, &server).await.is_empty(), "the address is not confirmed yet");

    for _ in 0..2 {
        visitor.post(&link.replace("?key=", "/confirm?key="), &[]).await.expect(303);
    }
    visitor.get(&link.replace("/pl/", "/en/")).await.expect(200).assert_shows("We write to you about this trouble");
    anna.get(&incident).await.expect(200).assert_shows("Obserwują e-mailem 1");
    let submission = given::uuid();
    for _ in 0..2 {
        post_incident_action(&anna, &incident, "updates", &update_form(&submission)).await.expect(303);
    }
    let updates = send_all(&world, &server).await;
    assert_eq!(subjects(&updates), [format!("ola@example.com: Nowa wiadomość: {TITLE}")]);
    assert!(
        updates[0].text().contains(UPDATE_TEXTS[0].1) && updates[0].text().contains(&link),
        "{}",
        updates[0].text()
    );
    let unsubscribe = updates[0].header("List-Unsubscribe").unwrap();
    assert_eq!(unsubscribe, format!("<http://127.0.0.1:8080{}>", link.replace("?key=", "/end?key=")));
    assert_eq!(updates[0].header("In-Reply-To"), confirmation[0].header("Message-ID"), "one thread");
    assert_eq!(updates[0].header("Reply-To"), None);

    post_incident_action(&anna, &incident, "resolution", &update_form(&given::uuid())).await.expect(303);
    for _ in 0..2 {
        incidents::resolve_tickets(&world.app).await.unwrap();
    }
    assert_eq!(subjects(&send_all(&world, &server).await), [format!("ola@example.com: Naprawione: {TITLE}")]);
    visitor.get(&link).await.expect(200).assert_shows("To utrudnienie jest usunięte");
    assert_eq!(subscribe(&visitor, "jan@example.com").await.expect(303).location(), "/pl/incident/1");
    assert_eq!(world.count("select count(*) from incident_subscriber").await, 1);
}

#[tokio::test]
async fn subscribing_reveals_nothing_and_is_rate_limited() {
    let (server, world, ..) = world_with_incident().await;
    confirmed_subscription(&world, &server, "known@example.com").await;
    let visitor = world.visitor();
    let first = subscribe(&visitor, "ola@example.com").await.expect(303);
    for email in ["ola@example.com", "OLA@example.com", "known@example.com", "new@example.com"] {
        assert_eq!(subscribe(&visitor, email).await.expect(303).location(), first.location());
    }
    let bot = [("email", "robot@example.com"), ("website", "x")];
    assert_eq!(visitor.post("/pl/incident/1/follow", &bot).await.expect(303).location(), first.location());
    assert_eq!(send_all(&world, &server).await.len(), 2, "to ola and new");
    for round in 1..5 {
        world.advance(Duration::minutes(11));
        subscribe(&visitor, "ola@example.com").await.expect(303);
        assert_eq!(send_all(&world, &server).await.len(), usize::from(round < 3), "round {round}");
    }
    let refused = subscribe(&visitor, "ola@").await.expect(422);
    refused.assert_shows("Błąd:");
    assert_eq!(refused.value("email"), "ola@");
    visitor.post("/pl/incident/9/follow", &[("email", "ola@example.com")]).await.expect(404);
    assert_eq!(visitor.get("/pl/incident/1/follow").await.expect(303).location(), "/pl/incident/1");
    for number in 0..30 {
        subscribe(&visitor, &format!("osoba{number}@example.com")).await;
    }
    subscribe(&visitor, "osoba@example.com").await.expect(429);
}

#[tokio::test]
async fn an_address_with_a_ticket_and_a_subscription_gets_one_email() {
    let (server, world, anna, incident) = world_with_incident().await;
    confirmed_subscription(&world, &server, "jan@example.com").await;
    let reference = report_from(&world, "Jan@example.com").await;
    join_incident(&anna, &reference, &incident).await.expect(303);
    send_all(&world, &server).await;
    post_incident_action(&anna, &incident, "updates", &update_form(&given::uuid())).await.expect(303);
    let emails = send_all(&world, &server).await;
    assert_eq!(subjects(&emails), [format!("Jan@example.com: {TITLE}: zgłoszenie {reference}")]);
    post_incident_action(&anna, &incident, "resolution", &update_form(&given::uuid())).await.expect(303);
    incidents::resolve_tickets(&world.app).await.unwrap();
    let emails = send_all(&world, &server).await;
    assert_eq!(subjects(&emails), [format!("Jan@example.com: Naprawione: {TITLE}, zgłoszenie {reference}")]);
}

#[tokio::test]
async fn unsubscribing_takes_one_request_and_deletes_the_address() {
    let (server, world, anna, incident) = world_with_incident().await;
    let link = confirmed_subscription(&world, &server, "ola@example.com").await;
    let other = confirmed_subscription(&world, &server, "jan@example.com").await;
    post_incident_action(&anna, &incident, "updates", &update_form(&given::uuid())).await.expect(303);
    // one-click unsubscription (RFC 8058)
    let unsubscribe = link.replace("?key=", "/end?key=");
    for _ in 0..2 {
        let response = world.visitor().post_raw(&unsubscribe, "List-Unsubscribe=One-Click").await.expect(200);
        response.assert_shows("Nie piszemy do Ciebie o tym utrudnieniu");
        assert!(response.body.contains("href=\"/en/follow/1?key="), "{}", response.body);
    }
    let updates = send_all(&world, &server).await;
    assert_eq!(
        subjects(&updates),
        [format!("jan@example.com: Nowa wiadomość: {TITLE}")],
        "a waiting e-mail is deleted, too"
    );
    world.visitor().get(&link).await.expect(200).assert_shows("Nie mamy już Twojego adresu");
    // a key is valid for one subscription only
    let (_, key) = other.split_once("?key=").unwrap();
    for path in [format!("/pl/follow/1?key={key}"), "/pl/follow/2".into(), "/pl/follow/x?key=".into()] {
        world.visitor().get(&path).await.expect(404);
    }
    world.visitor().post(&format!("/pl/follow/1/end?key={key}"), &[]).await.expect(404);
    assert_eq!(world.count("select count(*) from incident_subscriber").await, 1);
}

#[tokio::test]
async fn subscribers_and_me_too_hashes_are_purged() {
    let (server, world, _, incident) = world_with_incident().await;
    confirmed_subscription(&world, &server, "ola@example.com").await;
    subscribe(&world.visitor(), "never@example.com").await.expect(303);
    world.visitor().post("/pl/incident/1/join", &[]).await.expect(303);
    let counts_after_purge = async || {
        jobs::purge_expired(&world.app).await.unwrap();
        let addresses = world.count("select count(*) from incident_subscriber").await;
        (addresses, world.count("select count(*) from incident_me_too").await)
    };
    assert_eq!(counts_after_purge().await, (2, 1));
    world.advance(Duration::days(3));
    assert_eq!(counts_after_purge().await, (1, 1), "the unconfirmed address is purged");
    let anna = world.signed_in("anna@example.com").await;
    post_incident_action(&anna, &incident, "resolution", &update_form(&given::uuid())).await.expect(303);
    incidents::resolve_tickets(&world.app).await.unwrap();
    world.advance(Duration::weeks(3));
    assert_eq!(counts_after_purge().await, (1, 1));
    world.advance(Duration::weeks(2));
    assert_eq!(counts_after_purge().await, (0, 0));
    let anna = world.signed_in("anna@example.com").await;
    anna.get(&incident).await.expect(200).assert_shows("Kliknęli „Mnie też to dotyczy” 1");
}

#[tokio::test]
async fn staff_see_the_state_of_emails_to_subscribers() {
    let (server, world, anna, _) = world_with_incident().await;
    server.refuse("rcpt", 550).await;
    subscribe(&world.visitor(), "ola@example.com").await.expect(303);
    assert_eq!(Mailer::default().send_due(&world.app).await.unwrap().failed, 1);
    let list = anna.get("/staff/emails").await.expect(200);
    list.assert_shows("ola@example.com").assert_shows("Potwierdzenie adresu").assert_shows("Awaria 1");
    assert!(list.body.contains("href=\"/staff/incidents/1\""), "{}", list.body);
    server.reset().await;
    anna.post("/staff/emails", &[("command", "resend")]).await.expect(303);
    assert_eq!(send_all(&world, &server).await.len(), 1);
}
