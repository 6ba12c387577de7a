//! E-mails to customers, received by a real mail server: which are sent, their content, and what happens when the server
//! fails.

mod crashes;
mod duplicates;
mod server_failures;
mod staff_pages;

use std::time::Duration as StdDuration;

use dzwoni::{
    emails::{Mailer, SendSummary, SmtpTimeouts, reply_address, set_in_reply_to},
    signing::SigningSecret,
    tickets::{TicketReference, command::access_link, find_by_reference},
};
use serde_json::json;
use time::Duration;

use crate::{
    given,
    support::{Browser, World, mail::MailServer},
    tickets::post_action,
};

/// A world with a mail server.
async fn world_with_mail_server() -> (MailServer, World, Mailer) {
    let server = MailServer::start().await;
    let world = World::with_mail(&server.config()).await;
    (server, world, Mailer::default())
}

/// A mailer that gives up after half a second.
fn mailer_with_short_timeouts() -> Mailer {
    let timeout = StdDuration::from_millis(500);
    Mailer::with_timeouts(SmtpTimeouts { connect: timeout, command: timeout, data: timeout })
}

fn sent_summary(sent: usize) -> SendSummary {
    SendSummary { sent, ..SendSummary::default() }
}

/// Sends reports of different customers: klient0@example.com and so on.
async fn send_reports(world: &World, count: usize) -> Vec<TicketReference> {
    let mut references = Vec::new();
    for number in 0..count {
        let report = given::report().with("day", "now").with("email", &format!("klient{number}@example.com"));
        let visitor = world.visitor().from_ip(&format!("198.51.100.{}", number % 250));
        let response = report.send(&visitor).await.expect(303);
        references.push(response.location().split(['/', '?']).nth(3).unwrap().parse().unwrap());
    }
    references
}

async fn reply(staff: &Browser, reference: &TicketReference, text: &str) {
    let fields = [("text", text), ("submission", &given::uuid())];
    post_action(staff, reference, "replies", &fields).await.expect(303);
}

async fn set_status(staff: &Browser, reference: &TicketReference, status: &str, text: &str) {
    post_action(staff, reference, "status", &[("status", status), ("text", text)]).await.expect(303);
}

async fn email_states(world: &World) -> Vec<String> {
    sqlx::query_scalar("select concat_ws(' ', kind, state, failure) from outgoing_email order by id")
        .fetch_all(world.sql().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn customers_get_emails_about_replies_and_status_but_not_about_notes() {
    let (server, world, mailer) = world_with_mail_server().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    post_action(&anna, &reference, "assignment", &[("assignee", "me")]).await.expect(303);
    post_action(
        &anna,
        &reference,
        "notes",
        &[("text", "Tajne: klient dzwoni co godzinę"), ("submission", &given::uuid())],
    )
    .await
    .expect(303);
    set_status(&anna, &reference, "waiting", "").await;
    reply(&anna, &reference, "Sprawdzamy u operatora.").await;
    set_status(&anna, &reference, "resolved", "Już działa.").await;
    set_status(&anna, &reference, "open", "").await;
    post_action(
        &anna,
        &reference,
        "status",
        &[("status", "waiting"), ("waiting_for", "customer"), ("reason", "Tajne: nie odbiera")],
    )
    .await;
    // the e-mails of a ticket are sent in order, each after the one before it
    let mut emails = Vec::new();
    while mailer.send_due(&world.app).await.unwrap().sent > 0 {
        emails.extend(server.emails().await);
        server.take_subjects().await;
    }
    let subjects: Vec<_> = emails.iter().map(|email| format!("{}: {}", email.to, email.subject())).collect();
    assert_eq!(
        subjects,
        [
            format!("jan.nowak@example.com: Przyjęliśmy zgłoszenie {reference}"),
            format!("jan.nowak@example.com: Odpowiedź na zgłoszenie {reference}"),
            format!("jan.nowak@example.com: Rozwiązane: zgłoszenie {reference}"),
            format!("jan.nowak@example.com: Sprawdzamy ponownie: zgłoszenie {reference}"),
        ]
    );
    assert!(
        emails[1].text().contains("Anna, dział techniczny, pisze: Sprawdzamy u operatora."),
        "{}",
        emails[1].text()
    );
    assert!(emails[2].text().contains("Już działa."), "{}", emails[2].text());
    for email in &emails {
        assert!(!email.text().contains("Tajne") && !email.raw.contains("Tajne"), "an e-mail contains a note");
        assert_eq!(email.from, "pomoc@dzwoni.example.com");
    }
}

#[tokio::test]
async fn the_link_in_every_email_opens_the_ticket() {
    let (server, world, mailer) = world_with_mail_server().await;
    let report = given::report().with("email", "ewa@example.com");
    let response = report.send_to(&world.visitor(), "/en/report").await.expect(303);
    let reference: TicketReference = response.location().split(['/', '?']).nth(3).unwrap().parse().unwrap();
    mailer.send_due(&world.app).await.unwrap();
    let email = server.take_only().await;
    assert_eq!(email.subject(), format!("We have your report {reference}"));
    assert_eq!(email.link(), response.location(), "the same address as after the form");
    world.visitor().get(&email.link()).await.expect(200).assert_shows(&reference.to_string());
    // a reply weeks later contains the same link
    world.advance(Duration::days(20));
    reply(&world.agent("Anna").await, &reference, "It works now.").await;
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(1));
    let email = server.take_only().await;
    assert_eq!(email.link(), response.location());
    assert!(email.text().contains("Anna from technical support writes: It works now."), "{}", email.text());
}

#[tokio::test]
async fn emails_of_a_ticket_are_one_thread_and_their_ids_lead_back_to_it() {
    let (server, world, mailer) = world_with_mail_server().await;
    let (reference, _) = given::report().accepted(&world).await;
    mailer.send_due(&world.app).await.unwrap();
    let first = server.take_only().await;
    reply(&world.agent("Anna").await, &reference, "Sprawdzamy.").await;
    mailer.send_due(&world.app).await.unwrap();
    let second = server.take_only().await;

    let message_id = first.header("Message-ID").unwrap();
    assert!(message_id.ends_with("@dzwoni.example.com>"), "{message_id}");
    assert_eq!(first.header("In-Reply-To"), None);
    assert_eq!(second.header("In-Reply-To").as_ref(), Some(&message_id));
    assert_eq!(second.header("References").as_ref(), Some(&message_id));
    assert_ne!(second.header("Message-ID").unwrap(), message_id);
    for email in [&first, &second] {
        assert_eq!(email.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert_eq!(email.header("From").as_deref(), Some("Dzwoni <pomoc@dzwoni.example.com>"));
        assert_eq!(email.header("Content-Type").as_deref(), Some("text/plain; charset=utf-8"));
        assert!(email.raw.lines().all(|line| line.trim_end().len() <= 78), "{}", email.raw);
    }
    let mut db = world.app.db.acquire().await.unwrap();
    let secret = SigningSecret::load(&mut db).await.unwrap();
    let reply_to = second.header("Reply-To").unwrap();
    assert!(reply_to.starts_with("reply+"), "{reply_to}");
    assert_eq!(reply_address::parse_reply_address(&secret, &reply_to), Some(reference.clone()));
    let email = reply_address::parse_message_id(&secret, &message_id).unwrap();
    let ticket = find_by_reference(&mut db, &reference).await.unwrap().unwrap();
    assert_eq!(dzwoni::emails::find_ticket_of_email(&mut db, email).await.unwrap(), Some(ticket.id));
}

#[tokio::test]
async fn a_ticket_from_inbound_mail_is_answered_in_the_same_thread() {
    let (server, world, mailer) = world_with_mail_server().await;
    let (reference, _) = given::report().accepted(&world).await;
    let mut db = world.app.db.acquire().await.unwrap();
    let ticket = find_by_reference(&mut db, &reference).await.unwrap().unwrap();
    set_in_reply_to(&mut db, ticket.id, "<abc@mail.example.org>").await.unwrap();
    mailer.send_due(&world.app).await.unwrap();
    let email = server.take_only().await;
    assert_eq!(email.header("Auto-Submitted").as_deref(), Some("auto-replied"));
    assert_eq!(email.header("In-Reply-To").as_deref(), Some("<abc@mail.example.org>"));
}

#[tokio::test]
async fn a_requested_link_is_sent_once() {
    let (server, world, mailer) = world_with_mail_server().await;
    let (reference, page) = given::report().accepted(&world).await;
    mailer.send_due(&world.app).await.unwrap();
    server.take_subjects().await;
    let mut tx = world.app.db.begin().await.unwrap();
    for _ in 0..3 {
        let secret = world.app.signing_secret.get(&mut tx).await.unwrap();
        access_link::request_link(&mut tx, secret, &reference, "jan.nowak@example.com", world.clock.now())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(1));
    let email = server.take_only().await;
    assert_eq!((email.subject(), email.link()), (format!("Link do zgłoszenia {reference}"), page));
}

#[tokio::test]
async fn no_email_is_sent_without_an_address_or_to_a_bot() {
    let (server, world, mailer) = world_with_mail_server().await;
    given::report().without("email").with("phone", "601 555 210").accepted(&world).await;
    let (spam, _) = given::report().with("website", "http://spam.example.com").accepted(&world).await;
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0));
    // a customer who was taken for a bot gets the e-mail when staff correct it, and only once
    let anna = world.agent("Anna").await;
    set_status(&anna, &spam, "open", "").await;
    mailer.send_due(&world.app).await.unwrap();
    assert_eq!(server.take_subjects().await, [format!("jan.nowak@example.com: Przyjęliśmy zgłoszenie {spam}")]);
    post_action(&anna, &spam, "status", &[("status", "spam")]).await.expect(303);
    set_status(&anna, &spam, "open", "").await;
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0));
}

#[tokio::test]
async fn a_form_sent_twice_sends_one_email() {
    let (server, world, mailer) = world_with_mail_server().await;
    let report = given::report();
    report.accepted(&world).await;
    report.accepted(&world).await;
    mailer.send_due(&world.app).await.unwrap();
    assert_eq!(server.take_subjects().await.len(), 1);
}

/// Resolves tickets in bulk; returns the path of the undo button.
async fn resolve_all(staff: &Browser, references: &[TicketReference]) -> String {
    let names: Vec<_> = references.iter().map(ToString::to_string).collect();
    let mut fields: Vec<_> = names.iter().map(|name| ("ticket", name.as_str())).collect();
    fields.extend([("command", "status"), ("status", "resolved"), ("text", "Awaria usunięta.")]);
    let response = staff.post("/staff/bulk", &fields).await.expect(303);
    let page = staff.follow(&response).await.expect(200);
    let (_, rest) = page.body.split_once("action=\"/staff/bulk/").unwrap();
    format!("/staff/bulk/{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn emails_of_a_bulk_action_wait_until_it_can_not_be_undone() {
    let (server, world, mailer) = world_with_mail_server().await;
    let references = send_reports(&world, 3).await;
    mailer.send_due(&world.app).await.unwrap();
    server.take_subjects().await;
    let anna = world.agent("Anna").await;
    let undo = resolve_all(&anna, &references).await;
    world.advance(Duration::seconds(15));
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0));
    anna.post(&undo, &[]).await.expect(303);
    world.advance(Duration::hours(1));
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(0), "it was undone");
    assert_eq!(email_states(&world).await[3..], ["resolved cancelled"; 3]);

    resolve_all(&anna, &references).await;
    world.advance(Duration::seconds(40));
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(3));
    assert!(server.emails().await.iter().all(|email| email.text().contains("Awaria usunięta.")));
}

#[tokio::test]
async fn a_refused_or_rolled_back_change_sends_no_email() {
    let (_server, world, _) = world_with_mail_server().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let page = anna.get(&format!("/staff/tickets/{reference}")).await.expect(200);
    let stale = page.value("version");
    set_status(&anna, &reference, "open", "").await;
    let fields = [("version", stale.as_str()), ("status", "resolved"), ("text", "x")];
    anna.post(&format!("/staff/tickets/{reference}/status"), &fields).await.expect(409);
    assert_eq!(email_states(&world).await, ["received queued"]);
    let mut tx = world.app.db.begin().await.unwrap();
    let secret = world.app.signing_secret.get(&mut tx).await.unwrap();
    assert!(
        access_link::request_link(&mut tx, secret, &reference, "jan.nowak@example.com", world.clock.now())
            .await
            .unwrap()
    );
    tx.rollback().await.unwrap();
    assert_eq!(email_states(&world).await, ["received queued"]);
}

#[tokio::test]
async fn many_emails_share_a_few_connections() {
    let (server, world, mailer) = world_with_mail_server().await;
    send_reports(&world, 40).await;
    assert_eq!(mailer.send_due(&world.app).await.unwrap(), sent_summary(40));
    assert!(server.connections() <= 4, "{} connections", server.connections());
    let mut subjects = server.take_subjects().await;
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), 40);
}

#[tokio::test]
async fn tls_and_password_are_used_as_configured() {
    let certificate = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let file = std::env::temp_dir().join(format!("dzwoni-{}.pem", given::uuid()));
    std::fs::write(&file, certificate.cert.pem()).unwrap();
    for (scheme, query, implicit) in [("smtp", "tls=required&", false), ("smtps", "", true)] {
        let key = certificate.signing_key.serialize_pem();
        let tls = json!({"key": key, "cert": certificate.cert.pem(), "implicit": implicit});
        let server = MailServer::with(json!({"tls": tls, "user": {"name": "dzwoni", "password": "p@ss"}})).await;
        let url =
            |password: &str, ca: &str| format!("{scheme}://dzwoni:{password}@127.0.0.1:{}?{query}{ca}", server.port());
        let ca = format!("ca={}", file.display());
        let world = World::with_mail(&server.config_at(&url("wrong", &ca))).await;
        given::report().accepted(&world).await;
        assert_eq!(
            Mailer::default().send_due(&world.app).await.unwrap(),
            SendSummary { deferred: 1, ..SendSummary::default() }
        );
        // the password is not sent to a server with an untrusted certificate
        let without_ca = world.second_with_mail(&server.config_at(&url("p%40ss", "")));
        assert_eq!(
            Mailer::default().send_due(&without_ca.app).await.unwrap(),
            SendSummary { deferred: 1, ..SendSummary::default() }
        );
        assert_eq!(email_states(&world).await, ["received queued server_unavailable"]);
        let with_ca = world.second_with_mail(&server.config_at(&url("p%40ss", &ca)));
        assert_eq!(Mailer::default().send_due(&with_ca.app).await.unwrap(), sent_summary(1));
        let email = server.take_only().await;
        assert_eq!((email.secure, email.user.as_deref()), (true, Some("dzwoni")));
    }
    std::fs::remove_file(&file).unwrap();
}
