//! Pages that are kept up to date while they are open.

use std::collections::BTreeMap;

use dzwoni::staff::StaffRole;
use time::Duration;

use crate::{
    given,
    support::{Answer, Browser, Events, World, unescaped},
};

fn desk(reference: &dzwoni::tickets::TicketReference) -> String {
    format!("/staff/tickets/{reference}")
}

/// An open ticket, as its page listens to it.
struct Open {
    events: Events,
    page: String,
    address: String,
    browser: Browser,
}

impl Open {
    async fn of(browser: &Browser, address: &str, version: i32) -> Open {
        let mut events = browser.listen(&format!("{address}/live?version={version}")).await;
        let page = events.wait_for("hello").await.data;
        Open { events, page, address: address.to_owned(), browser: browser.clone() }
    }

    async fn tell(&self, state: &str) {
        let fields = [("page", self.page.as_str()), ("state", state)];
        self.browser.post(&format!("{}/presence", self.address), &fields).await.expect(204);
    }

    /// Waits until the page shows these people.
    async fn until_here(&mut self, expected: &[&str]) {
        loop {
            let here = self.events.wait_for("here").await.json();
            let shown: Vec<_> = here.as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
            if shown == expected {
                return;
            }
        }
    }
}

#[tokio::test]
async fn two_people_in_one_ticket_see_each_other_across_two_servers() {
    let world = World::new().await.listening().await;
    let other = world.second().listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let ticket = desk(&reference);
    let anna = world.agent("Anna").await;
    let marek = other.signed_in(&world.add_staff("Marek", StaffRole::Agent).await).await;

    let mut annas = Open::of(&anna, &ticket, 1).await;
    annas.until_here(&[]).await;
    annas.tell("viewing").await;
    let mut mareks = Open::of(&marek, &ticket, 1).await;
    mareks.tell("viewing").await;
    annas.until_here(&["Marek ogląda"]).await;
    mareks.until_here(&["Anna ogląda"]).await;
    mareks.tell("writing").await;
    annas.until_here(&["Marek pisze"]).await;
    drop(mareks);
    annas.until_here(&[]).await;
}

#[tokio::test]
async fn a_closed_laptop_disappears() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let ticket = desk(&reference);
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let mareks = Open::of(&marek, &ticket, 1).await;
    mareks.tell("viewing").await;
    let mut annas = Open::of(&anna, &ticket, 1).await;
    annas.until_here(&["Marek ogląda"]).await;
    world.advance(Duration::seconds(30));
    annas.until_here(&[]).await;
    // and is back with the next word
    mareks.tell("viewing").await;
    annas.until_here(&["Marek ogląda"]).await;
}

#[tokio::test]
async fn an_open_ticket_tells_what_happened_to_it_meanwhile_for_one_statement() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let (another, _) = given::report().accepted(&world).await;
    let ticket = desk(&reference);
    heard(&world, 3).await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let mut open = Vec::new();
    for address in [&ticket, &ticket, &desk(&another)] {
        let mut events = marek.listen(&format!("{address}/live?version=0")).await;
        // what is on the page is old, so the first reading is told
        events.wait_for("changed").await;
        open.push(events);
    }
    let before = world.app.change_feed.query_count();
    anna.post(&format!("{ticket}/notes"), &[("text", "Sprawdzam.")]).await.expect(303);
    for events in &mut open[..2] {
        let changed = events.wait_for("changed").await.json();
        assert_eq!((changed["text"].as_str(), changed["version"].as_i64()), (Some("Anna: notatka"), Some(2)));
    }
    assert_eq!(world.app.change_feed.query_count(), before + 1, "three open tickets, one statement");

    // a page that was drawn before the change, and listens only after it, is told as well
    let mut late = marek.listen(&format!("{ticket}/live?version=1")).await;
    assert_eq!(late.wait_for("changed").await.json()["text"], "Anna: notatka");
    // one that shows it is not
    let mut current = marek.listen(&format!("{ticket}/live?version=2")).await;
    assert_eq!(current.next().await.unwrap().name, "hello");
    assert_eq!(current.next().await.unwrap().name, "here");
    anna.post(&format!("{ticket}/replies"), &[("text", "Działa.")]).await.expect(303);
    let next = current.next().await.unwrap();
    assert_eq!(
        (next.name.as_str(), next.json()["text"].as_str()),
        ("changed", Some("Anna: odpowiedź do klienta, wzięte"))
    );
}

/// Waits until the program has heard of so many changes; the first is that it began to listen.
async fn heard(world: &World, changes: u64) {
    world.app.change_feed.subscribe_tickets().wait_for(|heard| *heard >= changes).await.unwrap();
}

#[tokio::test]
async fn a_stream_ends_with_the_session_and_with_the_server() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = format!("{}/live?version=1", desk(&reference));
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let mut annas = anna.listen(&address).await;
    let mut mareks = marek.listen(&address).await;
    anna.post("/staff/logout", &[]).await.expect(303);
    assert_eq!(annas.last().await.unwrap().name, "over");
    // who comes back is told at once, not sent to a page that the browser can't show
    assert_eq!(anna.listen(&address).await.next().await.unwrap().name, "over");

    mareks.wait_for("here").await;
    world.app.change_feed.shut_down();
    assert!(mareks.last().await.is_none(), "the browser is not told to stay away");
}

#[tokio::test]
async fn an_open_page_does_not_keep_a_session_alive() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let (address, page) = (format!("{}/presence", desk(&reference)), given::uuid());
    for _ in 0..3 {
        world.advance(Duration::hours(2));
        anna.post(&address, &[("page", page.as_str()), ("state", "viewing")]).await.expect(204);
        anna.listen(&format!("{}/live", desk(&reference))).await.wait_for("here").await;
    }
    world.advance(Duration::hours(2));
    let answer = anna.get("/staff").await.expect(303);
    assert_eq!(answer.location(), "/staff/login");
}

#[tokio::test]
async fn presence_takes_only_what_a_page_can_tell() {
    let world = World::new().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = format!("{}/presence", desk(&reference));
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
async fn one_person_can_not_keep_pages_open_without_end() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let address = format!("{}/live", desk(&reference));
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

/// An open page of the queue, as its scripts listen to it.
struct Desk {
    events: Events,
    order: Vec<String>,
}

impl Desk {
    /// Opens a page, and then its stream, as a browser does.
    async fn of(browser: &Browser, address: &str) -> Desk {
        let page = browser.get(address).await.expect(200);
        let attribute = |name: &str| {
            let value = page.body.split(&format!(" {name}=\"")).nth(1).unwrap_or_else(|| panic!("no {name}"));
            unescaped(value.split('"').next().unwrap())
        };
        let mut events =
            browser.listen(&format!("{}&mark={}", attribute("data-live-url"), attribute("data-snapshot"))).await;
        // the counts are told when the page has been read
        events.wait_for("counts").await;
        Desk { events, order: shown(&page) }
    }

    /// Waits for rows to come, change or go; says which are sent, and remembers all in order.
    async fn told(&mut self) -> BTreeMap<String, String> {
        let rows = self.events.wait_for("rows").await.json();
        self.order = serde_json::from_value(rows["order"].clone()).unwrap();
        serde_json::from_value(rows["rows"].clone()).unwrap()
    }
}

/// The references on a page of the queue.
fn shown(page: &Answer) -> Vec<String> {
    let rows = page.body.split("<tr role=\"row\" id=\"t-").skip(1);
    rows.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn rows_come_change_and_leave_on_every_desk_across_two_servers() {
    let world = World::new().await.listening().await;
    let other = world.second().listening().await;
    let (first, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let marek = other.signed_in(&world.add_staff("Marek", StaffRole::Agent).await).await;
    let mut new = Desk::of(&marek, "/staff").await;
    let mut open = Desk::of(&marek, "/staff?view=open").await;
    let mut all = Desk::of(&marek, "/staff?view=all").await;
    assert_eq!(new.order, [first.to_string()]);

    // a report that comes in at one server arrives at the other's desks
    let (second, _) = given::report().accepted(&world).await;
    let told = new.told().await;
    assert_eq!(told.keys().collect::<Vec<_>>(), [&second.to_string()], "only what is new is sent");
    assert_eq!(new.order, [first.to_string(), second.to_string()], "who has waited longest stands first");
    assert!(told[&second.to_string()].contains("22 555 01 20"), "drawn as the page draws it");
    all.told().await;
    assert_eq!(all.order, [second.to_string(), first.to_string()]);

    // a colleague takes it: it leaves one view, comes to another, and changes in a third
    let ticket = desk(&first);
    let version = anna.get(&ticket).await.value("version");
    let take = [("version", version.as_str()), ("assignee", "me")];
    anna.post(&format!("{ticket}/assignment"), &take).await.expect(303);
    assert!(new.told().await.is_empty());
    assert_eq!(new.order, [second.to_string()]);
    assert_eq!(open.told().await.into_keys().collect::<Vec<_>>(), [first.to_string()]);
    let changed = all.told().await;
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
async fn a_change_costs_one_statement_a_filter_however_many_desks_are_open() {
    let world = World::new().await.listening().await;
    given::report().accepted(&world).await;
    heard(&world, 2).await;
    let people = [world.agent("Anna").await, world.agent("Marek").await, world.agent("Ola").await];
    let mut desks = Vec::new();
    for person in &people {
        for address in ["/staff", "/staff", "/staff?view=all", "/staff?view=all&sort=call", "/staff?view=mine"] {
            desks.push(Desk::of(person, address).await);
        }
    }
    let mut before = 0;
    // the first time, pages may still be read because they were opened
    for _ in 0..2 {
        before = world.app.change_feed.query_count();
        let (reference, _) = given::report().accepted(&world).await;
        for (at, desk) in desks.iter_mut().enumerate().filter(|(at, _)| at % 5 != 4) {
            desk.told().await;
            assert!(desk.order.contains(&reference.to_string()), "desk {at}");
        }
        // the counts are told after the rows of all
        for desk in &mut desks {
            desk.events.wait_for("counts").await;
        }
    }
    let cost = world.app.change_feed.query_count() - before;
    assert_eq!(cost, 3 + 3 + 2, "three views that all share, one's own of three people, and two for all counts");
}

#[tokio::test]
async fn a_desk_whose_page_is_older_than_its_stream_is_told_what_it_missed() {
    let world = World::new().await.listening().await;
    let (first, _) = given::report().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let mut desk = Desk::of(&anna, "/staff").await;
    let (second, _) = given::report().accepted(&world).await;
    desk.told().await;

    // the page as it was before, after the stream broke off
    let mut late = anna.listen("/staff/live?view=new&mark=00000000").await;
    let rows = late.wait_for("rows").await.json();
    assert_eq!(rows["order"], serde_json::json!([first.to_string(), second.to_string()]));
    assert_eq!(rows["rows"].as_object().unwrap().len(), 2);
    // and one that is up to date is told nothing
    let mut same = Desk::of(&anna, "/staff").await;
    let (third, _) = given::report().accepted(&world).await;
    assert_eq!(same.told().await.into_keys().collect::<Vec<_>>(), [third.to_string()]);
}

#[tokio::test]
async fn the_queue_shows_who_looks_at_a_ticket() {
    let world = World::new().await.listening().await;
    let (reference, _) = given::report().accepted(&world).await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    let mut desk = Desk::of(&anna, "/staff").await;
    let open = Open::of(&marek, &self::desk(&reference), 1).await;
    open.tell("viewing").await;
    let looking = desk.events.wait_for("looking").await.json();
    assert_eq!(looking, serde_json::json!({ reference.to_string(): "Ogląda: Marek" }));
    open.tell("writing").await;
    assert_eq!(desk.events.wait_for("looking").await.json()[reference.to_string()], "Pisze: Marek");
    drop(open);
    assert_eq!(desk.events.wait_for("looking").await.json(), serde_json::json!({}));
}

#[tokio::test]
async fn rows_are_told_in_the_language_of_their_reader() {
    let world = World::new().await.listening().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    marek.post("/staff/account/language", &[("lang", "en")]).await.expect(303);
    let (mut polish, mut english) = (Desk::of(&anna, "/staff").await, Desk::of(&marek, "/staff").await);
    let (reference, _) = given::report().accepted(&world).await;
    let reference = reference.to_string();
    assert!(polish.told().await[&reference].contains(">nowe<"));
    assert!(english.told().await[&reference].contains(">new<"));
}
