//! Live updates of open pages.

use std::collections::BTreeMap;

use dzwoni::staff::StaffRole;
use time::Duration;

use crate::{
    given,
    support::{Browser, Events, TestResponse, World, unescape_html},
};

fn ticket_path(reference: &dzwoni::tickets::TicketReference) -> String {
    format!("/staff/tickets/{reference}")
}

/// An open ticket page with its event stream.
struct OpenTicket {
    events: Events,
    page: String,
    address: String,
    browser: Browser,
}

impl OpenTicket {
    async fn open(browser: &Browser, address: &str, version: i32) -> OpenTicket {
        let mut events = browser.listen(&format!("{address}/live?version={version}")).await;
        let page = events.wait_for("hello").await.data;
        OpenTicket { events, page, address: address.to_owned(), browser: browser.clone() }
    }

    async fn send_presence(&self, state: &str) {
        let fields = [("page", self.page.as_str()), ("state", state)];
        self.browser.post(&format!("{}/presence", self.address), &fields).await.expect(204);
    }

    /// Waits until the page shows these viewers.
    async fn wait_for_viewers(&mut self, expected: &[&str]) {
        loop {
            let viewers = self.events.wait_for("viewers").await.json();
            let shown: Vec<_> =
                viewers.as_array().unwrap().iter().map(|viewer| viewer["text"].as_str().unwrap()).collect();
            if shown == expected {
                return;
            }
        }
    }
}

#[tokio::test]
async fn staff_in_the_same_ticket_see_each_other_across_two_servers() {
    let world = World::new().await.listening().await;
    let other = world.second().listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let ticket = ticket_path(&reference);
    let anna = world.agent("Anna").await;
    let marek = other.signed_in(&world.add_staff("Marek", StaffRole::Agent).await).await;

    let mut annas_page = OpenTicket::open(&anna, &ticket, 1).await;
    annas_page.wait_for_viewers(&[]).await;
    annas_page.send_presence("viewing").await;
    let mut mareks_page = OpenTicket::open(&marek, &ticket, 1).await;
    mareks_page.send_presence("viewing").await;
    annas_page.wait_for_viewers(&["Marek ogląda"]).await;
    mareks_page.wait_for_viewers(&["Anna ogląda"]).await;
    mareks_page.send_presence("writing").await;
    annas_page.wait_for_viewers(&["Marek pisze"]).await;
    drop(mareks_page);
    annas_page.wait_for_viewers(&[]).await;
}

#[tokio::test]
async fn a_viewer_who_sends_no_signal_disappears_after_30_seconds() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let ticket = ticket_path(&reference);
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let mareks_page = OpenTicket::open(&marek, &ticket, 1).await;
    mareks_page.send_presence("viewing").await;
    let mut annas_page = OpenTicket::open(&anna, &ticket, 1).await;
    annas_page.wait_for_viewers(&["Marek ogląda"]).await;
    world.advance(Duration::seconds(30));
    annas_page.wait_for_viewers(&[]).await;
    // the next signal shows him again
    mareks_page.send_presence("viewing").await;
    annas_page.wait_for_viewers(&["Marek ogląda"]).await;
}

#[tokio::test]
async fn open_ticket_pages_show_a_change_with_one_statement_for_all_viewers() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let (another, _) = given::report().accepted(&world).await;
    let ticket = ticket_path(&reference);
    wait_for_changes(&world, 3).await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let mut ticket_pages = Vec::new();
    for address in [&ticket, &ticket, &ticket_path(&another)] {
        let mut events = marek.listen(&format!("{address}/live?version=0")).await;
        // version 0 is outdated, so the current state is sent
        events.wait_for("changed").await;
        ticket_pages.push(events);
    }
    let before = world.app.change_feed.query_count();
    anna.post(&format!("{ticket}/notes"), &[("text", "Sprawdzam.")]).await.expect(303);
    for events in &mut ticket_pages[..2] {
        let changed = events.wait_for("changed").await.json();
        assert_eq!((changed["text"].as_str(), changed["version"].as_i64()), (Some("Anna: notatka"), Some(2)));
    }
    assert_eq!(world.app.change_feed.query_count(), before + 1, "one statement for three open tickets");

    // a page rendered before the change that opens its stream afterwards gets the event, too
    let mut late = marek.listen(&format!("{ticket}/live?version=1")).await;
    assert_eq!(late.wait_for("changed").await.json()["text"], "Anna: notatka");
    // a page that shows the change already does not
    let mut current = marek.listen(&format!("{ticket}/live?version=2")).await;
    assert_eq!(current.next().await.unwrap().name, "hello");
    assert_eq!(current.next().await.unwrap().name, "viewers");
    anna.post(&format!("{ticket}/replies"), &[("text", "Działa.")]).await.expect(303);
    let next = current.next().await.unwrap();
    assert_eq!(
        (next.name.as_str(), next.json()["text"].as_str()),
        ("changed", Some("Anna: odpowiedź do klienta, wzięte"))
    );
}

/// Waits until the change feed has received so many changes. Connecting counts as the first.
async fn wait_for_changes(world: &World, changes: u64) {
    world.app.change_feed.subscribe_tickets().wait_for(|count| *count >= changes).await.unwrap();
}

#[tokio::test]
async fn an_event_stream_ends_with_the_session_and_with_the_server() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = format!("{}/live?version=1", ticket_path(&reference));
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let mut annas_page = anna.listen(&address).await;
    let mut mareks_page = marek.listen(&address).await;
    anna.post("/staff/logout", &[]).await.expect(303);
    assert_eq!(annas_page.last().await.unwrap().name, "over");
    // a new stream ends at once, instead of redirecting to the login page
    assert_eq!(anna.listen(&address).await.next().await.unwrap().name, "over");

    mareks_page.wait_for("viewers").await;
    world.app.change_feed.shut_down();
    assert!(mareks_page.last().await.is_none(), "the stream ends without the event `over`, so the browser reconnects");
}

#[tokio::test]
async fn an_open_page_does_not_keep_a_session_alive() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let (address, page) = (format!("{}/presence", ticket_path(&reference)), given::uuid());
    for _ in 0..3 {
        world.advance(Duration::hours(2));
        anna.post(&address, &[("page", page.as_str()), ("state", "viewing")]).await.expect(204);
        anna.listen(&format!("{}/live", ticket_path(&reference))).await.wait_for("viewers").await;
    }
    world.advance(Duration::hours(2));
    let response = anna.get("/staff").await.expect(303);
    assert_eq!(response.location(), "/staff/login");
}

#[tokio::test]
async fn presence_accepts_only_valid_signals() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = format!("{}/presence", ticket_path(&reference));
    let anna = world.agent("Anna").await;
    let page = given::uuid();
    for fields in [
        [("page", page.as_str()), ("state", "gone")],
        [("page", page.as_str()), ("state", "")],
        [("page", "x"), ("state", "viewing")],
    ] {
        anna.post(&address, &fields).await.expect(400);
    }
    let fields = [("page", page.as_str()), ("state", "viewing")];
    anna.post("/staff/tickets/x/presence", &fields).await.expect(404);
    anna.get("/staff/tickets/DZ-00000-00000/live").await.expect(404);
    world.visitor().post(&address, &fields).await.expect(303);
}

#[tokio::test]
async fn open_event_streams_are_limited_per_staff_member() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = format!("{}/live", ticket_path(&reference));
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let mut open = Vec::new();
    for _ in 0..24 {
        open.push(anna.listen(&address).await);
    }
    let refused = anna.get(&address).await.expect(429);
    assert!(!refused.header("retry-after").is_empty());
    marek.listen(&address).await.wait_for("hello").await;
    open.pop();
    anna.listen(&address).await.wait_for("hello").await;
}

/// An open queue page with its event stream.
struct OpenQueue {
    events: Events,
    order: Vec<String>,
}

impl OpenQueue {
    /// Loads the page and opens its stream, as a browser does.
    async fn open(browser: &Browser, address: &str) -> OpenQueue {
        let page = browser.get(address).await.expect(200);
        let attribute = |name: &str| {
            let value = page.body.split(&format!(" {name}=\"")).nth(1).unwrap_or_else(|| panic!("no {name}"));
            unescape_html(value.split('"').next().unwrap())
        };
        let mut events =
            browser.listen(&format!("{}&fingerprint={}", attribute("data-live-url"), attribute("data-snapshot"))).await;
        // the counts are sent after the page was compared
        events.wait_for("counts").await;
        OpenQueue { events, order: references_on(&page) }
    }

    /// Waits for an event `rows`; returns the rows that are sent and stores the new order.
    async fn wait_for_rows(&mut self) -> BTreeMap<String, String> {
        let rows = self.events.wait_for("rows").await.json();
        self.order = serde_json::from_value(rows["order"].clone()).unwrap();
        serde_json::from_value(rows["rows"].clone()).unwrap()
    }
}

/// The references on a queue page.
fn references_on(page: &TestResponse) -> Vec<String> {
    let rows = page.body.split("<tr role=\"row\" id=\"t-").skip(1);
    rows.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn queue_rows_are_added_changed_and_removed_live_across_two_servers() {
    let world = World::new().await.listening().await;
    let other = world.second().listening().await;
    let (first, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let marek = other.signed_in(&world.add_staff("Marek", StaffRole::Agent).await).await;
    let mut new = OpenQueue::open(&marek, "/staff").await;
    let mut open = OpenQueue::open(&marek, "/staff?view=open").await;
    let mut all = OpenQueue::open(&marek, "/staff?view=all").await;
    assert_eq!(new.order, [first.to_string()]);

    // a report received by one server appears in the queues of the other
    let (second, _) = given::report().accepted(&world).await;
    let rows = new.wait_for_rows().await;
    assert_eq!(rows.keys().collect::<Vec<_>>(), [&second.to_string()], "only the new row is sent");
    assert_eq!(new.order, [first.to_string(), second.to_string()], "the longest waiting ticket comes first");
    assert!(rows[&second.to_string()].contains("22 555 01 20"), "rendered like the row of the page");
    all.wait_for_rows().await;
    assert_eq!(all.order, [second.to_string(), first.to_string()]);

    // an assignment removes the row from one view, adds it to another and changes it in a third
    let ticket = ticket_path(&first);
    let version = anna.get(&ticket).await.value("version");
    let take = [("version", version.as_str()), ("assignee", "me")];
    anna.post(&format!("{ticket}/assignment"), &take).await.expect(303);
    assert!(new.wait_for_rows().await.is_empty());
    assert_eq!(new.order, [second.to_string()]);
    assert_eq!(open.wait_for_rows().await.into_keys().collect::<Vec<_>>(), [first.to_string()]);
    let changed = all.wait_for_rows().await;
    assert!(changed[&first.to_string()].contains("title=\"Anna\""), "{changed:?}");
    assert_eq!(changed.len(), 1);
    assert_eq!(all.order, [second.to_string(), first.to_string()]);
    loop {
        let counts = all.events.wait_for("counts").await.json();
        if (counts["new"].as_str(), counts["open"].as_str()) == (Some("1"), Some("1")) {
            break;
        }
    }
}

#[tokio::test]
async fn a_change_costs_one_statement_per_filter_however_many_queues_are_open() {
    let world = World::new().await.listening().await;
    given::report().accepted(&world).await;
    wait_for_changes(&world, 2).await;
    let agents = [world.agent("Anna").await, world.agent("Marek").await, world.agent("Ola").await];
    let mut queues = Vec::new();
    for agent in &agents {
        for address in ["/staff", "/staff", "/staff?view=all", "/staff?view=all&sort=call", "/staff?view=mine"] {
            queues.push(OpenQueue::open(agent, address).await);
        }
    }
    let mut before = 0;
    // in the first round, the pages may still be compared because they were just opened
    for _ in 0..2 {
        before = world.app.change_feed.query_count();
        let (reference, _) = given::report().accepted(&world).await;
        for (index, queue) in queues.iter_mut().enumerate().filter(|(index, _)| index % 5 != 4) {
            queue.wait_for_rows().await;
            assert!(queue.order.contains(&reference.to_string()), "queue {index}");
        }
        // the counts are sent after all rows
        for queue in &mut queues {
            queue.events.wait_for("counts").await;
        }
    }
    let cost = world.app.change_feed.query_count() - before;
    assert_eq!(
        cost,
        3 + 3 + 2,
        "three shared views, one view each for three agents, and two statements for the counts"
    );
}

#[tokio::test]
async fn a_queue_page_older_than_its_stream_gets_what_it_missed() {
    let world = World::new().await.listening().await;
    let (first, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let mut queue = OpenQueue::open(&anna, "/staff").await;
    let (second, _) = given::report().accepted(&world).await;
    queue.wait_for_rows().await;

    // a page from before the change, whose stream was interrupted
    let mut late = anna.listen("/staff/live?view=new&fingerprint=00000000").await;
    let rows = late.wait_for("rows").await.json();
    assert_eq!(rows["order"], serde_json::json!([first.to_string(), second.to_string()]));
    assert_eq!(rows["rows"].as_object().unwrap().len(), 2);
    // a page that is up to date gets nothing
    let mut same = OpenQueue::open(&anna, "/staff").await;
    let (third, _) = given::report().accepted(&world).await;
    assert_eq!(same.wait_for_rows().await.into_keys().collect::<Vec<_>>(), [third.to_string()]);
}

#[tokio::test]
async fn the_queue_shows_who_views_or_edits_a_ticket() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let mut queue = OpenQueue::open(&anna, "/staff").await;
    let open = OpenTicket::open(&marek, &ticket_path(&reference), 1).await;
    open.send_presence("viewing").await;
    let looking = queue.events.wait_for("looking").await.json();
    assert_eq!(looking, serde_json::json!({ reference.to_string(): "Ogląda: Marek" }));
    open.send_presence("writing").await;
    assert_eq!(queue.events.wait_for("looking").await.json()[reference.to_string()], "Pisze: Marek");
    drop(open);
    assert_eq!(queue.events.wait_for("looking").await.json(), serde_json::json!({}));
}

#[tokio::test]
async fn live_rows_are_in_the_language_of_the_reader() {
    let world = World::new().await.listening().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    marek.post("/staff/account/language", &[("lang", "en")]).await.expect(303);
    let (mut polish, mut english) = (OpenQueue::open(&anna, "/staff").await, OpenQueue::open(&marek, "/staff").await);
    let (reference, _) = given::report().accepted(&world).await;
    let reference = reference.to_string();
    assert!(polish.wait_for_rows().await[&reference].contains(">nowe<"));
    assert!(english.wait_for_rows().await[&reference].contains(">new<"));
}
