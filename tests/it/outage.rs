//! PostgreSQL is stopped and started again while the portal runs.

use std::{fs, path::PathBuf, time::Duration};

use private_postgres::{Durability, PostgresServer};

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
async fn during_an_outage_guides_work_reports_are_kept_in_the_form_and_the_portal_recovers() {
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
    refused.assert_shows("Zgłoszenie jeszcze nie jest wysłane").assert_shows("Tego nie wolno zgubić.");
    assert_eq!(refused.value("callee"), "0044 20 8190 0322");
    assert_eq!(refused.header("retry-after"), "5");
    let invitation = visitor.get("/staff/welcome/x").await.expect(503);
    assert_eq!(invitation.header("refresh"), "5");
    let login = visitor.post("/staff/login", &[("email", "a@example.com"), ("password", "x")]).await.expect(503);
    assert!(!login.headers.contains_key("refresh"), "a failed POST is not repeated automatically");

    let server = start(&folder);
    eventually(Duration::from_secs(10), || async { visitor.get("/readyz").await.status == 200 }).await;
    report.send(&visitor).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket").await, 2);
    world.sql().await.close().await;
    world.app.db.close().await;
    server.stop().unwrap();
}

#[tokio::test]
async fn a_report_is_refused_in_time_while_the_database_hangs() {
    let world = World::new().await;
    let mut other_transaction = world.sql().await.begin().await.unwrap();
    sqlx::query("lock table ticket in access exclusive mode").execute(&mut *other_transaction).await.unwrap();
    let report = given::report().with("description", "Tego nie wolno zgubić.");
    let refused = report.send(&world.visitor()).await.expect(503);
    refused.assert_shows("Zgłoszenie jeszcze nie jest wysłane").assert_shows("Tego nie wolno zgubić.");
    other_transaction.rollback().await.unwrap();
    report.send(&world.visitor()).await.expect(303);
    assert_eq!(world.count("select count(*) from ticket").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_started_before_its_database_recovers() {
    let folder = Folder(std::env::temp_dir().join(format!("dzwoni-early-{}", uuid::Uuid::new_v4().simple())));
    let server = start(&folder);
    let url = server.url("portal");
    server.stop().unwrap();

    let world = World::on(&url);
    let db = world.app.db.clone();
    let migration = tokio::spawn(async move { db.migrate_with_retry().await });
    world.visitor().get("/readyz").await.expect(503);
    world.visitor().get("/en").await.expect(200);

    let server = start(&folder);
    server.ensure_database("portal").unwrap();
    tokio::time::timeout(Duration::from_secs(15), migration).await.unwrap().unwrap().unwrap();
    given::report().send(&world.visitor()).await.expect(303);
    world.app.db.close().await;
    server.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_queue_shows_an_outage_and_catches_up_afterwards() {
    let folder = Folder(std::env::temp_dir().join(format!("dzwoni-deaf-{}", uuid::Uuid::new_v4().simple())));
    let server = start(&folder);
    server.ensure_database("portal").unwrap();
    let world = World::on(&server.url("portal"));
    world.app.db.migrate().await.unwrap();
    let world = world.listening().await;
    let anna = world.agent("Anna").await;
    let mut desk = anna.listen("/staff/live?view=all&fingerprint=none").await;
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
