//! CSV export of the current view.

use super::queue::insert_tickets;
use crate::{
    given,
    support::{TestResponse, World},
};

/// The rows below the header.
fn records(response: &TestResponse) -> Vec<Vec<String>> {
    assert!(response.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    let text = response.body.strip_prefix('\u{feff}').expect("Excel needs a byte order mark to read UTF-8");
    // without the flag `flexible` the reader fails on a row with another number of cells
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn an_export_of_100_000_tickets_is_complete_ordered_and_free_of_formulas() {
    let world = World::new().await;
    let sql = world.sql().await;
    let formula = "alter table ticket alter error_text set default '=cmd|'' /C calc''!A0; \"x\"'";
    sqlx::query(formula).execute(sql).await.unwrap();
    insert_tickets(&world, 100_000).await;

    let table = world.agent("Anna").await.get("/staff.csv?view=new").await.expect(200);
    let rows = records(&table);
    let order: Vec<String> = sqlx::query_scalar("select reference from ticket order by awaiting_staff_since, id")
        .fetch_all(sql)
        .await
        .unwrap();
    assert_eq!(rows.iter().map(|row| row[0].replace("DZ-", "").replace('-', "")).collect::<Vec<_>>(), order);
    assert!(rows.iter().all(|row| row[15] == "'=cmd|' /C calc'!A0; \"x\""));
}

#[tokio::test]
async fn an_export_contains_the_tickets_of_the_view_or_search() {
    let world = World::new().await;
    let (call, _) = given::report().accepted(&world).await;
    let (account, _) = given::logged_out().accepted(&world).await;
    let anna = world.agent("Anna").await;

    let rows = records(&anna.get("/staff.csv?view=new&category=logged-out").await.expect(200));
    assert_eq!(rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), [account.to_string()]);
    let rows = records(&anna.get("/staff.csv?q=22+555+01+20").await.expect(200));
    assert_eq!(rows.len(), 1, "one hit is a table, not a redirect");
    assert_eq!(rows[0][0], call.to_string());
    assert_eq!(rows[0][6], "'+48225550120", "the apostrophe keeps Excel from changing the number");
    assert_eq!(rows[0][11..13], ["2026-11-20T14:05:00+01:00", "2026-11-20T13:05:00Z"]);
    assert!(records(&anna.get("/staff.csv?view=spam").await.expect(200)).is_empty());
}

#[tokio::test]
async fn an_export_contains_full_texts_and_numbers_as_typed() {
    let world = World::new().await;
    let text = format!("komunikat {}", "bardzo ".repeat(100)).trim().to_owned();
    let report = given::report().with("caller", "(22) 555-01-20").with("callee", "+44 20 8190 0322");
    report.with("error_text", &text).accepted(&world).await;
    let rows = records(&world.agent("Anna").await.get("/staff.csv?view=new").await.expect(200));
    assert_eq!(rows[0][6..10], ["'+48225550120", "(22) 555-01-20", "'+442081900322", "'+44 20 8190 0322"]);
    assert_eq!(rows[0][15], text);
}

#[tokio::test]
async fn the_export_is_for_staff_and_linked_in_the_queue() {
    let world = World::new().await;
    given::report().accepted(&world).await;
    world.visitor().get("/staff.csv").await.expect(303);
    let page = world.agent("Anna").await.get("/staff?view=new&category=outgoing&sort=call").await.expect(200);
    assert!(page.body.contains("href=\"/staff.csv?view=new&#38;category=outgoing&#38;sort=call\""), "{}", page.body);
}
