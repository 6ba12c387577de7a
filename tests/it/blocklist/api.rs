//! The JSON API for blocked addresses.

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
use crate::support::{Browser, TestResponse, World, eventually};

const BLOCKED: &str = "/api/v1/blocked-addresses";

/// Longer than any transaction of the other tests.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);

async fn add_token(world: &World, name: &str) -> String {
    let output = TokenCommand::Add { name: name.into() }.run(&world.app.db, &world.clock).await.unwrap();
    output.lines().nth(1).unwrap().to_owned()
}

/// A client with an API token.
async fn api_client(world: &World, name: &str) -> Browser {
    let bearer = format!("Bearer {}", add_token(world, name).await);
    world
        .visitor()
        .from_ip("198.51.100.200")
        .with_header("authorization", &bearer)
        .with_header("content-type", "application/json")
}

async fn put(client: &Browser, net: &str, body: Value) -> TestResponse {
    client.send(Method::PUT, &format!("{BLOCKED}/{net}"), Body::from(body.to_string())).await
}

async fn delete(client: &Browser, net: &str) -> TestResponse {
    client.send(Method::DELETE, &format!("{BLOCKED}/{net}"), Body::empty()).await
}

fn json(response: &TestResponse) -> Value {
    serde_json::from_str(&response.body).unwrap_or_else(|error| panic!("{error}: {}", response.body))
}

/// Asserts that a response is a problem (RFC 9457); returns its detail.
#[track_caller]
fn assert_problem(response: &TestResponse, status: u16) -> String {
    assert_eq!(
        (response.status.as_u16(), response.header("content-type")),
        (status, "application/problem+json"),
        "{}",
        response.body
    );
    let problem = json(response);
    assert_eq!(problem["status"], status);
    assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{problem}");
    problem["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_api_adds_extends_and_removes_a_block() {
    let world = World::new().await;
    let client = api_client(&world, "sbc1").await;
    let ban = json!({ "reason": "wrong-password", "note": "jail: sip", "seconds": 600, "source": "fail2ban" });
    let response = put(&client, HOME, ban.clone()).await.expect(201);
    let expected = json!({
        "address": HOME, "reason": "wrong-password", "note": "jail: sip", "source": "fail2ban",
        "since": "2026-11-20T13:30:00Z", "until": "2026-11-20T13:40:00Z", "by": "sbc1"
    });
    assert_eq!(json(&response), expected);
    world.visitor().get("/pl/check/address").await.assert_shows("jest zablokowany do 20.11.2026, 14:40");

    // the same request again changes nothing; sent later, it extends the block
    put(&client, HOME, ban.clone()).await.expect(200);
    assert_eq!(world.count("select count(*) from blocked_address_change").await, 1);
    world.advance(Duration::minutes(5));
    let longer = json(&put(&client, HOME, ban).await.expect(200));
    assert_eq!((&longer["since"], &longer["until"]), (&json!("2026-11-20T13:30:00Z"), &json!("2026-11-20T13:45:00Z")));
    assert_eq!(json(&client.get(&format!("{BLOCKED}/{HOME}")).await.expect(200)), longer);

    delete(&client, HOME).await.expect(204);
    assert_problem(&delete(&client, HOME).await, 404);
    assert_problem(&client.get(&format!("{BLOCKED}/{HOME}")).await, 404);
    let changes: Vec<(String, String)> = sqlx::query_as(
        "select kind::text, name from blocked_address_change join api_token on api_token.id = token_id
        order by blocked_address_change.id",
    )
    .fetch_all(world.sql().await)
    .await
    .unwrap();
    assert_eq!(changes, ["blocked", "changed", "unblocked"].map(|kind| (kind.into(), "sbc1".into())));
}

#[tokio::test]
async fn the_api_accepts_minimal_bodies_and_networks_with_an_escaped_slash() {
    let world = World::new().await;
    let client = api_client(&world, "sbc1").await;
    let plain = client.send(Method::PUT, &format!("{BLOCKED}/203.0.113.0/24"), Body::empty()).await.expect(201);
    let plain = json(&plain);
    assert_eq!((&plain["reason"], &plain["source"], &plain["until"]), (&json!("other"), &json!("api"), &Value::Null));
    client.get(&format!("{BLOCKED}/203.0.113.0%2F24")).await.expect(200);
    put(&client, "2001:db8::/48", json!({ "until": "2026-11-21T01:00:00+01:00" })).await.expect(201);
    let ipv6 = json(&client.get(&format!("{BLOCKED}/2001:db8::/48")).await.expect(200));
    assert_eq!(ipv6["until"], "2026-11-21T00:00:00Z");
    let forever = json(&put(&client, HOME, json!({ "seconds": -1 })).await.expect(201));
    assert_eq!(forever["until"], Value::Null);
    put(&client, "::ffff:203.0.113.7", json!({ "seconds": i64::MAX })).await.expect(200);
    delete(&client, "203.0.113.0/24").await.expect(204);
}

#[tokio::test]
async fn the_api_can_not_change_entries_of_staff() {
    let world = World::new().await;
    let client = api_client(&world, "sbc1").await;
    let anna = world.agent("Anna").await;
    anna.post("/staff/blocklist", &[("net", HOME), ("reason", "abuse"), ("duration", "day")]).await.expect(303);
    assert_problem(&put(&client, HOME, json!({ "reason": "wrong-password", "seconds": 10 })).await, 403);
    assert_problem(&delete(&client, HOME).await, 403);
    assert_eq!(json(&client.get(&format!("{BLOCKED}/{HOME}")).await.expect(200))["by"], "Anna");

    // an entry of a program that staff changed belongs to staff
    put(&client, "203.0.113.8", json!({})).await.expect(201);
    let change = [("net", "203.0.113.8"), ("version", "1"), ("reason", "other"), ("duration", "week")];
    anna.post("/staff/blocklist/change", &change).await.expect(303);
    assert_problem(&delete(&client, "203.0.113.8").await, 403);
    world.advance(Duration::days(8));
    assert_problem(&delete(&client, "203.0.113.8").await, 404);
    put(&client, "203.0.113.8", json!({})).await.expect(201);
}

#[tokio::test]
async fn invalid_api_requests_return_a_problem_with_a_pointer() {
    let world = World::new().await;
    let client = api_client(&world, "sbc1").await;
    for (body, pointer) in [
        (json!({ "until": "tomorrow" }), "#/until"),
        (json!({ "until": "2026-11-20T13:30:00Z" }), "#/until"),
        (json!({ "seconds": 0 }), "#/seconds"),
        (json!({ "seconds": 5, "until": "2027-01-01T00:00:00Z" }), "#/seconds"),
        (json!({ "source": "staff" }), "#/source"),
        (json!({ "note": "x".repeat(501) }), "#/note"),
    ] {
        let response = put(&client, HOME, body.clone()).await;
        assert_problem(&response, 422);
        assert_eq!(json(&response)["errors"][0]["pointer"], pointer, "{body}");
    }
    for body in [json!({ "reason": "because" }), json!({ "seconds": "10" }), json!({ "why": 1 })] {
        assert_problem(&put(&client, HOME, body).await, 422);
    }
    for net in ["x", "203.0.113.7/24", "0.0.0.0/0", "%00", "203.0.113.7/32/1", &"1".repeat(3000)] {
        assert_problem(&put(&client, net, json!({})).await, 422);
        assert_problem(&delete(&client, net).await, 422);
    }
    let send = |body: &'static str| client.send(Method::PUT, "/api/v1/blocked-addresses/203.0.113.7", Body::from(body));
    assert_problem(&send("{").await, 400);
    // an array of the fields' values is no object
    for body in ["[]", "[1]", "[null, null, null, 60, null]", "5", "null"] {
        assert_problem(&send(body).await, 422);
    }
    assert_problem(&send("\u{0}").await, 400);
    let large = format!("{{\"note\":\"{}\"}}", "x".repeat(9000));
    assert_problem(&client.send(Method::PUT, "/api/v1/blocked-addresses/203.0.113.7", Body::from(large)).await, 413);
    assert_problem(&put(&client.clone().with_header("content-type", "text/plain"), HOME, json!({})).await, 415);
    assert_problem(&client.send(Method::POST, "/api/v1/blocked-addresses/203.0.113.7", Body::empty()).await, 405);
    assert_problem(&client.get("/api/v2/anything").await, 404);
    assert_problem(&client.get("/api/v1/lifted-blocks?after=x").await, 422);
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
    assert_eq!(json(&put(&client, HOME, json!({ "note": " a\u{0}b\n" })).await.expect(201))["note"], "ab");
}

#[tokio::test]
async fn programs_can_not_block_this_machine_its_proxies_or_large_networks() {
    let world = World::new().await;
    let client = api_client(&world, "sbc1").await;
    for net in [
        "127.0.0.1",
        "127.0.0.0/16",
        "::1",
        "0.0.0.0/16",
        "169.254.0.0/16",
        "224.0.0.0/16",
        // the test portal's proxies are in 10.0.0.0/8
        "10.1.2.3",
        "10.1.0.0/16",
        "11.0.0.0/8",
        "203.0.0.0/15",
        "2001::/16",
        "2001:d00::/31",
    ] {
        assert_problem(&put(&client, net, json!({})).await, 422);
    }
    assert_eq!(world.count("select count(*) from blocked_address").await, 0);
    for net in ["203.0.0.0/16", "192.168.1.7", "2001:db8::/32"] {
        put(&client, net, json!({})).await.expect(201);
    }
}

#[tokio::test]
async fn the_api_requires_a_valid_token() {
    let world = World::new().await;
    let token = add_token(&world, "sbc1").await;
    for header in ["", "Bearer", "Bearer x", "Basic abc", &token, &format!("Bearer {token}x"), "Bearer dzw_"] {
        let stranger = world.visitor().with_header("authorization", header);
        let response = put(&stranger.clone().with_header("content-type", "application/json"), HOME, json!({})).await;
        assert_problem(&response, 401);
        assert_eq!(response.header("www-authenticate"), "Bearer");
        assert_problem(&delete(&stranger, HOME).await, 401);
        assert_problem(&stranger.get("/api/v1/lifted-blocks").await, 401);
    }
    let anna = world.agent("Anna").await;
    assert_problem(&put(&anna.with_header("content-type", "application/json"), HOME, json!({})).await, 401);

    let run = async |command: TokenCommand| command.run(&world.app.db, &world.clock).await;
    let again = run(TokenCommand::Add { name: "SBC1".into() }).await.unwrap_err();
    assert!(again.to_string().contains("has a token already"), "{again}");
    let list = run(TokenCommand::List).await.unwrap();
    assert_eq!(list, "sbc1: created 2026-11-20 14:30, never used");
    let client = world.visitor().with_header("authorization", &format!("bearer {token}"));
    client.get("/api/v1/lifted-blocks").await.expect(200);
    assert!(run(TokenCommand::List).await.unwrap().ends_with("last used 2026-11-20 14:30"));
    run(TokenCommand::Revoke { name: "sbc1".into() }).await.unwrap();
    assert_problem(&client.get("/api/v1/lifted-blocks").await, 401);
    run(TokenCommand::Revoke { name: "sbc1".into() }).await.unwrap_err();
    assert_ne!(add_token(&world, "sbc1").await, token);
    let stored: Vec<u8> = sqlx::query_scalar("select token_hash from api_token order by created_at limit 1")
        .fetch_one(world.sql().await)
        .await
        .unwrap();
    assert_eq!(stored, dzwoni::token::sha256(&token));
}

#[tokio::test]
async fn admins_create_and_revoke_api_tokens() {
    let world = World::new().await;
    let ewa = world.admin("Ewa").await;
    ewa.get("/staff/accounts").await.assert_shows("Tokeny API");
    ewa.get("/staff/tokens").await.expect(200).assert_shows("Nie ma jeszcze żadnego tokenu");
    let response = ewa.post("/staff/tokens", &[("name", "sbc1")]).await.expect(200);
    let token =
        response.body.split("<code class=\"copyable-link\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let client = world.visitor().with_header("authorization", &format!("Bearer {token}"));
    client.get("/api/v1/lifted-blocks").await.expect(200);
    let page = ewa.get("/staff/tokens").await.expect(200);
    assert!(!page.body.contains(&token), "a token is shown once");
    ewa.post("/staff/tokens", &[("name", "sbc1")]).await.expect(422).assert_shows("Jest już token o tej nazwie");
    ewa.post("/staff/tokens", &[("name", " ")]).await.expect(422).assert_shows("Wpisz nazwę");
    let revoke = page.body.split("action=\"").find(|part| part.contains("/revocation")).unwrap();
    ewa.post(revoke.split('"').next().unwrap(), &[]).await.expect(303);
    ewa.get("/staff/tokens").await.assert_shows("unieważniony");
    assert_problem(&client.get("/api/v1/lifted-blocks").await, 401);
}

#[tokio::test]
async fn the_api_lists_each_lifted_block_once() {
    let world = World::new().await;
    let client = api_client(&world, "sbc1").await;
    let list_after =
        async |after: &str| json(&client.get(&format!("/api/v1/lifted-blocks?after={after}")).await.expect(200));
    // open transactions on this server delay the list, also those of other tests
    let list_when_settled = async |after: &str| {
        let open_changes =
            "select count(*) from blocked_address_change where tx >= pg_snapshot_xmin(pg_current_snapshot())";
        eventually(TIMEOUT, || async { world.count(open_changes).await == 0 }).await;
        list_after(after).await
    };
    let nothing = list_after("").await;
    assert_eq!((&nothing["lifted"], &nothing["more"]), (&json!([]), &json!(false)));

    for net in [HOME, "203.0.113.8", "203.0.113.9"] {
        put(&client, net, json!({ "reason": "wrong-password", "source": "fail2ban" })).await.expect(201);
    }
    delete(&client, "203.0.113.9").await.expect(204);
    world.visitor().post("/pl/check/address", &[]).await.expect(303);
    let first = list_when_settled(nothing["next"].as_str().unwrap()).await;
    let lifted = json!([{
        "address": HOME, "at": "2026-11-20T13:30:00Z", "by": "customer", "reason": "wrong-password", "source": "fail2ban"
    }]);
    assert_eq!(first["lifted"], lifted);

    // a change in an open transaction must not be skipped when a later one is committed
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
    let removal = [("net", "203.0.113.8"), ("version", "1"), ("removal_reason", "pomyłka")];
    anna.post("/staff/blocklist/removal", &removal).await.expect(303);
    let next = first["next"].as_str().unwrap();
    assert_eq!(list_after(next).await["lifted"], json!([]));
    open.commit().await.unwrap();
    let second = list_when_settled(next).await;
    assert_eq!((&second["lifted"][0]["address"], &second["lifted"][0]["by"]), (&json!("203.0.113.8"), &json!("staff")));
    assert_eq!(list_after(second["next"].as_str().unwrap()).await["lifted"], json!([]));
}

#[test]
fn the_api_quota_allows_a_burst_and_limits_a_flood() {
    let limit = ClientRateLimiter::new(&API_QUOTA);
    let ip = "198.51.100.200".parse().unwrap();
    assert!((0..2000).all(|_| limit.check(ip).is_ok()));
    let refused = (0..1_000_000).find_map(|_| limit.check(ip).err()).expect("the requests are not limited");
    let response = Problem::from(refused).into_response();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (429, &HeaderValue::from_static("application/problem+json"))
    );
    assert_eq!(response.headers()["retry-after"], "1");
}

#[tokio::test]
async fn the_openapi_document_describes_every_path_and_status() {
    let world = World::without_database().await;
    let response = world.visitor().get("/api/openapi.json").await.expect(200);
    assert_eq!(response.header("content-type"), "application/json");
    let document = json(&response);
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["/api/v1/blocked-addresses/{cidr}", "/api/v1/lifted-blocks"]);
    for (method, statuses) in [
        ("get", vec!["200", "401", "404", "422", "429"]),
        ("put", vec!["200", "201", "401", "403", "422", "429"]),
        ("delete", vec!["204", "401", "403", "404", "422", "429"]),
    ] {
        let responses = paths["/api/v1/blocked-addresses/{cidr}"][method]["responses"].as_object().unwrap();
        assert_eq!(responses.keys().collect::<Vec<_>>(), statuses, "{method}");
    }
    // every $ref has a target
    let mut rest = response.body.as_str();
    while let Some((_, after)) = rest.split_once("\"$ref\":\"#") {
        let (pointer, later) = after.split_once('"').unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        rest = later;
    }
    let without = world.visitor().with_header("authorization", "Bearer dzw_x").get("/api/v1/lifted-blocks").await;
    assert_problem(&without, 503);
}
