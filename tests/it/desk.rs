//! The queue and the ticket page, as staff use them.

mod call_summary;
mod compose;
mod export;
pub mod query_plans;
mod queue;
mod related;
mod replies;
mod search;

use crate::{
    given,
    support::{Browser, TestResponse, World},
};

fn ticket_path(reference: &dzwoni::tickets::TicketReference) -> String {
    format!("/staff/tickets/{reference}")
}

/// Posts a form with the version of the page that it was rendered on.
async fn post_with_version(
    browser: &Browser,
    page: &TestResponse,
    path: &str,
    fields: &[(&str, &str)],
) -> TestResponse {
    let version = page.value("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

#[tokio::test]
async fn a_ticket_is_found_assigned_noted_and_resolved() {
    let world = World::new().await;
    let (reference, customer_page) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let ticket = ticket_path(&reference);

    let queue = anna.get("/staff").await.expect(200);
    for text in [&reference.to_string(), "22 555 01 20", "0044 20 8190 0322", "14:05", "503 Usługa niedostępna", "nowe"]
    {
        queue.assert_shows(text);
    }
    let page = anna.get(&ticket).await.expect(200);
    page.assert_shows("pt. 20.11.2026, 14:04–14:06").assert_shows("pt. 20.11.2026, 13:04–13:06");
    post_with_version(&anna, &page, &format!("{ticket}/assignment"), &[("assignee", "me")]).await.expect(303);
    anna.get("/staff?view=mine").await.assert_shows(&reference.to_string());
    anna.get("/staff?view=new").await.assert_hides(&reference.to_string());

    let note = [("text", "Sprawdzam drugą trasę."), ("submission", "0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1a01")];
    anna.post(&format!("{ticket}/notes"), &note).await.expect(303);
    let page = anna.get(&ticket).await;
    let resolve = [("status", "resolved"), ("text", "Połączenia znów działają.")];
    post_with_version(&anna, &page, &format!("{ticket}/status"), &resolve).await.expect(303);

    let page = anna.get(&ticket).await;
    page.assert_shows("Anna: wzięte")
        .assert_shows("Anna: notatka")
        .assert_shows("Anna: rozwiązane")
        .assert_shows("Sprawdzam drugą trasę.");
    anna.get("/staff?view=resolved").await.assert_shows(&reference.to_string());
    let customer_view = world.visitor().get(&customer_page).await.expect(200);
    customer_view.assert_shows("Rozwiązane").assert_shows("Połączenia znów działają.").assert_hides("drugą trasę");
}

#[tokio::test]
async fn every_change_of_a_ticket_adds_exactly_one_event() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let ticket = ticket_path(&reference);
    type Fields = &'static [(&'static str, &'static str)];
    let steps: [(&str, Fields, &str); 9] = [
        ("assignment", &[("assignee", "me")], "assigned"),
        ("assignment", &[("assignee", "none")], "released"),
        ("status", &[("status", "waiting")], "waits"),
        ("status", &[("status", "open")], "status_changed"),
        ("status", &[("status", "spam")], "marked_spam"),
        ("status", &[("status", "open")], "reopened"),
        ("status", &[("status", "resolved")], "resolved"),
        ("notes", &[("text", "a")], "noted"),
        ("replies", &[("text", "b")], "replied"),
    ];
    for (count, (path, fields, kind)) in (2..).zip(steps) {
        let page = anna.get(&ticket).await;
        post_with_version(&anna, &page, &format!("{ticket}/{path}"), fields).await.expect(303);
        assert_eq!(world.count("select count(*) from ticket_event").await, count, "{path} {fields:?}");
        let last: String = sqlx::query_scalar("select payload ->> 'kind' from ticket_event order by id desc limit 1")
            .fetch_one(world.sql().await)
            .await
            .unwrap();
        assert_eq!(last, kind);
    }
    // a reply opens a new ticket
    let (new, _) = given::report().accepted(&world).await;
    anna.post(&format!("{}/replies", ticket_path(&new)), &[("text", "c")]).await.expect(303);
    anna.get("/staff?view=open").await.assert_shows(&new.to_string());
    sqlx::query("delete from ticket where reference = $1").bind(new.as_str()).execute(world.sql().await).await.unwrap();
    // a change without effect adds no event
    let page = anna.get(&ticket).await;
    post_with_version(&anna, &page, &format!("{ticket}/status"), &[("status", "resolved")]).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket_event").await, 10);
}

#[tokio::test]
async fn the_second_of_two_staff_members_sees_the_first_change_and_keeps_the_text() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let ticket = ticket_path(&reference);
    let stale = marek.get(&ticket).await;
    let page = anna.get(&ticket).await;
    post_with_version(&anna, &page, &format!("{ticket}/assignment"), &[("assignee", "me")]).await.expect(303);

    let refused =
        post_with_version(&marek, &stale, &format!("{ticket}/assignment"), &[("assignee", "me")]).await.expect(409);
    refused.assert_shows("Anna: wzięte").assert_shows("Przypisać do: Marek");
    let text = "Moja długa odpowiedź z <znakami>";
    let fields = [("status", "resolved"), ("text", text)];
    let refused = post_with_version(&marek, &stale, &format!("{ticket}/status"), &fields).await.expect(409);
    refused.assert_shows(text);
    // Marek has seen both and sends again
    post_with_version(&marek, &refused, &format!("{ticket}/status"), &fields).await.expect(303);
    anna.get(&ticket).await.assert_shows(text).assert_shows("Marek: rozwiązane");
}

#[tokio::test]
async fn of_many_concurrent_assignments_one_succeeds() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let mut takers = tokio::task::JoinSet::new();
    for name in ["Anna", "Marek", "Ola", "Piotr", "Ewa"] {
        let browser = world.agent(name).await;
        let path = format!("{}/assignment", ticket_path(&reference));
        takers.spawn(async move { browser.post(&path, &[("version", "1"), ("assignee", "me")]).await.status.as_u16() });
    }
    let mut statuses = takers.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409]);
    assert_eq!(world.count("select count(*) from ticket_event").await, 2);
}

#[tokio::test]
async fn a_note_sent_twice_is_saved_once() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let path = format!("{}/notes", ticket_path(&reference));
    let submission = anna.get(&ticket_path(&reference)).await.value("submission");
    let fields = [("text", "raz"), ("submission", submission.as_str())];
    let (first, second) = tokio::join!(anna.post(&path, &fields), anna.post(&path, &fields));
    first.expect(303);
    second.expect(303);
    anna.post(&path, &fields).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket_event where payload ->> 'kind' = 'noted'").await, 1);

    // the same submission with another text is another note, saved once as well
    let fields = [("text", "raz i dwa"), ("submission", submission.as_str())];
    let (first, second) = tokio::join!(anna.post(&path, &fields), anna.post(&path, &fields));
    first.expect(303);
    second.expect(303);
    assert_eq!(world.count("select count(*) from ticket_event where payload ->> 'kind' = 'noted'").await, 2);
    anna.get(&ticket_path(&reference)).await.assert_shows("raz i dwa");
}

#[tokio::test]
async fn an_empty_or_too_long_text_is_refused_and_kept() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    for path in ["notes", "replies"] {
        let path = format!("{}/{path}", ticket_path(&reference));
        anna.post(&path, &[("text", " \n ")]).await.expect(422).assert_shows("Wpisz treść");
        let long = "za długie ".repeat(600);
        let refused = anna.post(&path, &[("text", &long)]).await.expect(422);
        refused.assert_shows("Ten tekst ma 5999 znaków").assert_shows(long.trim());
    }
    assert_eq!(world.count("select count(*) from ticket_event").await, 1);
}

#[tokio::test]
async fn without_the_database_the_staff_pages_say_what_is_wrong() {
    let world = World::without_database().await;
    let browser = world.visitor().with_header("cookie", "__Host-dzwoni=x");
    let response = browser.get("/staff").await.expect(503);
    response.assert_shows("Zgłoszenia są chwilowo niedostępne");
    assert_eq!(response.header("retry-after"), "5");
}
