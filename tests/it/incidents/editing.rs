//! Editing incidents and publishing updates, also by two staff members at once.

use super::*;

#[tokio::test]
async fn an_incident_needs_texts_in_both_languages() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    anna.get("/staff/incidents").await.expect(200).assert_shows("Nie ma żadnej awarii");
    let invalid = [("title_en", ""), ("text_pl", ""), ("prefixes", "abc"), ("until", "2026-11-20T10:00")];
    let page = anna.post("/staff/incidents", &fields(&invalid)).await.expect(422);
    page.assert_shows("To nie jest początek numeru: „abc”").assert_shows("Koniec musi być po początku");
    assert_eq!(page.body.matches("has-error").count(), 4, "{}", page.body);
    assert_eq!(page.value("title_pl"), TITLE, "the typed text is kept");
    let preview = anna.post("/staff/incidents", &fields(&[("command", "preview")])).await.expect(200);
    preview
        .assert_shows("Tak to zobaczą klienci")
        .assert_shows("Trwa utrudnienie: Połączenia")
        .assert_shows("Trouble now: Calls");
    assert_eq!(world.count("select count(*) from incident").await, 0);

    let submission = given::uuid();
    let first = create_draft(&anna, &[("submission", &submission)]).await;
    assert_eq!(
        create_draft(&anna, &[("submission", &submission)]).await,
        first,
        "the form sent twice creates one incident"
    );
    anna.get("/staff/incidents").await.expect(200).assert_shows(TITLE).assert_shows("szkic");
    world.visitor().get("/staff/incidents").await.expect(303);
    anna.get("/staff/incidents/77").await.expect(404);
    anna.get("/staff/incidents/x").await.expect(404);
}

#[tokio::test]
async fn a_conflict_on_an_incident_shows_both_versions() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let incident = publish_incident(&anna, &[]).await;
    let (annas_page, mareks_page) =
        (anna.get(&format!("{incident}/edit")).await, marek.get(&format!("{incident}/edit")).await);
    let version = annas_page.value("version");
    anna.post(&incident, &fields(&[("version", &version), ("title_pl", "Anglia i Szkocja")])).await.expect(303);
    let version = mareks_page.value("version");
    let conflict = marek.post(&incident, &fields(&[("version", &version), ("title_pl", "Anglia")])).await.expect(409);
    conflict.assert_shows("Anglia i Szkocja").assert_shows("zmienił tę awarię przed Tobą (Anna");
    assert_eq!(conflict.value("title_pl"), "Anglia");
    let version = conflict.value("version");
    marek.post(&incident, &fields(&[("version", &version), ("title_pl", "Anglia")])).await.expect(303);
    world.visitor().get("/pl/incident/1").await.expect(200).assert_shows("Anglia");
}

#[tokio::test]
async fn publication_and_resolution_sent_twice_happen_once() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let incident = create_draft(&anna, &[]).await;
    let page = anna.get(&incident).await.expect(200);
    let publish = async |staff: &Browser| {
        post_incident_action_from(staff, &page, &incident, "publication", &[]).await.status.as_u16()
    };
    let (first, second) = tokio::join!(publish(&anna), publish(&marek));
    assert_eq!((first, second), (303, 303), "both requests succeed");

    let before = marek.get(&incident).await.expect(200);
    let submission = given::uuid();
    let resolution = update_form(&submission);
    post_incident_action_from(&anna, &before, &incident, "resolution", &resolution).await.expect(303);
    post_incident_action_from(&anna, &before, &incident, "resolution", &resolution).await.expect(303);
    let submission = given::uuid();
    let other = [("text_pl", "Inny koniec"), ("text_en", "Another end"), ("submission", submission.as_str())];
    let conflict = post_incident_action_from(&marek, &before, &incident, "resolution", &other).await.expect(409);
    conflict.assert_shows("zmienił tę awarię przed Tobą (Anna");
    post_incident_action_from(&marek, &before, &incident, "updates", &other).await.expect(409);
    post_incident_action_from(&marek, &before, &incident, "publication", &[]).await.expect(409);
    assert_eq!(world.count("select count(*) from incident_update").await, 1);
    assert_eq!(marek.get(&format!("{incident}/edit")).await.expect(303).location(), incident);
}

#[tokio::test]
async fn an_update_is_sent_once_to_each_address_that_joined() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    let mut references = Vec::new();
    for email in ["jan@example.com", "JAN@example.com", "ola@example.com", "over@example.com", "twin@example.com"] {
        references.push(report_from(&world, email).await);
    }
    let (by_phone, _) = given::report().without("email").with("phone", "601 555 210").accepted(&world).await;
    crate::tickets::post_action(&anna, &references[4], "merge", &[("into", &references[2].to_string())])
        .await
        .expect(303);
    for reference in references[..4].iter().chain([&by_phone]) {
        join_incident(&anna, reference, &incident).await.expect(303);
    }
    crate::tickets::post_action(&anna, &references[3], "status", &[("status", "resolved")]).await.expect(303);
    let spam = report_from(&world, "spam@example.com").await;
    join_incident(&anna, &spam, &incident).await.expect(303);
    crate::tickets::post_action(&anna, &spam, "status", &[("status", "spam")]).await.expect(303);
    // not part of the incident
    report_from(&world, "other@example.com").await;

    let submission = given::uuid();
    for _ in 0..2 {
        post_incident_action(&anna, &incident, "updates", &update_form(&submission)).await.expect(303);
    }
    let expected = |email: &str| ("incident_update".to_owned(), email.to_owned());
    let mut sent = incident_emails(&world).await;
    sent.sort();
    let all = ["jan@example.com", "ola@example.com", "over@example.com", "twin@example.com"];
    assert_eq!(sent, all.map(expected));
    anna.get(&incident).await.expect(200).assert_shows("E-maile do klientów 4");
    post_incident_action(&anna, &incident, "updates", &update_form(&given::uuid())).await.expect(303);
    assert_eq!(incident_emails(&world).await.len(), 8);
    let invalid =
        post_incident_action(&anna, &incident, "updates", &[("text_pl", "Tylko po polsku")]).await.expect(422);
    invalid.assert_shows("Tylko po polsku").assert_shows("Wpisz tekst po angielsku");
    assert_eq!(incident_emails(&world).await.len(), 8);
}
