//! The queue and the ticket, as staff use them.

mod compose;
mod export;
pub mod plans;
mod queue;
mod related;
mod saved;
mod search;
mod strip;

use crate::{
    given,
    support::{Answer, Browser, World},
};

fn desk(reference: &dzwoni::tickets::TicketReference) -> String {
    format!("/staff/tickets/{reference}")
}

async fn verb(browser: &Browser, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let version = page.value("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

#[tokio::test]
async fn a_ticket_is_found_taken_noted_and_resolved() {
    let world = World::new().await;
    let (reference, customers_page) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let ticket = desk(&reference);

    let queue = anna.get("/staff").await.expect(200);
    for text in [&reference.to_string(), "22 555 01 20", "0044 20 8190 0322", "14:05", "503 Usługa niedostępna", "nowe"]
    {
        queue.must_show(text);
    }
    let page = anna.get(&ticket).await.expect(200);
    page.must_show("pt. 20.11.2026, 14:04–14:06").must_show("pt. 20.11.2026, 13:04–13:06");
    verb(&anna, &page, &format!("{ticket}/assignment"), &[("assignee", "me")]).await.expect(303);
    anna.get("/staff?view=mine").await.must_show(&reference.to_string());
    anna.get("/staff?view=new").await.must_not_show(&reference.to_string());

    let note = [("text", "Sprawdzam drugą trasę."), ("submission", "0b7c1f7e-5a53-4a3e-8f0e-3c8f6d6c1a01")];
    anna.post(&format!("{ticket}/notes"), &note).await.expect(303);
    let page = anna.get(&ticket).await;
    let resolve = [("status", "resolved"), ("text", "Połączenia znów działają.")];
    verb(&anna, &page, &format!("{ticket}/status"), &resolve).await.expect(303);

    let page = anna.get(&ticket).await;
    page.must_show("Anna: wzięte")
        .must_show("Anna: notatka")
        .must_show("Anna: rozwiązane")
        .must_show("Sprawdzam drugą trasę.");
    anna.get("/staff?view=resolved").await.must_show(&reference.to_string());
    let customers = world.visitor().get(&customers_page).await.expect(200);
    customers.must_show("Rozwiązane").must_show("Połączenia znów działają.").must_not_show("drugą trasę");
}

#[tokio::test]
async fn every_change_leaves_exactly_one_event() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let ticket = desk(&reference);
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
        verb(&anna, &page, &format!("{ticket}/{path}"), fields).await.expect(303);
        assert_eq!(world.count("select count(*) from ticket_event").await, count, "{path} {fields:?}");
        let last: String = sqlx::query_scalar("select payload ->> 'kind' from ticket_event order by id desc limit 1")
            .fetch_one(world.sql().await)
            .await
            .unwrap();
        assert_eq!(last, kind);
    }
    // an answer takes a new ticket out of the queue of new ones
    let (new, _) = given::report().accepted(&world).await;
    anna.post(&format!("{}/replies", desk(&new)), &[("text", "c")]).await.expect(303);
    anna.get("/staff?view=open").await.must_show(&new.to_string());
    sqlx::query("delete from ticket where reference = $1").bind(new.as_str()).execute(world.sql().await).await.unwrap();
    // what is so already leaves none
    let page = anna.get(&ticket).await;
    verb(&anna, &page, &format!("{ticket}/status"), &[("status", "resolved")]).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket_event").await, 10);
}

#[tokio::test]
async fn the_second_clerk_is_told_who_was_first_and_keeps_the_text() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let ticket = desk(&reference);
    let stale = marek.get(&ticket).await;
    let page = anna.get(&ticket).await;
    verb(&anna, &page, &format!("{ticket}/assignment"), &[("assignee", "me")]).await.expect(303);

    let refused = verb(&marek, &stale, &format!("{ticket}/assignment"), &[("assignee", "me")]).await.expect(409);
    refused.must_show("Anna: wzięte").must_show("Przypisać do: Marek");
    let text = "Moja długa odpowiedź z <znakami>";
    let fields = [("status", "resolved"), ("text", text)];
    let refused = verb(&marek, &stale, &format!("{ticket}/status"), &fields).await.expect(409);
    refused.must_show(text);
    // having seen both, Marek insists
    verb(&marek, &refused, &format!("{ticket}/status"), &fields).await.expect(303);
    anna.get(&ticket).await.must_show(text).must_show("Marek: rozwiązane");
}

#[tokio::test]
async fn of_many_who_take_a_ticket_at_once_one_gets_it() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let mut takers = tokio::task::JoinSet::new();
    for name in ["Anna", "Marek", "Ola", "Piotr", "Ewa"] {
        let browser = world.agent(name).await;
        let path = format!("{}/assignment", desk(&reference));
        takers.spawn(async move { browser.post(&path, &[("version", "1"), ("assignee", "me")]).await.status.as_u16() });
    }
    let mut statuses = takers.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409]);
    assert_eq!(world.count("select count(*) from ticket_event").await, 2);
}

#[tokio::test]
async fn a_note_that_is_sent_twice_is_one_note() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let path = format!("{}/notes", desk(&reference));
    let submission = anna.get(&desk(&reference)).await.value("submission");
    let fields = [("text", "raz"), ("submission", submission.as_str())];
    let (first, second) = tokio::join!(anna.post(&path, &fields), anna.post(&path, &fields));
    first.expect(303);
    second.expect(303);
    anna.post(&path, &fields).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket_event where payload ->> 'kind' = 'noted'").await, 1);

    // gone back to and written on, it is another note, once as well
    let fields = [("text", "raz i dwa"), ("submission", submission.as_str())];
    let (first, second) = tokio::join!(anna.post(&path, &fields), anna.post(&path, &fields));
    first.expect(303);
    second.expect(303);
    assert_eq!(world.count("select count(*) from ticket_event where payload ->> 'kind' = 'noted'").await, 2);
    anna.get(&desk(&reference)).await.must_show("raz i dwa");
}

#[tokio::test]
async fn an_empty_or_endless_text_is_not_taken_and_not_lost() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    for path in ["notes", "replies"] {
        let path = format!("{}/{path}", desk(&reference));
        anna.post(&path, &[("text", " \n ")]).await.expect(422).must_show("Wpisz treść");
        let long = "za długie ".repeat(600);
        let refused = anna.post(&path, &[("text", &long)]).await.expect(422);
        refused.must_show("Ten tekst ma 5999 znaków").must_show(long.trim());
    }
    assert_eq!(world.count("select count(*) from ticket_event").await, 1);
}

#[tokio::test]
async fn without_the_database_the_desk_says_what_is_wrong() {
    let world = World::without_database().await;
    let browser = world.visitor().with_header("cookie", "__Host-dzwoni=x");
    let answer = browser.get("/staff").await.expect(503);
    answer.must_show("Zgłoszenia są chwilowo niedostępne");
    assert_eq!(answer.header("retry-after"), "5");
}
