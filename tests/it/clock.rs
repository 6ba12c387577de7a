//! Processes whose clocks differ by some seconds.

use time::Duration;

use crate::{given, support::World};

const COUNT_EVENTS: &str = "select count(*) from ticket_event";

#[tokio::test]
async fn a_resubmission_is_accepted_by_a_process_whose_clock_is_behind() {
    let world = World::new().await;
    let report = given::report();
    let first = report.send(&world.visitor()).await.expect(303);
    world.advance(-Duration::seconds(2));
    let second = report.send(&world.visitor()).await.expect(303);
    assert_eq!(first.location(), second.location());
    assert_eq!(world.count(COUNT_EVENTS).await, 1);
}

#[tokio::test]
async fn staff_actions_work_on_a_process_whose_clock_is_behind() {
    let world = World::new().await;
    let (reference, page) = given::report().accepted(&world).await;
    world.advance(-Duration::seconds(2));
    let agent = world.agent("Anna").await;
    let ticket = format!("/staff/tickets/{reference}");
    agent.post(&format!("{ticket}/replies"), &[("text", "Sprawdzamy")]).await.expect(303);
    let version = agent.get(&ticket).await.expect(200).value("version");
    agent.post(&format!("{ticket}/status"), &[("status", "resolved"), ("version", &version)]).await.expect(303);
    assert_eq!(world.count(COUNT_EVENTS).await, 3);
    world.visitor().get(&page).await.expect(200).assert_shows("Sprawdzamy").assert_shows("Problem jest rozwiązany");
}
