//! Nodes whose clocks differ by a little.

use time::Duration;

use crate::{given, support::World};

const EVENTS: &str = "select count(*) from ticket_event";

#[tokio::test]
async fn a_node_whose_clock_is_behind_takes_the_form_again() {
    let world = World::new().await;
    let report = given::report();
    let first = report.send(&world.visitor()).await.expect(303);
    world.advance(-Duration::seconds(2));
    let second = report.with("description", "Jeszcze jedno").send(&world.visitor()).await.expect(303);
    assert_eq!(first.location(), second.location());
    assert_eq!(world.count(EVENTS).await, 2);
}

#[tokio::test]
async fn staff_on_a_node_whose_clock_is_behind_can_work() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    world.advance(-Duration::seconds(2));
    let agent = world.agent("Anna").await;
    let ticket = format!("/staff/tickets/{reference}");
    agent.post(&format!("{ticket}/replies"), &[("text", "Sprawdzamy")]).await.expect(303);
    let version = agent.get(&ticket).await.expect(200).value("version");
    agent.post(&format!("{ticket}/status"), &[("status", "resolved"), ("version", &version)]).await.expect(303);
    assert_eq!(world.count(EVENTS).await, 3);
    world.visitor().get(&page).await.expect(200).must_show("Sprawdzamy").must_show("Problem jest rozwiązany");
}
