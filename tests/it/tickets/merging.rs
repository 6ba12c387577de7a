//! Duplicates and their main tickets.

use dzwoni::tickets::TicketReference;
use tokio::task::JoinSet;

use super::{create_tickets, event_kinds, expected_state, post_action, post_action_from, ticket_path, ticket_state};
use crate::support::{Browser, World};

async fn merge(browser: &Browser, duplicate: &TicketReference, main: &TicketReference) {
    let response = post_action(browser, duplicate, "merge", &[("into", &main.to_string())]).await.expect(303);
    assert_eq!(response.location(), format!("{}#related", ticket_path(main)));
}

#[tokio::test]
async fn merging_links_the_duplicate_to_its_main_ticket_and_both_show_it() {
    let world = World::new().await;
    let [a, b] = &create_tickets(&world, 2).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    anna.get(&format!("{}/merge", ticket_path(a))).await.expect(200).assert_shows("Numer zgłoszenia głównego");
    // the reference is accepted in any spelling
    let spelling = b.to_string().to_lowercase().replace('-', " ");
    post_action(&anna, a, "merge", &[("into", &spelling)]).await.expect(303);
    assert_eq!(ticket_state(&world, a).await, expected_state("duplicate", None, Some(b)));
    assert_eq!(ticket_state(&world, b).await, expected_state("new", None, None));
    anna.get(&ticket_path(a)).await.assert_shows(&format!("Anna: scalone, duplikat {b}"));
    anna.get(&ticket_path(b)).await.assert_shows(&format!("Anna: dołączony duplikat {a}"));
    assert_eq!(event_kinds(&world, a).await, ["opened", "merged_into"]);
    assert_eq!(event_kinds(&world, b).await, ["opened", "absorbed"]);
    // merging again changes nothing
    post_action(&anna, a, "merge", &[("into", &b.to_string())]).await.expect(303);
    assert_eq!(event_kinds(&world, b).await.len(), 2);
}

#[tokio::test]
async fn duplicates_always_point_to_a_ticket_that_is_no_duplicate() {
    let world = World::new().await;
    let [a, b, c, d] = &create_tickets(&world, 4).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    merge(&anna, a, b).await;
    // merging into a duplicate merges into its main ticket
    post_action(&anna, c, "merge", &[("into", &a.to_string())]).await.expect(303);
    assert_eq!(ticket_state(&world, c).await, expected_state("duplicate", None, Some(b)));
    // duplicates move with their main ticket
    let page = anna.get(&format!("{}/merge", ticket_path(b))).await;
    page.assert_shows(&format!("Razem z nim przejdą jego duplikaty: {a}"));
    merge(&anna, b, d).await;
    for duplicate in [a, b, c] {
        assert_eq!(ticket_state(&world, duplicate).await, expected_state("duplicate", None, Some(d)));
    }
    assert_eq!(event_kinds(&world, a).await, ["opened", "merged_into", "merged_into"]);
    assert_eq!(event_kinds(&world, d).await, ["opened", "absorbed"]);
    anna.get(&ticket_path(d)).await.assert_shows(&format!("{a}, {b}, {c}"));
    // a duplicate can be moved to another main ticket; the first one gets an event
    let [e] = &create_tickets(&world, 1).await[..] else { panic!() };
    merge(&anna, a, e).await;
    assert_eq!(ticket_state(&world, a).await, expected_state("duplicate", None, Some(e)));
    assert_eq!(event_kinds(&world, d).await, ["opened", "absorbed", "let_go"]);
}

#[tokio::test]
async fn a_separated_duplicate_gets_its_previous_state_back() {
    let world = World::new().await;
    let [a, b, main] = &create_tickets(&world, 3).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    post_action(&anna, b, "assignment", &[("assignee", "me")]).await.expect(303);
    merge(&anna, a, main).await;
    merge(&anna, b, main).await;
    assert_eq!(ticket_state(&world, b).await, expected_state("duplicate", Some("Anna"), Some(main)));
    let page = anna.get(&format!("{}/merge", ticket_path(a))).await.expect(200);
    page.assert_shows(&format!("Duplikat {main}."));
    for duplicate in [a, b] {
        post_action(&anna, duplicate, "merge", &[("into", "none")]).await.expect(303);
    }
    assert_eq!(ticket_state(&world, a).await, expected_state("new", None, None));
    assert_eq!(ticket_state(&world, b).await, expected_state("open", Some("Anna"), None));
    assert_eq!(event_kinds(&world, main).await, ["opened", "absorbed", "absorbed", "let_go", "let_go"]);
    anna.get(&ticket_path(a)).await.assert_shows(&format!("Anna: rozdzielone, już nie duplikat {main}"));
    anna.get(&ticket_path(main)).await.assert_shows(&format!("Anna: odłączony duplikat {b}"));
}

#[tokio::test]
async fn an_impossible_merge_explains_why_and_keeps_the_typed_number() {
    let world = World::new().await;
    let [a, b, spam] = &create_tickets(&world, 3).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    merge(&anna, b, a).await;
    post_action(&anna, spam, "status", &[("status", "spam")]).await.expect(303);
    let unknown = TicketReference::random().to_string();
    let mistyped = format!("{}{}", &a.to_string()[..13], if a.to_string().ends_with('0') { '1' } else { '0' });
    let table = [
        (a.to_string(), "to samo zgłoszenie albo jego duplikat"),
        (b.to_string(), "to samo zgłoszenie albo jego duplikat"),
        (spam.to_string(), "to spam"),
        (unknown.clone(), "Nie ma zgłoszenia"),
        (mistyped, "jest pomyłka"),
        ("DZ".into(), "Numer zgłoszenia ma litery DZ"),
        ("<b>".into(), "Numer zgłoszenia ma litery DZ"),
        (String::new(), "Wpisz numer zgłoszenia, z którym"),
    ];
    for (into, message) in table {
        let refused = post_action(&anna, a, "merge", &[("into", &into)]).await.expect(422);
        refused.assert_shows(message);
        assert_eq!(refused.value("into"), into);
    }
    assert_eq!(ticket_state(&world, a).await, expected_state("new", None, None));
    anna.post(&format!("/staff/tickets/{unknown}/merge"), &[("into", "none")]).await.expect(404);
}

#[tokio::test]
async fn a_merge_from_an_outdated_page_shows_both_changes() {
    let world = World::new().await;
    let [a, b] = &create_tickets(&world, 2).await[..] else { panic!() };
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let stale = marek.get(&format!("{}/merge", ticket_path(a))).await;
    post_action(&anna, a, "replies", &[("text", "Sprawdzamy.")]).await.expect(303);
    let into = b.to_string();
    let refused = post_action_from(&marek, &stale, a, "merge", &[("into", &into)]).await.expect(409);
    refused.assert_shows("Sprawdzamy.").assert_shows(&format!("Scalić z {b}"));
    post_action_from(&marek, &refused, a, "merge", &[("into", &refused.value("into"))]).await.expect(303);
    assert_eq!(ticket_state(&world, a).await, expected_state("duplicate", Some("Anna"), Some(b)));
    // the same when separating
    let stale = marek.get(&ticket_path(a)).await;
    post_action(&anna, a, "notes", &[("text", "To nie to samo.")]).await.expect(303);
    let refused = post_action_from(&marek, &stale, a, "merge", &[("into", "none")]).await.expect(409);
    refused.assert_shows("Rozdzielić");
}

#[tokio::test]
async fn concurrent_merges_end_in_one_main_ticket() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    for round in 0..15 {
        let references = create_tickets(&world, 3).await;
        // each ticket into both others, all from pages that were loaded before
        let mut merges = Vec::new();
        for (index, duplicate) in references.iter().enumerate() {
            for offset in [1, 2] {
                merges.push((duplicate.clone(), references[(index + offset) % 3].clone()));
            }
        }
        let mut requests = JoinSet::new();
        for (number, (duplicate, main)) in merges.into_iter().enumerate() {
            let browser = if number % 2 == 0 { anna.clone() } else { marek.clone() };
            requests.spawn(async move {
                let path = format!("{}/merge", ticket_path(&duplicate));
                browser.post(&path, &[("version", "1"), ("into", &main.to_string())]).await.status.as_u16()
            });
        }
        for status in requests.join_all().await {
            assert!([303, 409, 422].contains(&status), "round {round}: {status}");
        }
        world.assert_invariants().await;
        // with fresh pages the merges succeed: one main ticket, two duplicates
        for _ in 0..2 {
            for duplicate in &references[1..] {
                let into = references[0].to_string();
                let status = post_action(&anna, duplicate, "merge", &[("into", &into)]).await.status.as_u16();
                assert!([303, 422].contains(&status), "round {round}: {status}");
            }
        }
        let mut mains = Vec::new();
        for reference in &references {
            mains.extend(ticket_state(&world, reference).await.main);
        }
        assert_eq!(mains.len(), 2, "round {round}");
        assert_eq!(mains[0], mains[1], "round {round}");
        world.assert_invariants().await;
    }
}

#[tokio::test]
async fn resolving_or_reopening_a_main_ticket_does_the_same_to_its_duplicates() {
    let world = World::new().await;
    let [a, b, main] = &create_tickets(&world, 3).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    merge(&anna, a, main).await;
    merge(&anna, b, main).await;
    post_action(&anna, main, "status", &[("status", "resolved"), ("text", "Już działa.")]).await.expect(303);
    for duplicate in [a, b] {
        assert_eq!(ticket_state(&world, duplicate).await, expected_state("resolved", None, Some(main)));
        assert_eq!(event_kinds(&world, duplicate).await, ["opened", "merged_into", "resolved_with"]);
    }
    anna.get(&ticket_path(a)).await.assert_shows(&format!("Anna: rozwiązane razem z {main}"));
    world.assert_invariants().await;

    post_action(&anna, main, "status", &[("status", "open")]).await.expect(303);
    for duplicate in [a, b] {
        assert_eq!(ticket_state(&world, duplicate).await, expected_state("duplicate", None, Some(main)));
    }
    anna.get(&ticket_path(a)).await.assert_shows(&format!("Anna: otwarte ponownie razem z {main}"));
    world.assert_invariants().await;

    // a duplicate that is reopened by itself is separated from its main ticket
    post_action(&anna, main, "status", &[("status", "resolved")]).await.expect(303);
    post_action(&anna, a, "status", &[("status", "open")]).await.expect(303);
    assert_eq!(ticket_state(&world, a).await, expected_state("open", Some("Anna"), None));
    assert_eq!(ticket_state(&world, b).await, expected_state("resolved", None, Some(main)));
}

#[tokio::test]
async fn merging_into_a_resolved_ticket_resolves_the_duplicate() {
    let world = World::new().await;
    let [a, along, main] = &create_tickets(&world, 3).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    post_action(&anna, main, "status", &[("status", "resolved"), ("text", "Już działa.")]).await.expect(303);
    merge(&anna, along, a).await;
    merge(&anna, a, main).await;
    for duplicate in [a, along] {
        assert_eq!(ticket_state(&world, duplicate).await, expected_state("resolved", None, Some(main)));
        anna.get(&ticket_path(duplicate))
            .await
            .assert_shows(&format!("Anna: scalone, duplikat {main}, rozwiązane razem z nim"));
    }
    assert_eq!(world.count("select count(*) from ticket where first_response_at is null").await, 0);
    world.assert_invariants().await;

    post_action(&anna, main, "status", &[("status", "open")]).await.expect(303);
    for duplicate in [a, along] {
        assert_eq!(ticket_state(&world, duplicate).await, expected_state("duplicate", None, Some(main)));
    }
}

#[tokio::test]
async fn marking_a_main_ticket_spam_separates_its_duplicates() {
    let world = World::new().await;
    let [a, b, main] = &create_tickets(&world, 3).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    post_action(&anna, b, "assignment", &[("assignee", "me")]).await.expect(303);
    merge(&anna, a, main).await;
    merge(&anna, b, main).await;
    post_action(&anna, main, "status", &[("status", "spam")]).await.expect(303);
    assert_eq!(ticket_state(&world, a).await, expected_state("new", None, None));
    assert_eq!(ticket_state(&world, b).await, expected_state("open", Some("Anna"), None));
    anna.get(&ticket_path(a)).await.assert_shows(&format!("Anna: rozdzielone, bo {main} to spam"));
    assert_eq!(event_kinds(&world, main).await, ["opened", "absorbed", "absorbed", "marked_spam"]);
    world.assert_invariants().await;

    // a duplicate that was resolved before stays resolved
    let [c, resolved] = &create_tickets(&world, 2).await[..] else { panic!() };
    merge(&anna, c, resolved).await;
    post_action(&anna, resolved, "status", &[("status", "resolved")]).await.expect(303);
    post_action(&anna, resolved, "status", &[("status", "spam")]).await.expect(303);
    assert_eq!(ticket_state(&world, c).await, expected_state("resolved", None, Some(resolved)));
}

#[tokio::test]
async fn a_duplicate_can_not_be_closed_before_it_is_separated() {
    let world = World::new().await;
    let [a, main] = &create_tickets(&world, 2).await[..] else { panic!() };
    let anna = world.agent("Anna").await;
    merge(&anna, a, main).await;
    for status in ["resolved", "waiting", "spam"] {
        let refused =
            post_action(&anna, a, "status", &[("status", status), ("text", "Moja odpowiedź")]).await.expect(409);
        refused.assert_shows("To zgłoszenie jest duplikatem").assert_shows(&main.to_string());
        assert_eq!(refused.shows("Moja odpowiedź"), status == "resolved");
    }
    post_action(&anna, a, "status", &[("status", "duplicate")]).await.expect(400);
    assert_eq!(ticket_state(&world, a).await, expected_state("duplicate", None, Some(main)));
    // replies, notes and assignment are possible
    post_action(&anna, a, "replies", &[("text", "Dziękujemy.")]).await.expect(303);
    post_action(&anna, a, "notes", &[("text", "Ten sam numer.")]).await.expect(303);
    assert_eq!(ticket_state(&world, a).await, expected_state("duplicate", Some("Anna"), Some(main)));
}

#[tokio::test]
async fn concurrent_resolve_and_merge_keep_the_invariants() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    for round in 0..12 {
        let [a, b, main] = &create_tickets(&world, 3).await[..] else { panic!() };
        merge(&anna, a, main).await;
        let version = anna.get(&ticket_path(main)).await.value("version");
        let (into, paths) = (main.to_string(), [b, a].map(|ticket| format!("{}/merge", ticket_path(ticket))));
        let (merge, separate) = ([("version", "1"), ("into", &into)], [("version", "2"), ("into", "none")]);
        let (merging, separating) = (marek.post(&paths[0], &merge), marek.post(&paths[1], &separate));
        let (path, resolve) =
            (format!("{}/status", ticket_path(main)), [("version", version.as_str()), ("status", "resolved")]);
        let resolving = anna.post(&path, &resolve);
        let (merged, separated, resolved) = tokio::join!(merging, separating, resolving);
        for response in [merged, separated, resolved] {
            assert!([303, 409].contains(&response.status.as_u16()), "round {round}: {}", response.status);
        }
        world.assert_invariants().await;
    }
}
