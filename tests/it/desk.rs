//! The queue and the ticket, as staff use them.

mod compose;
mod related;
mod saved;
mod strip;

use time::Duration;

use crate::{
    given,
    support::{Answer, Browser, World},
};

fn desk(reference: &dzwoni::tickets::Reference) -> String {
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
        let last: String = sqlx::query_scalar("select what ->> 'kind' from ticket_event order by id desc limit 1")
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
    assert_eq!(world.count("select count(*) from ticket_event where what ->> 'kind' = 'noted'").await, 1);

    // gone back to and written on, it is another note, once as well
    let fields = [("text", "raz i dwa"), ("submission", submission.as_str())];
    let (first, second) = tokio::join!(anna.post(&path, &fields), anna.post(&path, &fields));
    first.expect(303);
    second.expect(303);
    assert_eq!(world.count("select count(*) from ticket_event where what ->> 'kind' = 'noted'").await, 2);
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
async fn search_finds_a_number_however_it_is_written() {
    let world = World::new().await;
    let (wanted, _) =
        given::report().with("caller", "22 122 80 22").with("callee", "601 555 210").accepted(&world).await;
    let (other, _) =
        given::report().with("caller", "12345-101").with("callee", "0049 30 5550 170").accepted(&world).await;
    let anna = world.agent("Anna").await;
    let search = async |text: &str| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
        anna.get(&format!("/staff?{query}")).await
    };
    let spellings = [
        "22 122-80-22",
        "0048221228022",
        "+48 22 122 80 22",
        "221228022",
        "8022",
        "22 122",
        "4822122",
        "(22) 1228022",
        "601555210",
        "5210",
        "+48601",
        "601 555",
    ];
    for text in spellings {
        let found = search(text).await.expect(200);
        found.must_show(&wanted.to_string()).must_not_show(&other.to_string());
    }
    for text in ["12345-101", "+49 30 5550170", "004930", "0170"] {
        let found = search(text).await.expect(200);
        found.must_show(&other.to_string()).must_not_show(&wanted.to_string());
    }
    search("jan.nowak@example.com").await.must_show(&wanted.to_string()).must_show(&other.to_string());
    search("nobody@example.com").await.must_show("Nic tu nie pasuje");
    search("9999").await.must_show("Nic tu nie pasuje");
    search("zażółć").await.must_show("Tego nie umiemy odczytać");
    search("%").await.must_show("Tego nie umiemy odczytać");
}

#[tokio::test]
async fn a_reference_in_any_spelling_opens_its_ticket() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let shown = reference.to_string();
    for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', ""), reference.as_str().to_owned()] {
        let answer = anna.get(&format!("/staff?q={typed}")).await.expect(303);
        assert_eq!(answer.location(), desk(&reference), "{typed}");
    }
    let unknown = dzwoni::tickets::Reference::random().to_string();
    anna.get(&format!("/staff?q={unknown}")).await.expect(200).must_show(&format!("Nie ma zgłoszenia {unknown}"));
    let last = if shown.ends_with('0') { '1' } else { '0' };
    let slip = format!("{}{last}", &shown[..shown.len() - 1]);
    anna.get(&format!("/staff?q={slip}")).await.expect(200).must_show("jest pomyłka");
    anna.get(&format!("/staff/tickets/{unknown}")).await.expect(404);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let world = World::new().await;
    for minute in 0..120 {
        // three at a time share a moment, so that the cursor's second part matters
        if minute % 3 == 0 {
            world.advance(Duration::minutes(1));
        }
        given::report()
            .with("day", "now")
            .send(&world.visitor().from_ip(&format!("198.51.100.{minute}")))
            .await
            .expect(303);
    }
    let anna = world.agent("Anna").await;
    for sort in ["waiting", "newest", "call"] {
        let mut seen = Vec::new();
        let mut next = Some(format!("/staff?view=new&sort={sort}"));
        let mut pages = 0;
        while let Some(address) = next {
            let page = anna.get(&address).await.expect(200);
            seen.extend(references(&page));
            next = page
                .body
                .split("rel=\"next\" href=\"")
                .nth(1)
                .map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&"));
            pages += 1;
        }
        assert_eq!(pages, 3, "{sort}");
        assert_eq!(seen.len(), 120, "{sort}");
        let expected: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "select reference from ticket order by {}",
            match sort {
                "waiting" => "waiting_since, id",
                "newest" => "created_at desc, id desc",
                _ => "call_at desc, id desc",
            }
        )))
        .fetch_all(world.sql().await)
        .await
        .unwrap();
        assert_eq!(seen, expected, "{sort}");
    }
}

fn references(page: &Answer) -> Vec<String> {
    let links = page.body.split("href=\"/staff/tickets/DZ-").skip(1);
    links.map(|rest| rest.split('"').next().unwrap().replace('-', "")).collect()
}

#[tokio::test]
async fn filters_narrow_a_view() {
    let world = World::new().await;
    let (call, _) = given::report().accepted(&world).await;
    let (account, _) = given::logged_out().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let page = anna.get(&desk(&account)).await;
    verb(&anna, &page, &format!("{}/assignment", desk(&account)), &[("assignee", "me")]).await.expect(303);
    let shown = async |query: &str| {
        let page = anna.get(&format!("/staff?{query}")).await.expect(200);
        (page.shows(&call.to_string()), page.shows(&account.to_string()))
    };
    assert_eq!(shown("view=all").await, (true, true));
    assert_eq!(shown("view=all&category=logged-out").await, (false, true));
    assert_eq!(shown("view=all&assignee=me").await, (false, true));
    assert_eq!(shown("view=all&assignee=none").await, (true, false));
    assert_eq!(shown("view=open").await, (false, true));
    assert_eq!(shown("view=spam").await, (false, false));
}

#[tokio::test]
async fn without_the_database_the_desk_says_what_is_wrong() {
    let world = World::without_database().await;
    let browser = world.visitor().with_header("cookie", "__Host-dzwoni=x");
    let answer = browser.get("/staff").await.expect(503);
    answer.must_show("Zgłoszenia są chwilowo niedostępne");
    assert_eq!(answer.header("retry-after"), "5");
}
