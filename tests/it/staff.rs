//! Staff accounts, login, sessions and permissions.

mod login_limits;

use time::Duration;

use crate::support::{PASSWORD, World};
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
async fn the_cookies_of_a_login_are_http_only_secure_and_same_site() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let response = world.visitor().post("/staff/login", &[("email", &email), ("password", PASSWORD)]).await.expect(303);
    let cookies: Vec<_> =
        response.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2, "the session and the known browser");
    for cookie in &cookies {
        for part in ["__Host-dzwoni", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
    let session = cookies.iter().find(|cookie| cookie.starts_with("__Host-dzwoni=")).unwrap();
    let token = session.split(['=', ';']).nth(1).unwrap();
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
