//! Bulk actions on many tickets, and undoing them.

mod duplicates;

use dzwoni::{jobs, tickets::TicketReference};
use time::Duration;
use uuid::Uuid;

use super::{TicketState, create_tickets, event_kinds, expected_state, post_action, ticket_path, ticket_state};
use crate::{
    given,
    support::{Browser, TestResponse, World},
};

/// The values of the checkboxes in the queue as it is now.
async fn checkbox_values(browser: &Browser, references: &[TicketReference]) -> Vec<String> {
    let page = browser.get("/staff?view=all&sort=newest").await.expect(200);
    let value = |reference: &TicketReference| {
        let (_, rest) = page.body.split_once(&format!("value=\"{reference}")).unwrap_or_else(|| panic!("{reference}"));
        format!("{reference}{}", rest.split('"').next().unwrap().replace("&#58;", ":"))
    };
    references.iter().map(value).collect()
}

async fn post_bulk(browser: &Browser, checkboxes: &[String], fields: &[(&str, &str)]) -> TestResponse {
    let tickets = checkboxes.iter().map(|value| ("ticket", value.as_str()));
    browser.post("/staff/bulk", &tickets.chain(fields.iter().copied()).collect::<Vec<_>>()).await
}

/// Applies a bulk action to tickets as they are now; returns the queue with the summary.
async fn apply(browser: &Browser, references: &[TicketReference], fields: &[(&str, &str)]) -> TestResponse {
    let response = post_bulk(browser, &checkbox_values(browser, references).await, fields).await.expect(303);
    browser.follow(&response).await.expect(200)
}

/// Presses the undo button of the summary.
async fn undo(browser: &Browser, page: &TestResponse) -> TestResponse {
    let path = undo_path(page).unwrap_or_else(|| panic!("the page has no undo button: {}", page.text()));
    browser.post(&path, &[("back", &page.value("back"))]).await
}

fn undo_path(page: &TestResponse) -> Option<String> {
    let (_, rest) = page.body.split_once("action=\"/staff/bulk/")?;
    let rest = rest.split('"').next()?;
    rest.ends_with("/undo").then(|| format!("/staff/bulk/{rest}"))
}

async fn states(world: &World, references: &[TicketReference]) -> Vec<TicketState> {
    let mut states = Vec::new();
    for reference in references {
        states.push(ticket_state(world, reference).await);
    }
    states
}

#[tokio::test]
async fn each_bulk_action_adds_one_event_per_ticket_and_can_be_undone() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = create_tickets(&world, 3).await;
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let actions: [(Fields, &str); 7] = [
        (&[("command", "take")], "assigned"),
        (&[("command", "assign"), ("assignee", "me")], "assigned"),
        (&[("command", "status"), ("status", "waiting"), ("until", "friday"), ("waiting_for", "carrier")], "waits"),
        (&[("command", "status"), ("status", "resolved"), ("text", "Już działa.")], "resolved"),
        (&[("command", "status"), ("status", "open")], "status_changed"),
        (&[("command", "spam")], "marked_spam"),
        (&[("command", "note"), ("note", "Ten sam operator.")], "noted"),
    ];
    for (fields, kind) in actions {
        let before = states(&world, &references).await;
        let events = world.count("select count(*) from ticket_event").await;
        let page = apply(&anna, &references, fields).await;
        page.assert_shows("Zmieniono 3 zgłoszenia.");
        assert_eq!(world.count("select count(*) from ticket_event").await, events + 3, "{fields:?}");
        for reference in &references {
            assert_eq!(event_kinds(&world, reference).await.last().unwrap(), kind);
        }
        if kind != "noted" {
            assert_ne!(states(&world, &references).await, before, "{fields:?}");
        }
        let undone = undo(&anna, &page).await.expect(303);
        anna.follow(&undone).await.assert_shows("Cofnięto 3 zgłoszenia.");
        assert_eq!(states(&world, &references).await, before, "{fields:?}");
        assert_eq!(world.count("select count(*) from ticket_event").await, events + 6, "{fields:?}");
        assert_eq!(event_kinds(&world, &references[0]).await.last().unwrap(), "undone");
        world.assert_invariants().await;
    }
    let leftover = "select count(*) from ticket where snoozed_until is not null or resolved_at is not null";
    assert_eq!(world.count(leftover).await, 0);
}

#[tokio::test]
async fn an_undone_bulk_note_is_struck_through_and_an_undone_reply_is_hidden_from_the_customer() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let (reference, customer_page) = given::report().accepted(&world).await;
    let references = [reference];
    let page = apply(&anna, &references, &[("command", "note"), ("note", "Pomyłka w zaznaczeniu")]).await;
    undo(&anna, &page).await.expect(303);
    let shown = anna.get(&ticket_path(&references[0])).await;
    assert!(shown.body.contains("message note undone"), "{}", shown.body);
    shown.assert_shows("Pomyłka w zaznaczeniu").assert_shows("Anna: cofnięte");
    // the customer no longer sees a reply that was undone
    let page =
        apply(&anna, &references, &[("command", "status"), ("status", "resolved"), ("text", "Za wcześnie")]).await;
    world.visitor().get(&customer_page).await.assert_shows("Za wcześnie");
    undo(&anna, &page).await.expect(303);
    world.visitor().get(&customer_page).await.assert_hides("Za wcześnie").assert_shows("Przyjęte");
    let shown = anna.get(&ticket_path(&references[0])).await;
    assert!(shown.assert_shows("Za wcześnie").body.contains("message outgoing undone"), "{}", shown.body);
}

#[tokio::test]
async fn bulk_actions_and_undo_skip_tickets_that_changed_meanwhile() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let references = create_tickets(&world, 4).await;
    let mut selected = checkbox_values(&anna, &references).await;
    post_action(&marek, &references[1], "notes", &[("text", "Patrzę.")]).await.expect(303);
    sqlx::query("delete from ticket where reference = $1")
        .bind(references[2].as_str())
        .execute(world.sql().await)
        .await
        .unwrap();
    selected.push("nonsense".into());
    selected.push(selected[0].clone());
    let response = post_bulk(&anna, &selected, &[("command", "take"), ("back", "/staff?view=new")]).await.expect(303);
    let page = anna.follow(&response).await;
    page.assert_shows("Zmieniono 2 zgłoszenia. 1 zmienił ktoś w międzyczasie, zostało bez zmian. 2 już nie ma.");
    page.assert_shows(&references[1].to_string());
    assert_eq!(ticket_state(&world, &references[1]).await, expected_state("new", None, None));

    // undo skips tickets that were changed after the bulk action
    post_action(&marek, &references[0], "replies", &[("text", "Już dzwonię.")]).await.expect(303);
    let undone = undo(&anna, &page).await.expect(303);
    let page = anna.follow(&undone).await;
    page.assert_shows("Cofnięto 1 zgłoszenie. 1 zmienił ktoś w międzyczasie, zostało bez zmian.");
    assert_eq!(ticket_state(&world, &references[0]).await, expected_state("open", Some("Anna"), None));
    assert_eq!(ticket_state(&world, &references[3]).await, expected_state("new", None, None));
}

#[tokio::test]
async fn bulk_take_over_of_assigned_tickets_needs_a_reason() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let references = create_tickets(&world, 2).await;
    post_action(&anna, &references[0], "assignment", &[("assignee", "me")]).await.expect(303);
    let page = apply(&marek, &references, &[("command", "take")]).await;
    page.assert_shows("Zmieniono 1 zgłoszenie. 1 prowadzi ktoś inny: żeby je przejąć, podaj powód.");
    assert_eq!(ticket_state(&world, &references[0]).await.assignee.unwrap(), "Anna");
    let page = apply(&marek, &references, &[("command", "take"), ("reason", "Anna jest chora")]).await;
    page.assert_shows("Zmieniono 1 zgłoszenie. 1 było takie już wcześniej.");
    assert_eq!(ticket_state(&world, &references[0]).await.assignee.unwrap(), "Marek");
    marek.get(&ticket_path(&references[0])).await.assert_shows("przejęte od Anna: „Anna jest chora”");
}

#[tokio::test]
async fn a_bulk_action_can_be_undone_once_by_its_author_within_fifteen_seconds() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let references = create_tickets(&world, 2).await;
    let page = apply(&anna, &references, &[("command", "take")]).await;
    let path = undo_path(&page).unwrap();
    marek.post(&path, &[]).await.expect(404);
    marek.post(&format!("/staff/bulk/{}/undo", Uuid::new_v4()), &[]).await.expect(404);
    marek.post("/staff/bulk/x/undo", &[]).await.expect(404);
    world.visitor().post(&path, &[]).await.expect(303);
    assert_eq!(ticket_state(&world, &references[0]).await.status, "open");

    // the 15 seconds are over, but a slow network is tolerated
    world.advance(Duration::seconds(18));
    let (first, second) = tokio::join!(anna.post(&path, &[]), anna.post(&path, &[]));
    first.expect(303);
    second.expect(303);
    assert_eq!(event_kinds(&world, &references[0]).await, ["opened", "assigned", "undone"]);

    let page = apply(&anna, &references, &[("command", "take")]).await;
    world.advance(Duration::seconds(14));
    assert!(undo_path(&anna.get(&page_address(&page)).await).is_some());
    world.advance(Duration::seconds(1));
    assert!(
        undo_path(&anna.get(&page_address(&page)).await).is_none(),
        "the button is hidden when undo may come too late"
    );
    world.advance(Duration::seconds(6));
    undo(&anna, &page).await.expect(409).assert_shows("Za późno, żeby to cofnąć");
    assert_eq!(ticket_state(&world, &references[0]).await.status, "open");
}

/// The URL of a queue page with its summary.
fn page_address(page: &TestResponse) -> String {
    let id = undo_path(page).unwrap().split('/').nth(3).unwrap().to_owned();
    format!("/staff?view=all&flash={id}")
}

#[tokio::test]
async fn a_bulk_form_sent_twice_is_applied_once() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = create_tickets(&world, 3).await;
    let submission = anna.get("/staff").await.value("submission");
    let selected = checkbox_values(&anna, &references[..2]).await;
    let fields = [("command", "note"), ("note", "raz"), ("submission", submission.as_str())];
    let (first, second) = tokio::join!(post_bulk(&anna, &selected, &fields), post_bulk(&anna, &selected, &fields));
    assert_eq!(first.expect(303).location(), second.expect(303).location());
    assert_eq!(world.count("select count(*) from ticket_event where payload ->> 'kind' = 'noted'").await, 2);
    // the same submission with other tickets is another action
    let other = checkbox_values(&anna, &references[2..]).await;
    post_bulk(&anna, &other, &fields).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket_event where payload ->> 'kind' = 'noted'").await, 3);
}

#[tokio::test]
async fn an_invalid_bulk_form_is_shown_again_with_everything_that_was_typed() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = create_tickets(&world, 2).await;
    let selected = checkbox_values(&anna, &references).await;
    let long = "za długie ".repeat(600);
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let table: [(Fields<'_>, &str, &str); 7] = [
        (&[("command", "note"), ("note", " ")], "Wpisz treść", "bulk-note"),
        (&[("command", "note"), ("note", &long)], "Ten tekst ma 5999 znaków", "bulk-note"),
        (&[("command", "status"), ("status", "resolved"), ("text", &long)], "Ten tekst ma 5999 znaków", "bulk-text"),
        (&[("command", "status"), ("status", "waiting"), ("until", "date")], "Wybierz dzień", "bulk-status"),
        (&[("command", "merge"), ("into", "DZ-1")], "Numer zgłoszenia ma litery DZ", "bulk-into"),
        (&[("command", "take"), ("reason", &long)], "Ten tekst ma 5999 znaków", "bulk-reason"),
        (&[("command", "assign"), ("assignee", "none"), ("reason", &long)], "Ten tekst ma", "bulk-assignee"),
    ];
    for (fields, message, field) in table {
        let refused = post_bulk(&anna, &selected, fields).await.expect(422);
        refused.assert_shows("Trzeba poprawić jedną rzecz");
        assert_eq!(refused.body.matches("aria-invalid=\"true\"").count(), 1, "{fields:?}");
        refused.assert_shows(message).assert_shows("Zmień 2 zgłoszenia");
        assert!(refused.body.contains(&format!("id=\"{field}\"")), "{fields:?}");
        assert_eq!(refused.body.matches("name=\"ticket\"").count(), 2);
        if fields.iter().any(|(_, value)| *value == long) {
            assert!(refused.body.contains(long.trim()), "{fields:?}");
        }
    }
    let refused = post_bulk(&anna, &selected, &[("command", "merge"), ("into", &references[0].to_string())]).await;
    refused.expect(303);
    let selected = checkbox_values(&anna, &references).await;
    let refused = post_bulk(&anna, &selected[..1], &[("command", "merge")]).await.expect(422);
    refused.assert_shows("to samo zgłoszenie albo jego duplikat");
    assert_eq!(world.count("select count(*) from bulk_action").await, 1);
}

#[tokio::test]
async fn invalid_bulk_requests_are_refused_without_changes() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = create_tickets(&world, 1).await;
    let selected = checkbox_values(&anna, &references).await;
    post_bulk(&anna, &[], &[("command", "take")]).await.expect(422).assert_shows("Nic nie jest zaznaczone");
    for fields in [
        &[][..],
        &[("command", "explode")],
        &[("command", "status"), ("status", "x")],
        &[("command", "status"), ("status", "duplicate")],
        &[("command", "assign"), ("assignee", "x")],
        &[("command", "assign"), ("assignee", "00000000-0000-7000-8000-0000000000ff")],
    ] {
        post_bulk(&anna, &selected, fields).await.expect(400);
    }
    let many: Vec<_> = (0..10_000).map(|_| TicketReference::random().to_string()).collect();
    let refused = post_bulk(&anna, &many, &[("command", "take"), ("back", "/staff?view=new")]).await.expect(422);
    refused.assert_shows("Zaznaczone: 10000. Naraz zmienisz najwyżej 200 zgłoszeń");
    assert!(refused.body.contains("href=\"/staff?view=new\""));
    // 200 unknown tickets
    let page = post_bulk(&anna, &many[..200], &[("command", "take")]).await.expect(303);
    anna.follow(&page).await.assert_shows("Nic się nie zmieniło. 200 już nie ma.");
    // the summary of an unknown bulk action is not shown
    anna.get(&format!("/staff?flash={}", Uuid::new_v4())).await.expect(200);
    anna.get("/staff?flash=%3Cb%3E").await.expect(200).assert_hides("<b>");
    world.visitor().post("/staff/bulk", &[("command", "take")]).await.expect(303);
    assert_eq!(ticket_state(&world, &references[0]).await, expected_state("new", None, None));
}

#[tokio::test]
async fn concurrent_bulk_actions_on_the_same_tickets_do_not_deadlock() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let references = create_tickets(&world, 20).await;
    for round in 0..6 {
        let selected = checkbox_values(&anna, &references).await;
        let command = if round % 2 == 0 { "note" } else { "spam" };
        let mut backwards = selected.clone();
        backwards.reverse();
        let (snooze, other) =
            ([("command", "status"), ("status", "waiting"), ("until", "week")], [("command", command), ("note", "b")]);
        let (first, second) = tokio::join!(post_bulk(&anna, &selected, &snooze), post_bulk(&marek, &backwards, &other));
        first.expect(303);
        second.expect(303);
        world.assert_invariants().await;
        post_bulk(&anna, &checkbox_values(&anna, &references).await, &[("command", "status"), ("status", "new")])
            .await
            .expect(303);
    }
}

#[tokio::test]
async fn bulk_actions_are_purged_after_undo_has_expired() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let references = create_tickets(&world, 2).await;
    apply(&anna, &references, &[("command", "take")]).await;
    jobs::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from bulk_action_ticket").await, 2);
    world.advance(Duration::hours(2));
    jobs::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from bulk_action").await, 0);
    assert_eq!(world.count("select count(*) from bulk_action_ticket").await, 0);
    assert_eq!(world.count("select count(*) from ticket_event where bulk_action_id is not null").await, 2);
}
