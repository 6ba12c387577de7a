//! Conflicts between two staff members: the second one sees both changes, and no text is lost.

use super::{create_tickets, event_kinds, expected_state, post_action, post_action_from, ticket_path, ticket_state};
use crate::support::World;

#[tokio::test]
async fn a_conflict_shows_everything_that_happened_since_the_page_was_loaded() {
    let world = World::new().await;
    let reference = &create_tickets(&world, 1).await[0];
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let stale = marek.get(&ticket_path(reference)).await;
    post_action(&anna, reference, "assignment", &[("assignee", "me")]).await.expect(303);
    post_action(&anna, reference, "replies", &[("text", "Naprawione.")]).await.expect(303);
    let fields = [("status", "waiting"), ("waiting_for", "carrier"), ("until", "tomorrow"), ("reason", "druga trasa")];
    let refused = post_action_from(&marek, &stale, reference, "status", &fields).await.expect(409);
    refused.assert_shows("Anna: wzięte").assert_shows("Anna: odpowiedź do klienta").assert_shows("Naprawione.");
    refused.assert_shows("Zmienić status na „wstrzymane”").assert_hides("Przyjęto");
    for (name, value) in &fields[1..] {
        assert_eq!(refused.value(name), *value);
    }
    post_action_from(&marek, &refused, reference, "status", &fields).await.expect(303);
    marek
        .get(&ticket_path(reference))
        .await
        .assert_shows("Marek: wstrzymane, czekamy na innego operatora, do 21.11.2026, 8:00: „druga trasa”");
}

#[tokio::test]
async fn a_note_from_an_outdated_page_is_saved() {
    let world = World::new().await;
    let reference = &create_tickets(&world, 1).await[0];
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let stale = marek.get(&ticket_path(reference)).await;
    post_action(&anna, reference, "status", &[("status", "resolved")]).await.expect(303);
    post_action_from(&marek, &stale, reference, "notes", &[("text", "Widziałem to samo.")]).await.expect(303);
    anna.get(&ticket_path(reference)).await.assert_shows("Widziałem to samo.");
    assert_eq!(event_kinds(&world, reference).await, ["opened", "resolved", "noted"]);
}

#[tokio::test]
async fn a_reply_is_held_back_if_a_colleague_has_replied_meanwhile() {
    let world = World::new().await;
    let reference = &create_tickets(&world, 1).await[0];
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let stale = marek.get(&ticket_path(reference)).await;
    let submission = stale.value("submission");
    // notes and status changes do not hold a reply back
    post_action(&anna, reference, "notes", &[("text", "Patrzę.")]).await.expect(303);
    post_action_from(&marek, &stale, reference, "replies", &[("text", "Sprawdzamy.")]).await.expect(303);

    let stale = marek.get(&ticket_path(reference)).await;
    post_action(&anna, reference, "replies", &[("text", "Już działa.")]).await.expect(303);
    let fields = [("text", "Proszę czekać."), ("submission", submission.as_str())];
    let refused = post_action_from(&marek, &stale, reference, "replies", &fields).await.expect(409);
    refused.assert_shows("Już działa.").assert_shows("Proszę czekać.").assert_shows("Wysłać odpowiedź");
    assert_eq!(event_kinds(&world, reference).await, ["opened", "noted", "replied", "replied"]);
    // Marek has seen both and sends again; pressing twice sends once
    post_action_from(&marek, &refused, reference, "replies", &fields).await.expect(303);
    post_action_from(&marek, &refused, reference, "replies", &fields).await.expect(303);
    assert_eq!(event_kinds(&world, reference).await.len(), 5);
}

#[tokio::test]
async fn a_reply_is_held_back_if_the_customer_has_written_meanwhile() {
    let world = World::new().await;
    let (reference, page) = crate::given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let stale = anna.get(&ticket_path(&reference)).await;
    let (path, key) = page.split_once('?').unwrap();
    world.visitor().post(&format!("{path}/messages?{key}"), &[("text", "Jeszcze coś.")]).await.expect(303);
    post_action_from(&anna, &stale, &reference, "replies", &[("text", "Gotowe.")])
        .await
        .expect(409)
        .assert_shows("Gotowe.");
}

#[tokio::test]
async fn an_action_sent_twice_from_the_same_page_is_applied_once() {
    let world = World::new().await;
    let references = create_tickets(&world, 3).await;
    let anna = world.agent("Anna").await;
    let twice: [(&str, &[(&str, &str)]); 3] = [
        ("status", &[("status", "resolved"), ("text", "Już działa.")]),
        ("status", &[("status", "waiting"), ("until", "tomorrow"), ("reason", "druga trasa")]),
        ("assignment", &[("assignee", "me")]),
    ];
    for (reference, (path, fields)) in references.iter().zip(twice) {
        let page = anna.get(&ticket_path(reference)).await;
        post_action_from(&anna, &page, reference, path, fields).await.expect(303);
        post_action_from(&anna, &page, reference, path, fields).await.expect(303);
        assert_eq!(event_kinds(&world, reference).await.len(), 2, "{path}");
    }
    // with another text it is another action
    let page = anna.get(&ticket_path(&references[2])).await;
    post_action_from(&anna, &page, &references[2], "status", &[("status", "resolved"), ("text", "A")])
        .await
        .expect(303);
    let other = [("status", "resolved"), ("text", "B")];
    let refused = post_action_from(&anna, &page, &references[2], "status", &other).await.expect(409);
    assert_eq!(event_kinds(&world, &references[2]).await, ["opened", "assigned", "resolved"]);
    post_action_from(&anna, &refused, &references[2], "status", &other).await.expect(303);
    anna.get(&ticket_path(&references[2])).await.assert_shows("B");
    assert_eq!(ticket_state(&world, &references[2]).await, expected_state("resolved", Some("Anna"), None));
}
