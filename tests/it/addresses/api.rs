//! What programs tell and hear.

use axum::{
    body::Body,
    http::{HeaderValue, Method},
    response::IntoResponse,
};
use dzwoni::{
    api::{Problem, TokenCommand},
    web::rate_limit::{API_QUOTA, ClientRateLimiter},
};
use serde_json::{Value, json};
use time::Duration;

use super::HOME;
use crate::support::{Answer, Browser, World, eventually};

const BLOCKED: &str = "/api/v1/blocked-addresses";

/// Longer than anything that other tests write takes.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

async fn token(world: &World, name: &str) -> String {
    let said = TokenCommand::Add { name: name.into() }.run(&world.app.db, &world.clock).await.unwrap();
    said.lines().nth(1).unwrap().to_owned()
}

/// A machine with a token.
async fn program(world: &World, name: &str) -> Browser {
    let bearer = format!("Bearer {}", token(world, name).await);
    world
        .visitor()
        .from_ip("198.51.100.200")
        .with_header("authorization", &bearer)
        .with_header("content-type", "application/json")
}

async fn put(program: &Browser, net: &str, body: Value) -> Answer {
    program.send(Method::PUT, &format!("{BLOCKED}/{net}"), Body::from(body.to_string())).await
}

async fn delete(program: &Browser, net: &str) -> Answer {
    program.send(Method::DELETE, &format!("{BLOCKED}/{net}"), Body::empty()).await
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

/// That an answer is a problem as RFC 9457 has them; gives what it says.
#[track_caller]
fn problem(answer: &Answer, status: u16) -> String {
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (status, "application/problem+json"),
        "{}",
        answer.body
    );
    let problem = json_of(answer);
    assert_eq!(problem["status"], status);
    assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{problem}");
    problem["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_ban_is_put_told_and_taken_back() {
    let world = World::new().await;
    let sbc = program(&world, "sbc1").await;
    let ban = json!({ "reason": "wrong-password", "note": "jail: sip", "seconds": 600, "source": "fail2ban" });
    let answer = put(&sbc, HOME, ban.clone()).await.expect(201);
    let expected = json!({
        "address": HOME, "reason": "wrong-password", "note": "jail: sip", "source": "fail2ban",
        "since": "2026-11-20T13:30:00Z", "until": "2026-11-20T13:40:00Z", "by": "sbc1"
    });
    assert_eq!(json_of(&answer), expected);
    world.visitor().get("/pl/check/address").await.must_show("jest zablokowany do 20.11.2026, 14:40");

    // the same again changes nothing and leaves no line in the history; later it lasts longer
    put(&sbc, HOME, ban.clone()).await.expect(200);
    assert_eq!(world.count("select count(*) from blocked_address_change").await, 1);
    world.advance(Duration::minutes(5));
    let longer = json_of(&put(&sbc, HOME, ban).await.expect(200));
    assert_eq!((&longer["since"], &longer["until"]), (&json!("2026-11-20T13:30:00Z"), &json!("2026-11-20T13:45:00Z")));
    assert_eq!(json_of(&sbc.get(&format!("{BLOCKED}/{HOME}")).await.expect(200)), longer);

    delete(&sbc, HOME).await.expect(204);
    problem(&delete(&sbc, HOME).await, 404);
    problem(&sbc.get(&format!("{BLOCKED}/{HOME}")).await, 404);
    let told: Vec<(String, String)> = sqlx::query_as(
        "select kind::text, name from blocked_address_change join api_token on api_token.id = token_id
        order by blocked_address_change.id",
    )
    .fetch_all(world.sql().await)
    .await
    .unwrap();
    assert_eq!(told, ["blocked", "changed", "unblocked"].map(|what| (what.into(), "sbc1".into())));
}

#[tokio::test]
async fn a_body_may_say_little_and_blocks_are_written_with_a_slash_or_without() {
    let world = World::new().await;
    let sbc = program(&world, "sbc1").await;
    let plain = sbc.send(Method::PUT, &format!("{BLOCKED}/203.0.113.0/24"), Body::empty()).await.expect(201);
    let plain = json_of(&plain);
    assert_eq!((&plain["reason"], &plain["source"], &plain["until"]), (&json!("other"), &json!("api"), &Value::Null));
    sbc.get(&format!("{BLOCKED}/203.0.113.0%2F24")).await.expect(200);
    put(&sbc, "2001:db8::/48", json!({ "until": "2026-11-21T01:00:00+01:00" })).await.expect(201);
    let six = json_of(&sbc.get(&format!("{BLOCKED}/2001:db8::/48")).await.expect(200));
    assert_eq!(six["until"], "2026-11-21T00:00:00Z");
    let forever = json_of(&put(&sbc, HOME, json!({ "seconds": -1 })).await.expect(201));
    assert_eq!(forever["until"], Value::Null);
    put(&sbc, "::ffff:203.0.113.7", json!({ "seconds": i64::MAX })).await.expect(200);
    delete(&sbc, "203.0.113.0/24").await.expect(204);
}

#[tokio::test]
async fn what_staff_keep_programs_leave_alone() {
    let world = World::new().await;
    let sbc = program(&world, "sbc1").await;
    let anna = world.agent("Anna").await;
    anna.post("/staff/addresses", &[("net", HOME), ("reason", "abuse"), ("lasts", "day")]).await.expect(303);
    problem(&put(&sbc, HOME, json!({ "reason": "wrong-password", "seconds": 10 })).await, 403);
    problem(&delete(&sbc, HOME).await, 403);
    assert_eq!(json_of(&sbc.get(&format!("{BLOCKED}/{HOME}")).await.expect(200))["by"], "Anna");

    // who changes what a program has told makes it theirs
    put(&sbc, "203.0.113.8", json!({})).await.expect(201);
    let change = [("net", "203.0.113.8"), ("version", "1"), ("reason", "other"), ("lasts", "week")];
    anna.post("/staff/addresses/change", &change).await.expect(303);
    problem(&delete(&sbc, "203.0.113.8").await, 403);
    world.advance(Duration::days(8));
    problem(&delete(&sbc, "203.0.113.8").await, 404);
    put(&sbc, "203.0.113.8", json!({})).await.expect(201);
}

#[tokio::test]
async fn what_can_not_be_meant_is_told_with_its_place() {
    let world = World::new().await;
    let sbc = program(&world, "sbc1").await;
    for (body, pointer) in [
        (json!({ "until": "tomorrow" }), "#/until"),
        (json!({ "until": "2026-11-20T13:30:00Z" }), "#/until"),
        (json!({ "seconds": 0 }), "#/seconds"),
        (json!({ "seconds": 5, "until": "2027-01-01T00:00:00Z" }), "#/seconds"),
        (json!({ "source": "staff" }), "#/source"),
        (json!({ "note": "x".repeat(501) }), "#/note"),
    ] {
        let answer = put(&sbc, HOME, body.clone()).await;
        problem(&answer, 422);
        assert_eq!(json_of(&answer)["errors"][0]["pointer"], pointer, "{body}");
    }
    for body in [json!({ "reason": "because" }), json!({ "seconds": "10" }), json!({ "why": 1 })] {
        problem(&put(&sbc, HOME, body).await, 422);
    }
    for net in ["x", "203.0.113.7/24", "0.0.0.0/0", "%00", "203.0.113.7/32/1", &"1".repeat(3000)] {
        problem(&put(&sbc, net, json!({})).await, 422);
        problem(&delete(&sbc, net).await, 422);
    }
    let send = |body: &'static str| sbc.send(Method::PUT, "/api/v1/blocked-addresses/203.0.113.7", Body::from(body));
    problem(&send("{").await, 400);
    problem(&send("[1]").await, 400);
    problem(&send("\u{0}").await, 400);
    let large = format!("{{\"note\":\"{}\"}}", "x".repeat(9000));
    problem(&sbc.send(Method::PUT, "/api/v1/blocked-addresses/203.0.113.7", Body::from(large)).await, 413);
    problem(&put(&sbc.clone().with_header("content-type", "text/plain"), HOME, json!({})).await, 415);
    problem(&sbc.send(Method::POST, "/api/v1/blocked-addresses/203.0.113.7", Body::empty()).await, 405);
    problem(&sbc.get("/api/v2/anything").await, 404);
    problem(&sbc.get("/api/v1/lifted-blocks?after=x").await, 422);
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
    assert_eq!(json_of(&put(&sbc, HOME, json!({ "note": " a\u{0}b\n" })).await.expect(201))["note"], "ab");
}

#[tokio::test]
async fn only_a_token_that_was_not_revoked_opens_the_door() {
    let world = World::new().await;
    let good = token(&world, "sbc1").await;
    for header in ["", "Bearer", "Bearer x", "Basic abc", &good, &format!("Bearer {good}x"), "Bearer dzw_"] {
        let stranger = world.visitor().with_header("authorization", header);
        let answer = put(&stranger.clone().with_header("content-type", "application/json"), HOME, json!({})).await;
        problem(&answer, 401);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        problem(&delete(&stranger, HOME).await, 401);
        problem(&stranger.get("/api/v1/lifted-blocks").await, 401);
    }
    let anna = world.agent("Anna").await;
    problem(&put(&anna.with_header("content-type", "application/json"), HOME, json!({})).await, 401);

    let run = async |command: TokenCommand| command.run(&world.app.db, &world.clock).await;
    let again = run(TokenCommand::Add { name: "SBC1".into() }).await.unwrap_err();
    assert!(again.to_string().contains("has a token already"), "{again}");
    let list = run(TokenCommand::List).await.unwrap();
    assert_eq!(list, "sbc1: made 2026-11-20 14:30, never used");
    let sbc = world.visitor().with_header("authorization", &format!("bearer {good}"));
    sbc.get("/api/v1/lifted-blocks").await.expect(200);
    assert!(run(TokenCommand::List).await.unwrap().ends_with("last used 2026-11-20 14:30"));
    run(TokenCommand::Revoke { name: "sbc1".into() }).await.unwrap();
    problem(&sbc.get("/api/v1/lifted-blocks").await, 401);
    run(TokenCommand::Revoke { name: "sbc1".into() }).await.unwrap_err();
    assert_ne!(token(&world, "sbc1").await, good);
    let kept: Vec<u8> = sqlx::query_scalar("select token_hash from api_token order by created_at limit 1")
        .fetch_one(world.sql().await)
        .await
        .unwrap();
    assert_eq!(kept, dzwoni::token::sha256(&good));
}

#[tokio::test]
async fn admins_make_and_revoke_tokens_at_the_desk() {
    let world = World::new().await;
    let ewa = world.admin("Ewa").await;
    ewa.get("/staff/accounts").await.must_show("Tokeny API");
    ewa.get("/staff/tokens").await.expect(200).must_show("Nie ma jeszcze żadnego tokenu");
    let made = ewa.post("/staff/tokens", &[("name", "sbc1")]).await.expect(200);
    let token = made.body.split("<code class=\"copyable-link\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let sbc = world.visitor().with_header("authorization", &format!("Bearer {token}"));
    sbc.get("/api/v1/lifted-blocks").await.expect(200);
    let page = ewa.get("/staff/tokens").await.expect(200);
    assert!(!page.body.contains(&token), "a token is shown once");
    ewa.post("/staff/tokens", &[("name", "sbc1")]).await.expect(422).must_show("Jest już token o tej nazwie");
    ewa.post("/staff/tokens", &[("name", " ")]).await.expect(422).must_show("Wpisz nazwę");
    let revoke = page.body.split("action=\"").find(|part| part.contains("/revocation")).unwrap();
    ewa.post(revoke.split('"').next().unwrap(), &[]).await.expect(303);
    ewa.get("/staff/tokens").await.must_show("unieważniony");
    problem(&sbc.get("/api/v1/lifted-blocks").await, 401);
}

#[tokio::test]
async fn programs_hear_what_people_have_lifted_and_nothing_twice() {
    let world = World::new().await;
    let sbc = program(&world, "sbc1").await;
    let ask = async |after: &str| json_of(&sbc.get(&format!("/api/v1/lifted-blocks?after={after}")).await.expect(200));
    // whatever is being written on this server holds it back, also what other tests write
    let told = async |after: &str| {
        let held = "select count(*) from blocked_address_change where tx >= pg_snapshot_xmin(pg_current_snapshot())";
        eventually(PATIENCE, || async { world.count(held).await == 0 }).await;
        ask(after).await
    };
    let nothing = ask("").await;
    assert_eq!((&nothing["lifted"], &nothing["more"]), (&json!([]), &json!(false)));

    for net in [HOME, "203.0.113.8", "203.0.113.9"] {
        put(&sbc, net, json!({ "reason": "wrong-password", "source": "fail2ban" })).await.expect(201);
    }
    delete(&sbc, "203.0.113.9").await.expect(204);
    world.visitor().post("/pl/check/address", &[]).await.expect(303);
    let first = told(nothing["next"].as_str().unwrap()).await;
    let lifted = json!([{
        "address": HOME, "at": "2026-11-20T13:30:00Z", "by": "customer", "reason": "wrong-password", "source": "fail2ban"
    }]);
    assert_eq!(first["lifted"], lifted);

    // one that is still being lifted must not be passed over when a later one is told
    let anna = world.agent("Anna").await;
    let mut open = world.app.db.begin().await.unwrap();
    dzwoni::blocklist::mutations::upsert_external(
        &mut open,
        &[],
        dzwoni::blocklist::mutations::ReportingProgram {
            reason: dzwoni::blocklist::BlockReason::Other,
            source: dzwoni::blocklist::BlockSource::Api,
            token_id: None,
        },
        world.clock.now(),
    )
    .await
    .unwrap();
    let hold = "select pg_current_xact_id()::text";
    let _: String = sqlx::query_scalar(hold).fetch_one(&mut *open).await.unwrap();
    let removal = [("net", "203.0.113.8"), ("version", "1"), ("why", "pomyłka")];
    anna.post("/staff/addresses/removal", &removal).await.expect(303);
    let next = first["next"].as_str().unwrap();
    assert_eq!(ask(next).await["lifted"], json!([]));
    open.commit().await.unwrap();
    let second = told(next).await;
    assert_eq!((&second["lifted"][0]["address"], &second["lifted"][0]["by"]), (&json!("203.0.113.8"), &json!("staff")));
    assert_eq!(ask(second["next"].as_str().unwrap()).await["lifted"], json!([]));
}

#[test]
fn a_program_that_starts_tells_all_at_once_and_a_flood_is_stopped() {
    let limit = ClientRateLimiter::new(&API_QUOTA);
    let ip = "198.51.100.200".parse().unwrap();
    assert!((0..2000).all(|_| limit.check(ip).is_ok()));
    let refused = (0..1_000_000).find_map(|_| limit.check(ip).err()).expect("a flood goes on");
    let answer = Problem::from(refused).into_response();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (429, &HeaderValue::from_static("application/problem+json"))
    );
    assert_eq!(answer.headers()["retry-after"], "1");
}

#[tokio::test]
async fn the_description_names_every_address_and_answer() {
    let world = World::without_database().await;
    let answer = world.visitor().get("/api/openapi.json").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let document = json_of(&answer);
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["/api/v1/blocked-addresses/{cidr}", "/api/v1/lifted-blocks"]);
    for (method, statuses) in [
        ("get", vec!["200", "401", "404", "422", "429"]),
        ("put", vec!["200", "201", "401", "403", "422", "429"]),
        ("delete", vec!["204", "401", "403", "404", "422", "429"]),
    ] {
        let answers = paths["/api/v1/blocked-addresses/{cidr}"][method]["responses"].as_object().unwrap();
        assert_eq!(answers.keys().collect::<Vec<_>>(), statuses, "{method}");
    }
    // every reference leads somewhere
    let mut rest = answer.body.as_str();
    while let Some((_, after)) = rest.split_once("\"$ref\":\"#") {
        let (pointer, later) = after.split_once('"').unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        rest = later;
    }
    let without = world.visitor().with_header("authorization", "Bearer dzw_x").get("/api/v1/lifted-blocks").await;
    problem(&without, 503);
}
