//! What customers hear whose tickets become duplicates of one that is over: that it is over, once.

use dzwoni::{emails::Mailer, incidents, tickets::TicketReference};
use time::Duration;

use super::{reply, set, written};
use crate::{
    given,
    incidents::{join, news, press, published},
    support::{World, mail::MailServer},
    tickets::act,
};

async fn report_of(world: &World, email: &str) -> (TicketReference, String) {
    given::report().with("email", email).accepted(world).await
}

/// What goes out until nothing more does.
async fn sent(world: &World, post: &Mailer, server: &MailServer) -> Vec<String> {
    while post.send_due(&world.app).await.unwrap().sent > 0 {}
    server.took().await
}

fn over(email: &str, reference: &TicketReference) -> String {
    format!("{email}: Rozwiązane: zgłoszenie {reference}")
}

#[tokio::test]
async fn that_its_customer_ended_it() {
    let (server, world, post) = written().await;
    let (anna, visitor) = (world.agent("Anna").await, world.visitor());
    let ((main, page), (late, _)) =
        (report_of(&world, "a@example.com").await, report_of(&world, "b@example.com").await);
    reply(&anna, &main, "Proszę spróbować teraz.").await;
    visitor.post(&page.replace("?key=", "/works?key="), &[("submission", &given::uuid())]).await.expect(303);
    sent(&world, &post, &server).await;
    world.advance(Duration::minutes(1));
    act(&anna, &late, "merge", &[("into", &main.to_string())]).await.expect(303);
    assert_eq!(sent(&world, &post, &server).await, [over("b@example.com", &late)]);
}

#[tokio::test]
async fn the_end_and_not_the_word_that_came_after_it() {
    let (server, world, post) = written().await;
    let anna = world.agent("Anna").await;
    let ((main, _), (late, _)) = (report_of(&world, "a@example.com").await, report_of(&world, "b@example.com").await);
    set(&anna, &main, "resolved", "Naprawione.").await;
    reply(&anna, &main, "Dziękujemy za cierpliwość.").await;
    sent(&world, &post, &server).await;
    world.advance(Duration::minutes(1));
    act(&anna, &late, "merge", &[("into", &main.to_string())]).await.expect(303);
    post.send_due(&world.app).await.unwrap();
    let letter = server.only().await;
    assert_eq!(format!("{}: {}", letter.to, letter.subject()), over("b@example.com", &late));
    assert!(letter.text().contains("Naprawione.") && !letter.text().contains("cierpliwość"), "{}", letter.text());
}

#[tokio::test]
async fn once_however_often_the_same_person_reported() {
    let (server, world, post) = written().await;
    let anna = world.agent("Anna").await;
    let ((main, _), (one, _)) = (report_of(&world, "a@example.com").await, report_of(&world, "b@example.com").await);
    let (two, _) = report_of(&world, "B@example.com").await;
    act(&anna, &one, "merge", &[("into", &main.to_string())]).await.expect(303);
    sent(&world, &post, &server).await;
    set(&anna, &main, "resolved", "Naprawione.").await;
    assert_eq!(sent(&world, &post, &server).await.len(), 2);
    world.advance(Duration::minutes(1));
    act(&anna, &two, "merge", &[("into", &main.to_string())]).await.expect(303);
    assert!(sent(&world, &post, &server).await.is_empty(), "this address has heard it for the other ticket");

    // who heard that it is looked into again hears of its end again
    act(&anna, &one, "merge", &[("into", "none")]).await.expect(303);
    assert_eq!(sent(&world, &post, &server).await.len(), 1);
    act(&anna, &two, "merge", &[("into", "none")]).await.expect(303);
    sent(&world, &post, &server).await;
    world.advance(Duration::minutes(1));
    act(&anna, &one, "merge", &[("into", &main.to_string())]).await.expect(303);
    assert_eq!(sent(&world, &post, &server).await, [over("b@example.com", &one)]);
}

#[tokio::test]
async fn an_answer_that_a_duplicate_heard_is_not_told_again() {
    let (server, world, post) = written().await;
    let anna = world.agent("Anna").await;
    let ((main, _), (one, _)) = (report_of(&world, "a@example.com").await, report_of(&world, "b@example.com").await);
    reply(&anna, &main, "Sprawdzamy.").await;
    sent(&world, &post, &server).await;
    for _ in 0..2 {
        act(&anna, &one, "merge", &[("into", &main.to_string())]).await.expect(303);
        act(&anna, &one, "merge", &[("into", "none")]).await.expect(303);
    }
    let answer = format!("b@example.com: Odpowiedź na zgłoszenie {one}");
    assert_eq!(sent(&world, &post, &server).await, [answer]);
}

#[tokio::test]
async fn the_end_of_the_incident_that_it_was_part_of() {
    let (server, world, post) = written().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    let (main, _) = report_of(&world, "a@example.com").await;
    join(&anna, &main, &incident).await.expect(303);
    press(&anna, &incident, "resolution", &news(&given::uuid())).await.expect(303);
    incidents::resolve_tickets(&world.app).await.unwrap();
    let ((late, _), (again, _)) = (report_of(&world, "b@example.com").await, report_of(&world, "b@example.com").await);
    sent(&world, &post, &server).await;
    world.advance(Duration::minutes(1));
    for duplicate in [&late, &again] {
        act(&anna, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    }
    let letters = sent(&world, &post, &server).await;
    assert_eq!(letters, [format!("b@example.com: Naprawione: Połączenia do Wielkiej Brytanii, zgłoszenie {late}")]);
}
