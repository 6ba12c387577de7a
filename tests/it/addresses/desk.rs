//! The list as staff keep it.

use time::Duration;

use super::{HOME, block};
use crate::{
    given,
    support::{Browser, World},
};

const LIST: &str = "/staff/addresses";

async fn add(staff: &Browser, net: &str) -> crate::support::Answer {
    staff.post(LIST, &[("net", net), ("reason", "abuse"), ("lasts", "day"), ("note", "skanował całą noc")]).await
}

#[tokio::test]
async fn staff_block_an_address_change_the_block_and_lift_it_and_each_is_told() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    anna.get(LIST).await.expect(200).must_show("Nie ma takich wpisów");
    let answer = add(&anna, " 198.51.100.20 ").await.expect(303);
    assert_eq!(answer.location(), "/staff/addresses/198.51.100.20");
    let page = anna.follow(&answer).await.expect(200);
    page.must_show("zablokowany").must_show("nadużycie").must_show("21.11.2026, 14:30").must_show("skanował całą noc");
    anna.get(LIST).await.expect(200).must_show("198.51.100.20").must_show("1 wpis").must_show("pracownik, Anna");

    let fields =
        [("net", "198.51.100.20/32"), ("version", "1"), ("reason", "scanning"), ("lasts", "keep"), ("note", "")];
    anna.follow(&anna.post("/staff/addresses/change", &fields).await.expect(303)).await.must_show("skanowanie");
    let remove = [("net", "198.51.100.20/32"), ("version", "2"), ("why", "pomyłka")];
    let gone = anna.follow(&anna.post("/staff/addresses/removal", &remove).await.expect(303)).await.expect(200);
    gone.must_show("nie ma go na liście").must_show("pomyłka");
    gone.must_show("Zdjęto blokadę").must_show("Zmieniono").must_show("Zablokowano");
    // the same form again: it is gone, whoever did it
    anna.post("/staff/addresses/removal", &remove).await.expect(303);
    let events = "select count(*) from blocked_address_change where actor = 'staff'";
    assert_eq!(world.count(events).await, 3);
    anna.get("/staff/addresses/198.51.100.21").await.expect(404);
}

#[tokio::test]
async fn mistakes_are_told_beside_their_fields_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    for (net, said) in [
        ("", "To nie jest adres IP ani blok"),
        ("example.com", "To nie jest adres IP ani blok"),
        ("203.0.113.7/24", "Ten blok zaczyna się wcześniej. Wpisz 203.0.113.0/24"),
        ("0.0.0.0/0", "Ten blok jest za szeroki"),
    ] {
        let page = add(&anna, net).await.expect(422);
        page.must_show(said);
        assert_eq!((page.value("net").as_str(), page.value("note").as_str()), (net, "skanował całą noc"));
    }
    let long = "x".repeat(501);
    let page = anna.post(LIST, &[("net", HOME), ("lasts", "soon"), ("note", &long)]).await.expect(422);
    page.must_show("Zmieści się 500 znaków").must_show("Wybierz, na jak długo");
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);

    add(&anna, HOME).await.expect(303);
    add(&anna, HOME).await.expect(303); // pressed twice
    let marek = world.agent("Marek").await;
    add(&marek, HOME).await.expect(422).must_show("203.0.113.7 jest już na liście");
    let no_reason = [("net", HOME), ("version", "1"), ("why", " ")];
    marek
        .post("/staff/addresses/removal", &no_reason)
        .await
        .expect(422)
        .must_show("Napisz, dlaczego zdejmujesz blokadę");
    assert_eq!(world.count("select count(*) from blocked_address_change").await, 1);
    // what is over makes room
    world.advance(Duration::hours(25));
    let marek = world.signed_in("marek@example.com").await;
    add(&marek, HOME).await.expect(303);
}

#[tokio::test]
async fn the_second_to_change_an_entry_sees_both() {
    let world = World::new().await;
    let (anna, marek) = (world.agent("Anna").await, world.agent("Marek").await);
    add(&anna, HOME).await.expect(303);
    let fields = |note| [("net", HOME), ("version", "1"), ("reason", "other"), ("lasts", "ever"), ("note", note)];
    anna.post("/staff/addresses/change", &fields("pierwsza")).await.expect(303);
    let late = marek.post("/staff/addresses/change", &fields("druga")).await.expect(409);
    late.must_show("Ktoś zmienił ten wpis").must_show("pierwsza");
    assert_eq!((late.value("note").as_str(), late.value("version").as_str()), ("druga", "2"));
    let removal = [("net", HOME), ("version", "1"), ("why", "już nie trzeba")];
    let late = marek.post("/staff/addresses/removal", &removal).await.expect(409);
    assert_eq!(late.value("why"), "już nie trzeba");
    assert_eq!(world.count("select count(*) from blocked_address").await, 1);
}

#[tokio::test]
async fn a_search_finds_what_contains_an_address_and_what_lies_in_a_block() {
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
    assert_eq!(rows("q=203.0.0.0/16&state=over").await, ["203.0.113.9"]);
    assert_eq!(rows("state=over").await, ["203.0.113.9"]);
    assert_eq!(rows("").await.len(), 4);
    assert_eq!(rows("state=all").await.len(), 5);
    assert_eq!(rows("source=fail2ban").await.len(), 4);
    assert!(rows("source=kamailio").await.is_empty());
    assert!(rows("q=192.0.2.1").await.is_empty());
    anna.get(&format!("{LIST}?q=nic+takiego")).await.expect(200).must_show("To nie jest adres IP ani blok");
    for query in ["after=x", "after=1.2", "state=x&source=x", "after=99999999999999999999999.10.0.0.1", "q=%00%ff"] {
        anna.get(&format!("{LIST}?{query}")).await.expect(200);
    }
    let page = anna.get("/staff/addresses/203.0.113.7").await.expect(200);
    page.must_show("Adres leży też w zablokowanym bloku").must_show("203.0.113.0/24");
    anna.get("/staff/addresses/203.0.113.0/24").await.expect(200);
    anna.get("/staff/addresses/203.0.113.0%2F24").await.expect(200);
    for nothing in ["x", "203.0.113.0/25", "203.0.113.7/24", "%00"] {
        let status = anna.get(&format!("/staff/addresses/{nothing}")).await.status.as_u16();
        assert!(status == 404 || nothing == "203.0.113.0/25", "{nothing}: {status}");
    }
}

#[tokio::test]
async fn long_lists_are_paged_without_gaps_and_counted_to_a_thousand() {
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
        ("state=over", 500),
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
                    .split("<a href=\"/staff/addresses/10.")
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
    anna.get(LIST).await.must_show("Co najmniej 1000 wpisów");
    anna.get(&format!("{LIST}?state=over")).await.must_show("500 wpisów");
}

#[tokio::test]
async fn a_ticket_shows_whether_its_addresses_are_blocked_now() {
    let world = World::new().await;
    let (reference, _) = given::logged_out().with("public_ip", "2001:db8:5::7").accepted(&world).await;
    let anna = world.agent("Anna").await;
    let ticket = format!("/staff/tickets/{reference}");
    anna.get(&ticket).await.expect(200).must_not_show("zablokowany:");
    block(&world, "2001:db8:5::/48", "abuse", None).await;
    let page = anna.get(&ticket).await.expect(200);
    page.must_show("2001:db8:5::7 zablokowany: nadużycie");
    assert!(page.body.contains("href=\"/staff/addresses/2001%3Adb8%3A5%3A%3A/48\""), "{}", page.body);
    block(&world, HOME, "wrong-password", Some(1)).await;
    anna.get(&ticket).await.must_show("203.0.113.7 zablokowany: złe hasło");
    world.advance(Duration::hours(2));
    anna.get(&ticket).await.must_not_show("203.0.113.7 zablokowany");
}

#[tokio::test]
async fn the_list_is_for_staff_only() {
    let world = World::new().await;
    let visitor = world.visitor();
    for path in [LIST, "/staff/addresses/203.0.113.7", "/staff/tokens"] {
        assert!(visitor.get(path).await.expect(303).location().starts_with("/staff/login"), "{path}");
    }
    for path in [LIST, "/staff/addresses/change", "/staff/addresses/removal", "/staff/tokens"] {
        assert_eq!(visitor.post(path, &[("net", HOME)]).await.expect(303).location(), "/staff/login", "{path}");
    }
    let anna = world.agent("Anna").await;
    anna.get("/staff/tokens").await.expect(403);
    anna.post("/staff/tokens", &[("name", "x")]).await.expect(403);
    anna.clone()
        .with_header("sec-fetch-site", "cross-site")
        .post(LIST, &[("net", HOME), ("lasts", "day")])
        .await
        .expect(403);
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
}
