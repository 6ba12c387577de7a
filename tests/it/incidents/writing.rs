//! What staff write, and two of them at once.

use super::*;

#[tokio::test]
async fn an_incident_is_written_in_both_languages_or_not_at_all() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    anna.get("/staff/incidents").await.expect(200).must_show("Nie ma żadnej awarii");
    let wrong = [("title_en", ""), ("text_pl", ""), ("prefixes", "abc"), ("until", "2026-11-20T10:00")];
    let page = anna.post("/staff/incidents", &fields(&wrong)).await.expect(422);
    page.must_show("To nie jest początek numeru: „abc”").must_show("Koniec musi być po początku");
    assert_eq!(page.body.matches("is-wrong").count(), 4, "{}", page.body);
    assert_eq!(page.value("title_pl"), TITLE, "what was typed stays");
    let preview = anna.post("/staff/incidents", &fields(&[("act", "preview")])).await.expect(200);
    preview
        .must_show("Tak to zobaczą klienci")
        .must_show("Trwa utrudnienie: Połączenia")
        .must_show("Trouble now: Calls");
    assert_eq!(world.count("select count(*) from incident").await, 0);

    let submission = given::uuid();
    let first = draft(&anna, &[("submission", &submission)]).await;
    assert_eq!(draft(&anna, &[("submission", &submission)]).await, first, "sent twice, it is one");
    anna.get("/staff/incidents").await.expect(200).must_show(TITLE).must_show("szkic");
    world.visitor().get("/staff/incidents").await.expect(303);
    anna.get("/staff/incidents/77").await.expect(404);
    anna.get("/staff/incidents/x").await.expect(404);
}

#[tokio::test]
async fn who_comes_second_sees_both() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let incident = published(&anna, &[]).await;
    let (theirs, ours) = (anna.get(&format!("{incident}/edit")).await, marek.get(&format!("{incident}/edit")).await);
    let version = theirs.value("version");
    anna.post(&incident, &fields(&[("version", &version), ("title_pl", "Anglia i Szkocja")])).await.expect(303);
    let version = ours.value("version");
    let late = marek.post(&incident, &fields(&[("version", &version), ("title_pl", "Anglia")])).await.expect(409);
    late.must_show("Anglia i Szkocja").must_show("zmienił tę awarię przed Tobą (Anna");
    assert_eq!(late.value("title_pl"), "Anglia");
    let version = late.value("version");
    marek.post(&incident, &fields(&[("version", &version), ("title_pl", "Anglia")])).await.expect(303);
    world.visitor().get("/pl/incident/1").await.expect(200).must_show("Anglia");
}

#[tokio::test]
async fn a_button_that_was_pressed_twice_did_it_once() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let incident = draft(&anna, &[]).await;
    let page = anna.get(&incident).await.expect(200);
    let publish = async |who: &Browser| press_from(who, &page, &incident, "publication", &[]).await.status.as_u16();
    let (first, second) = tokio::join!(publish(&anna), publish(&marek));
    assert_eq!((first, second), (303, 303), "both wanted it, and it is so");

    let before = marek.get(&incident).await.expect(200);
    let submission = given::uuid();
    let last = news(&submission);
    press_from(&anna, &before, &incident, "resolution", &last).await.expect(303);
    press_from(&anna, &before, &incident, "resolution", &last).await.expect(303);
    let submission = given::uuid();
    let other = [("text_pl", "Inny koniec"), ("text_en", "Another end"), ("submission", submission.as_str())];
    let late = press_from(&marek, &before, &incident, "resolution", &other).await.expect(409);
    late.must_show("zmienił tę awarię przed Tobą (Anna");
    press_from(&marek, &before, &incident, "updates", &other).await.expect(409);
    press_from(&marek, &before, &incident, "publication", &[]).await.expect(409);
    assert_eq!(world.count("select count(*) from incident_update").await, 1);
    assert_eq!(marek.get(&format!("{incident}/edit")).await.expect(303).location(), incident);
}

#[tokio::test]
async fn news_goes_once_to_each_address_that_joined() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    let mut references = Vec::new();
    for email in ["jan@example.com", "JAN@example.com", "ola@example.com", "over@example.com", "twin@example.com"] {
        references.push(report_of(&world, email).await);
    }
    let (by_phone, _) = given::report().without("email").with("phone", "601 555 210").accepted(&world).await;
    crate::tickets::act(&anna, &references[4], "merge", &[("into", &references[2].to_string())]).await.expect(303);
    for reference in references[..4].iter().chain([&by_phone]) {
        join(&anna, reference, &incident).await.expect(303);
    }
    crate::tickets::act(&anna, &references[3], "status", &[("status", "resolved")]).await.expect(303);
    let spam = report_of(&world, "spam@example.com").await;
    join(&anna, &spam, &incident).await.expect(303);
    crate::tickets::act(&anna, &spam, "status", &[("status", "spam")]).await.expect(303);
    // not part of it
    report_of(&world, "other@example.com").await;

    let submission = given::uuid();
    for _ in 0..2 {
        press(&anna, &incident, "updates", &news(&submission)).await.expect(303);
    }
    let one = |email: &str| ("incident_update".to_owned(), email.to_owned());
    let mut sent = letters(&world).await;
    sent.sort();
    let all = ["jan@example.com", "ola@example.com", "over@example.com", "twin@example.com"];
    assert_eq!(sent, all.map(one));
    anna.get(&incident).await.expect(200).must_show("E-maile do klientów 4");
    press(&anna, &incident, "updates", &news(&given::uuid())).await.expect(303);
    assert_eq!(letters(&world).await.len(), 8);
    let wrong = press(&anna, &incident, "updates", &[("text_pl", "Tylko po polsku")]).await.expect(422);
    wrong.must_show("Tylko po polsku").must_show("Wpisz tekst po angielsku");
    assert_eq!(letters(&world).await.len(), 8);
}
