//! Automatic detection of incidents and of tickets that belong to one, and the decision of staff.

use dzwoni::incidents::{self, DetectionReport};
use time::Duration;

use super::*;
use crate::tickets::event_kinds;

async fn detect(world: &World) -> DetectionReport {
    incidents::detect(&world.app).await.unwrap()
}

/// Similar reports of different customers.
async fn send_similar_reports(world: &World, count: usize) -> Vec<TicketReference> {
    let mut references = Vec::new();
    for number in 0..count {
        world.advance(Duration::seconds(30));
        references.push(report_from(world, &format!("osoba{number}@example.com")).await);
    }
    references
}

#[tokio::test]
async fn similar_tickets_are_proposed_as_an_incident_for_staff_to_confirm() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    send_similar_reports(&world, 4).await;
    assert_eq!(detect(&world).await, DetectionReport::default());
    let fifth = report_from(&world, "piaty@example.com").await;
    assert_eq!(detect(&world).await.new_proposals, 1);
    assert_eq!(detect(&world).await, DetectionReport::default(), "the same proposal is made once");
    let list = anna.get("/staff/incidents").await.expect(200);
    list.assert_shows("Nie mogę zadzwonić: 503").assert_shows("propozycja").assert_shows("5 może tu należeć");
    world.visitor().get("/pl/incidents").await.expect(200).assert_hides("503");
    let ticket = anna.get(&format!("/staff/tickets/{fifth}")).await.expect(200);
    ticket.assert_shows("Czy należy do tej awarii?").assert_shows("Nie mogę zadzwonić: 503");

    let proposal = "/staff/incidents/1";
    let page = anna.get(proposal).await.expect(200);
    post_incident_action_from(&anna, &page, proposal, "confirmation", &[]).await.expect(303);
    post_incident_action_from(&anna, &page, proposal, "confirmation", &[]).await.expect(303);
    anna.get(proposal).await.expect(200).assert_shows("szkic").assert_shows("5 zgłoszeń");
    assert_eq!(event_kinds(&world, &fifth).await, ["opened", "joined_incident"]);
    // the public texts are still missing
    post_incident_action(&anna, proposal, "publication", &[]).await.expect(422).assert_shows("Uzupełnij opis");
    let version = anna.get(&format!("{proposal}/edit")).await.expect(200).value("version");
    anna.post(proposal, &fields(&[("version", &version)])).await.expect(303);

    post_incident_action(&anna, proposal, "confirmation", &[("command", "undo")]).await.expect(303);
    anna.get(proposal)
        .await
        .expect(200)
        .assert_shows("propozycja")
        .assert_shows("Mogą tu należeć")
        .assert_shows("Żadnego zgłoszenia");
    assert_eq!(event_kinds(&world, &fifth).await, ["opened", "joined_incident", "left_incident"]);
}

#[tokio::test]
async fn a_dismissed_proposal_is_not_repeated_for_the_same_tickets() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    send_similar_reports(&world, 5).await;
    assert_eq!(detect(&world).await.new_proposals, 1);
    post_incident_action(&anna, "/staff/incidents/1", "dismissal", &[]).await.expect(303);
    assert_eq!(detect(&world).await, DetectionReport::default());
    send_similar_reports(&world, 4).await;
    assert_eq!(detect(&world).await, DetectionReport::default(), "four more tickets are below the threshold");
    report_from(&world, "jeszcze@example.com").await;
    assert_eq!(detect(&world).await.new_proposals, 1, "five more tickets are a new proposal");
    // the first can not be restored beside it, because both have the same fingerprint
    post_incident_action(&anna, "/staff/incidents/1", "dismissal", &[("command", "undo")]).await.expect(409);
    post_incident_action(&anna, "/staff/incidents/2", "dismissal", &[]).await.expect(303);
    post_incident_action(&anna, "/staff/incidents/1", "dismissal", &[("command", "undo")]).await.expect(303);
    anna.get("/staff/incidents?view=past").await.expect(200).assert_shows("odrzucona");
}

#[tokio::test]
async fn many_reports_of_one_customer_are_no_incident() {
    let world = World::new().await;
    for _ in 0..9 {
        report_from(&world, "jan@example.com").await;
    }
    assert_eq!(detect(&world).await, DetectionReport::default());
}

#[tokio::test]
async fn tickets_without_a_code_are_clustered_by_the_prefix_of_the_callee() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    for number in 0..5 {
        let report = given::report().without("error_text").with("email", &format!("osoba{number}@example.com"));
        report.with("callee", &format!("0044 20 8190 032{number}")).accepted(&world).await;
    }
    assert_eq!(detect(&world).await.new_proposals, 1);
    anna.get("/staff/incidents").await.expect(200).assert_shows("0044 208190032");
}

#[tokio::test]
async fn reports_spread_over_an_hour_are_no_incident() {
    let world = World::new().await;
    for number in 0..6 {
        world.advance(Duration::minutes(10));
        let report = given::report().with("day", "now").with("email", &format!("osoba{number}@example.com"));
        report.accepted(&world).await;
    }
    assert_eq!(detect(&world).await, DetectionReport::default());
}

#[tokio::test]
async fn new_tickets_in_the_scope_of_an_incident_are_proposed_as_candidates() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let before = report_from(&world, "przed@example.com").await;
    let incident = publish_incident(&anna, &[]).await;
    let after = report_from(&world, "po@example.com").await;
    // another category, and another number
    given::audio().accepted(&world).await;
    let report = given::report().with("callee", "0049 30 1234567").with("email", "niemcy@example.com");
    report.accepted(&world).await;
    assert_eq!(detect(&world).await, DetectionReport { new_candidates: 2, new_proposals: 0 });
    assert_eq!(detect(&world).await, DetectionReport::default());
    let page = anna.get(&incident).await.expect(200);
    page.assert_shows("Mogą tu należeć").assert_shows(&before.to_string()).assert_shows(&after.to_string());
    anna.get("/staff/incidents").await.expect(200).assert_shows("2 mogą tu należeć");

    let ticket = format!("/staff/tickets/{before}");
    anna.get(&ticket).await.expect(200).assert_shows("Czy należy do tej awarii?").assert_shows("Połączenia");
    anna.post(&format!("{ticket}/incident"), &[("decline", incident_number(&incident))]).await.expect(303);
    anna.get(&ticket).await.expect(200).assert_hides("Czy należy do");
    let reference_text = after.to_string();
    anna.post(&format!("{incident}/tickets"), &[("command", "join"), ("ticket", &reference_text)]).await.expect(303);
    anna.get(&incident).await.expect(200).assert_hides("Mogą tu należeć").assert_shows("Dołączone zgłoszenia");
    assert_eq!(detect(&world).await, DetectionReport::default());
    anna.post(&format!("{incident}/tickets"), &[("command", "leave"), ("ticket", &reference_text)]).await.expect(303);
    assert_eq!(event_kinds(&world, &after).await, ["opened", "joined_incident", "left_incident"]);
    anna.post(&format!("{incident}/tickets"), &[("command", "join")]).await.expect(422);
}

#[tokio::test]
async fn an_incident_scoped_by_address_finds_reports_from_that_network() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let changes = [("category", ""), ("prefixes", ""), ("addresses", "203.0.113.0/24")];
    let incident = publish_incident(&anna, &changes).await;
    let inside = report_from(&world, "tu@example.com").await;
    given::report().with("email", "tam@example.com").send(&world.visitor().from_ip("198.51.100.1")).await.expect(303);
    assert_eq!(detect(&world).await.new_candidates, 1);
    anna.get(&incident).await.expect(200).assert_shows(&inside.to_string());
    // the public page does not show the addresses
    world.visitor().get("/pl/incident/1").await.expect(200).assert_hides("203.0.113");
}
