//! Joining an incident: by one tap, with a report, from the ticket page, by staff.

use dzwoni::tickets::TicketReference;

use super::*;
use crate::tickets::event_kinds;

/// The open memberships, as `reference: incident join_source`.
async fn members(world: &World) -> Vec<String> {
    sqlx::query_scalar(
        "select reference || ': ' || incident_id || ' ' || join_source from incident_ticket
        join ticket on ticket.id = ticket_id where ended_at is null order by ticket.id",
    )
    .fetch_all(world.sql().await)
    .await
    .unwrap()
}

fn member(reference: &TicketReference, incident: &str, source: &str) -> String {
    format!("{}: {} {source}", reference.as_str(), incident_number(incident))
}

#[tokio::test]
async fn me_too_counts_each_visitor_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    let visitor = world.visitor();
    for _ in 0..3 {
        let response = visitor.post("/pl/incident/1/join", &[]).await.expect(303);
        let page = visitor.follow(&response).await.expect(200);
        page.assert_shows("Dziękujemy, policzone");
        assert!(page.body.contains("/pl/report?category=outgoing&#38;incident=1"), "{}", page.body);
    }
    visitor.get("/pl/incident/1").await.expect(200).assert_hides("Dziękujemy, policzone");
    visitor.clone().from_ip("198.51.100.9").post("/en/incident/1/join", &[]).await.expect(303);
    assert_eq!(world.count("select count(*) from incident_me_too").await, 2);
    anna.get(&incident).await.expect(200).assert_shows("Kliknęli „Mnie też to dotyczy” 2");
    // the stored hash does not contain the address
    let hashes: Vec<String> =
        sqlx::query_scalar("select visitor_hash from incident_me_too").fetch_all(world.sql().await).await.unwrap();
    assert!(hashes.iter().all(|hash| !hash.contains("203.0.113")));
    visitor.post("/pl/incident/9/join", &[]).await.expect(404);
    assert_eq!(visitor.get("/pl/incident/1/join").await.expect(303).location(), "/pl/incident/1");
}

#[tokio::test]
async fn a_report_joins_the_incident_chosen_in_its_form() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    let blank = world.visitor().get("/pl/report?category=outgoing&incident=1").await.expect(200);
    assert!(blank.body.contains("name=\"incident\" value=\"1\" checked"), "{}", blank.body);
    // a report of another category keeps the incident, too
    let other = world.visitor().get("/pl/report?category=audio&incident=1").await.expect(200);
    assert!(other.body.contains("name=\"incident\" value=\"1\" checked"));
    let without_category = world.visitor().get("/pl/report?incident=1").await.expect(200);
    assert!(without_category.body.contains("category=audio&#38;incident=1"), "{}", without_category.body);

    let refused = given::report().with("incident", "1").with("callee", "").send(&world.visitor()).await.expect(422);
    assert!(refused.body.contains("name=\"incident\" value=\"1\" checked"));
    let report = given::report().with("incident", "1");
    let (reference, page) = report.accepted(&world).await;
    report.accepted(&world).await;
    assert_eq!(members(&world).await, [member(&reference, &incident, "customer")]);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "joined_incident"]);
    world.visitor().get(&page).await.expect(200).assert_shows("Dołączone do znanego utrudnienia");
    given::report().with("incident", "1").with("website", "x").accepted(&world).await;
    for nonsense in ["9", "x", "-1", "99999999999999999999"] {
        given::report().with("incident", nonsense).accepted(&world).await;
    }
    assert_eq!(members(&world).await.len(), 1);
}

#[tokio::test]
async fn a_customer_joins_an_incident_from_the_ticket_page() {
    let world = World::new().await;
    let (anna, visitor) = (world.agent("Anna").await, world.visitor());
    let (reference, page) = given::report().accepted(&world).await;
    visitor.get(&page).await.expect(200).assert_hides("Trwa utrudnienie");
    let incident = publish_incident(&anna, &[]).await;
    visitor.get(&page).await.expect(200).assert_shows("Trwa utrudnienie. Czy dotyczy też Ciebie?").assert_shows(TITLE);
    let join_path = page.replace("?key=", "/incident?key=");
    for _ in 0..2 {
        let response = visitor.post(&join_path, &[("incident", incident_number(&incident))]).await.expect(303);
        let shown = visitor.follow(&response).await.expect(200);
        shown.assert_shows("Chodzi o znane utrudnienie").assert_hides("Czy dotyczy też Ciebie?");
    }
    assert_eq!(members(&world).await, [member(&reference, &incident, "customer")]);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "joined_incident"]);
    visitor.post(&join_path.replace("?key=", "?key=X"), &[("incident", "1")]).await.expect(404);
    visitor.post(&join_path, &[("incident", "x")]).await.expect(400);
}

#[tokio::test]
async fn the_ticket_page_offers_several_incidents_in_one_question() {
    let world = World::new().await;
    let (anna, visitor) = (world.agent("Anna").await, world.visitor());
    let (reference, page) = given::report().accepted(&world).await;
    publish_incident(&anna, &[]).await;
    let second = publish_incident(&anna, &[("title_pl", "Druga")]).await;
    let page_shown = visitor.get(&page).await.expect(200);
    page_shown
        .assert_shows("Trwają utrudnienia. Czy któreś dotyczy też Ciebie?")
        .assert_shows("Druga Tak, dotyczy mnie");
    assert_eq!(page_shown.body.matches("name=\"incident\"").count(), 2);
    let actions = page_shown.body.find("/works?key").unwrap();
    assert!(
        actions < page_shown.body.find("id=\"incident-question\"").unwrap(),
        "the question about the incident comes after the main actions"
    );
    join_incident(&anna, &reference, &second).await.expect(303);
    visitor.get(&page).await.expect(200).assert_shows("Chodzi o znane utrudnienie").assert_hides("Czy któreś");
}

#[tokio::test]
async fn a_ticket_can_join_only_one_incident() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let (first_incident, second_incident) =
        (publish_incident(&anna, &[]).await, publish_incident(&anna, &[("title_pl", "Druga")]).await);
    let reference = report_from(&world, "jan@example.com").await;
    join_incident(&anna, &reference, &first_incident).await.expect(303);
    join_incident(&anna, &reference, &first_incident).await.expect(303);
    join_incident(&marek, &reference, &second_incident).await.expect(409).assert_shows(TITLE);
    let reference_text = reference.to_string();
    let conflict = marek
        .post(&format!("{second_incident}/tickets"), &[("command", "join"), ("ticket", &reference_text)])
        .await
        .expect(409);
    conflict.assert_shows("1 zgłoszenie należy już do innej awarii");
    assert_eq!(members(&world).await, [member(&reference, &first_incident, "staff")]);
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "joined_incident"]);

    for round in 0..5 {
        let reference = report_from(&world, &format!("jan{round}@example.com")).await;
        let (first, second) = tokio::join!(
            join_incident(&anna, &reference, &first_incident),
            join_incident(&marek, &reference, &second_incident)
        );
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
    }
}

#[tokio::test]
async fn a_ticket_that_left_an_incident_is_not_proposed_again() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    let reference = report_from(&world, "jan@example.com").await;
    join_incident(&anna, &reference, &incident).await.expect(303);
    let page = anna.get(&format!("/staff/tickets/{reference}")).await.expect(200);
    page.assert_shows(TITLE).assert_shows("Odłącz od awarii").assert_shows("Anna: dołączone do awarii");
    for _ in 0..2 {
        anna.post(&format!("/staff/tickets/{reference}/incident"), &[("incident", "none")]).await.expect(303);
    }
    assert!(members(&world).await.is_empty());
    assert_eq!(event_kinds(&world, &reference).await, ["opened", "joined_incident", "left_incident"]);
    dzwoni::incidents::detect(&world.app).await.unwrap();
    anna.get(&incident).await.expect(200).assert_hides("Mogą tu należeć");
    // staff can add it again
    join_incident(&anna, &reference, &incident).await.expect(303);
}

#[tokio::test]
async fn resolved_tickets_and_duplicates_can_not_join_an_incident() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    let resolved = report_from(&world, "a@example.com").await;
    let main = report_from(&world, "b@example.com").await;
    let duplicate = report_from(&world, "c@example.com").await;
    crate::tickets::post_action(&anna, &resolved, "status", &[("status", "resolved")]).await.expect(303);
    crate::tickets::post_action(&anna, &duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    join_incident(&anna, &resolved, &incident).await.expect(409).assert_shows("zakończone");
    join_incident(&anna, &duplicate, &incident).await.expect(409).assert_shows("duplikat");
    anna.post(&format!("/staff/tickets/{main}/incident"), &[("incident", "77")]).await.expect(409);
    anna.post(&format!("/staff/tickets/{main}/incident"), &[("incident", "x")]).await.expect(400);
    assert!(members(&world).await.is_empty());
}

#[tokio::test]
async fn bulk_join_from_the_queue_can_be_undone() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    assert!(
        !anna.get("/staff").await.expect(200).body.contains("bulk-incident"),
        "without an incident there is no button"
    );
    let (first, second) = (publish_incident(&anna, &[]).await, publish_incident(&anna, &[("title_pl", "Druga")]).await);
    let mut references = Vec::new();
    for email in ["a@example.com", "b@example.com", "c@example.com"] {
        references.push(report_from(&world, email).await);
    }
    join_incident(&anna, &references[2], &second).await.expect(303);
    let reference_texts: Vec<_> = references.iter().map(ToString::to_string).collect();
    let mut fields: Vec<_> = reference_texts.iter().map(|text| ("ticket", text.as_str())).collect();
    let submission = given::uuid();
    fields.extend([("command", "incident"), ("incident", incident_number(&first)), ("submission", &submission)]);
    assert!(anna.get("/staff").await.expect(200).body.contains("bulk-incident"));
    let response = anna.post("/staff/bulk", &fields).await.expect(303);
    let page = anna.follow(&response).await.expect(200);
    page.assert_shows("Zmieniono 2 zgłoszenia.").assert_shows("1 należy do innej awarii.");
    anna.post("/staff/bulk", &fields).await.expect(303);
    assert_eq!(members(&world).await.len(), 3);
    assert_eq!(event_kinds(&world, &references[0]).await, ["opened", "joined_incident"]);

    let undo = page.body.split("action=\"/staff/bulk/").nth(1).unwrap().split('"').next().unwrap();
    anna.post(&format!("/staff/bulk/{undo}"), &[]).await.expect(303);
    assert_eq!(members(&world).await, [member(&references[2], &second, "staff")]);
    assert_eq!(event_kinds(&world, &references[0]).await, ["opened", "joined_incident", "undone"]);
    world.assert_invariants().await;
    let missing =
        anna.post("/staff/bulk", &[("command", "incident"), ("ticket", &reference_texts[0])]).await.expect(422);
    missing.assert_shows("Wybierz awarię");
}
