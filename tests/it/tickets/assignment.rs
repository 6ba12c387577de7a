//! Assignment of tickets to staff members.

use std::collections::HashSet;

use tokio::task::JoinSet;

use super::{create_tickets, event_kinds, expected_state, post_action, post_action_from, ticket_path, ticket_state};
use crate::support::World;

#[tokio::test]
async fn fifty_concurrent_take_next_requests_get_the_fifty_oldest_tickets() {
    let world = World::new().await;
    let references = create_tickets(&world, 60).await;
    let agents = [world.agent("Anna").await, world.agent("Marek").await, world.agent("Ola").await];
    let mut takers = JoinSet::new();
    for number in 0..50 {
        let browser = agents[number % agents.len()].clone();
        takers.spawn(async move { browser.post("/staff/next", &[]).await.expect(303).location().to_owned() });
    }
    let taken: HashSet<_> = takers.join_all().await.into_iter().collect();
    let oldest: HashSet<_> = references[..50].iter().map(ticket_path).collect();
    assert_eq!(taken, oldest);
    for reference in &references[..50] {
        assert_eq!(event_kinds(&world, reference).await, ["opened", "assigned"]);
        assert_eq!(ticket_state(&world, reference).await.status, "open");
    }
    assert_eq!(world.count("select count(*) from ticket where status = 'new'").await, 10);
}

#[tokio::test]
async fn take_next_takes_a_ticket_of_the_requested_category() {
    let world = World::new().await;
    let old = create_tickets(&world, 2).await;
    let (account, _) = crate::given::logged_out().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let taken = anna.post("/staff/next", &[("category", "logged-out")]).await.expect(303);
    assert_eq!(taken.location(), ticket_path(&account));
    anna.get(taken.location()).await.assert_shows("Anna: wzięte");
    // an unknown category is ignored
    assert_eq!(anna.post("/staff/next", &[("category", "x")]).await.expect(303).location(), ticket_path(&old[0]));
}

#[tokio::test]
async fn take_next_without_new_tickets_returns_to_the_same_view_with_a_message() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let redirect = anna.post("/staff/next", &[("back", "/staff?view=mine&category=audio")]).await.expect(303);
    assert_eq!(redirect.location(), "/staff?view=mine&category=audio&flash=none-new");
    anna.follow(&redirect).await.expect(200).assert_shows("Nikt nowy nie czeka.");
    // an address of another site is ignored
    let redirect = anna.post("/staff/next", &[("back", "https://evil.example/staff?")]).await.expect(303);
    assert_eq!(redirect.location(), "/staff?flash=none-new");
    anna.get("/staff").await.assert_hides("Nikt nowy nie czeka.");
}

#[tokio::test]
async fn taking_over_a_ticket_needs_a_reason_that_the_history_shows() {
    let world = World::new().await;
    let reference = &create_tickets(&world, 1).await[0];
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    post_action(&anna, reference, "assignment", &[("assignee", "me")]).await.expect(303);

    let refused = post_action(&marek, reference, "assignment", &[("assignee", "me")]).await.expect(422);
    refused
        .assert_shows("To zgłoszenie prowadzi ktoś inny")
        .assert_shows("Prowadzi: Anna")
        .assert_shows("Przypisać do: Marek");
    refused.assert_hides("Napisz, dlaczego");
    let refused_again =
        post_action_from(&marek, &refused, reference, "assignment", &[("assignee", "me"), ("reason", " ")]).await;
    refused_again.expect(422).assert_shows("Napisz, dlaczego je przejmujesz");
    assert_eq!(ticket_state(&world, reference).await, expected_state("open", Some("Anna"), None));

    let fields = [("assignee", "me"), ("reason", "Anna jest na urlopie")];
    post_action_from(&marek, &refused, reference, "assignment", &fields).await.expect(303);
    assert_eq!(ticket_state(&world, reference).await, expected_state("open", Some("Marek"), None));
    marek.get(&ticket_path(reference)).await.assert_shows("Marek: przejęte od Anna: „Anna jest na urlopie”");

    // releasing one's own ticket needs no reason
    post_action(&marek, reference, "assignment", &[("assignee", "none"), ("reason", "nie wiem")]).await.expect(303);
    marek.get(&ticket_path(reference)).await.assert_shows("Marek: oddane do kolejki: „nie wiem”");
    assert_eq!(ticket_state(&world, reference).await, expected_state("new", None, None));
}

#[tokio::test]
async fn a_reason_that_is_too_long_is_refused_and_kept_in_the_form() {
    let world = World::new().await;
    let reference = &create_tickets(&world, 1).await[0];
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    post_action(&anna, reference, "assignment", &[("assignee", "me")]).await.expect(303);
    let long = "bo tak ".repeat(1000);
    let refused =
        post_action(&marek, reference, "assignment", &[("assignee", "me"), ("reason", &long)]).await.expect(422);
    refused.assert_shows("Ten tekst ma 6999 znaków");
    assert_eq!(refused.value("reason"), long.trim());
}

#[tokio::test]
async fn working_on_an_unassigned_ticket_assigns_it() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    type Fields = &'static [(&'static str, &'static str)];
    let table: [(&str, Fields, &str, &str); 4] = [
        ("replies", &[("text", "Sprawdzamy.")], "open", "Anna: odpowiedź do klienta, wzięte"),
        ("status", &[("status", "waiting")], "waiting", "Anna: wstrzymane, wzięte"),
        ("status", &[("status", "resolved")], "resolved", "Anna: rozwiązane, wzięte"),
        ("status", &[("status", "open")], "open", "Anna: status „w toku”, wzięte"),
    ];
    for (reference, (path, fields, status, description)) in create_tickets(&world, 4).await.iter().zip(table) {
        post_action(&anna, reference, path, fields).await.expect(303);
        assert_eq!(
            ticket_state(&world, reference).await,
            expected_state(status, Some("Anna"), None),
            "{path} {fields:?}"
        );
        anna.get(&ticket_path(reference)).await.assert_shows(description);
        assert_eq!(event_kinds(&world, reference).await.len(), 2);
    }
    // reopening an unassigned ticket assigns it, too
    let spam = &create_tickets(&world, 1).await[0];
    post_action(&anna, spam, "status", &[("status", "spam")]).await.expect(303);
    assert_eq!(ticket_state(&world, spam).await, expected_state("spam", None, None));
    post_action(&anna, spam, "status", &[("status", "open")]).await.expect(303);
    assert_eq!(ticket_state(&world, spam).await, expected_state("open", Some("Anna"), None));
    // a note does not assign the ticket, and a reply does not reassign it
    let noted = &create_tickets(&world, 1).await[0];
    post_action(&anna, noted, "notes", &[("text", "Widziałam.")]).await.expect(303);
    assert_eq!(ticket_state(&world, noted).await, expected_state("new", None, None));
    let marek = world.agent("Marek").await;
    post_action(&marek, spam, "replies", &[("text", "Już działa.")]).await.expect(303);
    assert_eq!(ticket_state(&world, spam).await, expected_state("open", Some("Anna"), None));
}

#[tokio::test]
async fn a_ticket_returned_to_new_is_unassigned() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    for (reference, status) in create_tickets(&world, 4).await.iter().zip(["open", "waiting", "resolved", "spam"]) {
        post_action(&anna, reference, "assignment", &[("assignee", "me")]).await.expect(303);
        post_action(&anna, reference, "status", &[("status", status)]).await.expect(303);
        post_action(&anna, reference, "status", &[("status", "new")]).await.expect(303);
        assert_eq!(ticket_state(&world, reference).await, expected_state("new", None, None), "{status}");
    }
}
