//! What the program finds by itself, and what a person makes of it.

use dzwoni::incidents::{self, DetectionReport};
use time::Duration;

use super::*;
use crate::tickets::{history, must_be_sound};

async fn look(world: &World) -> DetectionReport {
    incidents::detect(&world.app).await.unwrap()
}

/// Reports of the same by different people.
async fn alike(world: &World, count: usize) -> Vec<TicketReference> {
    let mut references = Vec::new();
    for number in 0..count {
        world.advance(Duration::seconds(30));
        references.push(report_of(world, &format!("osoba{number}@example.com")).await);
    }
    references
}

#[tokio::test]
async fn tickets_that_look_alike_are_proposed_and_a_person_decides() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    alike(&world, 4).await;
    assert_eq!(look(&world).await, DetectionReport::default());
    let fifth = report_of(&world, "piaty@example.com").await;
    assert_eq!(look(&world).await.new_proposals, 1);
    assert_eq!(look(&world).await, DetectionReport::default(), "the same is proposed once");
    let list = anna.get("/staff/incidents").await.expect(200);
    list.must_show("Nie mogę zadzwonić: 503").must_show("propozycja").must_show("5 może tu należeć");
    world.visitor().get("/pl/incidents").await.expect(200).must_not_show("503");
    let ticket = anna.get(&format!("/staff/tickets/{fifth}")).await.expect(200);
    ticket.must_show("Czy należy do tej awarii?").must_show("Nie mogę zadzwonić: 503");

    let proposal = "/staff/incidents/1";
    let page = anna.get(proposal).await.expect(200);
    press_from(&anna, &page, proposal, "confirmation", &[]).await.expect(303);
    press_from(&anna, &page, proposal, "confirmation", &[]).await.expect(303);
    anna.get(proposal).await.expect(200).must_show("szkic").must_show("5 zgłoszeń");
    assert_eq!(history(&world, &fifth).await, ["opened", "joined_incident"]);
    // it says nothing yet that everybody could read
    press(&anna, proposal, "publication", &[]).await.expect(422).must_show("Uzupełnij opis");
    let version = anna.get(&format!("{proposal}/edit")).await.expect(200).value("version");
    anna.post(proposal, &fields(&[("version", &version)])).await.expect(303);

    press(&anna, proposal, "confirmation", &[("act", "undo")]).await.expect(303);
    anna.get(proposal)
        .await
        .expect(200)
        .must_show("propozycja")
        .must_show("Mogą tu należeć")
        .must_show("Żadnego zgłoszenia");
    assert_eq!(history(&world, &fifth).await, ["opened", "joined_incident", "left_incident"]);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn a_proposal_that_was_dismissed_does_not_come_back_for_the_same_tickets() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    alike(&world, 5).await;
    assert_eq!(look(&world).await.new_proposals, 1);
    press(&anna, "/staff/incidents/1", "dismissal", &[]).await.expect(303);
    assert_eq!(look(&world).await, DetectionReport::default());
    alike(&world, 4).await;
    assert_eq!(look(&world).await, DetectionReport::default(), "four more are chance");
    report_of(&world, "jeszcze@example.com").await;
    assert_eq!(look(&world).await.new_proposals, 1, "five more are another set");
    // the first can't be brought back beside it: it is of the same kind
    press(&anna, "/staff/incidents/1", "dismissal", &[("act", "undo")]).await.expect(409);
    press(&anna, "/staff/incidents/2", "dismissal", &[]).await.expect(303);
    press(&anna, "/staff/incidents/1", "dismissal", &[("act", "undo")]).await.expect(303);
    anna.get("/staff/incidents?view=past").await.expect(200).must_show("odrzucona");
}

#[tokio::test]
async fn one_customer_who_tries_again_and_again_is_no_outage() {
    let world = World::new().await;
    for _ in 0..9 {
        report_of(&world, "jan@example.com").await;
    }
    assert_eq!(look(&world).await, DetectionReport::default());
}

#[tokio::test]
async fn tickets_without_a_code_are_put_together_by_their_numbers() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    for number in 0..5 {
        let report = given::report().without("error_text").with("email", &format!("osoba{number}@example.com"));
        report.with("callee", &format!("0044 20 8190 032{number}")).accepted(&world).await;
    }
    assert_eq!(look(&world).await.new_proposals, 1);
    anna.get("/staff/incidents").await.expect(200).must_show("0044 208190032");
}

#[tokio::test]
async fn what_came_long_ago_adds_up_to_nothing() {
    let world = World::new().await;
    for number in 0..6 {
        world.advance(Duration::minutes(10));
        let report = given::report().with("day", "now").with("email", &format!("osoba{number}@example.com"));
        report.accepted(&world).await;
    }
    assert_eq!(look(&world).await, DetectionReport::default());
}

#[tokio::test]
async fn new_tickets_are_proposed_to_the_incident_that_they_fit() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let before = report_of(&world, "przed@example.com").await;
    let incident = published(&anna, &[]).await;
    let after = report_of(&world, "po@example.com").await;
    // another problem, another number
    given::audio().accepted(&world).await;
    let report = given::report().with("callee", "0049 30 1234567").with("email", "niemcy@example.com");
    report.accepted(&world).await;
    assert_eq!(look(&world).await, DetectionReport { new_candidates: 2, new_proposals: 0 });
    assert_eq!(look(&world).await, DetectionReport::default());
    let page = anna.get(&incident).await.expect(200);
    page.must_show("Mogą tu należeć").must_show(&before.to_string()).must_show(&after.to_string());
    anna.get("/staff/incidents").await.expect(200).must_show("2 mogą tu należeć");

    let ticket = format!("/staff/tickets/{before}");
    anna.get(&ticket).await.expect(200).must_show("Czy należy do tej awarii?").must_show("Połączenia");
    anna.post(&format!("{ticket}/incident"), &[("decline", number(&incident))]).await.expect(303);
    anna.get(&ticket).await.expect(200).must_not_show("Czy należy do");
    let typed = after.to_string();
    anna.post(&format!("{incident}/tickets"), &[("act", "join"), ("ticket", &typed)]).await.expect(303);
    anna.get(&incident).await.expect(200).must_not_show("Mogą tu należeć").must_show("Dołączone zgłoszenia");
    assert_eq!(look(&world).await, DetectionReport::default());
    anna.post(&format!("{incident}/tickets"), &[("act", "leave"), ("ticket", &typed)]).await.expect(303);
    assert_eq!(history(&world, &after).await, ["opened", "joined_incident", "left_incident"]);
    anna.post(&format!("{incident}/tickets"), &[("act", "join")]).await.expect(422);
    must_be_sound(&world).await;
}

#[tokio::test]
async fn an_incident_of_some_addresses_finds_who_reports_from_there() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let change = [("category", ""), ("prefixes", ""), ("addresses", "203.0.113.0/24")];
    let incident = published(&anna, &change).await;
    let inside = report_of(&world, "tu@example.com").await;
    given::report().with("email", "tam@example.com").send(&world.visitor().from_ip("198.51.100.1")).await.expect(303);
    assert_eq!(look(&world).await.new_candidates, 1);
    anna.get(&incident).await.expect(200).must_show(&inside.to_string());
    // nothing of it tells the public whose addresses these are
    world.visitor().get("/pl/incident/1").await.expect(200).must_not_show("203.0.113");
}
