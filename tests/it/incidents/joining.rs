//! Who joins an incident, and how.

use dzwoni::tickets::TicketReference;
use time::Duration;

use super::*;
use crate::tickets::{history, must_be_sound};

/// The incidents that tickets are part of, as `reference: incident how`.
async fn members(world: &World) -> Vec<String> {
    sqlx::query_scalar(
        "select reference || ': ' || incident_id || ' ' || join_source from incident_ticket
        join ticket on ticket.id = ticket_id where ended_at is null order by ticket.id",
    )
    .fetch_all(world.sql().await)
    .await
    .unwrap()
}

fn member(reference: &TicketReference, incident: &str, how: &str) -> String {
    format!("{}: {} {how}", reference.as_str(), number(incident))
}

#[tokio::test]
async fn one_tap_counts_each_visitor_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    let visitor = world.visitor();
    for _ in 0..3 {
        let answer = visitor.post("/pl/incident/1/join", &[]).await.expect(303);
        let page = visitor.follow(&answer).await.expect(200);
        page.must_show("Dziękujemy, policzone");
        assert!(page.body.contains("/pl/report?category=outgoing&#38;incident=1"), "{}", page.body);
    }
    visitor.get("/pl/incident/1").await.expect(200).must_not_show("Dziękujemy, policzone");
    visitor.clone().from_ip("198.51.100.9").post("/en/incident/1/join", &[]).await.expect(303);
    assert_eq!(world.count("select count(*) from incident_me_too").await, 2);
    anna.get(&incident).await.expect(200).must_show("Kliknęli „Mnie też to dotyczy” 2");
    // nothing that tells who
    let kept: Vec<String> =
        sqlx::query_scalar("select visitor_hash from incident_me_too").fetch_all(world.sql().await).await.unwrap();
    assert!(kept.iter().all(|mark| !mark.contains("203.0.113")));
    visitor.post("/pl/incident/9/join", &[]).await.expect(404);
    assert_eq!(visitor.get("/pl/incident/1/join").await.expect(303).location(), "/pl/incident/1");
}

#[tokio::test]
async fn a_report_joins_in_its_form() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    let blank = world.visitor().get("/pl/report?category=outgoing&incident=1").await.expect(200);
    assert!(blank.body.contains("name=\"incident\" value=\"1\" checked"), "{}", blank.body);
    // somebody who comes from an incident with another problem keeps it, too
    let other = world.visitor().get("/pl/report?category=audio&incident=1").await.expect(200);
    assert!(other.body.contains("name=\"incident\" value=\"1\" checked"));
    let choose = world.visitor().get("/pl/report?incident=1").await.expect(200);
    assert!(choose.body.contains("category=audio&#38;incident=1"), "{}", choose.body);

    let mistaken = given::report().with("incident", "1").with("callee", "").send(&world.visitor()).await.expect(422);
    assert!(mistaken.body.contains("name=\"incident\" value=\"1\" checked"));
    let report = given::report().with("incident", "1");
    let (reference, page) = report.accepted(&world).await;
    report.accepted(&world).await;
    assert_eq!(members(&world).await, [member(&reference, &incident, "customer")]);
    assert_eq!(history(&world, &reference).await, ["opened", "joined_incident"]);
    world.visitor().get(&page).await.expect(200).must_show("Dołączone do znanego utrudnienia");
    given::report().with("incident", "1").with("website", "x").accepted(&world).await;
    for nonsense in ["9", "x", "-1", "99999999999999999999"] {
        given::report().with("incident", nonsense).accepted(&world).await;
    }
    assert_eq!(members(&world).await.len(), 1);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_customer_joins_from_the_tickets_page() {
    let world = World::new().await;
    let (anna, visitor) = (world.agent("Anna").await, world.visitor());
    let (reference, page) = given::report().accepted(&world).await;
    visitor.get(&page).await.expect(200).must_not_show("Trwa utrudnienie");
    let incident = published(&anna, &[]).await;
    visitor.get(&page).await.expect(200).must_show("Trwa utrudnienie. Czy dotyczy też Ciebie?").must_show(TITLE);
    let join = page.replace("?key=", "/incident?key=");
    for _ in 0..2 {
        let answer = visitor.post(&join, &[("incident", number(&incident))]).await.expect(303);
        let shown = visitor.follow(&answer).await.expect(200);
        shown.must_show("Chodzi o znane utrudnienie").must_not_show("Czy dotyczy też Ciebie?");
    }
    assert_eq!(members(&world).await, [member(&reference, &incident, "customer")]);
    assert_eq!(history(&world, &reference).await, ["opened", "joined_incident"]);
    visitor.post(&join.replace("?key=", "?key=X"), &[("incident", "1")]).await.expect(404);
    visitor.post(&join, &[("incident", "x")]).await.expect(400);
}

#[tokio::test]
async fn several_incidents_are_asked_about_once() {
    let world = World::new().await;
    let (anna, visitor) = (world.agent("Anna").await, world.visitor());
    let (reference, page) = given::report().accepted(&world).await;
    published(&anna, &[]).await;
    let second = published(&anna, &[("title_pl", "Druga")]).await;
    let asked = visitor.get(&page).await.expect(200);
    asked.must_show("Trwają utrudnienia. Czy któreś dotyczy też Ciebie?").must_show("Druga Tak, dotyczy mnie");
    assert_eq!(asked.body.matches("name=\"incident\"").count(), 2);
    let works = asked.body.find("/works?key").unwrap();
    assert!(works < asked.body.find("id=\"affects\"").unwrap(), "what is needed first stands first");
    join(&anna, &reference, &second).await.expect(303);
    visitor.get(&page).await.expect(200).must_show("Chodzi o znane utrudnienie").must_not_show("Czy któreś");
}

#[tokio::test]
async fn a_ticket_that_two_incidents_want_is_the_first_ones() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let (one, two) = (published(&anna, &[]).await, published(&anna, &[("title_pl", "Druga")]).await);
    let reference = report_of(&world, "jan@example.com").await;
    join(&anna, &reference, &one).await.expect(303);
    join(&anna, &reference, &one).await.expect(303);
    join(&marek, &reference, &two).await.expect(409).must_show(TITLE);
    let typed = reference.to_string();
    let told = marek.post(&format!("{two}/tickets"), &[("act", "join"), ("ticket", &typed)]).await.expect(409);
    told.must_show("1 zgłoszenie należy już do innej awarii");
    assert_eq!(members(&world).await, [member(&reference, &one, "staff")]);
    assert_eq!(history(&world, &reference).await, ["opened", "joined_incident"]);

    for round in 0..5 {
        let reference = report_of(&world, &format!("jan{round}@example.com")).await;
        let (first, second) = tokio::join!(join(&anna, &reference, &one), join(&marek, &reference, &two));
        let mut answers = [first.status.as_u16(), second.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [303, 409]);
    }
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_ticket_leaves_and_is_not_proposed_again() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    let reference = report_of(&world, "jan@example.com").await;
    join(&anna, &reference, &incident).await.expect(303);
    let page = anna.get(&format!("/staff/tickets/{reference}")).await.expect(200);
    page.must_show(TITLE).must_show("Odłącz od awarii").must_show("Anna: dołączone do awarii");
    for _ in 0..2 {
        anna.post(&format!("/staff/tickets/{reference}/incident"), &[("incident", "none")]).await.expect(303);
    }
    assert!(members(&world).await.is_empty());
    assert_eq!(history(&world, &reference).await, ["opened", "joined_incident", "left_incident"]);
    dzwoni::incidents::detect(&world.app).await.unwrap();
    anna.get(&incident).await.expect(200).must_not_show("Mogą tu należeć");
    // it may come back by hand
    join(&anna, &reference, &incident).await.expect(303);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn what_is_over_or_a_duplicate_can_not_join() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    let [over, main, duplicate] = ["a@example.com", "b@example.com", "c@example.com"];
    let (over, main, duplicate) =
        (report_of(&world, over).await, report_of(&world, main).await, report_of(&world, duplicate).await);
    crate::tickets::act(&anna, &over, "status", &[("status", "resolved")]).await.expect(303);
    crate::tickets::act(&anna, &duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    join(&anna, &over, &incident).await.expect(409).must_show("zakończone");
    join(&anna, &duplicate, &incident).await.expect(409).must_show("duplikat");
    anna.post(&format!("/staff/tickets/{main}/incident"), &[("incident", "77")]).await.expect(409);
    anna.post(&format!("/staff/tickets/{main}/incident"), &[("incident", "x")]).await.expect(400);
    assert!(members(&world).await.is_empty());
    must_be_sound(&world).await;
}

#[tokio::test]
async fn many_join_from_the_queue_and_that_is_taken_back() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    assert!(!anna.get("/staff").await.expect(200).body.contains("bulk-incident"), "no incident, no button");
    let (one, two) = (published(&anna, &[]).await, published(&anna, &[("title_pl", "Druga")]).await);
    let mut references = Vec::new();
    for email in ["a@example.com", "b@example.com", "c@example.com"] {
        references.push(report_of(&world, email).await);
    }
    join(&anna, &references[2], &two).await.expect(303);
    let typed: Vec<_> = references.iter().map(ToString::to_string).collect();
    let mut fields: Vec<_> = typed.iter().map(|one| ("ticket", one.as_str())).collect();
    let submission = given::uuid();
    fields.extend([("verb", "incident"), ("incident", number(&one)), ("submission", &submission)]);
    assert!(anna.get("/staff").await.expect(200).body.contains("bulk-incident"));
    let answer = anna.post("/staff/bulk", &fields).await.expect(303);
    let page = anna.follow(&answer).await.expect(200);
    page.must_show("Zmieniono 2 zgłoszenia.").must_show("1 należy do innej awarii.");
    anna.post("/staff/bulk", &fields).await.expect(303);
    assert_eq!(members(&world).await.len(), 3);
    assert_eq!(history(&world, &references[0]).await, ["opened", "joined_incident"]);

    let undo = page.body.split("action=\"/staff/bulk/").nth(1).unwrap().split('"').next().unwrap();
    anna.post(&format!("/staff/bulk/{undo}"), &[]).await.expect(303);
    assert_eq!(members(&world).await, [member(&references[2], &two, "staff")]);
    assert_eq!(history(&world, &references[0]).await, ["opened", "joined_incident", "undone"]);
    must_be_sound(&world).await;
    let missing = anna.post("/staff/bulk", &[("verb", "incident"), ("ticket", &typed[0])]).await.expect(422);
    missing.must_show("Wybierz awarię");
    world.advance(Duration::seconds(1));
}
