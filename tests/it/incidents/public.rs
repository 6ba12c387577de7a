//! The public pages and the feed, served from memory.

use std::{collections::BTreeMap, path::PathBuf};

use dzwoni::incidents;
use private_postgres::{Durability, PostgresServer};
use xml::reader::{EventReader, XmlEvent};

use super::*;
use crate::support::eventually;

#[tokio::test]
async fn a_published_incident_is_shown_where_it_may_be_the_cause_and_nowhere_else() {
    let world = World::new().await;
    let (anna, visitor) = (world.agent("Anna").await, world.visitor());
    let incident = create_draft(&anna, &[]).await;
    let shown =
        ["/pl", "/pl/guide/outgoing", "/pl/guide/outgoing?all", "/pl/report?category=outgoing", "/pl/incidents"];
    let not_shown = ["/pl/guide/incoming", "/pl/guide/audio?all", "/pl/report?category=audio", "/pl/incidents.atom"];
    for address in shown.iter().chain(&not_shown) {
        visitor.get(address).await.expect(200).assert_hides(TITLE);
    }
    visitor.get("/pl/incident/1").await.expect(404);

    post_incident_action(&anna, &incident, "publication", &[]).await.expect(303);
    for address in shown {
        visitor.get(address).await.expect(200).assert_shows(TITLE);
    }
    for address in &not_shown[..3] {
        visitor.get(address).await.expect(200).assert_hides(TITLE);
    }
    visitor.get("/en/guide/outgoing").await.expect(200).assert_shows("Calls to the United Kingdom");
    let page = visitor.get("/pl/incident/1").await.expect(200);
    page.assert_shows("Naprawiamy to").assert_shows("Od 20.11.2026, 13:50").assert_shows("0044 20…");
    assert!(page.body.contains("/en/incident/1"), "the language switch stays on the page");
    assert_eq!(visitor.get("/pl/incident/01").await.expect(308).location(), "/pl/incident/1");
    assert_eq!(visitor.get("/pl/incidents?x=1").await.expect(308).location(), "/pl/incidents");
    for unknown in ["/pl/incident/2", "/pl/incident/x", "/de/incident/1"] {
        visitor.get(unknown).await.expect(404);
    }
}

#[tokio::test]
async fn a_change_of_an_incident_invalidates_cached_pages() {
    let world = World::new().await;
    let (anna, visitor) = (world.agent("Anna").await, world.visitor());
    let tag = async |address: &str| visitor.get(address).await.expect(200).header("etag").to_owned();
    let before = tag("/pl/guide/outgoing").await;
    assert_eq!(tag("/pl/guide/outgoing").await, before);
    let incident = publish_incident(&anna, &[]).await;
    let after = tag("/pl/guide/outgoing").await;
    assert_ne!(after, before);
    let cached = visitor.clone().with_header("if-none-match", &after);
    cached.get("/pl/guide/outgoing").await.expect(304);
    post_incident_action(&anna, &incident, "updates", &update_form(&given::uuid())).await.expect(303);
    cached.get("/pl/guide/outgoing").await.expect(200).assert_shows("Operator naprawia trasę.");
    assert_ne!(tag("/pl/guide/incoming").await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_shows_a_published_incident() {
    let world = World::new().await;
    let other = world.second().listening().await;
    let visitor = other.visitor();
    visitor.get("/pl").await.expect(200).assert_hides(TITLE);
    let anna = world.agent("Anna").await;
    let incident = publish_incident(&anna, &[]).await;
    let timeout = std::time::Duration::from_secs(10);
    eventually(timeout, || async { visitor.get("/pl").await.shows(TITLE) }).await;
    let submission = given::uuid();
    let fields = update_form(&submission);
    post_incident_action(&anna, &incident, "resolution", &fields).await.expect(303);
    eventually(timeout, || async { !visitor.get("/pl").await.shows(TITLE) }).await;
    visitor.get("/pl/incidents").await.expect(200).assert_shows(TITLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn published_incidents_are_shown_while_the_database_is_down() {
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
    publish_incident(&anna, &[]).await;
    let visitor = world.visitor();
    server.stop().unwrap();
    for address in ["/pl", "/pl/guide/outgoing", "/pl/report?category=outgoing", "/pl/incident/1", "/pl/incidents.atom"]
    {
        visitor.get(address).await.expect(200).assert_shows(TITLE);
    }
    assert!(incidents::refresh_cache(&world.app).await.is_err());
    visitor.get("/pl").await.expect(200).assert_shows(TITLE);
    visitor.post("/pl/incident/1/join", &[]).await.expect(503);
    world.app.db.close().await;
}

/// The elements of a feed in order: path, text, attributes.
fn parse_feed(xml: &str) -> Vec<(String, String, BTreeMap<String, String>)> {
    let (mut path, mut all) = (Vec::new(), Vec::new());
    for event in EventReader::new(xml.as_bytes()) {
        match event.unwrap() {
            XmlEvent::StartElement { name, attributes, .. } => {
                assert_eq!(name.namespace.as_deref(), Some("http://www.w3.org/2005/Atom"));
                path.push(name.local_name);
                let attributes =
                    attributes.into_iter().map(|attribute| (attribute.name.local_name, attribute.value)).collect();
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
async fn the_atom_feed_is_valid_and_its_links_work() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let empty = world.visitor().get("/en/incidents.atom").await.expect(200);
    assert_eq!(empty.header("content-type"), "application/atom+xml; charset=utf-8");
    assert!(parse_feed(&empty.body).iter().any(|(path, text, _)| path == "feed/updated" && !text.is_empty()));

    let title = "<b>& \"x\" ]]> ćma";
    // XML does not allow noncharacters
    let sent_title = format!("{title}\u{fffe}\u{ffff}\u{fdd0}");
    publish_incident(&anna, &[("title_en", &sent_title), ("text_en", "one\n\ntwo \u{fffe}<script>")]).await;
    world.advance(time::Duration::hours(1));
    let second = publish_incident(&anna, &[("title_en", "Second")]).await;
    post_incident_action(&anna, &second, "resolution", &update_form(&given::uuid())).await.expect(303);
    let feed = parse_feed(&world.visitor().get("/en/incidents.atom").await.expect(200).body);
    let texts = |element: &str| -> Vec<&str> {
        feed.iter().filter(|(path, ..)| path == element).map(|(_, text, _)| text.as_str()).collect()
    };
    assert_eq!(texts("feed/entry/title"), ["Over: Second", title]);
    assert_eq!(texts("feed/entry/id"), ["http://127.0.0.1:8080/en/incident/2", "http://127.0.0.1:8080/en/incident/1"]);
    assert_eq!(texts("feed/entry/updated"), ["2026-11-20T14:30:00Z", "2026-11-20T13:30:00Z"]);
    assert_eq!(texts("feed/updated"), ["2026-11-20T14:30:00Z"]);
    assert!(texts("feed/entry/content")[1].starts_with("one\n\ntwo <script>"));
    assert!(texts("feed/entry/content")[0].contains("The carrier mends the route."));
    let links: Vec<_> =
        feed.iter().filter(|(path, ..)| path == "feed/link").map(|(.., all)| all["rel"].as_str()).collect();
    assert_eq!(links, ["self", "alternate"]);
    // each entry links to a page
    for (_, _, link) in feed.iter().filter(|(path, ..)| path == "feed/entry/link") {
        world.visitor().get(link["href"].trim_start_matches("http://127.0.0.1:8080")).await.expect(200);
    }
}
