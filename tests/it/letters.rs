//! Letters to customers, with a real mail server at the other end: what is told, what is not, and what happens when the
//! server is not as it should be.

mod crash;
mod desk;
mod merged;
mod server;

use std::time::Duration as Patience;

use dzwoni::{
    emails::{Mailer, SendSummary, SmtpTimeouts as Waits, reply_address, set_in_reply_to},
    tickets::{SigningSecret, TicketReference, command::access_link, find_by_reference},
};
use serde_json::json;
use time::Duration;

use crate::{
    given,
    support::{Browser, World, mail::MailServer},
    tickets::act,
};

/// A world with a mail server.
async fn written() -> (MailServer, World, Mailer) {
    let server = MailServer::start().await;
    let world = World::with_mail(&server.config()).await;
    (server, world, Mailer::default())
}

/// A post office that does not wait long.
fn hasty() -> Mailer {
    let short = Patience::from_millis(500);
    Mailer::with_timeouts(Waits { connect: short, command: short, data: short })
}

fn sent(sent: usize) -> SendSummary {
    SendSummary { sent, ..SendSummary::default() }
}

/// Reports of different customers, each by the address of this number.
async fn reports(world: &World, count: usize) -> Vec<TicketReference> {
    let mut references = Vec::new();
    for number in 0..count {
        let report = given::report().with("day", "now").with("email", &format!("klient{number}@example.com"));
        let visitor = world.visitor().from_ip(&format!("198.51.100.{}", number % 250));
        let answer = report.send(&visitor).await.expect(303);
        references.push(answer.location().split(['/', '?']).nth(3).unwrap().parse().unwrap());
    }
    references
}

async fn reply(browser: &Browser, reference: &TicketReference, text: &str) {
    let fields = [("text", text), ("submission", &given::uuid())];
    act(browser, reference, "replies", &fields).await.expect(303);
}

async fn set(browser: &Browser, reference: &TicketReference, status: &str, text: &str) {
    act(browser, reference, "status", &[("status", status), ("text", text)]).await.expect(303);
}

async fn states(world: &World) -> Vec<String> {
    sqlx::query_scalar("select concat_ws(' ', kind, state, failure) from outgoing_email order by id")
        .fetch_all(world.sql().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn customers_are_told_what_concerns_them_and_nothing_else() {
    let (server, world, post) = written().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    act(&anna, &reference, "assignment", &[("assignee", "me")]).await.expect(303);
    act(&anna, &reference, "notes", &[("text", "Tajne: klient dzwoni co godzinę"), ("submission", &given::uuid())])
        .await
        .expect(303);
    set(&anna, &reference, "waiting", "").await;
    reply(&anna, &reference, "Sprawdzamy u operatora.").await;
    set(&anna, &reference, "resolved", "Już działa.").await;
    set(&anna, &reference, "open", "").await;
    act(&anna, &reference, "status", &[("status", "waiting"), ("whom", "customer"), ("reason", "Tajne: nie odbiera")])
        .await;
    // one ticket's letters go in their order, each when the one before has gone
    let mut all = Vec::new();
    while post.send_due(&world.app).await.unwrap().sent > 0 {
        all.extend(server.letters().await);
        server.took().await;
    }
    let subjects: Vec<_> = all.iter().map(|letter| format!("{}: {}", letter.to, letter.subject())).collect();
    assert_eq!(
        subjects,
        [
            format!("jan.nowak@example.com: Przyjęliśmy zgłoszenie {reference}"),
            format!("jan.nowak@example.com: Odpowiedź na zgłoszenie {reference}"),
            format!("jan.nowak@example.com: Rozwiązane: zgłoszenie {reference}"),
            format!("jan.nowak@example.com: Sprawdzamy ponownie: zgłoszenie {reference}"),
        ]
    );
    assert!(all[1].text().contains("Anna, dział techniczny, pisze: Sprawdzamy u operatora."), "{}", all[1].text());
    assert!(all[2].text().contains("Już działa."), "{}", all[2].text());
    for letter in &all {
        assert!(!letter.text().contains("Tajne") && !letter.raw.contains("Tajne"), "a note went out");
        assert_eq!(letter.from, "pomoc@dzwoni.example.com");
    }
}

#[tokio::test]
async fn the_link_in_every_letter_opens_the_ticket() {
    let (server, world, post) = written().await;
    let report = given::report().with("email", "ewa@example.com");
    let answer = report.send_to(&world.visitor(), "/en/report").await.expect(303);
    let reference: TicketReference = answer.location().split(['/', '?']).nth(3).unwrap().parse().unwrap();
    post.send_due(&world.app).await.unwrap();
    let letter = server.only().await;
    assert_eq!(letter.subject(), format!("We have your report {reference}"));
    assert_eq!(letter.link(), answer.location(), "the same address as after the form");
    world.visitor().get(&letter.link()).await.expect(200).must_show(&reference.to_string());
    // weeks later, by staff, it is the same
    world.advance(Duration::days(20));
    reply(&world.agent("Anna").await, &reference, "It works now.").await;
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(1));
    let letter = server.only().await;
    assert_eq!(letter.link(), answer.location());
    assert!(letter.text().contains("Anna from technical support writes: It works now."), "{}", letter.text());
}

#[tokio::test]
async fn letters_of_a_ticket_are_one_thread_and_answers_find_it() {
    let (server, world, post) = written().await;
    let (reference, _) = given::report().accepted(&world).await;
    post.send_due(&world.app).await.unwrap();
    let first = server.only().await;
    reply(&world.agent("Anna").await, &reference, "Sprawdzamy.").await;
    post.send_due(&world.app).await.unwrap();
    let second = server.only().await;

    let name = first.header("Message-ID").unwrap();
    assert!(name.ends_with("@dzwoni.example.com>"), "{name}");
    assert_eq!(first.header("In-Reply-To"), None);
    assert_eq!(second.header("In-Reply-To").as_ref(), Some(&name));
    assert_eq!(second.header("References").as_ref(), Some(&name));
    assert_ne!(second.header("Message-ID").unwrap(), name);
    for letter in [&first, &second] {
        assert_eq!(letter.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert_eq!(letter.header("From").as_deref(), Some("Dzwoni <pomoc@dzwoni.example.com>"));
        assert_eq!(letter.header("Content-Type").as_deref(), Some("text/plain; charset=utf-8"));
        assert!(letter.raw.lines().all(|line| line.trim_end().len() <= 78), "{}", letter.raw);
    }
    let mut db = world.app.db.acquire().await.unwrap();
    let seal = SigningSecret::load(&mut db).await.unwrap();
    let to = second.header("Reply-To").unwrap();
    assert!(to.starts_with("reply+"), "{to}");
    assert_eq!(reply_address::parse_reply_address(&seal, &to), Some(reference.clone()));
    let letter = reply_address::parse_message_id(&seal, &name).unwrap();
    let ticket = find_by_reference(&mut db, &reference).await.unwrap().unwrap();
    assert_eq!(dzwoni::emails::find_ticket_of_email(&mut db, letter).await.unwrap(), Some(ticket.id));
}

#[tokio::test]
async fn a_report_that_came_by_mail_is_answered_in_its_thread() {
    let (server, world, post) = written().await;
    let (reference, _) = given::report().accepted(&world).await;
    let mut db = world.app.db.acquire().await.unwrap();
    let ticket = find_by_reference(&mut db, &reference).await.unwrap().unwrap();
    set_in_reply_to(&mut db, ticket.id, "<abc@mail.example.org>").await.unwrap();
    post.send_due(&world.app).await.unwrap();
    let letter = server.only().await;
    assert_eq!(letter.header("Auto-Submitted").as_deref(), Some("auto-replied"));
    assert_eq!(letter.header("In-Reply-To").as_deref(), Some("<abc@mail.example.org>"));
}

#[tokio::test]
async fn who_has_lost_the_link_is_sent_it_once() {
    let (server, world, post) = written().await;
    let (reference, page) = given::report().accepted(&world).await;
    post.send_due(&world.app).await.unwrap();
    server.took().await;
    let mut tx = world.app.db.begin().await.unwrap();
    for _ in 0..3 {
        access_link::request_link(&mut tx, &reference, "jan.nowak@example.com", world.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(1));
    let letter = server.only().await;
    assert_eq!((letter.subject(), letter.link()), (format!("Link do zgłoszenia {reference}"), page));
}

#[tokio::test]
async fn nobody_is_written_to_who_gave_no_address_or_is_a_robot() {
    let (server, world, post) = written().await;
    given::report().without("email").with("phone", "601 555 210").accepted(&world).await;
    let (spam, _) = given::report().with("website", "http://spam.example.com").accepted(&world).await;
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0));
    // a person who was taken for a robot hears of it when staff find out, and only then
    let anna = world.agent("Anna").await;
    set(&anna, &spam, "open", "").await;
    post.send_due(&world.app).await.unwrap();
    assert_eq!(server.took().await, [format!("jan.nowak@example.com: Przyjęliśmy zgłoszenie {spam}")]);
    act(&anna, &spam, "status", &[("status", "spam")]).await.expect(303);
    set(&anna, &spam, "open", "").await;
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0));
}

#[tokio::test]
async fn the_same_form_twice_is_one_letter() {
    let (server, world, post) = written().await;
    let report = given::report();
    report.accepted(&world).await;
    report.accepted(&world).await;
    post.send_due(&world.app).await.unwrap();
    assert_eq!(server.took().await.len(), 1);
}

#[tokio::test]
async fn customers_of_duplicates_follow_the_main_ticket() {
    let (server, world, post) = written().await;
    let references = reports(&world, 3).await;
    let [main, one, other] = &references[..] else { panic!() };
    // the same person reports twice: one letter is enough
    let again = given::report().with("email", "Klient0@example.com");
    let (again, _) = again.accepted(&world).await;
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(4));
    server.took().await;
    let anna = world.agent("Anna").await;
    for duplicate in [one, &again] {
        act(&anna, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    }
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0), "nothing has been said yet");

    reply(&anna, main, "To usterka u operatora.").await;
    post.send_due(&world.app).await.unwrap();
    let mut letters = server.letters().await;
    letters.sort_by_key(|letter| letter.to.clone());
    let told: Vec<_> = letters.iter().map(|letter| (letter.to.as_str(), letter.subject())).collect();
    assert_eq!(
        told,
        [
            ("klient0@example.com", format!("Odpowiedź na zgłoszenie {main}")),
            ("klient1@example.com", format!("Odpowiedź na zgłoszenie {one}")),
        ]
    );
    assert!(letters[1].text().contains("To usterka u operatora.") && letters[1].text().contains("razem z innym"));
    assert!(!letters[0].text().contains("razem z innym"));
    world.visitor().get(&letters[1].link()).await.expect(200).must_show(&one.to_string());
    assert!(!letters[1].raw.contains(main.as_str()), "a duplicate's customer does not learn of the other ticket");
    server.took().await;

    // who comes later hears what was said last
    act(&anna, other, "merge", &[("into", &main.to_string())]).await.expect(303);
    post.send_due(&world.app).await.unwrap();
    let letter = server.only().await;
    assert_eq!(
        (letter.to.as_str(), letter.subject()),
        ("klient2@example.com", format!("Odpowiedź na zgłoszenie {other}"))
    );
    assert!(letter.text().contains("To usterka u operatora."));

    // the end reaches all, once; a word to one of them reaches only that one
    reply(&anna, one, "Tylko do Pana.").await;
    post.send_due(&world.app).await.unwrap();
    assert_eq!(server.took().await, [format!("klient1@example.com: Odpowiedź na zgłoszenie {one}")]);
    set(&anna, main, "resolved", "Naprawione.").await;
    post.send_due(&world.app).await.unwrap();
    let mut took = server.took().await;
    took.sort();
    let resolved = |number: usize, reference| format!("klient{number}@example.com: Rozwiązane: zgłoszenie {reference}");
    assert_eq!(took, [resolved(0, main), resolved(1, one), resolved(2, other)]);

    // and one that is no duplicate after all is looked into again
    act(&anna, one, "merge", &[("into", "none")]).await.expect(303);
    post.send_due(&world.app).await.unwrap();
    assert_eq!(server.took().await, [format!("klient1@example.com: Sprawdzamy ponownie: zgłoszenie {one}")]);
}

#[tokio::test]
async fn a_duplicate_of_what_is_over_is_told_so_once() {
    let (server, world, post) = written().await;
    let references = reports(&world, 4).await;
    let [main, open, over, again] = &references[..] else { panic!() };
    let anna = world.agent("Anna").await;
    set(&anna, main, "resolved", "Naprawione.").await;
    set(&anna, over, "resolved", "").await;
    while post.send_due(&world.app).await.unwrap().sent > 0 {}
    server.took().await;
    world.advance(Duration::minutes(1));
    for duplicate in [open, over] {
        act(&anna, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    }
    post.send_due(&world.app).await.unwrap();
    let letter = server.only().await;
    assert_eq!(
        (letter.to.as_str(), letter.subject()),
        ("klient1@example.com", format!("Rozwiązane: zgłoszenie {open}"))
    );
    assert!(letter.text().contains("Naprawione."));
    // an end that was taken back is no news
    set(&anna, main, "open", "").await;
    while post.send_due(&world.app).await.unwrap().sent > 0 {}
    server.took().await;
    act(&anna, again, "merge", &[("into", &main.to_string())]).await.expect(303);
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0));
}

/// Resolves tickets together; gives the address of the button that takes it back.
async fn resolve_all(browser: &Browser, references: &[TicketReference]) -> String {
    let names: Vec<_> = references.iter().map(ToString::to_string).collect();
    let mut fields: Vec<_> = names.iter().map(|name| ("ticket", name.as_str())).collect();
    fields.extend([("verb", "status"), ("status", "resolved"), ("text", "Awaria usunięta.")]);
    let answer = browser.post("/staff/bulk", &fields).await.expect(303);
    let page = browser.follow(&answer).await.expect(200);
    let (_, rest) = page.body.split_once("action=\"/staff/bulk/").unwrap();
    format!("/staff/bulk/{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn letters_of_what_can_be_taken_back_rest_until_it_can_not() {
    let (server, world, post) = written().await;
    let references = reports(&world, 3).await;
    post.send_due(&world.app).await.unwrap();
    server.took().await;
    let anna = world.agent("Anna").await;
    let undo = resolve_all(&anna, &references).await;
    world.advance(Duration::seconds(15));
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0));
    anna.post(&undo, &[]).await.expect(303);
    world.advance(Duration::hours(1));
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0), "it was taken back");
    assert_eq!(states(&world).await[3..], ["resolved dropped"; 3]);

    resolve_all(&anna, &references).await;
    world.advance(Duration::seconds(40));
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(3));
    assert!(server.letters().await.iter().all(|letter| letter.text().contains("Awaria usunięta.")));
}

#[tokio::test]
async fn a_change_that_fails_leaves_no_letter() {
    let (_server, world, _) = written().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let page = anna.get(&format!("/staff/tickets/{reference}")).await.expect(200);
    let stale = page.value("version");
    set(&anna, &reference, "open", "").await;
    let fields = [("version", stale.as_str()), ("status", "resolved"), ("text", "x")];
    anna.post(&format!("/staff/tickets/{reference}/status"), &fields).await.expect(409);
    assert_eq!(states(&world).await, ["received waiting"]);
    let mut tx = world.app.db.begin().await.unwrap();
    assert!(access_link::request_link(&mut tx, &reference, "jan.nowak@example.com", world.clock.now()).await.unwrap());
    tx.rollback().await.unwrap();
    assert_eq!(states(&world).await, ["received waiting"]);
}

#[tokio::test]
async fn many_letters_share_a_few_lines() {
    let (server, world, post) = written().await;
    reports(&world, 40).await;
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(40));
    assert!(server.lines() <= 4, "{} lines", server.lines());
    let mut took = server.took().await;
    took.sort();
    took.dedup();
    assert_eq!(took.len(), 40);
}

#[tokio::test]
async fn tls_and_a_password_are_used_where_they_are_asked_for() {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let file = std::env::temp_dir().join(format!("dzwoni-{}.pem", given::uuid()));
    std::fs::write(&file, made.cert.pem()).unwrap();
    for (scheme, option, from_the_start) in [("smtp", "tls=required&", false), ("smtps", "", true)] {
        let key = made.signing_key.serialize_pem();
        let tls = json!({"key": key, "cert": made.cert.pem(), "implicit": from_the_start});
        let server = MailServer::with(json!({"tls": tls, "user": {"name": "dzwoni", "password": "p@ss"}})).await;
        let url =
            |password: &str, ca: &str| format!("{scheme}://dzwoni:{password}@127.0.0.1:{}?{option}{ca}", server.port());
        let ca = format!("ca={}", file.display());
        let world = World::with_mail(&server.config_at(&url("wrong", &ca))).await;
        given::report().accepted(&world).await;
        assert_eq!(
            Mailer::default().send_due(&world.app).await.unwrap(),
            SendSummary { deferred: 1, ..SendSummary::default() }
        );
        // a server that nobody vouches for is not told the password
        let strange = world.second_with_mail(&server.config_at(&url("p%40ss", "")));
        assert_eq!(
            Mailer::default().send_due(&strange.app).await.unwrap(),
            SendSummary { deferred: 1, ..SendSummary::default() }
        );
        assert_eq!(states(&world).await, ["received waiting server"]);
        let right = world.second_with_mail(&server.config_at(&url("p%40ss", &ca)));
        assert_eq!(Mailer::default().send_due(&right.app).await.unwrap(), sent(1));
        let letter = server.only().await;
        assert_eq!((letter.secure, letter.user.as_deref()), (true, Some("dzwoni")));
    }
    std::fs::remove_file(&file).unwrap();
}
