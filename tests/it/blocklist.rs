//! Blocked addresses: what customers see and can lift, the list for staff, the API and imports.

mod api;
mod import;
mod query_plans;
mod staff_pages;

use time::Duration;

use crate::{
    given,
    support::{Browser, TestResponse, World},
};

/// The address of [`World::visitor`].
pub const HOME: &str = "203.0.113.7";

/// Blocks an address as if fail2ban had reported it, for `hours` or without an end.
pub async fn block(world: &World, net: &str, reason: &str, hours: Option<i64>) {
    let now = world.clock.now();
    sqlx::query(
        "insert into blocked_address (net, reason, source, since, until, updated_at)
        values ($1::inet, $2::block_reason, 'fail2ban', $3, $4, $3)",
    )
    .bind(net)
    .bind(reason)
    .bind(now - Duration::hours(2))
    .bind(hours.map(|hours| now + Duration::hours(hours)))
    .execute(world.sql().await)
    .await
    .unwrap();
}

async fn check_address(browser: &Browser) -> TestResponse {
    browser.get("/pl/check/address").await.expect(200)
}

async fn lift_block(browser: &Browser) -> TestResponse {
    browser.post("/pl/check/address", &[]).await
}

const BUTTON: &str = "Hasła są poprawione, zdejmij blokadę";

#[tokio::test]
async fn the_address_check_shows_that_an_address_is_not_blocked() {
    let world = World::new().await;
    let page = check_address(&world.visitor()).await;
    page.assert_shows("Adres 203.0.113.7 nie jest zablokowany").assert_shows("IPv4, publiczny").assert_hides(BUTTON);
    page.assert_shows("telefon może łączyć się tamtym adresem");
    assert!(page.body.contains("/pl/guide/logged-out?checks="), "{}", page.body);
    let english = world.visitor().from_ip("2001:db8:1:2::3").get("/en/check/address").await.expect(200);
    english.assert_shows("The address 2001:db8:1:2::3 is not blocked").assert_shows("IPv6, public");
    english.assert_shows("your network has an IPv4 address too");
}

#[tokio::test]
async fn the_address_check_shows_reason_start_and_end_of_a_block() {
    let world = World::new().await;
    block(&world, HOME, "wrong-password", Some(5)).await;
    let page = check_address(&world.visitor()).await;
    page.assert_shows("Adres 203.0.113.7 jest zablokowany do 20.11.2026, 19:30");
    page.assert_shows("wiele logowań ze złym hasłem").assert_shows("20.11.2026, 12:30").assert_shows(BUTTON);
    page.assert_shows("Najczęściej to złe hasło w jednym z kilku urządzeń");
    check_address(&world.visitor().from_ip("203.0.113.8")).await.assert_shows("nie jest zablokowany");

    let ipv6 = world.visitor().from_ip("2001:db8:5::1");
    block(&world, "2001:db8:5::1", "wrong-password", None).await;
    check_address(&ipv6)
        .await
        .assert_shows("Adres 2001:db8:5::1 jest zablokowany")
        .assert_shows("do odwołania")
        .assert_shows(BUTTON);
}

#[tokio::test]
async fn an_expired_block_has_no_effect_and_is_purged_after_a_day() {
    let world = World::new().await;
    block(&world, HOME, "wrong-password", Some(1)).await;
    check_address(&world.visitor()).await.assert_shows("jest zablokowany do");
    world.advance(Duration::HOUR);
    check_address(&world.visitor()).await.assert_shows("nie jest zablokowany");
    dzwoni::jobs::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from blocked_address").await, 1, "an expired entry is kept for a day");
    world.advance(Duration::DAY);
    dzwoni::jobs::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
}

#[tokio::test]
async fn an_address_in_a_blocked_network_is_blocked_and_only_staff_can_lift_it() {
    let world = World::new().await;
    block(&world, "203.0.113.0/24", "abuse", None).await;
    block(&world, HOME, "wrong-password", Some(5)).await;
    let page = check_address(&world.visitor()).await;
    page.assert_shows("203.0.113.0/24")
        .assert_shows("nadużycia z tego adresu")
        .assert_shows("Tę blokadę zdejmuje nasz technik");
    page.assert_hides(BUTTON);
    let response = lift_block(&world.visitor()).await.expect(409);
    response.assert_shows("Tę blokadę zdejmuje nasz technik");
    assert_eq!(world.count("select count(*) from blocked_address").await, 2);

    block(&world, "2001:db8:5::/48", "scanning", Some(1)).await;
    let ipv6 = check_address(&world.visitor().from_ip("2001:db8:5:ffff::1")).await;
    ipv6.assert_shows("jest zablokowany do").assert_shows("szukał słabych punktów").assert_hides(BUTTON);
    check_address(&world.visitor().from_ip("2001:db8:6::1")).await.assert_shows("nie jest zablokowany");
}

#[tokio::test]
async fn a_customer_can_lift_a_block_for_wrong_passwords() {
    let world = World::new().await;
    block(&world, HOME, "wrong-password", Some(5)).await;
    let visitor = world.visitor();
    let response = lift_block(&visitor).await.expect(303);
    visitor
        .follow(&response)
        .await
        .expect(200)
        .assert_shows("nie jest już zablokowany, blokada zdjęta: 20.11.2026, 14:30");
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
    let changes = "select count(*) from blocked_address_change where kind = 'unblocked' and actor = 'customer'";
    assert_eq!(world.count(changes).await, 1);
    // the form sent twice, or without a block, only shows the current state
    visitor.follow(&lift_block(&visitor).await.expect(303)).await.assert_shows("nie jest już zablokowany");
    assert_eq!(world.count(changes).await, 1);
    let other = visitor.clone().from_ip("198.51.100.1");
    other.follow(&lift_block(&other).await.expect(303)).await.assert_shows("Adres 198.51.100.1 nie jest zablokowany");
}

#[tokio::test]
async fn a_customer_can_lift_a_block_once_per_hour_and_three_times_a_day() {
    let world = World::new().await;
    let visitor = world.visitor();
    let block_again = async || block(&world, HOME, "wrong-password", None).await;
    block_again().await;
    lift_block(&visitor).await.expect(303);
    block_again().await;
    world.advance(Duration::minutes(20));
    let page = check_address(&visitor).await;
    page.assert_shows("można zdjąć ponownie od: 20.11.2026, 15:30").assert_hides(BUTTON);
    let refused = lift_block(&visitor).await.expect(429);
    refused.assert_shows("można zdjąć ponownie od: 20.11.2026, 15:30");
    assert_eq!(refused.header("retry-after"), "2400");
    assert_eq!(world.count("select count(*) from blocked_address").await, 1);

    for _ in 0..2 {
        world.advance(Duration::HOUR);
        lift_block(&visitor).await.expect(303);
        block_again().await;
    }
    world.advance(Duration::HOUR);
    let refused = lift_block(&visitor).await.expect(429);
    refused.assert_shows("można zdjąć ponownie od: 21.11.2026, 14:30");
    // another network has its own count
    block(&world, "198.51.100.1", "wrong-password", None).await;
    lift_block(&visitor.clone().from_ip("198.51.100.1")).await.expect(303);
}

#[tokio::test]
async fn addresses_of_one_ipv6_network_share_the_lift_limit() {
    let world = World::new().await;
    for ip in ["2001:db8:1:2::3", "2001:db8:1:2::4", "2001:db8:1:3::3"] {
        block(&world, ip, "wrong-password", None).await;
    }
    lift_block(&world.visitor().from_ip("2001:db8:1:2::3")).await.expect(303);
    lift_block(&world.visitor().from_ip("2001:db8:1:2::4")).await.expect(429);
    lift_block(&world.visitor().from_ip("2001:db8:1:3::3")).await.expect(303);
    // another address of the network was never blocked
    let neighbour = check_address(&world.visitor().from_ip("2001:db8:1:2::5")).await;
    neighbour.assert_shows("Adres 2001:db8:1:2::5 nie jest zablokowany");
}

#[tokio::test]
async fn concurrent_requests_lift_a_block_once() {
    let world = World::new().await;
    block(&world, HOME, "wrong-password", None).await;
    let (visitor, neighbour) = (world.visitor(), world.visitor());
    let (first, second) = tokio::join!(lift_block(&visitor), lift_block(&neighbour));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    assert_eq!(world.count("select count(*) from blocked_address_change").await, 1);
}

#[tokio::test]
async fn a_visitor_can_not_lift_the_block_of_another_address() {
    let world = World::new().await;
    block(&world, "198.51.100.9", "wrong-password", None).await;
    let stranger = world.visitor().with_header("x-forwarded-for", "198.51.100.9");
    stranger
        .post("/pl/check/address?ip=198.51.100.9", &[("ip", "198.51.100.9"), ("net", "198.51.100.9")])
        .await
        .expect(303);
    check_address(&stranger).await.assert_shows("Adres 203.0.113.7 nie jest zablokowany");
    assert_eq!(world.count("select count(*) from blocked_address").await, 1);
    let from_elsewhere = world.visitor().from_ip("198.51.100.9").with_header("sec-fetch-site", "cross-site");
    lift_block(&from_elsewhere).await.expect(403);
    // a trusted proxy may set the header
    let behind = world.visitor().from_ip("10.0.0.1").with_header("x-forwarded-for", "198.51.100.9");
    check_address(&behind).await.assert_shows("Adres 198.51.100.9 jest zablokowany");
    lift_block(&behind).await.expect(303);
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
}

#[tokio::test]
async fn private_and_reserved_addresses_are_explained() {
    let world = World::new().await;
    for (ip, explanation) in [
        ("192.168.1.5", "urządzenia w sieci domowej lub firmowej"),
        ("100.64.3.4", "dostawcy internetu używają wewnątrz swojej sieci"),
        ("127.0.0.1", "działa tylko w obrębie urządzenia lub kabla"),
        ("fd00::5", "urządzenia w sieci domowej lub firmowej"),
    ] {
        let page = check_address(&world.visitor().from_ip(ip)).await;
        page.assert_shows(&format!("Widzimy tylko adres wewnętrzny {ip}")).assert_shows(explanation);
    }
    block(&world, "192.168.1.5", "wrong-password", None).await;
    check_address(&world.visitor().from_ip("192.168.1.5")).await.assert_shows("jest zablokowany").assert_shows(BUTTON);
}

#[tokio::test]
async fn an_address_result_keeps_its_state_and_is_attached_to_the_report() {
    let world = World::new().await;
    block(&world, HOME, "wrong-password", Some(5)).await;
    let visitor = world.visitor();
    let path_query = "trail=logged-out/yes";
    let page = visitor.get(&format!("/pl/check/address?{path_query}")).await.expect(200);
    let before = page.value("checks");
    assert!(page.body.contains(&format!("/pl/guide/logged-out/yes?checks={before}")), "{}", page.body);
    let response =
        visitor.post("/pl/check/address", &[("trail", "logged-out/yes"), ("checks", &before)]).await.expect(303);
    let lifted = visitor.follow(&response).await.expect(200);
    let report =
        lifted.body.split("href=\"/pl/report").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    assert!(report.contains("trail=logged-out/yes") && report.contains("public_ip=203.0.113.7"), "{report}");
    let form = visitor.get(&format!("/pl/report{report}")).await.expect(200);
    assert_eq!(form.value("public_ip"), HOME);
    assert!(form.value("checks").starts_with(&format!("{before},")), "{}", form.value("checks"));

    let (reference, _) = given::logged_out().with("checks", &form.value("checks")).accepted(&world).await;
    world.advance(Duration::hours(30));
    let result = visitor.get(&format!("/pl/check/result/{before}")).await.expect(200);
    result.assert_shows("Adres 203.0.113.7 jest zablokowany do 20.11.2026, 19:30");
    result.assert_shows("wiele logowań ze złym hasłem").assert_shows("20.11.2026, 12:30");
    let ticket = world.agent("Anna").await.get(&format!("/staff/tickets/{reference}")).await.expect(200);
    ticket.assert_shows("Adres 203.0.113.7 jest zablokowany do 20.11.2026, 19:30");
    ticket.assert_shows("Adres 203.0.113.7 nie jest już zablokowany, blokada zdjęta: 20.11.2026, 14:30");
}

#[tokio::test]
async fn without_the_database_the_address_check_still_shows_the_address() {
    let world = World::without_database().await;
    let page = check_address(&world.visitor()).await;
    page.assert_shows("Twój adres to 203.0.113.7. Nie możemy teraz sprawdzić, czy jest zablokowany");
    assert!(page.body.contains("public_ip=203.0.113.7"));
    lift_block(&world.visitor()).await.expect(503);
}
