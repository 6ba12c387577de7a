//! Staff accounts, login, sessions and permissions.

use time::Duration;

use crate::support::{PASSWORD, World, eventually};
use dzwoni::staff::StaffRole;

#[tokio::test]
async fn staff_pages_require_a_login() {
    let world = World::new().await;
    let stranger = world.visitor();
    for path in ["/staff", "/staff/accounts", "/staff/account", "/staff/tickets/DZ-00000-00000"] {
        let response = stranger.get(path).await.expect(303);
        assert!(response.location().starts_with("/staff/login"), "{path}");
    }
    for path in ["/staff/logout", "/staff/accounts", "/staff/tickets/x/notes", "/staff/account/password"] {
        assert_eq!(stranger.post(path, &[]).await.expect(303).location(), "/staff/login", "{path}");
    }
}

#[tokio::test]
async fn login_returns_to_the_requested_page() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let anna = world.visitor();
    let login_path = anna.get("/staff?view=mine").await.location().to_owned();
    assert_eq!(login_path, "/staff/login?next=/staff%3Fview%3Dmine");
    let next = anna.get(&login_path).await.value("next");
    let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", next.as_str())];
    assert_eq!(anna.post("/staff/login", &fields).await.expect(303).location(), "/staff?view=mine");
    anna.get("/staff?view=mine").await.expect(200).assert_shows("Anna");
    let elsewhere = [("email", email.as_str()), ("password", PASSWORD), ("next", "https://evil.example/")];
    assert_eq!(world.visitor().post("/staff/login", &elsewhere).await.expect(303).location(), "/staff");
}

#[tokio::test]
async fn a_post_without_a_session_returns_to_the_page_of_the_form_after_login() {
    let world = World::new().await;
    let post_note_from = |from: &str| {
        let visitor = world.visitor().with_header("referer", from);
        async move { visitor.post("/staff/tickets/ABC/notes", &[("text", "x")]).await.location().to_owned() }
    };
    let login_path = post_note_from("http://127.0.0.1:8080/staff/tickets/ABC?view=mine").await;
    assert_eq!(login_path, "/staff/login?next=/staff/tickets/ABC%3Fview%3Dmine");
    assert_eq!(post_note_from("https://evil.example/staff/tickets/ABC").await, "/staff/login");
    assert_eq!(post_note_from("http://127.0.0.1:8080.evil.example/staff/").await, "/staff/login");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_get_the_same_response() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let wrong = world.visitor().post("/staff/login", &[("email", &email), ("password", "nonsense")]).await.expect(422);
    let unknown = [("email", "nobody@example.com"), ("password", "nonsense")];
    let unknown = world.visitor().post("/staff/login", &unknown).await.expect(422);
    assert_eq!(wrong.body.replace(&email, ""), unknown.body.replace("nobody@example.com", ""));
    wrong.assert_shows("E-mail lub hasło się nie zgadza");
}

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

#[tokio::test]
async fn a_session_expires_when_idle_and_after_a_week() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    for _ in 0..3 {
        world.advance(Duration::hours(7));
        anna.get("/staff").await.expect(200);
    }
    world.advance(Duration::hours(9));
    anna.get("/staff").await.expect(303);

    let ola = world.agent("Ola").await;
    for _ in 0..24 {
        world.advance(Duration::hours(7));
        ola.get("/staff").await;
    }
    world.advance(Duration::hours(1));
    ola.get("/staff").await.expect(303);
}

#[tokio::test]
async fn logout_ends_one_session_and_logout_everywhere_ends_all() {
    let world = World::new().await;
    let here = world.agent("Anna").await;
    let there = world.visitor();
    let fields = [("email", "anna@example.com"), ("password", PASSWORD)];
    there.post("/staff/login", &fields).await.expect(303);
    let third = world.visitor();
    third.post("/staff/login", &fields).await.expect(303);

    here.post("/staff/logout", &[]).await.expect(303);
    here.get("/staff").await.expect(303);
    there.get("/staff").await.expect(200);

    there.post("/staff/account/sessions", &[]).await.expect(303);
    third.get("/staff").await.expect(303);
    assert_eq!(world.count("select count(*) from staff_session").await, 0);
}

#[tokio::test]
async fn the_session_cookie_is_http_only_secure_and_same_site() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let response = world.visitor().post("/staff/login", &[("email", &email), ("password", PASSWORD)]).await.expect(303);
    let cookie = response.header("set-cookie");
    for part in ["__Host-dzwoni=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(token.len() >= 50);
    let stored: Vec<Vec<u8>> =
        sqlx::query_scalar("select token_hash from staff_session").fetch_all(world.sql().await).await.unwrap();
    assert_eq!(stored, [dzwoni::token::sha256(token).to_vec()], "only the hash is stored");
}

#[tokio::test]
async fn an_invitation_sets_a_password_once() {
    let world = World::new().await;
    let admin = world.admin("Kamil").await;
    let added = admin.post("/staff/accounts", &[("email", "ola@example.com"), ("name", "Ola Lis"), ("role", "agent")]);
    let added = added.await.expect(200);
    let link = added.text().split_whitespace().find(|word| word.contains("/staff/welcome/")).unwrap().to_owned();
    let path = link.strip_prefix("http://127.0.0.1:8080").unwrap();

    let ola = world.visitor();
    ola.get(path).await.expect(200).assert_shows("Dzień dobry, Ola Lis");
    ola.post(path, &[("password", "short")]).await.expect(422).assert_shows("za krótkie");
    let both = [ola.clone(), world.visitor()];
    let [first, second] = both.each_ref().map(|browser| browser.post(path, &[("password", "zielone jabłko na dachu")]));
    let (first, second) = tokio::join!(first, second);
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404], "the link works once");
    world.visitor().get(path).await.expect(404).assert_shows("Ten link już nie działa");
    let fields = [("email", "Ola@Example.com"), ("password", "zielone jabłko na dachu")];
    world.visitor().post("/staff/login", &fields).await.expect(303);
}

#[tokio::test]
async fn an_invitation_expires_after_three_days_or_when_replaced() {
    let world = World::new().await;
    let admin = world.admin("Kamil").await;
    let link = async |response: crate::support::TestResponse| {
        let text = response.expect(200).text();
        let link = text.split_whitespace().find(|word| word.contains("/staff/welcome/")).unwrap().to_owned();
        link.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned()
    };
    let first = link(admin.post("/staff/accounts", &[("email", "ola@example.com"), ("name", "Ola")]).await).await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from staff where email = 'ola@example.com'")
        .fetch_one(world.sql().await)
        .await
        .unwrap();
    let second = link(admin.post(&format!("/staff/accounts/{id}/link"), &[]).await).await;
    world.visitor().get(&first).await.expect(404);
    world.visitor().get(&second).await.expect(200);
    world.advance(Duration::days(3));
    world.visitor().get(&second).await.expect(404);
}

#[tokio::test]
async fn only_admins_manage_accounts_and_the_last_admin_remains() {
    let world = World::new().await;
    let agent = world.agent("Anna").await;
    let refused = agent.get("/staff/accounts").await.expect(403);
    refused.assert_shows("Kolejka").assert_hides("Zgłoś połączenie");
    let not_found = agent.get("/staff/nowhere").await.expect(404);
    not_found.assert_shows("Zacznij od kolejki").assert_hides("strony głównej");
    agent.post("/staff/accounts", &[("email", "x@example.com"), ("name", "X")]).await.expect(403);

    let kamil = world.admin("Kamil").await;
    let ids: Vec<(uuid::Uuid, String)> =
        sqlx::query_as("select id, name from staff").fetch_all(world.sql().await).await.unwrap();
    let id = |name: &str| ids.iter().find(|(_, staff_name)| staff_name == name).unwrap().0;
    let path = |name: &str| format!("/staff/accounts/{}/disabled", id(name));
    kamil.post(&path("Kamil"), &[("disabled", "yes")]).await.expect(409).assert_shows("jedyny administrator");

    kamil.post(&path("Anna"), &[("disabled", "yes")]).await.expect(303);
    agent.get("/staff").await.expect(303);
    let fields = [("email", "anna@example.com"), ("password", PASSWORD)];
    world.visitor().post("/staff/login", &fields).await.expect(422);
    kamil.post(&path("Anna"), &[("disabled", "no")]).await.expect(303);
    world.visitor().post("/staff/login", &fields).await.expect(303);
}

#[tokio::test]
async fn two_admins_can_not_disable_each_other_at_the_same_time() {
    let world = World::new().await;
    let (kamil, ewa) = (world.admin("Kamil").await, world.admin("Ewa").await);
    let ids: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from staff order by name").fetch_all(world.sql().await).await.unwrap();
    let (disable_ewa, disable_kamil) =
        (format!("/staff/accounts/{}/disabled", ids[0]), format!("/staff/accounts/{}/disabled", ids[1]));
    let disabled = [("disabled", "yes")];
    let _ = tokio::join!(kamil.post(&disable_ewa, &disabled), ewa.post(&disable_kamil, &disabled));
    assert_eq!(world.count("select count(*) from staff where disabled_at is null").await, 1);
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sessions() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let other = world.visitor();
    other.post("/staff/login", &[("email", "anna@example.com"), ("password", PASSWORD)]).await.expect(303);
    let wrong_password = [("current", "nonsense"), ("password", "nowe bezpieczne hasło")];
    let refused = anna.post("/staff/account/password", &wrong_password).await.expect(422);
    assert!(refused.assert_shows("Obecne hasło się nie zgadza").body.contains("id=\"current-feedback\""));
    let short = [("current", PASSWORD), ("password", "krótkie")];
    let refused = anna.post("/staff/account/password", &short).await.expect(422);
    assert!(
        refused.assert_shows("za krótkie").body.contains("id=\"password-feedback\""),
        "the error is beside its field"
    );
    for _ in 0..5 {
        anna.post("/staff/account/password", &short).await.expect(422).assert_shows("za krótkie");
    }
    let right = [("current", PASSWORD), ("password", "nowe bezpieczne hasło")];
    anna.post("/staff/account/password", &right).await.expect(200).assert_shows("Hasło jest zmienione");
    anna.get("/staff").await.expect(200);
    other.get("/staff").await.expect(303);
}

#[tokio::test]
async fn expired_sessions_and_throttle_counters_are_purged() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    world.visitor().post("/staff/login", &[("email", "nobody@example.com"), ("password", "x")]).await.expect(422);
    assert_eq!(dzwoni::jobs::purge_expired(&world.app).await.unwrap(), 0, "nothing has expired yet");
    anna.get("/staff").await.expect(200);
    world.advance(Duration::days(2));
    assert_eq!(dzwoni::jobs::purge_expired(&world.app).await.unwrap(), 3, "one session and two throttle counters");
    assert_eq!(world.count("select count(*) from staff_session").await, 0);
}

#[tokio::test]
async fn staff_keep_their_chosen_language() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    anna.get("/staff").await.assert_shows("Kolejka");
    let back = anna.clone().with_header("referer", "http://127.0.0.1:8080/staff?view=open");
    let response = back.post("/staff/account/language", &[("lang", "en")]).await.expect(303);
    assert_eq!(response.location(), "/staff?view=open");
    anna.get("/staff").await.assert_shows("Queue");
    let second_session = world.visitor();
    second_session.post("/staff/login", &[("email", "anna@example.com"), ("password", PASSWORD)]).await.expect(303);
    second_session.get("/staff").await.assert_shows("Queue");
}
