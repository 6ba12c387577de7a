//! The blocklist pages for staff.

use time::Duration;

use super::{HOME, block};
use crate::{
    given,
    support::{Browser, World},
};

const LIST: &str = "/staff/blocklist";

async fn add(staff: &Browser, net: &str) -> crate::support::TestResponse {
    staff.post(LIST, &[("net", net), ("reason", "abuse"), ("duration", "day"), ("note", "skanował całą noc")]).await
}

#[tokio::test]
async fn staff_add_change_and_remove_an_entry_and_the_history_shows_it() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    anna.get(LIST).await.expect(200).assert_shows("Nie ma takich wpisów");
    let response = add(&anna, " 198.51.100.20 ").await.expect(303);
    assert_eq!(response.location(), "/staff/blocklist/198.51.100.20");
    let page = anna.follow(&response).await.expect(200);
    page.assert_shows("zablokowany")
        .assert_shows("nadużycie")
        .assert_shows("21.11.2026, 14:30")
        .assert_shows("skanował całą noc");
    anna.get(LIST)
        .await
        .expect(200)
        .assert_shows("198.51.100.20")
        .assert_shows("1 wpis")
        .assert_shows("pracownik, Anna");

    let fields =
        [("net", "198.51.100.20/32"), ("version", "1"), ("reason", "scanning"), ("duration", "keep"), ("note", "")];
    anna.follow(&anna.post("/staff/blocklist/change", &fields).await.expect(303)).await.assert_shows("skanowanie");
    let remove = [("net", "198.51.100.20/32"), ("version", "2"), ("removal_reason", "pomyłka")];
    let removed = anna.follow(&anna.post("/staff/blocklist/removal", &remove).await.expect(303)).await.expect(200);
    removed.assert_shows("nie ma go na liście").assert_shows("pomyłka");
    removed.assert_shows("Zdjęto blokadę").assert_shows("Zmieniono").assert_shows("Zablokowano");
    // the form sent twice removes the entry once
    anna.post("/staff/blocklist/removal", &remove).await.expect(303);
    let events = "select count(*) from blocked_address_change where actor = 'staff'";
    assert_eq!(world.count(events).await, 3);
    anna.get("/staff/blocklist/198.51.100.21").await.expect(404);
}

#[tokio::test]
async fn an_invalid_blocklist_form_shows_errors_beside_its_fields() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    for (net, message) in [
        ("", "To nie jest adres IP ani blok"),
        ("example.com", "To nie jest adres IP ani blok"),
        ("203.0.113.7/24", "Ten blok zaczyna się wcześniej. Wpisz 203.0.113.0/24"),
        ("0.0.0.0/0", "Ten blok jest za szeroki"),
    ] {
        let page = add(&anna, net).await.expect(422);
        page.assert_shows(message);
        assert_eq!((page.value("net").as_str(), page.value("note").as_str()), (net, "skanował całą noc"));
    }
    let long = "x".repeat(501);
    let page = anna.post(LIST, &[("net", HOME), ("duration", "soon"), ("note", &long)]).await.expect(422);
    page.assert_shows("Zmieści się 500 znaków").assert_shows("Wybierz, na jak długo");
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);

    add(&anna, HOME).await.expect(303);
    add(&anna, HOME).await.expect(303); // the form sent twice
    let marek = world.agent("Marek").await;
    add(&marek, HOME).await.expect(422).assert_shows("203.0.113.7 jest już na liście");
    let no_reason = [("net", HOME), ("version", "1"), ("removal_reason", " ")];
    marek
        .post("/staff/blocklist/removal", &no_reason)
        .await
        .expect(422)
        .assert_shows("Napisz, dlaczego zdejmujesz blokadę");
    assert_eq!(world.count("select count(*) from blocked_address_change").await, 1);
    // an expired entry can be replaced
    world.advance(Duration::hours(25));
    let marek = world.signed_in("marek@example.com").await;
    add(&marek, HOME).await.expect(303);
}

#[tokio::test]
async fn a_conflict_on_a_blocklist_entry_shows_both_versions() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    add(&anna, HOME).await.expect(303);
    let fields = |note| [("net", HOME), ("version", "1"), ("reason", "other"), ("duration", "ever"), ("note", note)];
    anna.post("/staff/blocklist/change", &fields("pierwsza")).await.expect(303);
    let conflict = marek.post("/staff/blocklist/change", &fields("druga")).await.expect(409);
    conflict.assert_shows("Ktoś zmienił ten wpis").assert_shows("pierwsza");
    assert_eq!((conflict.value("note").as_str(), conflict.value("version").as_str()), ("druga", "2"));
    let removal = [("net", HOME), ("version", "1"), ("removal_reason", "już nie trzeba")];
    let conflict = marek.post("/staff/blocklist/removal", &removal).await.expect(409);
    assert_eq!(conflict.value("removal_reason"), "już nie trzeba");
    assert_eq!(world.count("select count(*) from blocked_address").await, 1);
}

#[tokio::test]
async fn a_blocklist_search_finds_networks_around_an_address_and_entries_in_a_network() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    for (net, hours) in [
        ("203.0.113.7", Some(5)),
        ("203.0.113.0/24", None),
        ("203.0.112.9", None),
        ("198.51.100.1", None),
        ("203.0.113.9", Some(-1)),
    ] {
        block(&world, net, "scanning", hours).await;
    }
    let rows = async |query: &str| {
        let page = anna.get(&format!("{LIST}?{query}")).await.expect(200);
        let links = page.body.split("<th scope=\"row\"").skip(1);
        links.map(|row| row.split("\">").nth(2).unwrap().split('<').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rows("q=203.0.113.7").await, ["203.0.113.0/24", "203.0.113.7"]);
    assert_eq!(rows("q=203.0.113.1").await, ["203.0.113.0/24"]);
    assert_eq!(rows("q=203.0.0.0/16").await, ["203.0.112.9", "203.0.113.0/24", "203.0.113.7", "203.0.113.9"]);
    assert_eq!(rows("q=203.0.0.0/16&state=active").await, ["203.0.112.9", "203.0.113.0/24", "203.0.113.7"]);
    assert_eq!(rows("q=203.0.0.0/16&state=expired").await, ["203.0.113.9"]);
    assert_eq!(rows("state=expired").await, ["203.0.113.9"]);
    assert_eq!(rows("").await.len(), 4);
    assert_eq!(rows("state=all").await.len(), 5);
    assert_eq!(rows("source=fail2ban").await.len(), 4);
    assert!(rows("source=kamailio").await.is_empty());
    assert!(rows("q=192.0.2.1").await.is_empty());
    anna.get(&format!("{LIST}?q=nic+takiego")).await.expect(200).assert_shows("To nie jest adres IP ani blok");
    for query in ["after=x", "after=1.2", "state=x&source=x", "after=99999999999999999999999.10.0.0.1", "q=%00%ff"] {
        anna.get(&format!("{LIST}?{query}")).await.expect(200);
    }
    let page = anna.get("/staff/blocklist/203.0.113.7").await.expect(200);
    page.assert_shows("Adres leży też w zablokowanym bloku").assert_shows("203.0.113.0/24");
    anna.get("/staff/blocklist/203.0.113.0/24").await.expect(200);
    anna.get("/staff/blocklist/203.0.113.0%2F24").await.expect(200);
    for unknown in ["x", "203.0.113.0/25", "203.0.113.7/24", "%00"] {
        let status = anna.get(&format!("/staff/blocklist/{unknown}")).await.status.as_u16();
        assert!(status == 404 || unknown == "203.0.113.0/25", "{unknown}: {status}");
    }
}

#[tokio::test]
async fn the_blocklist_is_paged_without_gaps_and_counted_up_to_1000() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    sqlx::query(
        "insert into blocked_address (net, reason, source, since, until, updated_at)
        select ('10.1.' || n / 250 || '.' || n % 250)::inet, 'scanning', 'kamailio',
            $1 - interval '1 minute' * (1 + n / 7), case when n % 3 = 0 then $1 - interval '1 second' end, $1
        from generate_series(1, 1500) n",
    )
    .bind(world.clock.now())
    .execute(world.sql().await)
    .await
    .unwrap();
    for (query, expected) in [
        ("state=active", 1000),
        ("state=expired", 500),
        ("state=all", 1500),
        ("state=all&source=kamailio", 1500),
        ("q=10.0.0.0/8", 1500),
        ("q=10.1.2.0/24", 250),
    ] {
        let (mut seen, mut next) = (Vec::new(), Some(format!("{LIST}?{query}")));
        while let Some(address) = next {
            let page = anna.get(&address).await.expect(200);
            seen.extend(
                page.body
                    .split("<a href=\"/staff/blocklist/10.")
                    .skip(1)
                    .map(|row| row.split('"').next().unwrap().to_owned()),
            );
            let link = page.body.split("rel=\"next\" href=\"").nth(1);
            next = link.map(|link| link.split('"').next().unwrap().replace("&#38;", "&"));
        }
        assert_eq!(seen.len(), expected, "{query}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), expected, "{query} shows some twice");
    }
    anna.get(LIST).await.assert_shows("Co najmniej 1000 wpisów");
    anna.get(&format!("{LIST}?state=expired")).await.assert_shows("500 wpisów");
}

#[tokio::test]
async fn the_ticket_page_shows_whether_its_addresses_are_blocked() {
    let world = World::new().await;
    let (reference, _) = given::logged_out().with("public_ip", "2001:db8:5::7").accepted(&world).await;
    let anna = world.agent("Anna").await;
    let ticket = format!("/staff/tickets/{reference}");
    anna.get(&ticket).await.expect(200).assert_hides("zablokowany:");
    block(&world, "2001:db8:5::/48", "abuse", None).await;
    let page = anna.get(&ticket).await.expect(200);
    page.assert_shows("2001:db8:5::7 zablokowany: nadużycie");
    assert!(page.body.contains("href=\"/staff/blocklist/2001%3Adb8%3A5%3A%3A/48\""), "{}", page.body);
    block(&world, HOME, "wrong-password", Some(1)).await;
    anna.get(&ticket).await.assert_shows("203.0.113.7 zablokowany: złe hasło");
    world.advance(Duration::hours(2));
    anna.get(&ticket).await.assert_hides("203.0.113.7 zablokowany");
}

#[tokio::test]
async fn the_blocklist_is_for_staff_only() {
    let world = World::new().await;
    let visitor = world.visitor();
    for path in [LIST, "/staff/blocklist/203.0.113.7", "/staff/tokens"] {
        assert!(visitor.get(path).await.expect(303).location().starts_with("/staff/login"), "{path}");
    }
    for path in [LIST, "/staff/blocklist/change", "/staff/blocklist/removal", "/staff/tokens"] {
        assert_eq!(visitor.post(path, &[("net", HOME)]).await.expect(303).location(), "/staff/login", "{path}");
    }
    let anna = world.agent("Anna").await;
    anna.get("/staff/tokens").await.expect(403);
    anna.post("/staff/tokens", &[("name", "x")]).await.expect(403);
    anna.clone()
        .with_header("sec-fetch-site", "cross-site")
        .post(LIST, &[("net", HOME), ("duration", "day")])
        .await
        .expect(403);
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
}
