//! The queue: views, filters, orders, and pages in both directions.

use time::Duration;

use super::{post_with_version, ticket_path};
use crate::{
    given,
    support::{Browser, TestResponse, World, unescape_html},
};

/// Inserts tickets by SQL. Three tickets share a time, so that the second part of a cursor matters.
pub async fn insert_tickets(world: &World, count: i32) {
    world.skip_invariants();
    sqlx::query(
        "insert into ticket (
            id, reference, category, status, channel, lang, service, caller_kind, caller, caller_raw, callee_kind,
            callee, callee_raw, call_at, call_precision, in_billing, email, client_ip, user_agent, submission_hash,
            form_hash, access_key_hash, created_at, updated_at, awaiting_staff_since
        )
        select
            ('0192f0c1-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, upper(lpad(to_hex(n), 10, '0')), 'outgoing',
            'new', 'web', 'pl', 'unknown', 'number', '+48225550120', '22 555 01 20', 'number', '+442081900322',
            '0044 20 8190 0322', $2::timestamptz - interval '1 minute' * (n / 3), 'exact', 'yes', 'jan@example.com',
            '203.0.113.7', '', decode(lpad(to_hex(n), 64, '0'), 'hex'), decode(lpad(to_hex(n), 64, '0'), 'hex'),
            decode(lpad(to_hex(n), 64, '0'), 'hex'), $2, $2, $2 - interval '1 minute' * (n / 3)
        from generate_series(1, $1) n",
    )
    .bind(count)
    .bind(world.clock.now())
    .execute(world.sql().await)
    .await
    .unwrap();
}

/// The references on a page, from top to bottom.
fn references(page: &TestResponse) -> Vec<String> {
    let links = page.body.split("href=\"/staff/tickets/DZ-").skip(1);
    links.map(|rest| rest.split('"').next().unwrap().replace('-', "")).collect()
}

/// The address of a pager link.
fn link(page: &TestResponse, rel: &str) -> Option<String> {
    let rest = page.body.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
    Some(unescape_html(rest.split('"').next().unwrap()))
}

async fn pages_of(browser: &Browser, first: &str, rel: &str) -> Vec<Vec<String>> {
    let (mut pages, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(address) = next {
        let page = browser.get(&address).await.expect(200);
        pages.push(references(&page));
        next = link(&page, rel);
    }
    pages
}

async fn references_ordered_by(world: &World, order: &str) -> Vec<String> {
    let sql = format!("select reference from ticket order by {order}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(world.sql().await).await.unwrap()
}

#[tokio::test]
async fn queue_pages_follow_each_other_in_both_directions_without_gaps() {
    let world = World::new().await;
    insert_tickets(&world, 120).await;
    let anna = world.agent("Anna").await;
    for filter in ["view=new", "view=all", "view=all&category=outgoing", "view=new&assignee=none", "q=0322&view=all"] {
        for (sort, order) in [
            ("waiting", "awaiting_staff_since, id"),
            ("newest", "id desc"),
            ("call", "coalesce(call_at, created_at) desc, id desc"),
        ] {
            let first = format!("/staff?{filter}&sort={sort}");
            let expected = references_ordered_by(&world, order).await;
            let pages = pages_of(&anna, &first, "next").await;
            assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20], "{first}");
            assert_eq!(pages.concat(), expected, "{first}");

            // from the last page back to the first
            let mut last = anna.get(&first).await;
            while let Some(next) = link(&last, "next") {
                last = anna.get(&next).await;
            }
            let back = pages_of(&anna, &link(&last, "prev").unwrap(), "prev").await;
            assert_eq!(back, [pages[1].clone(), pages[0].clone()], "{first}");
        }
    }
}

#[tokio::test]
async fn a_queue_page_keeps_its_position_when_tickets_come_and_go() {
    let world = World::new().await;
    insert_tickets(&world, 120).await;
    let anna = world.agent("Anna").await;
    let first = anna.get("/staff?view=new&sort=newest").await;
    let second = link(&first, "next").unwrap();
    let before = references(&anna.get(&second).await);
    given::report().accepted(&world).await;
    sqlx::query("update ticket set status = 'spam' where reference = $1")
        .bind(&references(&first)[3])
        .execute(world.sql().await)
        .await
        .unwrap();
    let page = anna.get(&second).await;
    assert_eq!(references(&page), before);
    // the page before is no longer full, so the first page is shown instead
    let previous = anna.get(&link(&page, "prev").unwrap()).await;
    assert_eq!(references(&previous).len(), 50);
    assert_eq!(references(&previous), references(&anna.get("/staff?view=new&sort=newest").await));
    assert_eq!(link(&previous, "prev"), None);

    sqlx::query("update ticket set status = 'spam'").execute(world.sql().await).await.unwrap();
    let empty = anna.get(&second).await.expect(200);
    empty.assert_shows("Na tej stronie nic już nie ma").assert_shows("Pierwsza strona");
}

#[tokio::test]
async fn every_queue_view_counts_its_tickets_up_to_99() {
    let world = World::new().await;
    insert_tickets(&world, 120).await;
    let anna = world.agent("Anna").await;
    let count = async |view: &str| {
        let page = anna.get("/staff").await;
        let rest = page.body.split(&format!("data-view-count=\"{view}\">")).nth(1).unwrap().to_owned();
        rest.split('<').next().unwrap().to_owned()
    };
    assert_eq!(count("new").await, "99+");
    assert_eq!(count("all").await, "99+");
    assert_eq!(count("spam").await, "0");
    let updates = [
        "update ticket set status = 'open', assignee = (select id from staff) where reference < '000000000C'",
        "update ticket set status = 'resolved', resolved_at = awaiting_staff_since where reference between '0000000010' and '0000000015'",
        "update ticket set status = 'spam' where reference between '0000000016' and '0000000017'",
        "update ticket set status = 'waiting' where reference = '0000000018'",
        "update ticket set status = 'duplicate', merged_into = (select id from ticket where reference = '0000000020')
        where reference >= '0000000021'",
    ];
    for sql in updates {
        sqlx::query(sql).execute(world.sql().await).await.unwrap();
    }
    for (view, expected) in [
        ("new", "12"),
        ("mine", "11"),
        ("open", "11"),
        ("waiting", "1"),
        ("resolved", "6"),
        ("spam", "2"),
        ("all", "99+"),
    ] {
        assert_eq!(count(view).await, expected, "{view}");
    }
    // a duplicate is only in the view of all tickets
    let duplicates = references(&anna.get("/staff?view=all").await);
    assert!(duplicates.contains(&"0000000078".to_owned()));
    for view in ["new", "mine", "open", "waiting", "resolved", "spam"] {
        assert!(
            !references(&anna.get(&format!("/staff?view={view}&sort=newest")).await).contains(&"0000000078".to_owned())
        );
    }
}

#[tokio::test]
async fn queue_filters_narrow_a_view() {
    let world = World::new().await;
    let (call, _) = given::report().accepted(&world).await;
    let (account, _) = given::logged_out().accepted(&world).await;
    let anna = world.agent("Anna").await;
    let page = anna.get(&ticket_path(&account)).await;
    post_with_version(&anna, &page, &format!("{}/assignment", ticket_path(&account)), &[("assignee", "me")])
        .await
        .expect(303);
    let shown = async |query: &str| {
        let page = anna.get(&format!("/staff?{query}")).await.expect(200);
        (page.shows(&call.to_string()), page.shows(&account.to_string()))
    };
    assert_eq!(shown("view=all").await, (true, true));
    assert_eq!(shown("view=all&category=logged-out").await, (false, true));
    assert_eq!(shown("view=all&assignee=me").await, (false, true));
    assert_eq!(shown("view=all&assignee=none").await, (true, false));
    assert_eq!(shown("view=mine&assignee=none").await, (false, false));
    assert_eq!(shown("view=open").await, (false, true));
    assert_eq!(shown("view=spam").await, (false, false));
    // a resolved ticket without assignee
    let resolve =
        "update ticket set status = 'resolved', resolved_at = created_at, assignee = null where account is not null";
    sqlx::query(resolve).execute(world.sql().await).await.unwrap();
    assert_eq!(shown("view=resolved&assignee=none").await, (false, true));
    assert_eq!(shown("view=all&assignee=none").await, (true, true));
}

#[tokio::test]
async fn a_queue_row_shows_what_is_known_about_the_call() {
    let world = World::new().await;
    let (call, _) = given::incoming()
        .with("caller", "zastrzeżony")
        .with("precision", "30min")
        .with("error_text", "abonent czasowo niedostępny")
        .accepted(&world)
        .await;
    let (account, _) = given::logged_out().without("error_text").accepted(&world).await;
    let (sound, _) = given::audio().with("error_text", "SIP/2.0 480 Temporarily Unavailable").accepted(&world).await;
    world.advance(Duration::minutes(125));
    let anna = world.agent("Anna").await;
    let page = anna.get("/staff").await;
    page.assert_shows(&format!(
        "{call} 2 h przychodzące zastrzeżony → do 22 555 01 20 14:05 ±30 abonent czasowo niedostępny"
    ));
    page.assert_shows(&format!("{account} 2 h wylogowane 12345-101 bez połączenia bez komunikatu"));
    page.assert_shows("480 Abonent chwilowo niedostępny");
    for reference in [call, account, sound] {
        assert!(page.body.contains(&format!(
            "<tr role=\"row\" id=\"t-{reference}\" data-ticket=\"{reference}\" data-version=\"1\">"
        )));
        assert!(page.body.contains(&format!(
            "name=\"ticket\" value=\"{reference}:1\" form=\"bulk\" aria-label=\"Zaznacz {reference}\""
        )));
    }
}
