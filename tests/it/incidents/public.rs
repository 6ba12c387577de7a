//! What everybody reads, from memory.

use std::{collections::BTreeMap, path::PathBuf};

use dzwoni::{
    incidents,
    postgres::{Durability, PostgresServer},
};
use xml::reader::{EventReader, XmlEvent};

use super::*;
use crate::support::eventually;

#[tokio::test]
async fn trouble_stands_where_it_may_be_the_cause_and_nowhere_else() {
    let world = World::new().await;
    let (anna, visitor) = (world.agent("Anna").await, world.visitor());
    let incident = draft(&anna, &[]).await;
    let shown =
        ["/pl", "/pl/guide/outgoing", "/pl/guide/outgoing?all", "/pl/report?category=outgoing", "/pl/incidents"];
    let not_shown = ["/pl/guide/incoming", "/pl/guide/audio?all", "/pl/report?category=audio", "/pl/incidents.atom"];
    for address in shown.iter().chain(&not_shown) {
        visitor.get(address).await.expect(200).must_not_show(TITLE);
    }
    visitor.get("/pl/incident/1").await.expect(404);

    press(&anna, &incident, "publication", &[]).await.expect(303);
    for address in shown {
        visitor.get(address).await.expect(200).must_show(TITLE);
    }
    for address in &not_shown[..3] {
        visitor.get(address).await.expect(200).must_not_show(TITLE);
    }
    visitor.get("/en/guide/outgoing").await.expect(200).must_show("Calls to the United Kingdom");
    let page = visitor.get("/pl/incident/1").await.expect(200);
    page.must_show("Naprawiamy to").must_show("Od 20.11.2026, 13:50").must_show("0044 20…");
    assert!(page.body.contains("/en/incident/1"), "the switch keeps the place");
    assert_eq!(visitor.get("/pl/incident/01").await.expect(308).location(), "/pl/incident/1");
    assert_eq!(visitor.get("/pl/incidents?x=1").await.expect(308).location(), "/pl/incidents");
    for nowhere in ["/pl/incident/2", "/pl/incident/x", "/de/incident/1"] {
        visitor.get(nowhere).await.expect(404);
    }
}

#[tokio::test]
async fn a_page_that_a_browser_has_is_old_when_an_incident_changes() {
    let world = World::new().await;
    let (anna, visitor) = (world.agent("Anna").await, world.visitor());
    let tag = async |address: &str| visitor.get(address).await.expect(200).header("etag").to_owned();
    let before = tag("/pl/guide/outgoing").await;
    assert_eq!(tag("/pl/guide/outgoing").await, before);
    let incident = published(&anna, &[]).await;
    let after = tag("/pl/guide/outgoing").await;
    assert_ne!(after, before);
    let has = visitor.clone().with_header("if-none-match", &after);
    has.get("/pl/guide/outgoing").await.expect(304);
    press(&anna, &incident, "updates", &news(&given::uuid())).await.expect(303);
    has.get("/pl/guide/outgoing").await.expect(200).must_show("Operator naprawia trasę.");
    assert_ne!(tag("/pl/guide/incoming").await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_program_shows_it_too() {
    let world = World::new().await;
    let other = world.second().listening().await;
    let visitor = other.visitor();
    visitor.get("/pl").await.expect(200).must_not_show(TITLE);
    let anna = world.agent("Anna").await;
    let incident = published(&anna, &[]).await;
    let patience = std::time::Duration::from_secs(10);
    eventually(patience, || async { visitor.get("/pl").await.shows(TITLE) }).await;
    let submission = given::uuid();
    let fields = news(&submission);
    press(&anna, &incident, "resolution", &fields).await.expect(303);
    eventually(patience, || async { !visitor.get("/pl").await.shows(TITLE) }).await;
    visitor.get("/pl/incidents").await.expect(200).must_show(TITLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_database_pages_go_on_with_what_was_known() {
    struct Folder(PathBuf);
    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
    let folder = Folder(std::env::temp_dir().join(format!("dzwoni-incidents-{}", uuid::Uuid::new_v4().simple())));
    let server = PostgresServer::start(&folder.0, Durability::Fast).unwrap();
    server.ensure_database("portal").unwrap();
    let world = World::on(&server.url("portal"));
    world.app.db.migrate().await.unwrap();
    let anna = world.agent("Anna").await;
    published(&anna, &[]).await;
    let visitor = world.visitor();
    server.stop().unwrap();
    for address in ["/pl", "/pl/guide/outgoing", "/pl/report?category=outgoing", "/pl/incident/1", "/pl/incidents.atom"]
    {
        visitor.get(address).await.expect(200).must_show(TITLE);
    }
    assert!(incidents::refresh_cache(&world.app).await.is_err());
    visitor.get("/pl").await.expect(200).must_show(TITLE);
    visitor.post("/pl/incident/1/join", &[]).await.expect(503);
    world.app.db.close().await;
}

/// The texts of a feed by the path of their element, in order.
fn parsed(xml: &str) -> Vec<(String, String, BTreeMap<String, String>)> {
    let (mut path, mut all) = (Vec::new(), Vec::new());
    for event in EventReader::new(xml.as_bytes()) {
        match event.unwrap() {
            XmlEvent::StartElement { name, attributes, .. } => {
                assert_eq!(name.namespace.as_deref(), Some("http://www.w3.org/2005/Atom"));
                path.push(name.local_name);
                let attributes = attributes.into_iter().map(|one| (one.name.local_name, one.value)).collect();
                all.push((path.join("/"), String::new(), attributes));
            }
            XmlEvent::Characters(text) | XmlEvent::CData(text) => all.last_mut().unwrap().1 += &text,
            XmlEvent::EndElement { .. } => {
                path.pop();
            }
            _ => {}
        }
    }
    all
}

#[tokio::test]
async fn the_feed_is_one_that_readers_read() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let empty = world.visitor().get("/en/incidents.atom").await.expect(200);
    assert_eq!(empty.header("content-type"), "application/atom+xml; charset=utf-8");
    assert!(parsed(&empty.body).iter().any(|(path, text, _)| path == "feed/updated" && !text.is_empty()));

    let awkward = "<b>& \"x\" ]]> ćma";
    published(&anna, &[("title_en", awkward), ("text_en", "one\n\ntwo <script>")]).await;
    world.advance(time::Duration::hours(1));
    let late = published(&anna, &[("title_en", "Second")]).await;
    press(&anna, &late, "resolution", &news(&given::uuid())).await.expect(303);
    let feed = parsed(&world.visitor().get("/en/incidents.atom").await.expect(200).body);
    let texts = |wanted: &str| -> Vec<&str> {
        feed.iter().filter(|(path, ..)| path == wanted).map(|(_, text, _)| text.as_str()).collect()
    };
    assert_eq!(texts("feed/entry/title"), ["Over: Second", awkward]);
    assert_eq!(texts("feed/entry/id"), ["http://127.0.0.1:8080/en/incident/2", "http://127.0.0.1:8080/en/incident/1"]);
    assert_eq!(texts("feed/entry/updated"), ["2026-11-20T14:30:00Z", "2026-11-20T13:30:00Z"]);
    assert_eq!(texts("feed/updated"), ["2026-11-20T14:30:00Z"]);
    assert!(texts("feed/entry/content")[1].starts_with("one\n\ntwo <script>"));
    assert!(texts("feed/entry/content")[0].contains("The carrier mends the route."));
    let links: Vec<_> =
        feed.iter().filter(|(path, ..)| path == "feed/link").map(|(.., all)| all["rel"].as_str()).collect();
    assert_eq!(links, ["self", "alternate"]);
    // each entry leads to a page
    for (_, _, link) in feed.iter().filter(|(path, ..)| path == "feed/entry/link") {
        world.visitor().get(link["href"].trim_start_matches("http://127.0.0.1:8080")).await.expect(200);
    }
}
