//! PostgreSQL stops and starts again while the portal runs.

use std::{fs, path::PathBuf, time::Duration};

use dzwoni::postgres::{Durability, PostgresServer};

use crate::{
    given,
    support::{World, eventually},
};

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn start(folder: &Folder) -> PostgresServer {
    PostgresServer::start(&folder.0, Durability::Fast).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn guides_go_on_reports_are_kept_on_the_page_and_all_heals_by_itself() {
    let folder = Folder(std::env::temp_dir().join(format!("dzwoni-outage-{}", uuid::Uuid::new_v4().simple())));
    let server = start(&folder);
    server.ensure_database("portal").unwrap();
    let world = World::on(&server.url("portal"));
    world.app.db.migrate().await.unwrap();
    let visitor = world.visitor();
    visitor.get("/readyz").await.expect(200);
    given::report().send(&visitor).await.expect(303);

    server.stop().unwrap();
    visitor.get("/readyz").await.expect(503);
    visitor.get("/healthz").await.expect(200);
    visitor.get("/pl/guide/outgoing/yes").await.expect(200);
    let report = given::report().with("description", "Tego nie wolno zgubić.");
    let refused = report.send(&visitor).await.expect(503);
    refused.must_show("Zgłoszenie jeszcze nie jest wysłane").must_show("Tego nie wolno zgubić.");
    assert_eq!(refused.value("callee"), "0044 20 8190 0322");
    assert_eq!(refused.header("retry-after"), "5");
    let desk = visitor.get("/staff/welcome/x").await.expect(503);
    assert_eq!(desk.header("refresh"), "5");
    let sent = visitor.post("/staff/login", &[("email", "a@example.com"), ("password", "x")]).await.expect(503);
    assert!(!sent.headers.contains_key("refresh"), "nothing is sent again by itself");

    let server = start(&folder);
    eventually(Duration::from_secs(10), || async { visitor.get("/readyz").await.status == 200 }).await;
    report.send(&visitor).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket").await, 2);
    world.sql().await.close().await;
    world.app.db.close().await;
    server.stop().unwrap();
}

#[tokio::test]
async fn a_database_that_hangs_keeps_no_report_in_the_air_and_loses_none() {
    let world = World::new().await;
    let mut somebody = world.sql().await.begin().await.unwrap();
    sqlx::query("lock table ticket in access exclusive mode").execute(&mut *somebody).await.unwrap();
    let report = given::report().with("description", "Tego nie wolno zgubić.");
    let refused = report.send(&world.visitor()).await.expect(503);
    refused.must_show("Zgłoszenie jeszcze nie jest wysłane").must_show("Tego nie wolno zgubić.");
    somebody.rollback().await.unwrap();
    report.send(&world.visitor()).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_starts_before_its_database_heals_by_itself() {
    let folder = Folder(std::env::temp_dir().join(format!("dzwoni-early-{}", uuid::Uuid::new_v4().simple())));
    let server = start(&folder);
    let url = server.url("portal");
    server.stop().unwrap();

    let world = World::on(&url);
    let db = world.app.db.clone();
    let healing = tokio::spawn(async move { db.migrate_with_retry().await });
    world.visitor().get("/readyz").await.expect(503);
    world.visitor().get("/en").await.expect(200);

    let server = start(&folder);
    server.ensure_database("portal").unwrap();
    tokio::time::timeout(Duration::from_secs(15), healing).await.unwrap().unwrap().unwrap();
    given::report().send(&world.visitor()).await.expect(303);
    world.app.db.close().await;
    server.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_desk_is_told_while_changes_are_not_heard_and_what_it_missed() {
    let folder = Folder(std::env::temp_dir().join(format!("dzwoni-deaf-{}", uuid::Uuid::new_v4().simple())));
    let server = start(&folder);
    server.ensure_database("portal").unwrap();
    let world = World::on(&server.url("portal"));
    world.app.db.migrate().await.unwrap();
    let world = world.listening().await;
    let anna = world.agent("Anna").await;
    let mut desk = anna.listen("/staff/live?view=all&mark=none").await;
    desk.wait_for("counts").await;

    server.stop().unwrap();
    desk.wait_for("away").await;
    let server = start(&folder);
    desk.wait_for("back").await;
    let (reference, _) = given::report().accepted(&world).await;
    let rows = desk.wait_for("rows").await;
    assert!(rows.data.contains(&reference.to_string()), "{rows:?}");
    world.app.change_feed.shut_down();
    assert!(desk.last().await.is_none_or(|event| event.name != "over"));
    world.app.db.close().await;
    server.stop().unwrap();
}
