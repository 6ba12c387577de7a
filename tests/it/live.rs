//! Pages that are kept up to date while they are open.

use time::Duration;

use crate::{
    given,
    support::{Browser, Events, World},
};

fn desk(reference: &dzwoni::tickets::Reference) -> String {
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
    let marek = other.signed_in(&world.add_staff("Marek", dzwoni::staff::Role::Agent).await).await;

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
    let before = world.app.live.reads();
    anna.post(&format!("{ticket}/notes"), &[("text", "Sprawdzam.")]).await.expect(303);
    for events in &mut open[..2] {
        let changed = events.wait_for("changed").await.json();
        assert_eq!((changed["text"].as_str(), changed["version"].as_i64()), (Some("Anna: notatka"), Some(2)));
    }
    assert_eq!(world.app.live.reads(), before + 1, "three open tickets, one statement");

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
    world.app.live.changes().wait_for(|heard| *heard >= changes).await.unwrap();
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
    world.app.live.end();
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
