//! Failed logins: pauses per household, account and known browser.

use dzwoni::staff::{self, StaffRole};
use time::Duration;

use crate::support::{Browser, PASSWORD, World, eventually};

#[tokio::test]
async fn failed_logins_are_throttled_until_a_successful_one() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let attacker = world.visitor();
    let log_in =
        async |password: &str| attacker.post("/staff/login", &[("email", &email), ("password", password)]).await;
    for _ in 0..4 {
        log_in("nonsense").await.expect(422);
    }
    let paused = log_in(PASSWORD).await.expect(429);
    assert_eq!(paused.header("retry-after"), "3");
    paused.assert_shows("Za dużo nieudanych prób");
    // during the pause the right password is refused, too, and the pause does not grow
    world.advance(Duration::seconds(1));
    log_in(PASSWORD).await.expect(429);
    // the same account can log in from another address
    let fields = [("email", email.as_str()), ("password", PASSWORD)];
    world.visitor().from_ip("198.51.100.9").post("/staff/login", &fields).await.expect(303);
    world.advance(Duration::seconds(2));
    log_in("nonsense").await.expect(422);
    assert_eq!(log_in("nonsense").await.expect(429).header("retry-after"), "5");
    world.advance(Duration::seconds(5));
    log_in(PASSWORD).await.expect(303);
    log_in("nonsense").await.expect(422);
    log_in("nonsense").await.expect(422);
}

#[tokio::test]
async fn the_addresses_of_one_household_share_their_failed_logins() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let fields = [("email", email.as_str()), ("password", "nonsense")];
    for host in 1..=4 {
        world.visitor().from_ip(&format!("2001:db8::{host}")).post("/staff/login", &fields).await.expect(422);
    }
    for host in 5..=40 {
        world.visitor().from_ip(&format!("2001:db8::{host:x}")).post("/staff/login", &fields).await.expect(429);
    }
    // one household has not locked the account for the others
    let fields = [("email", email.as_str()), ("password", PASSWORD)];
    world.visitor().from_ip("2001:db8:0:1::1").post("/staff/login", &fields).await.expect(303);
}

#[tokio::test]
async fn strangers_can_not_lock_a_known_browser_out() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let right = [("email", email.as_str()), ("password", PASSWORD)];
    let wrong = [("email", email.as_str()), ("password", "nonsense")];
    let known = world.visitor();
    known.post("/staff/login", &right).await.expect(303);
    known.post("/staff/logout", &[]).await.expect(303);

    for network in 0..31 {
        let ip = format!("2001:db8:1:{network:x}::1");
        world.visitor().from_ip(&ip).post("/staff/login", &wrong).await;
    }
    let from_elsewhere = |browser: &Browser| browser.clone().from_ip("198.51.100.9");
    from_elsewhere(&world.visitor()).post("/staff/login", &right).await.expect(429);
    from_elsewhere(&known).post("/staff/login", &right).await.expect(303);

    // its own failures count
    for _ in 0..4 {
        known.post("/staff/login", &wrong).await.expect(422);
    }
    known.post("/staff/login", &right).await.expect(429);

    // the cookie is for one account only, and can not be invented
    world.add_staff("Ola", StaffRole::Agent).await;
    let browser_cookie = known.cookie("__Host-dzwoni-browser").unwrap();
    let forged = format!("__Host-dzwoni-browser={}A", &browser_cookie[..browser_cookie.len() - 1]);
    from_elsewhere(&world.visitor().with_header("cookie", &forged)).post("/staff/login", &right).await.expect(429);
}

#[tokio::test]
async fn published_passwords_are_removed_and_can_not_be_chosen() {
    let world = World::new().await;
    let email = world.add_staff("Demo", StaffRole::Admin).await;
    let hash = staff::Password::published().hash().await.unwrap();
    sqlx::query("update staff set password_hash = $1 where email = $2")
        .bind(hash)
        .bind(&email)
        .execute(world.sql().await)
        .await
        .unwrap();
    let anna = world.agent("Anna").await;
    let admin = world.visitor();
    let fields = [("email", email.as_str()), ("password", staff::PUBLISHED_PASSWORD)];
    admin.post("/staff/login", &fields).await.expect(303);

    staff::revoke_published_passwords(&world.app).await.unwrap();
    admin.get("/staff").await.expect(303);
    admin.post("/staff/login", &fields).await.expect(422);
    anna.get("/staff").await.expect(200);
    let change = [("current", PASSWORD), ("password", staff::PUBLISHED_PASSWORD)];
    anna.post("/staff/account/password", &change).await.expect(422).assert_shows("zbyt popularne");
    let change = [("current", PASSWORD), ("password", "            ")];
    anna.post("/staff/account/password", &change).await.expect(422).assert_shows("zbyt popularne");
}

#[tokio::test]
async fn failed_logins_of_unknown_accounts_are_throttled_too() {
    let world = World::new().await;
    let fields = [("email", "nobody@example.com"), ("password", "nonsense")];
    for _ in 0..4 {
        world.visitor().post("/staff/login", &fields).await.expect(422);
    }
    world.visitor().post("/staff/login", &fields).await.expect(429);
}

#[tokio::test]
async fn concurrent_login_attempts_do_not_bypass_the_throttle() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let attacker = world.visitor();
    let fields = [("email", email.as_str()), ("password", "nonsense")];
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let attacker = attacker.clone();
        let body = format!("{}={}&password=nonsense", fields[0].0, fields[0].1);
        guesses.spawn(async move { attacker.post_raw("/staff/login", body).await.status.as_u16() });
    }
    let statuses = guesses.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 4, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_accounts_from_one_address_are_throttled() {
    let world = World::new().await;
    let mut guesses = tokio::task::JoinSet::new();
    for number in 0..90 {
        let attacker = world.visitor();
        let body = format!("email=nobody{number}%40example.com&password=nonsense");
        guesses.spawn(async move { attacker.post_raw("/staff/login", body).await.status.as_u16() });
    }
    let statuses = guesses.join_all().await;
    let paused = statuses.iter().filter(|status| **status == 429).count();
    assert!(paused >= 10, "{statuses:?}");
    let fields = [("email", "nobody@example.com"), ("password", "nonsense")];
    world.visitor().from_ip("198.51.100.9").post("/staff/login", &fields).await.expect(422);
}

#[tokio::test]
async fn a_very_long_email_address_gets_the_usual_login_error() {
    let world = World::new().await;
    // as long as a form field may be, and incompressible
    let long: String = (0..160).map(|_| dzwoni::token::random()).collect();
    let fields = [("email", long.as_str()), ("password", "nonsense")];
    let response = world.visitor().post("/staff/login", &fields).await.expect(422);
    response.assert_shows("E-mail lub hasło się nie zgadza");
}

#[tokio::test]
async fn throttle_keys_contain_no_personal_data() {
    let world = World::new().await;
    let fields = [("email", "nobody@example.com"), ("password", "nonsense")];
    world.visitor().post("/staff/login", &fields).await.expect(422);
    let keys: Vec<String> =
        sqlx::query_scalar("select throttle_key from login_throttle").fetch_all(world.sql().await).await.unwrap();
    assert_eq!(keys.len(), 2);
    for key in keys {
        assert!(!key.contains("nobody") && !key.contains("203.0.113.7"), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_concurrent_reset_of_the_throttle_does_not_fail_a_login() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let anna = world.visitor();
    anna.post("/staff/login", &[("email", &email), ("password", "nonsense")]).await.expect(422);
    // another login is about to reset the failures
    let mut other = world.sql().await.begin().await.unwrap();
    sqlx::query("select from login_throttle for update").fetch_all(&mut *other).await.unwrap();
    let second = anna.clone();
    let body = format!("email={email}&password=nonsense");
    let waiting = tokio::spawn(async move { second.post_raw("/staff/login", body).await });
    let waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    eventually(std::time::Duration::from_secs(20), || async { world.count(waits).await == 1 }).await;
    sqlx::query("delete from login_throttle").execute(&mut *other).await.unwrap();
    other.commit().await.unwrap();
    waiting.await.unwrap().expect(422);
}
