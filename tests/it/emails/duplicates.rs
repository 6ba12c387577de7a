//! E-mails to customers of duplicates: the replies to the main ticket, and its resolution, once.

use dzwoni::{emails::Mailer, incidents, tickets::TicketReference};
use time::Duration;

use super::{reply, send_reports, sent_summary, set_status, world_with_mail_server};
use crate::{
    given,
    incidents::{join_incident, post_incident_action, publish_incident, update_form},
    support::{World, mail::MailServer},
    tickets::post_action,
};

async fn report_from(world: &World, email: &str) -> (TicketReference, String) {
    given::report().with("email", email).accepted(world).await
}

/// Sends everything that is due; returns `address: subject` of each e-mail.
async fn send_all(world: &World, mailer: &Mailer, server: &MailServer) -> Vec<String> {
    while mailer.send_due(&world.app).await.unwrap().sent > 0 {}
    server.take_subjects().await
}

fn resolved_subject(email: &str, reference: &TicketReference) -> String {
    format!("{email}: Rozwiązane: zgłoszenie {reference}")
}

#[tokio::test]
async fn customers_of_duplicates_get_the_replies_to_the_main_ticket() {
    let (server, world, mailer) = world_with_mail_server().await;
    let references = send_reports(&world, 3).await;
    let [main, first, other] = &references[..] else { panic!() };
    // the same customer reports twice; one e-mail is enough
    let report = given::report().with("email", "Klient0@example.com");
    let (same_customer, _) = report.accepted(&world).await;
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(4));
    server.take_subjects().await;
    let anna = world.agent("Anna").await;
    for duplicate in [first, &same_customer] {
        post_action(&anna, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    }
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0), "there is no reply yet");

    reply(&anna, main, "To usterka u operatora.").await;
    mailer.send_due(&world.app).await.unwrap();
    let mut emails = server.emails().await;
    emails.sort_by_key(|email| email.to.clone());
    let subjects: Vec<_> = emails.iter().map(|email| (email.to.as_str(), email.subject())).collect();
    assert_eq!(
        subjects,
        [
            ("klient0@example.com", format!("Odpowiedź na zgłoszenie {main}")),
            ("klient1@example.com", format!("Odpowiedź na zgłoszenie {first}")),
        ]
    );
    assert!(emails[1].text().contains("To usterka u operatora.") && emails[1].text().contains("razem z innym"));
    assert!(!emails[0].text().contains("razem z innym"));
    world.visitor().get(&emails[1].link()).await.expect(200).assert_shows(&first.to_string());
    assert!(!emails[1].raw.contains(main.as_str()), "the main ticket is not revealed");
    server.take_subjects().await;

    // a duplicate that is merged later gets the last reply
    post_action(&anna, other, "merge", &[("into", &main.to_string())]).await.expect(303);
    mailer.send_due(&world.app).await.unwrap();
    let email = server.take_only().await;
    assert_eq!(
        (email.to.as_str(), email.subject()),
        ("klient2@example.com", format!("Odpowiedź na zgłoszenie {other}"))
    );
    assert!(email.text().contains("To usterka u operatora."));

    // a reply to a duplicate goes to its customer only; the resolution goes to everybody once
    reply(&anna, first, "Tylko do Pana.").await;
    mailer.send_due(&world.app).await.unwrap();
    assert_eq!(server.take_subjects().await, [format!("klient1@example.com: Odpowiedź na zgłoszenie {first}")]);
    set_status(&anna, main, "resolved", "Naprawione.").await;
    mailer.send_due(&world.app).await.unwrap();
    let mut subjects = server.take_subjects().await;
    subjects.sort();
    let resolved = |number: usize, reference| format!("klient{number}@example.com: Rozwiązane: zgłoszenie {reference}");
    assert_eq!(subjects, [resolved(0, main), resolved(1, first), resolved(2, other)]);

    // a separated duplicate is announced as reopened
    post_action(&anna, first, "merge", &[("into", "none")]).await.expect(303);
    mailer.send_due(&world.app).await.unwrap();
    assert_eq!(server.take_subjects().await, [format!("klient1@example.com: Sprawdzamy ponownie: zgłoszenie {first}")]);
}

#[tokio::test]
async fn merging_into_a_resolved_ticket_sends_the_resolution_once() {
    let (server, world, mailer) = world_with_mail_server().await;
    let references = send_reports(&world, 4).await;
    let [main, open, resolved, last] = &references[..] else { panic!() };
    let anna = world.agent("Anna").await;
    set_status(&anna, main, "resolved", "Naprawione.").await;
    set_status(&anna, resolved, "resolved", "").await;
    while mailer.send_due(&world.app).await.unwrap().sent > 0 {}
    server.take_subjects().await;
    world.advance(Duration::minutes(1));
    for duplicate in [open, resolved] {
        post_action(&anna, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    }
    mailer.send_due(&world.app).await.unwrap();
    let email = server.take_only().await;
    assert_eq!((email.to.as_str(), email.subject()), ("klient1@example.com", format!("Rozwiązane: zgłoszenie {open}")));
    assert!(email.text().contains("Naprawione."));
    // a resolution that was reverted is not sent
    set_status(&anna, main, "open", "").await;
    while mailer.send_due(&world.app).await.unwrap().sent > 0 {}
    server.take_subjects().await;
    post_action(&anna, last, "merge", &[("into", &main.to_string())]).await.expect(303);
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0));
}

#[tokio::test]
async fn merging_notifies_when_the_customer_closed_the_main_ticket() {
    let (server, world, mailer) = world_with_mail_server().await;
    let (anna, visitor) = (world.agent("Anna").await, world.visitor());
    let ((main, page), (late, _)) =
        (report_from(&world, "a@example.com").await, report_from(&world, "b@example.com").await);
    reply(&anna, &main, "Proszę spróbować teraz.").await;
    visitor.post(&page.replace("?key=", "/works?key="), &[("submission", &given::uuid())]).await.expect(303);
    send_all(&world, &mailer, &server).await;
    world.advance(Duration::minutes(1));
    post_action(&anna, &late, "merge", &[("into", &main.to_string())]).await.expect(303);
    assert_eq!(send_all(&world, &mailer, &server).await, [resolved_subject("b@example.com", &late)]);
}

#[tokio::test]
async fn merging_sends_the_resolution_and_not_a_later_reply() {
    let (server, world, mailer) = world_with_mail_server().await;
    let anna = world.agent("Anna").await;
    let ((main, _), (late, _)) =
        (report_from(&world, "a@example.com").await, report_from(&world, "b@example.com").await);
    set_status(&anna, &main, "resolved", "Naprawione.").await;
    reply(&anna, &main, "Dziękujemy za cierpliwość.").await;
    send_all(&world, &mailer, &server).await;
    world.advance(Duration::minutes(1));
    post_action(&anna, &late, "merge", &[("into", &main.to_string())]).await.expect(303);
    mailer.send_due(&world.app).await.unwrap();
    let email = server.take_only().await;
    assert_eq!(format!("{}: {}", email.to, email.subject()), resolved_subject("b@example.com", &late));
    assert!(email.text().contains("Naprawione.") && !email.text().contains("cierpliwość"), "{}", email.text());
}

#[tokio::test]
async fn the_resolution_is_sent_once_per_address_until_the_ticket_is_reopened() {
    let (server, world, mailer) = world_with_mail_server().await;
    let anna = world.agent("Anna").await;
    let ((main, _), (first, _)) =
        (report_from(&world, "a@example.com").await, report_from(&world, "b@example.com").await);
    let (second, _) = report_from(&world, "B@example.com").await;
    post_action(&anna, &first, "merge", &[("into", &main.to_string())]).await.expect(303);
    send_all(&world, &mailer, &server).await;
    set_status(&anna, &main, "resolved", "Naprawione.").await;
    assert_eq!(send_all(&world, &mailer, &server).await.len(), 2);
    world.advance(Duration::minutes(1));
    post_action(&anna, &second, "merge", &[("into", &main.to_string())]).await.expect(303);
    assert!(
        send_all(&world, &mailer, &server).await.is_empty(),
        "this address got the resolution for the other ticket"
    );

    // after the e-mail about the reopening, the resolution is sent again
    post_action(&anna, &first, "merge", &[("into", "none")]).await.expect(303);
    assert_eq!(send_all(&world, &mailer, &server).await.len(), 1);
    post_action(&anna, &second, "merge", &[("into", "none")]).await.expect(303);
    send_all(&world, &mailer, &server).await;
    world.advance(Duration::minutes(1));
    post_action(&anna, &first, "merge", &[("into", &main.to_string())]).await.expect(303);
    assert_eq!(send_all(&world, &mailer, &server).await, [resolved_subject("b@example.com", &first)]);
}

#[tokio::test]
async fn a_reply_is_sent_once_although_a_duplicate_is_merged_repeatedly() {
    let (server, world, mailer) = world_with_mail_server().await;
    let anna = world.agent("Anna").await;
    let ((main, _), (first, _)) =
        (report_from(&world, "a@example.com").await, report_from(&world, "b@example.com").await);
    reply(&anna, &main, "Sprawdzamy.").await;
    send_all(&world, &mailer, &server).await;
    for _ in 0..2 {
        post_action(&anna, &first, "merge", &[("into", &main.to_string())]).await.expect(303);
        post_action(&anna, &first, "merge", &[("into", "none")]).await.expect(303);
    }
    let reply_subject = format!("b@example.com: Odpowiedź na zgłoszenie {first}");
    assert_eq!(send_all(&world, &mailer, &server).await, [reply_subject]);
}

#[tokio::test]
async fn merging_sends_the_resolution_of_the_incident_of_the_main_ticket() {
    let (server, world, mailer) = world_with_mail_server().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    let (main, _) = report_from(&world, "a@example.com").await;
    join_incident(&anna, &main, &incident).await.expect(303);
    post_incident_action(&anna, &incident, "resolution", &update_form(&given::uuid())).await.expect(303);
    incidents::resolve_tickets(&world.app).await.unwrap();
    let ((late, _), (second, _)) =
        (report_from(&world, "b@example.com").await, report_from(&world, "b@example.com").await);
    send_all(&world, &mailer, &server).await;
    world.advance(Duration::minutes(1));
    for duplicate in [&late, &second] {
        post_action(&anna, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    }
    let subjects = send_all(&world, &mailer, &server).await;
    assert_eq!(subjects, [format!("b@example.com: Naprawione: Połączenia do Wielkiej Brytanii, zgłoszenie {late}")]);
}
