//! What staff and customers see of letters, and what staff decide.

use dzwoni::emails::Mailer;
use serde_json::json;
use time::Duration;

use super::{hasty, reply, reports, sent, states, written};
use crate::{given, support::World};

#[tokio::test]
async fn without_a_mail_server_letters_wait_and_the_page_says_so() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    assert_eq!(Mailer::default().send_due(&world.app).await.unwrap(), sent(0));
    let anna = world.agent("Anna").await;
    let list = anna.get("/staff/letters").await.expect(200);
    list.must_show("E-maile nie wychodzą").must_show("DZWONI_SMTP_URL").must_show(&reference.to_string());
    anna.get(&format!("/staff/tickets/{reference}")).await.must_show("Przyjęcie zgłoszenia do wysłania");
    world.visitor().get(&page).await.must_show("Piszemy na adres j…@example.com. E-mail jeszcze nie wyszedł");
    assert_eq!(states(&world).await, ["received waiting"]);
}

#[tokio::test]
async fn a_ticket_tells_where_its_letters_are() {
    let (server, world, post) = written().await;
    let (reference, page) = given::report().accepted(&world).await;
    post.send_due(&world.app).await.unwrap();
    let anna = world.agent("Anna").await;
    let desk = format!("/staff/tickets/{reference}");
    anna.get(&desk).await.must_show("Przyjęcie zgłoszenia wysłano: 14:30");
    world.visitor().get(&page).await.must_show("Ostatni e-mail wysłaliśmy: 14:30.");
    server.refuse("rcpt", 451).await;
    reply(&anna, &reference, "Sprawdzamy.").await;
    post.send_due(&world.app).await.unwrap();
    anna.get(&desk).await.must_show("Odpowiedź wyjdzie: 14:31 Serwer poczty odłożył przyjęcie na później.");
    world.visitor().get(&page).await.must_show("E-mail jeszcze nie wyszedł");
    server.refuse("rcpt", 550).await;
    world.advance(Duration::minutes(1));
    post.send_due(&world.app).await.unwrap();
    anna.get(&desk).await.must_show("Odpowiedź nie wysłano, trzeba zdecydować Serwer poczty odmówił.").must_show("550");
    world.visitor().get(&page).await.must_show("nie dotarł").must_not_show("550");
    let by_phone = given::report().without("email").with("phone", "601 555 210");
    let (reference, page) = by_phone.accepted(&world).await;
    anna.get(&format!("/staff/tickets/{reference}")).await.must_show("Klient nie podał adresu e-mail");
    world.visitor().get(&page).await.must_not_show("Piszemy na adres");
}

#[tokio::test]
async fn what_is_stuck_is_sent_again_or_given_up() {
    let (server, world, post) = written().await;
    server.refuse("rcpt", 550).await;
    reports(&world, 3).await;
    assert_eq!(post.send_due(&world.app).await.unwrap().failed, 3);
    let anna = world.agent("Anna").await;
    post.send_due(&world.app).await.unwrap();
    anna.get("/staff").await.must_show("do decyzji: 3");
    let list = anna.get("/staff/letters").await.expect(200);
    list.must_show("Do decyzji 3").must_show("klient0@example.com").must_show("Serwer poczty odmówił");
    let one = |number: usize| {
        let rest = list.body.split("action=\"/staff/letters/").nth(number).unwrap();
        format!("/staff/letters/{}", rest.split('"').next().unwrap())
    };
    server.obey().await;
    anna.post(&one(1), &[("wish", "again"), ("view", "stuck")]).await.expect(303);
    anna.post(&one(2), &[("wish", "never"), ("view", "stuck")]).await.expect(303);
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(1));
    assert_eq!(states(&world).await, ["received sent", "received dropped refused", "received stuck refused"]);
    // twice, or too late, changes nothing
    for wish in ["again", "never"] {
        anna.post(&one(1), &[("wish", wish)]).await.expect(303);
        anna.post(&one(2), &[("wish", wish)]).await.expect(303);
    }
    anna.post(&one(3), &[("wish", "nonsense")]).await.expect(400);
    anna.post("/staff/letters/nonsense", &[("wish", "again")]).await.expect(404);
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(0));
    // all at once
    anna.post("/staff/letters", &[("wish", "again")]).await.expect(303);
    assert_eq!(post.send_due(&world.app).await.unwrap(), sent(1));
    assert_eq!(server.took().await.len(), 2);
    anna.get("/staff/letters?view=stuck").await.must_show("Żaden e-mail nie wymaga decyzji.");
    anna.get("/staff/letters?view=waiting").await.must_show("Nie ma e-maili do wysłania.");
    world.visitor().get("/staff/letters").await.expect(303);
    world.visitor().post(&one(1), &[("wish", "again")]).await.expect(303);
}

#[tokio::test]
async fn a_letter_that_was_given_up_in_time_does_not_go() {
    let (server, world, _) = written().await;
    given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let list = anna.get("/staff/letters").await.expect(200);
    let id = list.body.split("action=\"/staff/letters/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // a program has it in its hands already, but not its text
    server.order(json!({"hold": "greeting"})).await;
    let post = Mailer::default();
    let given_up = async {
        server.held().await;
        anna.post(&format!("/staff/letters/{id}"), &[("wish", "never"), ("view", "waiting")]).await.expect(303);
        server.obey().await;
    };
    let (done, ()) = tokio::join!(post.send_due(&world.app), given_up);
    assert_eq!(done.unwrap(), sent(0));
    assert_eq!(server.took().await, Vec::<String>::new());
    assert_eq!(states(&world).await, ["received dropped"]);
    assert_eq!(hasty().send_due(&world.app).await.unwrap(), sent(0));
}

#[tokio::test]
async fn many_letters_have_pages() {
    let world = World::new().await;
    reports(&world, 60).await;
    let anna = world.agent("Anna").await;
    let first = anna.get("/staff/letters").await.expect(200);
    assert_eq!(first.body.matches("action=\"/staff/letters/").count(), 50);
    let more =
        first.body.split("href=\"/staff/letters?view=waiting&#38;after=").nth(1).unwrap().split('"').next().unwrap();
    let second = anna.get(&format!("/staff/letters?view=waiting&after={more}")).await.expect(200);
    assert_eq!(second.body.matches("action=\"/staff/letters/").count(), 10);
    anna.get("/staff/letters?view=waiting&after=nonsense").await.expect(200);
    let past = anna.get("/staff/letters?view=waiting&after=99999999999999999.1").await.expect(200);
    past.must_show("Dalej nie ma już e-maili.");
}
