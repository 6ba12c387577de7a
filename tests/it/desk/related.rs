//! Related tickets on the ticket page.

use dzwoni::tickets::TicketReference;
use sqlx::AssertSqlSafe;
use time::Duration;

use super::ticket_path;
use crate::{
    given::{self, Report},
    support::{TestResponse, World},
};

/// The text of the list of related tickets.
fn related_text(page: &TestResponse) -> String {
    let text = page.text();
    let start = text.find("Powiązane").expect("the page has no related tickets");
    text[start..].split("Historia").next().unwrap().to_owned()
}

/// Sends a report from a client address.
async fn report_from(world: &World, ip: &str, report: Report) -> TicketReference {
    let response = report.send(&world.visitor().from_ip(ip)).await.expect(303);
    response.location().split(['/', '?']).nth(3).unwrap().parse().unwrap()
}

#[tokio::test]
async fn related_tickets_are_found_by_each_reason_and_name_it() {
    let world = World::new().await;
    let other = || given::report().with("caller", "58 555 77 00").with("callee", "0033 1 70 18 99 00");
    let ticket = report_from(&world, "198.51.100.1", given::report()).await;
    let nothing = report_from(&world, "198.51.100.2", other().with("error_text", "486")).await;
    let caller =
        report_from(&world, "198.51.100.3", other().with("caller", "+48 225550120").with("error_text", "486")).await;
    let callee =
        report_from(&world, "198.51.100.4", other().with("callee", "+44 20 8190 0322").with("error_text", "486")).await;
    let address = report_from(&world, "198.51.100.1", other().with("error_text", "486")).await;
    let cause =
        report_from(&world, "198.51.100.6", other().with("callee", "0044 20 7946 0000").with("time", "12:05")).await;
    let too_early =
        report_from(&world, "198.51.100.7", other().with("callee", "0044 20 7946 0000").with("time", "12:04")).await;
    let elsewhere = report_from(&world, "198.51.100.8", other().with("callee", "0044 161 496 0190")).await;
    let anna = world.agent("Anna").await;
    let list = related_text(&anna.get(&ticket_path(&ticket)).await.expect(200));
    for (reference, reason) in [
        (&caller, "to samo A"),
        (&callee, "to samo B"),
        (&address, "ten sam adres IP"),
        (&cause, "503 na 0044 20…, w ciągu 2 h"),
    ] {
        assert!(list.contains(&format!("{reference} nowe ")), "{reference} {reason}: {list}");
        let entry = list.split(&reference.to_string()).nth(1).unwrap();
        assert!(entry.split("DZ-").next().unwrap().contains(reason), "{reason}: {entry}");
    }
    for unrelated in [&nothing, &too_early, &elsewhere, &ticket] {
        assert!(!list.contains(&unrelated.to_string()), "{unrelated}: {list}");
    }
    // newest first
    assert!(list.find(&cause.to_string()) < list.find(&caller.to_string()), "{list}");
    assert!(related_text(&anna.get(&ticket_path(&nothing)).await).contains(&elsewhere.to_string()), "the same A");
}

#[tokio::test]
async fn related_tickets_of_an_account_include_its_calls_and_its_address() {
    let world = World::new().await;
    let with_address = |ip: &str| given::logged_out().with("public_ip", ip);
    let ticket = report_from(&world, "198.51.100.1", with_address("198.51.100.200")).await;
    let again = report_from(&world, "198.51.100.2", with_address("198.51.100.201")).await;
    let calls = report_from(&world, "198.51.100.3", given::report().with("caller", "12345-101")).await;
    let called = report_from(&world, "198.51.100.4", given::incoming().with("callee", "12345-101")).await;
    let same_address = report_from(&world, "198.51.100.200", given::audio()).await;
    let unrelated = report_from(&world, "198.51.100.5", given::logged_out().with("account", "12345-102")).await;
    let anna = world.agent("Anna").await;
    let list = related_text(&anna.get(&ticket_path(&ticket)).await.expect(200));
    for reference in [&again, &calls, &called] {
        let entry = list.split(&format!("{reference} nowe ")).nth(1).unwrap_or_else(|| panic!("{reference}: {list}"));
        assert!(entry.split("DZ-").next().unwrap().contains("to samo konto"), "{entry}");
    }
    assert!(list.contains(&format!("{same_address} nowe ")) && !list.contains(&unrelated.to_string()), "{list}");
    let list_of_calls = related_text(&anna.get(&ticket_path(&calls)).await);
    assert!(
        list_of_calls.contains(&ticket.to_string()) && list_of_calls.contains(&again.to_string()),
        "{list_of_calls}"
    );
}

#[tokio::test]
async fn a_withheld_caller_is_no_reason_for_a_relation() {
    let world = World::new().await;
    let hidden = |callee: &str| given::incoming().with("caller", "zastrzeżony").with("callee", callee);
    let ticket = report_from(&world, "198.51.100.1", hidden("22 555 01 20").without("error_text")).await;
    report_from(&world, "198.51.100.2", hidden("61 555 20 31")).await;
    let page = world.agent("Anna").await.get(&ticket_path(&ticket)).await.expect(200);
    page.assert_shows("Nic podobnego w pobliżu.");
}

#[tokio::test]
async fn each_relation_shows_eight_tickets_and_links_to_the_rest() {
    let world = World::new().await;
    let mut all = Vec::new();
    for number in 1..=12 {
        let report = given::report().with("caller", &format!("22 555 01 {number:02}")).with("error_text", "zajęte");
        all.push(report_from(&world, &format!("198.51.100.{number}"), report).await);
        world.advance(Duration::minutes(1));
    }
    let page = world.agent("Anna").await.get(&ticket_path(&all[5])).await.expect(200);
    let list = related_text(&page);
    let shown: Vec<_> = all.iter().filter(|reference| list.contains(&format!("{reference} nowe"))).collect();
    assert_eq!(shown, [&all[2], &all[3], &all[4], &all[6], &all[7], &all[8], &all[9], &all[10], &all[11]][1..]);
    assert!(list.contains("Więcej: to samo B"), "{list}");
    assert!(page.body.contains("/staff?view=all&#38;q=b%3A%2B442081900322"), "{}", page.body);
}

#[tokio::test]
async fn a_duplicate_and_its_main_ticket_list_each_other() {
    let world = World::new().await;
    let main = report_from(&world, "198.51.100.1", given::report()).await;
    let duplicate = report_from(&world, "198.51.100.2", given::report()).await;
    sqlx::query(
        "update ticket set status = 'duplicate', merged_into = (select id from ticket where reference = $1)
        where reference = $2",
    )
    .bind(main.as_str())
    .bind(duplicate.as_str())
    .execute(world.sql().await)
    .await
    .unwrap();
    let anna = world.agent("Anna").await;
    let list = related_text(&anna.get(&ticket_path(&main)).await.expect(200));
    assert!(list.contains(&format!("Duplikaty tego zgłoszenia {duplicate} duplikat")), "{list}");
    anna.get(&ticket_path(&main)).await.assert_shows("Zobaczy ją też klient duplikatu.");
    let page = anna.get(&ticket_path(&duplicate)).await.expect(200);
    page.assert_shows(&format!("Ten klient widzi też odpowiedzi z {main}."));
    let list = related_text(&page);
    assert!(list.contains(&format!("Duplikat zgłoszenia {main} nowe")), "{list}");
    assert!(list.contains("Rozdziel") && !list.contains("Scal"), "a duplicate can't be merged again: {list}");
    page.assert_shows(&format!("duplikat Duplikat {main}."));
}

/// Many tickets, most of them with the same callee, code and client address, within two hours.
const INSERT_CROWD: &str = "
    insert into ticket (
        id, reference, category, status, channel, lang, service, caller_kind, caller, caller_raw,
        callee_kind, callee, callee_raw, account, public_ip, call_at, call_precision, in_billing,
        email, client_ip, user_agent, error_text, sip_code, submission_hash, form_hash, access_key_hash,
        created_at, updated_at, awaiting_staff_since
    )
    select
        ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
        translate(lpad(to_hex(n), 10, '0'), 'abcdef', 'ABCDEF'),
        (case when gone then 'logged-out' else 'outgoing' end)::ticket_category, 'new', 'web', 'pl', 'unknown',
        case when not gone then 'number'::party_kind end, case when not gone then '+4822' || lpad((n % 7)::text, 7, '0') end,
        case when not gone then 'x' end,
        case when not gone then 'number'::party_kind end,
        case when not gone then case when n % 10 < 8 then '+442081900322' else '+4460' || n end end,
        case when not gone then 'x' end,
        case when gone then '12345-101' end, case when gone then '198.51.100.9'::inet end,
        case when not gone then at end, case when not gone then 'exact'::call_precision end,
        case when not gone then 'yes'::billing_entry end,
        'a@example.com', case when n % 2 = 0 then '203.0.113.7'::inet else '10.0.0.0'::inet + n end, '', '503', 503,
        decode(lpad(to_hex(n), 64, '0'), 'hex'), decode(repeat('0', 64), 'hex'), decode(repeat('0', 64), 'hex'),
        at, at, at
    from (
        select n, n % 20 = 7 as gone, timestamptz '2026-11-20 12:00+01' + n * interval '200 milliseconds' as at
        from generate_series(1, 30000) n
    ) crowd";

#[tokio::test]
async fn finding_related_tickets_reads_a_few_hundred_rows_of_30_000() {
    let world = World::new().await;
    world.skip_invariants();
    let mut db = world.sql().await.acquire().await.unwrap();
    sqlx::query(AssertSqlSafe(INSERT_CROWD)).execute(&mut *db).await.unwrap();
    sqlx::query("analyze ticket").execute(&mut *db).await.unwrap();
    let sql = include_str!("../../../src/desk/related/similar.sql");
    for mode in ["force_generic_plan", "force_custom_plan"] {
        sqlx::query(AssertSqlSafe(format!("set plan_cache_mode = {mode}"))).execute(&mut *db).await.unwrap();
        for [caller, callee, account, own, code] in [
            // very common values, then missing values, then a mixture
            ["48220000003", "442081900322", "12345-101", "203.0.113.7", "503"],
            ["48229999999", "4460999999", "99999", "192.0.2.1", "486"],
            ["48220000003", "4460999999", "99999", "10.0.0.1", "503"],
        ] {
            let plan: serde_json::Value =
                sqlx::query_scalar(AssertSqlSafe(format!("explain (analyze, timing off, format json) {sql}")))
                    .bind(uuid::Uuid::nil())
                    .bind(caller)
                    .bind(callee)
                    .bind(account)
                    .bind(account)
                    .bind(own.parse::<std::net::IpAddr>().unwrap())
                    .bind("198.51.100.9".parse::<std::net::IpAddr>().unwrap())
                    .bind(code.parse::<i16>().unwrap())
                    .bind(time::macros::datetime!(2026-11-20 12:00 UTC))
                    .bind("4420")
                    .bind(10_i64)
                    .fetch_one(&mut *db)
                    .await
                    .unwrap();
            let (rows, scans) = scanned_rows(&plan[0]["Plan"]);
            assert!(rows < 500.0, "{mode} {caller}: {rows} rows\n{plan:#}");
            assert!(!scans.contains(&"Seq Scan".to_owned()), "{mode} {caller}\n{plan:#}");
        }
    }
}

/// The number of rows that the scans of a plan have read, and the kinds of scans.
fn scanned_rows(plan: &serde_json::Value) -> (f64, Vec<String>) {
    let number = |name: &str| plan[name].as_f64().unwrap_or(0.0);
    let mut scans = Vec::new();
    let mut rows = 0.0;
    let node = plan["Node Type"].as_str().unwrap_or_default();
    if node.contains("Scan") && !node.starts_with("Subquery") {
        scans.push(node.to_owned());
        rows = (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops");
    }
    for inner in plan["Plans"].as_array().into_iter().flatten() {
        let (inner_rows, inner_scans) = scanned_rows(inner);
        rows += inner_rows;
        scans.extend(inner_scans);
    }
    (rows, scans)
}
