//! Who gets into the desk, and who does not.

use time::Duration;

use crate::support::{PASSWORD, World, eventually};
use dzwoni::staff::StaffRole;

#[tokio::test]
async fn the_desk_is_closed_to_strangers() {
    let world = World::new().await;
    let stranger = world.visitor();
    for path in ["/staff", "/staff/accounts", "/staff/account", "/staff/tickets/DZ-00000-00000"] {
        let answer = stranger.get(path).await.expect(303);
        assert!(answer.location().starts_with("/staff/login"), "{path}");
    }
    for path in ["/staff/logout", "/staff/accounts", "/staff/tickets/x/notes", "/staff/account/password"] {
        assert_eq!(stranger.post(path, &[]).await.expect(303).location(), "/staff/login", "{path}");
    }
}

#[tokio::test]
async fn after_signing_in_people_are_where_they_wanted_to_be() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let anna = world.visitor();
    let to = anna.get("/staff?view=mine").await.location().to_owned();
    assert_eq!(to, "/staff/login?next=/staff%3Fview%3Dmine");
    let next = anna.get(&to).await.value("next");
    let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", next.as_str())];
    assert_eq!(anna.post("/staff/login", &fields).await.expect(303).location(), "/staff?view=mine");
    anna.get("/staff?view=mine").await.expect(200).must_show("Anna");
    let elsewhere = [("email", email.as_str()), ("password", PASSWORD), ("next", "https://evil.example/")];
    assert_eq!(world.visitor().post("/staff/login", &elsewhere).await.expect(303).location(), "/staff");
}

#[tokio::test]
async fn who_was_signed_out_while_writing_comes_back_to_the_draft() {
    let world = World::new().await;
    let written = |from: &str| {
        let visitor = world.visitor().with_header("referer", from);
        async move { visitor.post("/staff/tickets/ABC/notes", &[("text", "x")]).await.location().to_owned() }
    };
    let to = written("http://127.0.0.1:8080/staff/tickets/ABC?view=mine").await;
    assert_eq!(to, "/staff/login?next=/staff/tickets/ABC%3Fview%3Dmine");
    assert_eq!(written("https://evil.example/staff/tickets/ABC").await, "/staff/login");
    assert_eq!(written("http://127.0.0.1:8080.evil.example/staff/").await, "/staff/login");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let wrong = world.visitor().post("/staff/login", &[("email", &email), ("password", "nonsense")]).await.expect(422);
    let unknown = [("email", "nobody@example.com"), ("password", "nonsense")];
    let unknown = world.visitor().post("/staff/login", &unknown).await.expect(422);
    assert_eq!(wrong.body.replace(&email, ""), unknown.body.replace("nobody@example.com", ""));
    wrong.must_show("E-mail lub hasło się nie zgadza");
}

#[tokio::test]
async fn failures_cost_growing_pauses_and_success_forgives() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let thief = world.visitor();
    let try_ = async |password: &str| thief.post("/staff/login", &[("email", &email), ("password", password)]).await;
    for _ in 0..4 {
        try_("nonsense").await.expect(422);
    }
    let paused = try_(PASSWORD).await.expect(429);
    assert_eq!(paused.header("retry-after"), "3");
    paused.must_show("Za dużo nieudanych prób");
    // the right password does not help during the pause, and asking does not make it longer
    world.advance(Duration::seconds(1));
    try_(PASSWORD).await.expect(429);
    // a colleague at another address is not locked out
    let fields = [("email", email.as_str()), ("password", PASSWORD)];
    world.visitor().from_ip("198.51.100.9").post("/staff/login", &fields).await.expect(303);
    world.advance(Duration::seconds(2));
    try_("nonsense").await.expect(422);
    assert_eq!(try_("nonsense").await.expect(429).header("retry-after"), "5");
    world.advance(Duration::seconds(5));
    try_(PASSWORD).await.expect(303);
    try_("nonsense").await.expect(422);
    try_("nonsense").await.expect(422);
}

#[tokio::test]
async fn unknown_addresses_are_paused_too() {
    let world = World::new().await;
    let fields = [("email", "nobody@example.com"), ("password", "nonsense")];
    for _ in 0..4 {
        world.visitor().post("/staff/login", &fields).await.expect(422);
    }
    world.visitor().post("/staff/login", &fields).await.expect(429);
}

#[tokio::test]
async fn many_guesses_at_once_do_not_slip_through_together() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let thief = world.visitor();
    let fields = [("email", email.as_str()), ("password", "nonsense")];
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let thief = thief.clone();
        let body = format!("{}={}&password=nonsense", fields[0].0, fields[0].1);
        guesses.spawn(async move { thief.post_raw("/staff/login", body).await.status.as_u16() });
    }
    let statuses = guesses.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 4, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_addresses_do_not_get_a_guess_each_for_ever() {
    let world = World::new().await;
    let mut guesses = tokio::task::JoinSet::new();
    for number in 0..90 {
        let thief = world.visitor();
        let body = format!("email=nobody{number}%40example.com&password=nonsense");
        guesses.spawn(async move { thief.post_raw("/staff/login", body).await.status.as_u16() });
    }
    let statuses = guesses.join_all().await;
    let paused = statuses.iter().filter(|status| **status == 429).count();
    assert!(paused >= 10, "{statuses:?}");
    let fields = [("email", "nobody@example.com"), ("password", "nonsense")];
    world.visitor().from_ip("198.51.100.9").post("/staff/login", &fields).await.expect(422);
}

#[tokio::test]
async fn an_address_of_any_length_is_answered_like_any_other() {
    let world = World::new().await;
    // as long as a form's line may be, and nothing that could be packed
    let long: String = (0..160).map(|_| dzwoni::token::random()).collect();
    let fields = [("email", long.as_str()), ("password", "nonsense")];
    let answer = world.visitor().post("/staff/login", &fields).await.expect(422);
    answer.must_show("E-mail lub hasło się nie zgadza");
}

#[tokio::test]
async fn what_is_kept_of_a_failure_names_nobody() {
    let world = World::new().await;
    let fields = [("email", "nobody@example.com"), ("password", "nonsense")];
    world.visitor().post("/staff/login", &fields).await.expect(422);
    let kept: Vec<String> =
        sqlx::query_scalar("select throttle_key from login_throttle").fetch_all(world.sql().await).await.unwrap();
    assert_eq!(kept.len(), 2);
    for subject in kept {
        assert!(!subject.contains("nobody") && !subject.contains("203.0.113.7"), "{subject}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_signs_in_just_now_is_in_nobodys_way() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let anna = world.visitor();
    anna.post("/staff/login", &[("email", &email), ("password", "nonsense")]).await.expect(422);
    // another sign-in that is about to forgive the failure
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
async fn a_session_ends_when_idle_and_at_the_latest_after_a_week() {
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
async fn signing_out_ends_one_session_and_signing_out_everywhere_ends_all() {
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
async fn the_cookie_can_not_be_read_or_sent_from_elsewhere() {
    let world = World::new().await;
    let email = world.add_staff("Anna", StaffRole::Agent).await;
    let answer = world.visitor().post("/staff/login", &[("email", &email), ("password", PASSWORD)]).await.expect(303);
    let cookie = answer.header("set-cookie");
    for part in ["__Host-dzwoni=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(token.len() >= 50);
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("select token_hash from staff_session").fetch_all(world.sql().await).await.unwrap();
    assert_eq!(kept, [dzwoni::token::sha256(token).to_vec()], "only the hash is kept");
}

#[tokio::test]
async fn a_one_time_link_sets_a_password_once() {
    let world = World::new().await;
    let admin = world.admin("Kamil").await;
    let added = admin.post("/staff/accounts", &[("email", "ola@example.com"), ("name", "Ola Lis"), ("role", "agent")]);
    let added = added.await.expect(200);
    let link = added.text().split_whitespace().find(|word| word.contains("/staff/welcome/")).unwrap().to_owned();
    let path = link.strip_prefix("http://127.0.0.1:8080").unwrap();

    let ola = world.visitor();
    ola.get(path).await.expect(200).must_show("Dzień dobry, Ola Lis");
    ola.post(path, &[("password", "short")]).await.expect(422).must_show("za krótkie");
    let both = [ola.clone(), world.visitor()];
    let [first, second] = both.each_ref().map(|browser| browser.post(path, &[("password", "zielone jabłko na dachu")]));
    let (first, second) = tokio::join!(first, second);
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404], "the link works once");
    world.visitor().get(path).await.expect(404).must_show("Ten link już nie działa");
    let fields = [("email", "Ola@Example.com"), ("password", "zielone jabłko na dachu")];
    world.visitor().post("/staff/login", &fields).await.expect(303);
}

#[tokio::test]
async fn a_link_is_good_for_three_days_and_a_newer_one_ends_it() {
    let world = World::new().await;
    let admin = world.admin("Kamil").await;
    let link = async |answer: crate::support::Answer| {
        let text = answer.expect(200).text();
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
async fn only_admins_manage_accounts_and_one_always_remains() {
    let world = World::new().await;
    let agent = world.agent("Anna").await;
    let refused = agent.get("/staff/accounts").await.expect(403);
    refused.must_show("Kolejka").must_not_show("Zgłoś połączenie");
    let lost = agent.get("/staff/nowhere").await.expect(404);
    lost.must_show("Zacznij od kolejki").must_not_show("strony głównej");
    agent.post("/staff/accounts", &[("email", "x@example.com"), ("name", "X")]).await.expect(403);

    let kamil = world.admin("Kamil").await;
    let ids: Vec<(uuid::Uuid, String)> =
        sqlx::query_as("select id, name from staff").fetch_all(world.sql().await).await.unwrap();
    let id = |name: &str| ids.iter().find(|(_, known)| known == name).unwrap().0;
    let path = |name: &str| format!("/staff/accounts/{}/disabled", id(name));
    kamil.post(&path("Kamil"), &[("disabled", "yes")]).await.expect(409).must_show("jedyny administrator");

    kamil.post(&path("Anna"), &[("disabled", "yes")]).await.expect(303);
    agent.get("/staff").await.expect(303);
    let fields = [("email", "anna@example.com"), ("password", PASSWORD)];
    world.visitor().post("/staff/login", &fields).await.expect(422);
    kamil.post(&path("Anna"), &[("disabled", "no")]).await.expect(303);
    world.visitor().post("/staff/login", &fields).await.expect(303);
}

#[tokio::test]
async fn two_admins_can_not_shut_each_other_out_at_once() {
    let world = World::new().await;
    let (kamil, ewa) = (world.admin("Kamil").await, world.admin("Ewa").await);
    let ids: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from staff order by name").fetch_all(world.sql().await).await.unwrap();
    let (of_ewa, of_kamil) =
        (format!("/staff/accounts/{}/disabled", ids[0]), format!("/staff/accounts/{}/disabled", ids[1]));
    let disabled = [("disabled", "yes")];
    let _ = tokio::join!(kamil.post(&of_ewa, &disabled), ewa.post(&of_kamil, &disabled));
    assert_eq!(world.count("select count(*) from staff where disabled_at is null").await, 1);
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sessions() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    let other = world.visitor();
    other.post("/staff/login", &[("email", "anna@example.com"), ("password", PASSWORD)]).await.expect(303);
    let wrong = [("current", "nonsense"), ("password", "nowe bezpieczne hasło")];
    let refused = anna.post("/staff/account/password", &wrong).await.expect(422);
    assert!(refused.must_show("Obecne hasło się nie zgadza").body.contains("id=\"current-feedback\""));
    let short = [("current", PASSWORD), ("password", "krótkie")];
    let refused = anna.post("/staff/account/password", &short).await.expect(422);
    assert!(
        refused.must_show("za krótkie").body.contains("id=\"password-feedback\""),
        "beside the field that is wrong"
    );
    for _ in 0..5 {
        anna.post("/staff/account/password", &short).await.expect(422).must_show("za krótkie");
    }
    let right = [("current", PASSWORD), ("password", "nowe bezpieczne hasło")];
    anna.post("/staff/account/password", &right).await.expect(200).must_show("Hasło jest zmienione");
    anna.get("/staff").await.expect(200);
    other.get("/staff").await.expect(303);
}

#[tokio::test]
async fn what_is_over_is_forgotten() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    world.visitor().post("/staff/login", &[("email", "nobody@example.com"), ("password", "x")]).await.expect(422);
    assert_eq!(dzwoni::workers::purge_expired(&world.app).await.unwrap(), 0, "nothing is over yet");
    anna.get("/staff").await.expect(200);
    world.advance(Duration::days(2));
    assert_eq!(dzwoni::workers::purge_expired(&world.app).await.unwrap(), 3, "a session and two counters");
    assert_eq!(world.count("select count(*) from staff_session").await, 0);
}

#[tokio::test]
async fn staff_choose_their_language_and_keep_it() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    anna.get("/staff").await.must_show("Kolejka");
    let back = anna.clone().with_header("referer", "http://127.0.0.1:8080/staff?view=open");
    let answer = back.post("/staff/account/language", &[("lang", "en")]).await.expect(303);
    assert_eq!(answer.location(), "/staff?view=open");
    anna.get("/staff").await.must_show("Queue");
    let again = world.visitor();
    again.post("/staff/login", &[("email", "anna@example.com"), ("password", PASSWORD)]).await.expect(303);
    again.get("/staff").await.must_show("Queue");
}
