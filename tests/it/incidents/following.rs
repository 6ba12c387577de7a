//! Who has no ticket leaves an e-mail address, says by a link that it is theirs, and hears of an incident until they don't want to.

use dzwoni::{emails::Mailer, incidents, workers};
use time::Duration;

use super::*;
use crate::support::mail::{Letter, MailServer};

async fn ask(browser: &Browser, email: &str) -> Answer {
    browser.post("/pl/incident/1/follow", &[("email", email)]).await
}

/// The letters that go out until nothing more does.
async fn letters_of(world: &World, server: &MailServer) -> Vec<Letter> {
    let post = Mailer::default();
    while post.send_due(&world.app).await.unwrap().sent > 0 {}
    let letters = server.letters().await;
    server.took().await;
    letters
}

/// An address that was confirmed; gives the address of its page.
async fn follow(world: &World, server: &MailServer, email: &str) -> String {
    let visitor = world.visitor();
    ask(&visitor, email).await.expect(303);
    let letters = letters_of(world, server).await;
    let link = letters.iter().find(|letter| letter.to == email).unwrap().link();
    let answer = visitor.post(&link.replace("?key=", "/confirm?key="), &[]).await.expect(303);
    visitor.follow(&answer).await.expect(200).must_show("Piszemy do Ciebie o tym utrudnieniu");
    link
}

async fn with_mail() -> (MailServer, World, Browser, String) {
    let server = MailServer::start().await;
    let world = World::with_mail(&server.config()).await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    (server, world, anna, incident)
}

fn subjects(letters: &[Letter]) -> Vec<String> {
    letters.iter().map(|letter| format!("{}: {}", letter.to, letter.subject())).collect()
}

#[tokio::test]
async fn an_address_is_confirmed_and_hears_of_everything_once() {
    let (server, world, anna, incident) = with_mail().await;
    let visitor = world.visitor();
    visitor.get("/pl/incident/1").await.expect(200).must_show("Napisać do Ciebie o zmianach?");
    let answer = ask(&visitor, "ola@example.com").await.expect(303);
    visitor.follow(&answer).await.expect(200).must_show("Sprawdź pocztę").must_not_show("ola@");
    let asked = letters_of(&world, &server).await;
    assert_eq!(subjects(&asked), [format!("ola@example.com: Potwierdź adres: {TITLE}")]);
    let link = asked[0].link();

    // a mail program that looks at the link confirms nothing
    visitor.get(&link).await.expect(200).must_show("Czy pisać do Ciebie").must_show("o…@example.com");
    press(&anna, &incident, "updates", &news(&given::uuid())).await.expect(303);
    assert!(letters_of(&world, &server).await.is_empty(), "nobody has confirmed");

    for _ in 0..2 {
        visitor.post(&link.replace("?key=", "/confirm?key="), &[]).await.expect(303);
    }
    visitor.get(&link.replace("/pl/", "/en/")).await.expect(200).must_show("We write to you about this trouble");
    anna.get(&incident).await.expect(200).must_show("Obserwują e-mailem 1");
    let submission = given::uuid();
    for _ in 0..2 {
        press(&anna, &incident, "updates", &news(&submission)).await.expect(303);
    }
    let told = letters_of(&world, &server).await;
    assert_eq!(subjects(&told), [format!("ola@example.com: Nowa wiadomość: {TITLE}")]);
    assert!(told[0].text().contains(NEWS[0].1) && told[0].text().contains(&link), "{}", told[0].text());
    let end = told[0].header("List-Unsubscribe").unwrap();
    assert_eq!(end, format!("<http://127.0.0.1:8080{}>", link.replace("?key=", "/end?key=")));
    assert_eq!(told[0].header("In-Reply-To"), asked[0].header("Message-ID"), "one thread");
    assert_eq!(told[0].header("Reply-To"), None);

    press(&anna, &incident, "resolution", &news(&given::uuid())).await.expect(303);
    for _ in 0..2 {
        incidents::resolve_tickets(&world.app).await.unwrap();
    }
    assert_eq!(subjects(&letters_of(&world, &server).await), [format!("ola@example.com: Naprawione: {TITLE}")]);
    visitor.get(&link).await.expect(200).must_show("To utrudnienie jest usunięte");
    assert_eq!(ask(&visitor, "jan@example.com").await.expect(303).location(), "/pl/incident/1");
    assert_eq!(world.count("select count(*) from incident_subscriber").await, 1);
}

#[tokio::test]
async fn the_answer_is_always_the_same_and_nobody_fills_anothers_mailbox() {
    let (server, world, ..) = with_mail().await;
    follow(&world, &server, "known@example.com").await;
    let visitor = world.visitor();
    let first = ask(&visitor, "ola@example.com").await.expect(303);
    for email in ["ola@example.com", "OLA@example.com", "known@example.com", "new@example.com"] {
        assert_eq!(ask(&visitor, email).await.expect(303).location(), first.location());
    }
    let robot = [("email", "robot@example.com"), ("website", "x")];
    assert_eq!(visitor.post("/pl/incident/1/follow", &robot).await.expect(303).location(), first.location());
    assert_eq!(letters_of(&world, &server).await.len(), 2, "to ola and new");
    for round in 1..5 {
        world.advance(Duration::minutes(11));
        ask(&visitor, "ola@example.com").await.expect(303);
        assert_eq!(letters_of(&world, &server).await.len(), usize::from(round < 3), "round {round}");
    }
    let wrong = ask(&visitor, "ola@").await.expect(422);
    wrong.must_show("Błąd:");
    assert_eq!(wrong.value("email"), "ola@");
    visitor.post("/pl/incident/9/follow", &[("email", "ola@example.com")]).await.expect(404);
    assert_eq!(visitor.get("/pl/incident/1/follow").await.expect(303).location(), "/pl/incident/1");
    for number in 0..30 {
        ask(&visitor, &format!("osoba{number}@example.com")).await;
    }
    ask(&visitor, "osoba@example.com").await.expect(429);
}

#[tokio::test]
async fn one_address_gets_one_letter_whatever_it_did() {
    let (server, world, anna, incident) = with_mail().await;
    follow(&world, &server, "jan@example.com").await;
    let reference = report_of(&world, "Jan@example.com").await;
    join(&anna, &reference, &incident).await.expect(303);
    letters_of(&world, &server).await;
    press(&anna, &incident, "updates", &news(&given::uuid())).await.expect(303);
    let told = letters_of(&world, &server).await;
    assert_eq!(subjects(&told), [format!("Jan@example.com: {TITLE}: zgłoszenie {reference}")]);
    press(&anna, &incident, "resolution", &news(&given::uuid())).await.expect(303);
    incidents::resolve_tickets(&world.app).await.unwrap();
    let told = letters_of(&world, &server).await;
    assert_eq!(subjects(&told), [format!("Jan@example.com: Naprawione: {TITLE}, zgłoszenie {reference}")]);
}

#[tokio::test]
async fn one_press_ends_it_and_the_address_is_forgotten() {
    let (server, world, anna, incident) = with_mail().await;
    let link = follow(&world, &server, "ola@example.com").await;
    let other = follow(&world, &server, "jan@example.com").await;
    press(&anna, &incident, "updates", &news(&given::uuid())).await.expect(303);
    // as a mail program sends it (RFC 8058)
    let end = link.replace("?key=", "/end?key=");
    for _ in 0..2 {
        let gone = world.visitor().post_raw(&end, "List-Unsubscribe=One-Click").await.expect(200);
        gone.must_show("Nie piszemy do Ciebie o tym utrudnieniu");
        assert!(gone.body.contains("href=\"/en/follow/1?key="), "{}", gone.body);
    }
    let told = letters_of(&world, &server).await;
    assert_eq!(subjects(&told), [format!("jan@example.com: Nowa wiadomość: {TITLE}")], "what waited is forgotten, too");
    world.visitor().get(&link).await.expect(200).must_show("Nie mamy już Twojego adresu");
    // a key opens one door
    let (_, key) = other.split_once("?key=").unwrap();
    for wrong in [format!("/pl/follow/1?key={key}"), "/pl/follow/2".into(), "/pl/follow/x?key=".into()] {
        world.visitor().get(&wrong).await.expect(404);
    }
    world.visitor().post(&format!("/pl/follow/1/end?key={key}"), &[]).await.expect(404);
    assert_eq!(world.count("select count(*) from incident_subscriber").await, 1);
}

#[tokio::test]
async fn addresses_and_marks_are_forgotten() {
    let (server, world, _, incident) = with_mail().await;
    follow(&world, &server, "ola@example.com").await;
    ask(&world.visitor(), "never@example.com").await.expect(303);
    world.visitor().post("/pl/incident/1/join", &[]).await.expect(303);
    let kept = async || {
        workers::purge_expired(&world.app).await.unwrap();
        let addresses = world.count("select count(*) from incident_subscriber").await;
        (addresses, world.count("select count(*) from incident_me_too").await)
    };
    assert_eq!(kept().await, (2, 1));
    world.advance(Duration::days(3));
    assert_eq!(kept().await, (1, 1), "nobody confirmed it");
    let anna = world.signed_in("anna@example.com").await;
    press(&anna, &incident, "resolution", &news(&given::uuid())).await.expect(303);
    incidents::resolve_tickets(&world.app).await.unwrap();
    world.advance(Duration::weeks(3));
    assert_eq!(kept().await, (1, 1));
    world.advance(Duration::weeks(2));
    assert_eq!(kept().await, (0, 0));
    let anna = world.signed_in("anna@example.com").await;
    anna.get(&incident).await.expect(200).must_show("Kliknęli „Mnie też to dotyczy” 1");
}

#[tokio::test]
async fn staff_see_what_became_of_letters_to_followers() {
    let (server, world, anna, _) = with_mail().await;
    server.refuse("rcpt", 550).await;
    ask(&world.visitor(), "ola@example.com").await.expect(303);
    assert_eq!(Mailer::default().send_due(&world.app).await.unwrap().failed, 1);
    let list = anna.get("/staff/letters").await.expect(200);
    list.must_show("ola@example.com").must_show("Potwierdzenie adresu").must_show("Awaria 1");
    assert!(list.body.contains("href=\"/staff/incidents/1\""), "{}", list.body);
    server.obey().await;
    anna.post("/staff/letters", &[("wish", "again")]).await.expect(303);
    assert_eq!(letters_of(&world, &server).await.len(), 1);
}
