//! Blocked addresses: what customers see and can lift, what staff keep, what programs tell.

mod api;
mod desk;
mod import;
mod plans;

use time::Duration;

use crate::{
    given,
    support::{Answer, Browser, World},
};

/// The address of [`World::visitor`].
pub const HOME: &str = "203.0.113.7";

/// Blocks an address, as a program would; `hours` from now, or without an end.
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

async fn look(browser: &Browser) -> Answer {
    browser.get("/pl/check/address").await.expect(200)
}

async fn lift(browser: &Browser) -> Answer {
    browser.post("/pl/check/address", &[]).await
}

const BUTTON: &str = "Hasła są poprawione, zdejmij blokadę";

#[tokio::test]
async fn an_address_that_is_not_blocked_is_told_so() {
    let world = World::new().await;
    let page = look(&world.visitor()).await;
    page.must_show("Adres 203.0.113.7 nie jest zablokowany").must_show("IPv4, publiczny").must_not_show(BUTTON);
    page.must_show("telefon może łączyć się tamtym adresem");
    assert!(page.body.contains("/pl/guide/logged-out?checks="), "{}", page.body);
    let english = world.visitor().from_ip("2001:db8:1:2::3").get("/en/check/address").await.expect(200);
    english.must_show("The address 2001:db8:1:2::3 is not blocked").must_show("IPv6, public");
    english.must_show("your network has an IPv4 address too");
}

#[tokio::test]
async fn a_blocked_address_is_told_why_since_when_and_until_when() {
    let world = World::new().await;
    block(&world, HOME, "wrong-password", Some(5)).await;
    let page = look(&world.visitor()).await;
    page.must_show("Adres 203.0.113.7 jest zablokowany do 20.11.2026, 19:30");
    page.must_show("wiele logowań ze złym hasłem").must_show("20.11.2026, 12:30").must_show(BUTTON);
    page.must_show("Najczęściej to złe hasło w jednym z kilku urządzeń");
    look(&world.visitor().from_ip("203.0.113.8")).await.must_show("nie jest zablokowany");

    let six = world.visitor().from_ip("2001:db8:5::1");
    block(&world, "2001:db8:5::1", "wrong-password", None).await;
    look(&six).await.must_show("Adres 2001:db8:5::1 jest zablokowany").must_show("do odwołania").must_show(BUTTON);
}

#[tokio::test]
async fn a_block_that_is_over_blocks_nobody() {
    let world = World::new().await;
    block(&world, HOME, "wrong-password", Some(1)).await;
    look(&world.visitor()).await.must_show("jest zablokowany do");
    world.advance(Duration::HOUR);
    look(&world.visitor()).await.must_show("nie jest zablokowany");
    dzwoni::workers::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from blocked_address").await, 1, "kept a day for those who ask");
    world.advance(Duration::DAY);
    dzwoni::workers::purge_expired(&world.app).await.unwrap();
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
}

#[tokio::test]
async fn what_lies_in_a_blocked_block_is_blocked_and_a_technician_lifts_it() {
    let world = World::new().await;
    block(&world, "203.0.113.0/24", "abuse", None).await;
    block(&world, HOME, "wrong-password", Some(5)).await;
    let page = look(&world.visitor()).await;
    page.must_show("203.0.113.0/24").must_show("nadużycia z tego adresu").must_show("Tę blokadę zdejmuje nasz technik");
    page.must_not_show(BUTTON);
    let answer = lift(&world.visitor()).await.expect(409);
    answer.must_show("Tę blokadę zdejmuje nasz technik");
    assert_eq!(world.count("select count(*) from blocked_address").await, 2);

    block(&world, "2001:db8:5::/48", "scanning", Some(1)).await;
    let six = look(&world.visitor().from_ip("2001:db8:5:ffff::1")).await;
    six.must_show("jest zablokowany do").must_show("szukał słabych punktów").must_not_show(BUTTON);
    look(&world.visitor().from_ip("2001:db8:6::1")).await.must_show("nie jest zablokowany");
}

#[tokio::test]
async fn a_customer_lifts_the_block_of_a_wrong_password_and_sees_it_lifted() {
    let world = World::new().await;
    block(&world, HOME, "wrong-password", Some(5)).await;
    let visitor = world.visitor();
    let answer = lift(&visitor).await.expect(303);
    visitor.follow(&answer).await.expect(200).must_show("nie jest już zablokowany, blokada zdjęta: 20.11.2026, 14:30");
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
    let told = "select count(*) from blocked_address_change where kind = 'unblocked' and actor = 'customer'";
    assert_eq!(world.count(told).await, 1);
    // sent twice, or with nothing to lift: the page says how it stands
    visitor.follow(&lift(&visitor).await.expect(303)).await.must_show("nie jest już zablokowany");
    assert_eq!(world.count(told).await, 1);
    let other = visitor.clone().from_ip("198.51.100.1");
    other.follow(&lift(&other).await.expect(303)).await.must_show("Adres 198.51.100.1 nie jest zablokowany");
}

#[tokio::test]
async fn a_block_that_comes_back_is_lifted_again_after_an_hour_and_three_times_a_day() {
    let world = World::new().await;
    let visitor = world.visitor();
    let blocked = async || block(&world, HOME, "wrong-password", None).await;
    blocked().await;
    lift(&visitor).await.expect(303);
    blocked().await;
    world.advance(Duration::minutes(20));
    let page = look(&visitor).await;
    page.must_show("można zdjąć ponownie od: 20.11.2026, 15:30").must_not_show(BUTTON);
    let refused = lift(&visitor).await.expect(429);
    refused.must_show("można zdjąć ponownie od: 20.11.2026, 15:30");
    assert_eq!(refused.header("retry-after"), "2400");
    assert_eq!(world.count("select count(*) from blocked_address").await, 1);

    for _ in 0..2 {
        world.advance(Duration::HOUR);
        lift(&visitor).await.expect(303);
        blocked().await;
    }
    world.advance(Duration::HOUR);
    let refused = lift(&visitor).await.expect(429);
    refused.must_show("można zdjąć ponownie od: 21.11.2026, 14:30");
    // the neighbours in another network have their own count
    block(&world, "198.51.100.1", "wrong-password", None).await;
    lift(&visitor.clone().from_ip("198.51.100.1")).await.expect(303);
}

#[tokio::test]
async fn the_addresses_of_one_household_share_the_count() {
    let world = World::new().await;
    for ip in ["2001:db8:1:2::3", "2001:db8:1:2::4", "2001:db8:1:3::3"] {
        block(&world, ip, "wrong-password", None).await;
    }
    lift(&world.visitor().from_ip("2001:db8:1:2::3")).await.expect(303);
    lift(&world.visitor().from_ip("2001:db8:1:2::4")).await.expect(429);
    lift(&world.visitor().from_ip("2001:db8:1:3::3")).await.expect(303);
    // a neighbour who was never blocked is not told of a block
    let neighbour = look(&world.visitor().from_ip("2001:db8:1:2::5")).await;
    neighbour.must_show("Adres 2001:db8:1:2::5 nie jest zablokowany");
}

#[tokio::test]
async fn two_who_lift_at_once_lift_once() {
    let world = World::new().await;
    block(&world, HOME, "wrong-password", None).await;
    let (one, two) = (world.visitor(), world.visitor());
    let (first, second) = tokio::join!(lift(&one), lift(&two));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    assert_eq!(world.count("select count(*) from blocked_address_change").await, 1);
}

#[tokio::test]
async fn nobody_lifts_the_block_of_another_address() {
    let world = World::new().await;
    block(&world, "198.51.100.9", "wrong-password", None).await;
    let stranger = world.visitor().with_header("x-forwarded-for", "198.51.100.9");
    stranger
        .post("/pl/check/address?ip=198.51.100.9", &[("ip", "198.51.100.9"), ("net", "198.51.100.9")])
        .await
        .expect(303);
    look(&stranger).await.must_show("Adres 203.0.113.7 nie jest zablokowany");
    assert_eq!(world.count("select count(*) from blocked_address").await, 1);
    let from_elsewhere = world.visitor().from_ip("198.51.100.9").with_header("sec-fetch-site", "cross-site");
    lift(&from_elsewhere).await.expect(403);
    // behind a proxy that is named, the header tells
    let behind = world.visitor().from_ip("10.0.0.1").with_header("x-forwarded-for", "198.51.100.9");
    look(&behind).await.must_show("Adres 198.51.100.9 jest zablokowany");
    lift(&behind).await.expect(303);
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
}

#[tokio::test]
async fn inner_addresses_are_explained() {
    let world = World::new().await;
    for (ip, said) in [
        ("192.168.1.5", "urządzenia w sieci domowej lub firmowej"),
        ("100.64.3.4", "dostawcy internetu używają wewnątrz swojej sieci"),
        ("127.0.0.1", "działa tylko w obrębie urządzenia lub kabla"),
        ("fd00::5", "urządzenia w sieci domowej lub firmowej"),
    ] {
        let page = look(&world.visitor().from_ip(ip)).await;
        page.must_show(&format!("Widzimy tylko adres wewnętrzny {ip}")).must_show(said);
    }
    block(&world, "192.168.1.5", "wrong-password", None).await;
    look(&world.visitor().from_ip("192.168.1.5")).await.must_show("jest zablokowany").must_show(BUTTON);
}

#[tokio::test]
async fn a_result_says_what_it_said_then_and_travels_with_the_report() {
    let world = World::new().await;
    block(&world, HOME, "wrong-password", Some(5)).await;
    let visitor = world.visitor();
    let walk = "walk=logged-out/yes";
    let page = visitor.get(&format!("/pl/check/address?{walk}")).await.expect(200);
    let before = page.value("checks");
    assert!(page.body.contains(&format!("/pl/guide/logged-out/yes?checks={before}")), "{}", page.body);
    let answer =
        visitor.post("/pl/check/address", &[("walk", "logged-out/yes"), ("checks", &before)]).await.expect(303);
    let lifted = visitor.follow(&answer).await.expect(200);
    let report =
        lifted.body.split("href=\"/pl/report").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    assert!(report.contains("trail=logged-out/yes") && report.contains("public_ip=203.0.113.7"), "{report}");
    let form = visitor.get(&format!("/pl/report{report}")).await.expect(200);
    assert_eq!(form.value("public_ip"), HOME);
    assert!(form.value("checks").starts_with(&format!("{before},")), "{}", form.value("checks"));

    let (reference, _) = given::logged_out().with("checks", &form.value("checks")).accepted(&world).await;
    world.advance(Duration::hours(30));
    let then = visitor.get(&format!("/pl/check/result/{before}")).await.expect(200);
    then.must_show("Adres 203.0.113.7 jest zablokowany do 20.11.2026, 19:30");
    then.must_show("wiele logowań ze złym hasłem").must_show("20.11.2026, 12:30");
    let desk = world.agent("Anna").await.get(&format!("/staff/tickets/{reference}")).await.expect(200);
    desk.must_show("Adres 203.0.113.7 jest zablokowany do 20.11.2026, 19:30");
    desk.must_show("Adres 203.0.113.7 nie jest już zablokowany, blokada zdjęta: 20.11.2026, 14:30");
}

#[tokio::test]
async fn without_the_database_the_address_is_shown_and_can_be_reported() {
    let world = World::without_database().await;
    let page = look(&world.visitor()).await;
    page.must_show("Twój adres to 203.0.113.7. Nie możemy teraz sprawdzić, czy jest zablokowany");
    assert!(page.body.contains("public_ip=203.0.113.7"));
    lift(&world.visitor()).await.expect(503);
}
