//! Bulk merges, and bulk actions on main tickets and duplicates.

use super::{apply, states, undo, undo_path};
use crate::{
    support::World,
    tickets::{create_tickets, event_kinds, expected_state, post_action, ticket_state},
};

#[tokio::test]
async fn bulk_merge_uses_the_oldest_ticket_as_main_unless_another_is_named() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = create_tickets(&world, 5).await;
    let [a, b, c, d, e] = &references[..] else { panic!() };
    let before = states(&world, &references).await;
    let page = apply(&anna, &references[..3], &[("command", "merge")]).await;
    page.assert_shows(&format!("Scalono 2 zgłoszenia z {a}."));
    assert_eq!(ticket_state(&world, c).await, expected_state("duplicate", None, Some(a)));
    let undone = undo(&anna, &page).await.expect(303);
    anna.follow(&undone).await.assert_shows("Cofnięto 2 zgłoszenia.");
    assert_eq!(states(&world, &references).await, before);
    world.assert_invariants().await;

    // duplicates move with their main tickets, and undo moves them back
    post_action(&anna, b, "merge", &[("into", &a.to_string())]).await.expect(303);
    post_action(&anna, d, "merge", &[("into", &c.to_string())]).await.expect(303);
    let before = states(&world, &references).await;
    let selected = [a.clone(), b.clone(), c.clone()];
    let page = apply(&anna, &selected, &[("command", "merge"), ("into", &e.to_string())]).await;
    page.assert_shows(&format!("Scalono 3 zgłoszenia z {e}."));
    for duplicate in [a, b, c, d] {
        assert_eq!(ticket_state(&world, duplicate).await, expected_state("duplicate", None, Some(e)));
    }
    world.assert_invariants().await;
    undo(&anna, &page).await.expect(303);
    assert_eq!(states(&world, &references).await, before);
    world.assert_invariants().await;

    // if the former main ticket was changed since, its duplicate stays with the new main ticket
    let page = apply(&anna, std::slice::from_ref(c), &[("command", "merge"), ("into", &e.to_string())]).await;
    let marek = world.agent("Marek").await;
    post_action(&marek, c, "notes", &[("text", "Tak, to samo.")]).await.expect(303);
    undo(&anna, &page).await.expect(303);
    assert_eq!(ticket_state(&world, c).await, expected_state("duplicate", None, Some(e)));
    assert_eq!(ticket_state(&world, d).await, expected_state("duplicate", None, Some(e)));
}

#[tokio::test]
async fn duplicates_are_resolved_and_restored_with_their_main_ticket_in_bulk() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = create_tickets(&world, 4).await;
    let [main, b, c, other] = &references[..] else { panic!() };
    for duplicate in [b, c] {
        post_action(&anna, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    }
    let before = states(&world, &references).await;
    let selected = [main.clone(), b.clone(), other.clone()];
    // b would be resolved with its main ticket, which is selected, too
    let page = apply(&anna, &selected, &[("command", "status"), ("status", "resolved")]).await;
    page.assert_shows("Zmieniono 3 zgłoszenia.");
    assert_eq!(ticket_state(&world, c).await.status, "resolved");
    // c is changed after the action; it must be reopened with its main ticket all the same
    post_action(&anna, c, "notes", &[("text", "Sprawdzone.")]).await.expect(303);
    undo(&anna, &page).await.expect(303);
    assert_eq!(states(&world, &references).await, before);
    assert_eq!(event_kinds(&world, c).await.last().unwrap(), "follows_again");
    world.assert_invariants().await;

    // a duplicate without its main ticket is reported as skipped
    let page = apply(&anna, std::slice::from_ref(b), &[("command", "spam")]).await;
    page.assert_shows("Nic się nie zmieniło. 1 to duplikat i kończy się razem z głównym.");
    assert!(undo_path(&page).is_none());
}

#[tokio::test]
async fn a_main_ticket_and_its_duplicate_can_be_marked_spam_together() {
    let world = World::new().await;
    let these = create_tickets(&world, 3).await;
    let anna = world.agent("Anna").await;
    let into = these[2].to_string();
    for duplicate in &these[..2] {
        post_action(&anna, duplicate, "merge", &[("into", &into)]).await.expect(303);
    }
    let before = states(&world, &these).await;
    let page = apply(&anna, &these[1..], &[("command", "spam")]).await;
    page.assert_shows("Zmieniono 2 zgłoszenia");
    assert_eq!(ticket_state(&world, &these[0]).await, expected_state("new", None, None), "this one was not selected");
    assert_eq!(ticket_state(&world, &these[1]).await, expected_state("spam", None, None));
    assert_eq!(ticket_state(&world, &these[2]).await, expected_state("spam", None, None));
    world.assert_invariants().await;
    undo(&anna, &page).await;
    assert_eq!(states(&world, &these).await, before);
}
